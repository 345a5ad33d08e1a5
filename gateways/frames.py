"""Frames of the link to the WhatsApp worker: a 4-byte big-endian length, then one JSON object.

The contract is baileys_node/PROTOCOL.md. Knows nothing of calls or events. A body that cannot be
read costs that frame; only a length that cannot be true means that the frames are lost.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from errors import SidecarFramesLost, SidecarProtocolError

HEADER_BYTES = 4
MAX_FRAME_BYTES = 4 * 1024 * 1024
# Both sides write it first, so it is found even where the rest is spoilt.
_HEAD = re.compile(rb'\{\s*"(id|re)"\s*:\s*([0-9]{1,15})\s*[,}]')

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A frame set aside: how long it was, and which call it made (`id`) or answered (`re`)."""

    size: int
    id: int | None = None
    re: int | None = None


def encode(message: Mapping[str, Any]) -> bytes:
    """One frame. Raises SidecarProtocolError for what is no JSON or too long for the worker."""
    try:
        body = orjson.dumps(message)
    except (TypeError, RecursionError) as error:
        # Its text may quote what could not be written.
        raise SidecarProtocolError("a frame that is no JSON cannot be sent") from error
    if len(body) > MAX_FRAME_BYTES:
        raise SidecarProtocolError(f"a frame of {len(body)} bytes is too long to send")
    return len(body).to_bytes(HEADER_BYTES, "big") + body


async def read(reader: asyncio.StreamReader) -> Json | Unreadable | None:
    """The next message, or None at the end of the stream.

    Raises SidecarFramesLost on a frame that is too long, empty or cut short.
    """
    header = await _exactly(reader, HEADER_BYTES)
    if header is None:
        return None
    length = int.from_bytes(header, "big")
    if not 0 < length <= MAX_FRAME_BYTES:
        raise SidecarFramesLost(f"a frame of {length} bytes is not allowed")
    body = await _exactly(reader, length)
    if body is None:
        raise SidecarFramesLost("the stream ended inside a frame")
    return parse(body)


async def _exactly(reader: asyncio.StreamReader, length: int) -> bytes | None:
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise SidecarFramesLost("the stream ended inside a frame") from error
        return None


def parse(body: bytes) -> Json | Unreadable:
    """The JSON object in a frame, or what is known of it when it is none."""
    try:
        message = orjson.loads(body)
    except (ValueError, RecursionError):
        return _unreadable(body)
    return message if isinstance(message, dict) else _unreadable(body)


def _unreadable(body: bytes) -> Unreadable:
    head = _HEAD.match(body)
    if head is None:
        return Unreadable(len(body))
    return Unreadable(len(body), **{head[1].decode(): int(head[2])})
