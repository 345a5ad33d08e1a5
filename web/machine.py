"""What this process and its children take of the machine, as psutil sees it."""

import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil

OWN, NODE, OTHER = "emdia", "node", "other"


def memory_by_program() -> Mapping[str, int]:
    """Resident bytes of this process, of Node below it, and of all else; it reads all of /proc."""
    process = psutil.Process()
    found = Counter({OWN: process.memory_info().rss, NODE: 0, OTHER: 0})
    for child in process.children(recursive=True):
        with suppress(psutil.Error):  # it ended while it was looked at
            # Not by its name: a thread of Node's gives the process another.
            is_node = Path(*child.cmdline()[:1]).name == NODE
            found[NODE if is_node else OTHER] += child.memory_info().rss
    return found


def system_figures() -> Mapping[str, object]:
    """For people: memory and time of this process, and how the machine does (I3)."""
    process, memory = psutil.Process(), psutil.virtual_memory()
    with process.oneshot():
        spent = process.cpu_times()
        return {
            "memory_bytes": memory_by_program(),
            "cpu_seconds": spent.user + spent.system,
            "open_descriptors": process.num_fds(),
            "threads": process.num_threads(),
            "started_at": datetime.fromtimestamp(process.create_time(), UTC).isoformat(),
            "machine": {
                "cpus": psutil.cpu_count(),
                "load": os.getloadavg(),
                "memory_bytes": memory.total,
                "memory_available_bytes": memory.available,
                "disk_free_bytes": psutil.disk_usage(".").free,
            },
        }
