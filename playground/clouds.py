"""The local stand-ins of the clouds as one supervised part, for the playground."""

from contextlib import AsyncExitStack
from pathlib import Path

from actors.runtime import Actor
from domain.public_address import MERCADO_PAGO_PATH
from gateways.clouds import Clouds
from playground.mercado_pago import MercadoPagoStandIn
from playground.telegram import TelegramStandIn
from playground.whatsapp import WhatsAppStandIn
from telemetry import logger

LOG = logger("playground")


class CloudsActor(Actor):
    """Runs the stand-ins nobody else provides, and fills in `clouds`."""

    def __init__(self, clouds: Clouds, state: Path) -> None:
        self._clouds = clouds
        self._state = state
        self._stack = AsyncExitStack()

    async def started(self) -> None:
        """Start what has no address yet."""
        if not self._clouds.telegram_api:
            telegram = await self._stack.enter_async_context(TelegramStandIn())
            self._clouds.telegram_api = telegram.api
            LOG.info("telegram stands in", api=telegram.api, control=telegram.control_address)
        if not self._clouds.whatsapp_url:
            whatsapp = await self._stack.enter_async_context(WhatsAppStandIn(self._state))
            self._clouds.whatsapp_url = whatsapp.url
            self._clouds.whatsapp_root_key = whatsapp.root_key
            LOG.info("whatsapp stands in", url=whatsapp.url, admin=whatsapp.admin)
        if not self._clouds.mercado_pago_api:
            bank = MercadoPagoStandIn(clock=self.context.clock, webhook_url=self._door)
            await self._stack.enter_async_context(bank)
            self._clouds.mercado_pago_api = bank.api
            LOG.info("mercado pago stands in", api=bank.api, control=bank.control_address)

    async def stopping(self) -> None:
        """End them."""
        await self._stack.aclose()

    def _door(self) -> str | None:
        own = self._clouds.own_address
        return own + MERCADO_PAGO_PATH if own else None
