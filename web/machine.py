"""What this process and its children take of the machine, as psutil sees it."""

import os
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress

import psutil

# Whose memory is told apart: Node carries WhatsApp, PostgreSQL may be a child of ours.
PROGRAMS = {"node": "node", "postgres": "postgres"}
OWN, OTHER = "emdia", "other"


def memory_by_program() -> Mapping[str, int]:
    """Resident bytes of this process, and of its children by program; it reads all of /proc."""
    process = psutil.Process()
    found = Counter(
        {OWN: process.memory_info().rss, **dict.fromkeys(PROGRAMS.values(), 0), OTHER: 0}
    )
    for child in process.children(recursive=True):
        with suppress(psutil.Error):  # it ended while it was looked at
            found[PROGRAMS.get(child.name(), OTHER)] += child.memory_info().rss
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
            "uptime_seconds": time.time() - process.create_time(),
            "machine": {
                "cpus": psutil.cpu_count(),
                "load": os.getloadavg(),
                "memory_bytes": memory.total,
                "memory_available_bytes": memory.available,
                "disk_free_bytes": psutil.disk_usage(".").free,
            },
        }
