"""The embedded PostgreSQL starts, is shared, survives kills, and finds a place on any machine."""

import asyncio
import os
import shutil
import signal
import stat
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest

from errors import EmbeddedPostgresError
from storage import embedded_place
from storage.embedded import EmbeddedPostgres
from storage.postmaster import find_postmaster
from tests.postgres import fleeting_folder

ROOT = Path(__file__).parents[2]
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to a user")
START_AND_TELL = """
import asyncio, sys
from contextlib import suppress
from pathlib import Path
from storage.embedded import EmbeddedPostgres
from storage.postmaster import find_postmaster
server = asyncio.run(EmbeddedPostgres.start(Path(sys.argv[1]), durable=False))
print(server.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with fleeting_folder() as folder:
        yield folder


async def ask(server: EmbeddedPostgres, sql: str = "SELECT 42") -> object:
    connection = await asyncpg.connect(server.dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def guardians_of(home: Path) -> set[int]:
    """The guardians of the server of `home`."""
    found = set()
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "storage.guardian" in words and str(home / "postgres") in words:
            found.add(process.pid)
    return found


def processes_of(pid: int) -> list[psutil.Process]:
    """The process of that number, if there is one."""
    return [psutil.Process(pid)] if psutil.pid_exists(pid) else []


async def is_gone(pid: int) -> None:
    """Wait for the end of a process that is not ours."""
    _, alive = await asyncio.to_thread(psutil.wait_procs, processes_of(pid), timeout=40)
    assert [] == alive


def mode_of(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


@pytest.fixture
async def server(home: Path) -> AsyncIterator[EmbeddedPostgres]:
    started = await EmbeddedPostgres.start(home, durable=False)
    yield started
    # Whatever the test did, nothing of it stays behind.
    last = await EmbeddedPostgres.start(home, durable=False)
    await last.stop()


async def test_the_last_to_leave_stops_the_server(home: Path) -> None:
    first = await EmbeddedPostgres.start(home, durable=False)
    second = await EmbeddedPostgres.start(home, durable=False)

    await first.stop()
    still_there = await ask(second)
    await second.stop()
    async with asyncio.timeout(10):
        await second.wait_gone()

    assert (first.pid, 42) == (second.pid, still_there)


async def test_those_who_start_together_share_one_server(home: Path) -> None:
    both = await asyncio.gather(*(EmbeddedPostgres.start(home, durable=False) for _ in range(2)))
    pids = {server.pid for server in both}
    await asyncio.gather(*(server.stop() for server in both))

    assert 1 == len(pids)


async def test_a_server_that_outlived_its_process_is_adopted(home: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START_AND_TELL, str(home), cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    pid = int((await process.stdout.readline()).split()[-1])
    process.kill()
    await process.wait()

    server = await EmbeddedPostgres.start(home, durable=False)
    answer = await ask(server)
    # The dead process no longer counts as a user, so this stop ends the server.
    await server.stop()
    async with asyncio.timeout(10):
        await server.wait_gone()

    assert (pid, 42) == (server.pid, answer)


async def test_a_server_does_not_outlive_its_last_process_even_killed(home: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START_AND_TELL, str(home), cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    pid = int((await process.stdout.readline()).split()[-1])
    process.kill()
    await process.wait()

    await is_gone(pid)


@pytest.mark.parametrize("seconds", [0.05, 0.4, 0.9, 1.4])
async def test_a_start_that_is_called_off_leaves_no_server(home: Path, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await (await EmbeddedPostgres.start(home, durable=False)).stop()
    for guardian in guardians_of(home):
        await is_gone(guardian)

    assert None is find_postmaster(home / "postgres" / "data")


async def test_a_server_outlives_a_killed_process_while_another_uses_it(
    home: Path, server: EmbeddedPostgres
) -> None:
    before = guardians_of(home)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START_AND_TELL, str(home), cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    await process.stdout.readline()
    theirs = guardians_of(home) - before
    process.kill()
    await process.wait()
    for guardian in theirs:
        await is_gone(guardian)

    assert 1 == len(theirs)
    assert 42 == await ask(server)


async def test_a_killed_server_comes_back_with_what_was_committed(
    home: Path, server: EmbeddedPostgres
) -> None:
    await ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    connection = await asyncpg.connect(server.dsn)
    os.kill(server.pid, signal.SIGKILL)
    async with asyncio.timeout(10):
        await server.wait_gone()
    connection.terminate()

    again = await EmbeddedPostgres.start(home, durable=False)
    kept = await ask(again, "SELECT answer FROM kept")
    await server.stop()
    await again.stop()

    assert (True, 42) == (again.pid != server.pid, kept)


async def test_who_watches_a_server_that_is_gone_already_is_told_at_once(home: Path) -> None:
    server = await EmbeddedPostgres.start(home, durable=False)
    await server.stop()

    async with asyncio.timeout(10):
        await server.wait_gone()


@pytest.mark.parametrize(
    "leave_behind",
    [
        pytest.param(
            lambda folder: (folder / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n"),
            id="the pid of another process",
        ),
        pytest.param(
            lambda folder: (folder / "data" / "postmaster.pid").write_text(""), id="an empty file"
        ),
        pytest.param(lambda folder: (folder / "data.new").mkdir(), id="half an initdb"),
        pytest.param(
            lambda folder: (folder / "log").write_bytes(b"x" * 9_000_000), id="a very long log"
        ),
    ],
)
async def test_what_a_killed_run_left_behind_is_no_obstacle(
    home: Path, leave_behind: Callable[[Path], object]
) -> None:
    await (await EmbeddedPostgres.start(home, durable=False)).stop()
    leave_behind(home / "postgres")

    server = await EmbeddedPostgres.start(home, durable=False)
    answer = await ask(server)
    await server.stop()

    assert 42 == answer


async def test_data_of_another_version_is_refused_in_words(home: Path) -> None:
    await (await EmbeddedPostgres.start(home, durable=False)).stop()
    (home / "postgres" / "data" / "PG_VERSION").write_text("17\n")

    with pytest.raises(EmbeddedPostgresError, match="PostgreSQL 17"):
        await EmbeddedPostgres.start(home, durable=False)


async def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    await (await EmbeddedPostgres.start(home, durable=False)).stop()
    (home / "postgres" / "data" / "postgresql.conf").write_text("nonsense = 1\n")

    with pytest.raises(EmbeddedPostgresError, match="nonsense"):
        await EmbeddedPostgres.start(home, durable=False)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("x" * 120, id="longer than a socket's path"),
        pytest.param("pasta com espaço, 'aspas' e \"mais\" $HOME", id="awkward letters"),
    ],
)
async def test_any_folder_name_will_do(home: Path, name: str) -> None:
    server = await EmbeddedPostgres.start(home / name, durable=False)
    answer = await ask(server)
    await server.stop()
    embedded_place.find(home / name).sockets.rmdir()  # too long for its own place, it was in /tmp

    assert 42 == answer


async def test_only_its_user_can_reach_the_server(home: Path, server: EmbeddedPostgres) -> None:
    assert (0o700, "") == (mode_of(home / "postgres"), await ask(server, "SHOW listen_addresses"))


@pytest.fixture
def closed(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder only root can enter, as /root is, and a shared place of this test's own."""
    monkeypatch.setattr(embedded_place, "SHARED_HOME", home / "shared")
    folder = home / "closed"
    folder.mkdir(mode=0o700)
    return folder


@ROOT_ONLY
async def test_behind_a_closed_folder_the_data_goes_elsewhere(closed: Path) -> None:
    server = await EmbeddedPostgres.start(closed, durable=False)
    answer = await ask(server)
    again = await EmbeddedPostgres.start(closed, durable=False)
    await server.stop()
    await again.stop()

    assert (42, server.pid, True, 0o700) == (
        answer,
        again.pid,
        (closed / "postgres").resolve().is_relative_to(embedded_place.SHARED_HOME),
        mode_of(closed),
    )


@ROOT_ONLY
async def test_data_behind_a_folder_that_was_closed_later_is_not_abandoned(
    home: Path, closed: Path
) -> None:
    folder = home / "open"
    await (await EmbeddedPostgres.start(folder, durable=False)).stop()
    moved = shutil.move(folder, closed)

    with pytest.raises(EmbeddedPostgresError, match="Devolva a permissão"):
        await EmbeddedPostgres.start(Path(moved), durable=False)


@ROOT_ONLY
async def test_programs_behind_a_closed_folder_are_copied(
    home: Path, closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = embedded_place.find(home).programs.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        (closed / part.name).symlink_to(part)
    monkeypatch.syspath_prepend(str(closed))

    server = await EmbeddedPostgres.start(home, durable=False)
    answer = await ask(server)
    programs = embedded_place.find(home).programs
    await server.stop()

    assert (42, True) == (answer, programs.is_relative_to(home / "shared"))


@ROOT_ONLY
async def test_a_folder_somebody_else_prepared_is_refused(home: Path) -> None:
    (home / "postgres").mkdir()

    with pytest.raises(EmbeddedPostgresError, match="outro usuário"):
        await EmbeddedPostgres.start(home, durable=False)
