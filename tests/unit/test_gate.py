"""Half a request costs nobody but who sent it; the server keeps its descriptors (I3)."""

import asyncio
import gc
import resource
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from itertools import count

import aiohttp
import psutil
import pytest

from actors.runtime import ChildSpec, MovableClock, System
from playground.rig import free_port
from tests.unit.actors.support import outcome
from web.gate import Patience
from web.server import WebActor

HALF = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HALF_A_BODY = b"PUT /playground/clock HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"
WHOLE = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
ROUNDS, VISITS = 2, 5
MANY = 1_500
FEW = 64
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Server:
    """A web server of its own, and its visitors."""

    def __init__(self, patience: Patience) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.asked = asyncio.Semaphore(0)
        self.stuck = asyncio.Event()
        self._visitors: list[asyncio.StreamWriter] = []
        self.spec = ChildSpec(
            "web",
            lambda: WebActor(
                "127.0.0.1", self.port, self._checks, clock=MovableClock(), patience=patience
            ),
        )

    async def visit(self, said: bytes) -> Ends:
        """Connect and say so much."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._visitors.append(writer)
        writer.write(said)
        return reader, writer

    async def get(self, path: str, **headers: str) -> int:
        """The status of one request."""
        async with (
            aiohttp.ClientSession() as http,
            http.get(self.address + path, headers=headers) as answer,
        ):
            return answer.status

    async def leave(self) -> None:
        """See every visitor off."""
        for writer in self._visitors:
            writer.close()
        await asyncio.gather(
            *(writer.wait_closed() for writer in self._visitors), return_exceptions=True
        )

    async def _checks(self) -> Mapping[str, bool]:
        self.asked.release()
        await self.stuck.wait()
        return {"database": True}


Serve = Callable[[Patience], Awaitable[Server]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a server with such limits; afterwards nobody is left."""
    system = System(on_event=lambda _: None)
    servers: list[Server] = []

    async def start(patience: Patience) -> Server:
        server = Server(patience)
        servers.append(server)
        await system.start(server.spec)
        return server

    yield start
    for server in servers:
        await server.leave()
    await system.stop()


@pytest.fixture
def descriptors() -> None:
    """Both ends of every visit are this process's."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20_000), hard))


def open_now() -> int:
    """How many descriptors this process holds."""
    return psutil.Process().num_fds()


@pytest.mark.usefixtures("descriptors")
async def test_a_crowd_that_says_half_a_request_keeps_nobody_out(serve: Serve) -> None:
    server = await serve(Patience(connections=FEW))
    before = open_now()
    readers = [(await server.visit(HALF))[0] for _ in range(MANY)]
    answers = [await server.get("/livez") for _ in range(3)]
    # Ours, what the server still holds for the last of them, and a few of the client's.
    held = open_now() - before - MANY
    cut = [reader for reader in readers[: MANY - FEW - 3] if await reader.read() == b""]
    await server.leave()

    assert ([200] * 3, True, MANY - FEW - 3) == (answers, held <= FEW + 10, len(cut))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(HALF, id="half a head"),
        pytest.param(WHOLE, id="a request, and then never another"),
    ],
)
async def test_who_takes_too_long_is_cut(serve: Serve, said: bytes) -> None:
    server = await serve(Patience(head_seconds=0.2))
    reader, _ = await server.visit(said)

    async with asyncio.timeout(10):
        heard = await reader.read()

    assert bool(said.endswith(b"\r\n\r\n")) == heard.startswith(b"HTTP/1.1 200")


async def test_a_drip_of_bytes_is_no_progress(serve: Serve) -> None:
    server = await serve(Patience(head_seconds=0.3))
    reader, writer = await server.visit(HALF)
    dripping = asyncio.create_task(drip(writer))
    try:
        async with asyncio.timeout(10):
            heard = await reader.read()
    finally:
        dripping.cancel()

    assert b"" == heard


async def drip(writer: asyncio.StreamWriter) -> None:
    """Say one more letter now and then."""
    while True:
        writer.write(b"x")
        await asyncio.sleep(0.05)


async def test_a_body_that_never_comes_is_not_waited_for(serve: Serve) -> None:
    server = await serve(Patience(answer_seconds=0.2))
    head = b"PUT /playground/clock HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"
    reader, _ = await server.visit(head)

    async with asyncio.timeout(10):
        heard = await reader.read()

    assert b"" == heard


async def test_a_crowd_that_says_half_a_body_keeps_nobody_out(serve: Serve) -> None:
    server = await serve(Patience(connections=FEW))
    slow = [await server.visit(HALF_A_BODY) for _ in range(2 * FEW)]
    answers = [await server.get("/livez") for _ in range(3)]
    heard = [await outcome(reader.read()) for reader, _ in slow[:FEW]]

    assert ([200] * 3, FEW) == (answers, len(heard))


async def test_a_body_that_comes_in_pieces_is_waited_for(serve: Serve) -> None:
    server = await serve(Patience())
    body = b'{"now": "2026-11-24T05:00:00-03:00"}'
    head = (
        f"PUT /playground/clock HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    reader, writer = await server.visit(head.encode() + body[:9])
    await server.get("/livez")
    writer.write(body[9:])

    assert (await reader.readline()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"GET / HTTP/1.1\r\nhush hush\r\n\r\n", id="no header"),
        pytest.param(b"\x16\x03\x01\x02\x00hush\r\n\r\n", id="TLS"),
        pytest.param(b"GET /hush" + b"h" * 9000 + b" HTTP/1.1\r\n\r\n", id="a long path"),
        pytest.param(b"GET /hush HTTP/1.1\r\n\r\n", id="no host"),
    ],
)
async def test_what_strangers_send_is_no_error_of_ours(
    serve: Serve, said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    server = await serve(Patience())
    reader, _ = await server.visit(said)
    heard = await reader.readline()

    assert (True, []) == (b" 400 " in heard, caplog.records)


async def test_a_visitor_who_leaves_in_the_middle_is_no_error_of_ours(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    server = await serve(Patience(answer_seconds=0.2))
    readers = [(await server.visit(HALF_A_BODY))[0] for _ in range(3)]
    for reader in readers:
        await outcome(reader.read())
    await server.get("/livez")

    assert [] == caplog.records


async def test_who_is_being_answered_is_not_put_out_for_another(serve: Serve) -> None:
    server = await serve(Patience(connections=2))
    asking = [asyncio.create_task(server.get("/readyz")) for _ in range(2)]
    for _ in asking:
        await server.asked.acquire()
    reader, _ = await server.visit(HALF)
    heard = await outcome(reader.read())
    server.stuck.set()

    assert (True, [200, 200]) == (
        heard in {b"", ConnectionResetError},
        await asyncio.gather(*asking),
    )


# Doors that are this machine's alone


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, 200, id="a tool here"),
        pytest.param({"Host": "localhost:8080"}, 200, id="by its other name"),
        pytest.param({"Host": "[::1]:8080"}, 200, id="by its newer address"),
        pytest.param({"Origin": "http://127.0.0.1:8080"}, 200, id="its own page"),
        pytest.param({"Host": "evil.example"}, 403, id="a name that points here"),
        pytest.param({"Host": "127.0.0.1.evil.example"}, 403, id="a name that looks like here"),
        pytest.param({"Host": "192.168.0.7"}, 403, id="the neighbours' address"),
        pytest.param({"Host": "[nonsense"}, 403, id="no host at all"),
        pytest.param({"Origin": "https://evil.example"}, 403, id="somebody's page"),
        pytest.param({"Origin": "null"}, 403, id="a page that hides"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="across sites"),
    ],
)
async def test_the_clock_is_moved_from_here_only(
    serve: Serve, headers: dict[str, str], expected: int
) -> None:
    server = await serve(Patience())

    assert expected == await server.get("/playground/clock", **headers)


async def test_whether_it_lives_may_be_asked_by_any_name(serve: Serve) -> None:
    server = await serve(Patience())

    assert 200 == await server.get("/livez", Host="emdia.example", Origin="https://x.example")


async def test_who_comes_while_the_server_ends_is_not_lost() -> None:
    # A socket that nobody closes says so as it is collected.
    with warnings.catch_warnings(record=True) as lost:
        warnings.simplefilter("always")
        for _ in range(ROUNDS):
            server, system = Server(Patience()), System(on_event=lambda _: None)
            await system.start(server.spec)
            enough = asyncio.Event()
            crowd = [asyncio.create_task(come_again(server, enough)) for _ in range(8)]
            await enough.wait()
            await system.stop()
            await asyncio.gather(*crowd)
            await server.leave()
        gc.collect()

    assert [] == [str(one.message) for one in lost]


async def come_again(server: Server, enough: asyncio.Event) -> None:
    """Come again and again, until nobody is there any more."""
    with suppress(OSError):
        for visits in count():
            await server.visit(WHOLE)
            if visits == VISITS:
                enough.set()
