"""PostgreSQL 18 out of a PyPI package, for when no DATABASE_URL is set.

Every EmDia process of one folder shares one server: whoever comes first starts it, the others and
whoever comes soon after a crash adopt it, the last to leave stops it, or its guardian does. It is
reached through a unix socket in a private folder and listens on no port.
"""

import asyncio
import fcntl
import os
import shlex
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import quote

import psutil

from errors import EmbeddedPostgresError
from storage.embedded_place import SOCKET_NAME, Place, find
from storage.guardian import Guardian
from storage.postmaster import Postmaster, end_orphans, find_postmaster, settled
from telemetry import logger

MAJOR_VERSION = "18"
START_SECONDS = 60.0  # crash recovery included
STOP_SECONDS = 30
POLL_SECONDS = 0.05
LOG_BYTES = 8 * 1024 * 1024
LOG_TAIL_LINES = 12
SUPERUSER = "postgres"
OPTIONS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The details of an error quote the row it is about.
    "log_error_verbosity": "terse",
    "max_connections": "100",
}
# Survives a kill -9 but not a power cut: for tests, which start anew every time.
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}

T = TypeVar("T")

log = logger("embedded-postgres")


class EmbeddedPostgres:
    """This process's hold on the server of a folder. Made by `start`, ended by `stop`."""

    def __init__(self, place: Place, postmaster: Postmaster, hold: int, guardian: Guardian) -> None:
        self._place = place
        self._postmaster = postmaster
        self._hold = hold  # the descriptor of a shared lock; the kernel drops it if we are killed
        self._guardian = guardian

    @classmethod
    async def start(cls, home: Path, *, durable: bool = True) -> Self:
        """Start or adopt the server whose folder is `home`/postgres.

        Raises:
            EmbeddedPostgresError: it cannot run here; the text is for the person at the terminal.
        """
        place = await asyncio.to_thread(find, home)
        async with _alone(place):
            hold = _lock_file(place, "users.lock")
            fcntl.flock(hold, fcntl.LOCK_SH)
            try:
                # First: from here on nothing that is started outlives us.
                guardian = Guardian(place.folder)
                try:
                    postmaster = await _running_or_started(place, durable=durable)
                except BaseException:
                    guardian.leave()  # called off in the middle, it may come up all the same
                    raise
            except BaseException:
                os.close(hold)
                raise
        return cls(place, postmaster, hold, guardian)

    @property
    def dsn(self) -> str:
        """How to connect, as the superuser."""
        return self.dsn_of(SUPERUSER)

    def dsn_of(self, database: str) -> str:
        """How to connect to another database of the server."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self._postmaster.sockets))}"

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return self._postmaster.pid

    async def wait_gone(self) -> None:
        """Return once the server's process has ended, however it ended."""
        try:
            if sys.platform != "linux":
                raise OSError  # noqa: TRY301 - as where there is no descriptor left
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        except OSError:
            await _poll(lambda: not psutil.pid_exists(self.pid) or None)
            return
        gone = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(descriptor, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(descriptor)
            os.close(descriptor)

    async def stop(self) -> None:
        """Let the server go, and stop it unless another EmDia process still uses it."""
        try:
            async with _alone(self._place):
                last = _try_lock(self._hold)
                if last and find_postmaster(self._place.data) is not None:
                    await _pg_ctl(self._place, "stop", "-m", "fast", "-t", str(STOP_SECONDS))
        except BaseException:
            self._guardian.leave()  # called off in the middle, the server may be up all the same
            raise
        else:
            self._guardian.dismiss()
        finally:
            os.close(self._hold)


async def _running_or_started(place: Place, *, durable: bool) -> Postmaster:
    try:
        async with asyncio.timeout(START_SECONDS):
            (found,) = await _poll(lambda: settled(place.data))
            if found is None:
                await asyncio.to_thread(_tidy, place)
                await _initialise(place, durable=durable)
                await _launch(place, durable=durable)
                (found,) = await _poll(lambda: settled(place.data))
            else:
                log.info("adopting the running server", pid=found.pid)
    except TimeoutError:
        found = None
    if found is None:
        raise _did_not_start(place)
    return found


def _tidy(place: Place) -> None:
    """Clear what a killed server left behind and would be in the way of the next."""
    end_orphans(place.data)
    # Nobody is left, whatever process has the dead server's pid by now (or is its zombie).
    (place.data / "postmaster.pid").unlink(missing_ok=True)
    (place.sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
    shutil.rmtree(place.folder / "data.new", ignore_errors=True)
    journal = place.folder / "log"
    if journal.exists() and journal.stat().st_size > LOG_BYTES:
        journal.replace(place.folder / "log.1")


async def _initialise(place: Place, *, durable: bool) -> None:
    """Make the data folder, whole or not at all."""
    version = place.data / "PG_VERSION"
    if version.exists():
        if (found := version.read_text(encoding="utf-8").strip()) != MAJOR_VERSION:
            raise EmbeddedPostgresError(
                f"Os dados em {place.data} são do PostgreSQL {found}; este é o {MAJOR_VERSION}."
            )
        return
    draft = place.folder / "data.new"
    code, output = await _run(
        place, "initdb", "--no-instructions", "--auth=trust", f"--username={SUPERUSER}",
        "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        *([] if durable else ["--no-sync"]), f"--pgdata={draft}",
    )  # fmt: skip
    if code:
        raise EmbeddedPostgresError(f"Não consegui preparar o PostgreSQL embutido:\n{output}")
    draft.rename(place.data)


async def _launch(place: Place, *, durable: bool) -> None:
    options = OPTIONS | {"unix_socket_directories": str(place.sockets)}
    if not durable:
        options |= FORGETFUL
    line = " ".join(shlex.quote(f"--{name}={value}") for name, value in options.items())
    if await _pg_ctl(place, "start", "-t", str(int(START_SECONDS)), "-l", "log", "-o", line):
        raise _did_not_start(place)


async def _pg_ctl(place: Place, command: str, *arguments: str) -> int:
    # It goes through a shell: relative names keep odd letters of the folder out of that.
    code, _ = await _run(place, "pg_ctl", command, "-w", "-D", place.data.name, *arguments)
    return code


async def _run(place: Place, program: str, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        str(place.programs / program),
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=place.folder,
        env=_environment(),
        start_new_session=True,  # a Ctrl-C meant for us does not reach the server
        **place.run_as,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode(errors="replace")


def _environment() -> Mapping[str, str]:
    """Nothing of ours: a stray PGPORT or LC_ALL would change what the server is."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _did_not_start(place: Place) -> EmbeddedPostgresError:
    tail = ""
    with suppress(OSError):
        journal = (place.folder / "log").read_text(encoding="utf-8", errors="replace")
        tail = "\n".join(journal.splitlines()[-LOG_TAIL_LINES:])
    return EmbeddedPostgresError(f"O PostgreSQL embutido não subiu:\n{tail}")


def _lock_file(place: Place, name: str) -> int:
    return os.open(place.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@asynccontextmanager
async def _alone(place: Place) -> AsyncIterator[None]:
    """One process at a time decides whether this server starts or stops."""
    descriptor = _lock_file(place, "start.lock")
    try:
        await _poll(lambda: _try_lock(descriptor) or None)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _poll(look: Callable[[], T | None]) -> T:
    """Look until there is something to see: neither locks nor other processes tell us."""
    while True:
        if (seen := look()) is not None:
            return seen
        await asyncio.sleep(POLL_SECONDS)
