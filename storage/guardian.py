"""A small process beside every EmDia process that uses the embedded server: stops it after us.

It holds one end of a pipe. The other end closes when the EmDia process is gone, however it went,
kill -9 included; then, unless another process uses the server by now, it ends the server.
Run as `python -m storage.guardian FOLDER` with the pipe as its descriptor 3.
"""

import fcntl
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from storage.postmaster import find_postmaster

# Whoever is started anew at once finds the server as it was.
GRACE_SECONDS = 2.0
COMING_SECONDS = 5.0  # for a server that was being started when its starter went
STOP_SECONDS = 30.0
POLL_SECONDS = 0.05
ROOT = Path(__file__).resolve().parent.parent
SHELL = "/bin/sh"
MODULE = "storage.guardian"
PIPE = 3  # the shell keeps the first three of a program in the background to itself
LET_GO = b"."
STAY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class Guardian:
    """The hold of an EmDia process on its guardian. The kernel lets go for us if we are killed."""

    def __init__(self, folder: Path) -> None:
        """Start the guardian of the server in `folder`; nobody waits for it."""
        theirs, self._ours = os.pipe()
        nowhere = os.open(os.devnull, os.O_RDWR)
        try:
            shell = os.posix_spawn(
                SHELL,
                [SHELL, "-c", '"$@" &', SHELL, sys.executable, "-m", MODULE, str(folder)],
                {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
                file_actions=[
                    *((os.POSIX_SPAWN_DUP2, nowhere, number) for number in range(PIPE)),
                    (os.POSIX_SPAWN_DUP2, theirs, PIPE),
                ],
            )
            os.waitpid(shell, 0)
        except BaseException:
            os.close(self._ours)
            raise
        finally:
            os.close(nowhere)
            os.close(theirs)

    def dismiss(self) -> None:
        """Let it go: we have seen to the server ourselves."""
        with suppress(OSError):  # killed, by whomever
            os.write(self._ours, LET_GO)
        os.close(self._ours)

    def leave(self) -> None:
        """Leave it to see to whatever of a server may still come up."""
        os.close(self._ours)


def watch(folder: Path) -> None:
    """Wait for the end of whoever started us, then see to the server, unless we are let go."""
    for number in STAY:
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):
        os.setsid()
    os.chdir("/")
    if os.read(PIPE, 1) == LET_GO:
        return
    time.sleep(GRACE_SECONDS)
    until = time.monotonic() + COMING_SECONDS
    while find_postmaster(folder / "data") is None:
        if time.monotonic() > until:
            return
        time.sleep(POLL_SECONDS)
    lock = os.open(folder / "start.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    users = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    _end(folder / "data")


def _end(data: Path) -> None:
    found = find_postmaster(data)
    if found is None:
        return
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(found.pid)
        # Fast, then at once: https://www.postgresql.org/docs/current/server-shutdown.html
        for number in (signal.SIGINT, signal.SIGQUIT):
            process.send_signal(number)
            deadline = time.monotonic() + STOP_SECONDS
            while time.monotonic() < deadline:
                if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                    return
                time.sleep(POLL_SECONDS)


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
