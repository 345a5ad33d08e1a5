"""A stand-in's server: on loopback, at a port that was chosen or at any, ended without a trace."""

import asyncio

from aiohttp import web

from web.listening import close

HOST = "127.0.0.1"
CLOSE_SECONDS = 0.2


class Loopback:
    """Serves `app`; `address` is true once it is open. A port of 0 becomes a free one."""

    def __init__(self, app: web.Application, port: int) -> None:
        self._port = port
        self._server: asyncio.Server | None = None
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=CLOSE_SECONDS)

    @property
    def address(self) -> str:
        """The base address."""
        return f"http://{HOST}:{self._port}"

    async def open(self) -> None:
        """Listen."""
        await self._runner.setup()
        handler = self._runner.server
        assert handler is not None  # noqa: S101 - set by `setup`
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(handler, HOST, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop serving."""
        if self._server is not None:
            await close(self._server)
        await self._runner.cleanup()
