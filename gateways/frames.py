"""Frames of the link to the WhatsApp worker: a 4-byte big-endian length, then one JSON object.

The contract is baileys_node/PROTOCOL.md. Knows nothing of calls or events.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson

from errors import SidecarProtocolError

HEADER_BYTES = 4
MAX_FRAME_BYTES = 4 * 1024 * 1024


def encode(message: Mapping[str, Any]) -> bytes:
    """One frame. Raises SidecarProtocolError when it would be longer than the worker accepts."""
    body = orjson.dumps(message)
    if len(body) > MAX_FRAME_BYTES:
        raise SidecarProtocolError(f"a frame of {len(body)} bytes is too long to send")
    return len(body).to_bytes(HEADER_BYTES, "big") + body


async def read(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    """The next message, or None at the end of the stream.

    Raises SidecarProtocolError on a frame that is too long, cut short or not a JSON object.
    """
    header = await _exactly(reader, HEADER_BYTES)
    if header is None:
        return None
    length = int.from_bytes(header, "big")
    if not 0 < length <= MAX_FRAME_BYTES:
        raise SidecarProtocolError(f"a frame of {length} bytes is not allowed")
    body = await _exactly(reader, length)
    if body is None:
        raise SidecarProtocolError("the stream ended inside a frame")
    return _parse(body)


async def _exactly(reader: asyncio.StreamReader, length: int) -> bytes | None:
    try:
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise SidecarProtocolError("the stream ended inside a frame") from error
        return None


def _parse(body: bytes) -> dict[str, Any]:
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise SidecarProtocolError("a frame is not JSON in UTF-8") from error
    if not isinstance(message, dict):
        raise SidecarProtocolError("a frame is not a JSON object")
    return message
