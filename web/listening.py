"""What every HTTP server of ours needs of its sockets and of what is sent to it."""

import asyncio

from aiohttp import web


async def close(server: asyncio.Server) -> None:
    """Let nobody in any more, and lose nobody who was.

    asyncio loses the socket of whom it accepted just before its server is closed: have them let in
    first, and nobody after them.
    """
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        loop.remove_reader(listening.fileno())
    await asyncio.sleep(0)
    server.close()


async def whole_body(request: web.Request, most_bytes: int) -> bytes | None:
    """All of the body; None when there is more of it than `most_bytes`."""
    if (request.content_length or 0) > most_bytes:
        return None
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > most_bytes:
            return None
    return bytes(body)
