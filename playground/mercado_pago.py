"""The Mercado Pago stand-in: its payments API on loopback, strict as the real one, and its payers.

`python -m playground.mercado_pago --port 0` prints one JSON line with its two addresses once it is
ready, and serves until it is ended. In a test: `async with MercadoPagoStandIn() as bank`.
"""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

import orjson
from aiohttp import web

from actors.runtime import Clock, MovableClock
from playground.loopback import Loopback
from playground.mercado_pago_bank import Bank
from playground.mercado_pago_control import PREFIX, Control
from playground.mercado_pago_faults import Faults
from playground.mercado_pago_payments import Held
from playground.mercado_pago_routes import PaymentRoutes
from playground.mercado_pago_webhooks import Webhooks
from settings import PLAYGROUND_PAYMENTS_SECRET, PLAYGROUND_PAYMENTS_TOKEN
from web.local import local_only


class MercadoPagoStandIn:
    """One account: `api` is what EmDia is pointed at, `control` the rest of the world.

    `webhook_url` tells where notifications go, each time one is due; None is nowhere. Payments are
    numbered from `first_id`, or from any number.
    """

    def __init__(  # noqa: PLR0913 - each may be somebody else's
        self,
        token: str = PLAYGROUND_PAYMENTS_TOKEN,
        secret: str = PLAYGROUND_PAYMENTS_SECRET,
        *,
        port: int = 0,
        clock: Clock | None = None,
        first_id: int | None = None,
        webhook_url: Callable[[], str | None] = lambda: None,
    ) -> None:
        clock = clock or MovableClock()
        self.faults = Faults()
        self.webhooks = Webhooks(secret, webhook_url, clock.now, self.faults)
        self.bank = Bank(clock.now, self._tell, first_id)
        self.control = Control(self.bank, self.webhooks, self.faults, clock)
        self._routes = PaymentRoutes(token, self.bank, self.faults, lambda: self.api)
        self._loopback = Loopback(self._app(), port)

    @property
    def api(self) -> str:
        """The base address, for `EMDIA_MERCADO_PAGO_API`."""
        return self._loopback.address

    @property
    def control_address(self) -> str:
        """The base address of the control API."""
        return self.api + PREFIX

    async def __aenter__(self) -> Self:
        """Listen; a port of 0 becomes a free one."""
        await self._loopback.open()
        await self.webhooks.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop bringing and serving."""
        await self.webhooks.close()
        await self._loopback.close()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[local_only])
        self._routes.add_to(app)
        self.control.add_to(app)
        return app

    def _tell(self, held: Held, action: str, times: int) -> None:
        self.webhooks.tell(str(held.payment_id), action, times)


async def serve(port: int, webhook: str | None, ready: Callable[[dict[str, Any]], None]) -> None:
    """Serve until SIGTERM or SIGINT."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with MercadoPagoStandIn(port=port, webhook_url=lambda: webhook) as bank:
        ready({"api": bank.api, "control": bank.control_address})
        await ended.wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="O Mercado Pago de faz de conta da demonstração.")
    parser.add_argument("--port", type=int, default=0, help="0 escolhe uma porta livre")
    parser.add_argument("--webhook", help="para onde vão as notificações, só nesta máquina")
    options = parser.parse_args(arguments)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.port, options.webhook, _announce))


def _announce(addresses: dict[str, Any]) -> None:
    sys.stdout.write(orjson.dumps(addresses).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
