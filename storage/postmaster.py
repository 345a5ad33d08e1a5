"""Which live processes are PostgreSQL's, for one data folder. A file with a pid proves nothing."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ORPHAN_SECONDS = 5.0
# Lines of `postmaster.pid`, counted from 0.
PID_LINE = 0
SOCKETS_LINE = 4
READY_LINE = 7


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What `postmaster.pid` says of a live server."""

    pid: int
    sockets: Path
    ready: bool


def settled(data: Path) -> tuple[Postmaster | None] | None:
    """The server of `data` once it is ready or gone; None while it is on its way."""
    found = find_postmaster(data)
    return (found,) if found is None or found.ready else None


def find_postmaster(data: Path) -> Postmaster | None:
    """The live server of `data`, or None; a stale file is not a server."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        process = psutil.Process(int(lines[PID_LINE]))
        if not _serves(process, data):
            return None
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        return None
    ready = len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready"
    return Postmaster(process.pid, Path(lines[SOCKETS_LINE] if ready else data), ready)


def _serves(process: psutil.Process, data: Path) -> bool:
    """Whether `process` is a live PostgreSQL of `data`: they work inside it, a recycled pid not."""
    try:
        return process.name() == "postgres" and Path(process.cwd()) == data
    except psutil.Error:
        return False


def end_orphans(data: Path) -> None:
    """End the backends of a server of `data` that is dead itself.

    What they have not committed is lost already, and they keep a new server from starting.
    """
    orphans = [process for process in psutil.process_iter() if _serves(process, data)]
    for orphan in orphans:
        with suppress(psutil.NoSuchProcess):
            orphan.kill()
    psutil.wait_procs(orphans, timeout=ORPHAN_SECONDS)
