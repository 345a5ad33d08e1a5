"""Tells administrators what is kept for them, each of them once, until every one has it.

Who cannot be reached (has blocked the bot, or not started it yet) hears it later, within a week,
and keeps no other waiting.
"""

from dataclasses import replace
from datetime import timedelta

from actors.messages.admin_news import AdminNews, TellAdmin, unpack
from actors.payments.ports import PaymentsPorts
from actors.runtime import Clock
from errors import ChatUnreachable, EmDiaError, MessageRefused
from storage import admin_notices, tenants
from storage.admin_notices import AdminNotice
from telemetry import logger

LOG = logger("payments")
BATCH = 20
AGAIN_SECONDS = 30.0
TELL_SECONDS = 60.0
UNREACHABLE_SECONDS = 600.0
WAITS_FOR_WHO_IS_AWAY = timedelta(days=7)


class Admins:
    """The loop over what administrators have not heard."""

    def __init__(self, ports: PaymentsPorts, clock: Clock) -> None:
        self._ports = ports
        self._clock = clock
        self._away_until: dict[int, float] = {}

    async def tell(self) -> None:
        """Tell what there is, for ever."""
        while True:
            pause = self._ports.poll_seconds
            try:
                for notice in await self._untold():
                    await self._tell_each(notice)
            except EmDiaError as error:
                LOG.warning("administrators not told yet", error=repr(error))
                pause = AGAIN_SECONDS
            await self._clock.sleep(pause)

    async def _untold(self) -> list[AdminNotice]:
        now = self._clock.monotonic()
        here = [chat for chat in self._ports.admins if self._away_until.get(chat, now) <= now]
        if not here:
            return []
        async with self._ports.database.dispatcher() as connection:
            return await admin_notices.untold(connection, here, BATCH)

    async def _tell_each(self, notice: AdminNotice) -> None:
        news = await self._readable(notice)
        for chat_id in notice.chats:
            if news is not None and not await self._tell_one(chat_id, news, notice):
                continue
            async with self._ports.database.dispatcher() as connection:
                await admin_notices.told(
                    connection, notice.id, chat_id, self._ports.admins, self._clock.now()
                )

    async def _tell_one(self, chat_id: int, news: AdminNews, notice: AdminNotice) -> bool:
        """Have Telegram take it; whether it is done with. What never will be taken is, too."""
        try:
            await self._ports.telegram().ask(TellAdmin(chat_id, news), deadline=TELL_SECONDS)
        except ChatUnreachable:
            LOG.info("an administrator cannot be reached")
            self._away_until[chat_id] = self._clock.monotonic() + UNREACHABLE_SECONDS
            return self._clock.now() - notice.created_at > WAITS_FOR_WHO_IS_AWAY
        except MessageRefused as error:
            LOG.error("news set aside", kind=news.kind, error=str(error))  # noqa: TRY400 - that is all there is to know
        return True

    async def _readable(self, notice: AdminNotice) -> AdminNews | None:
        """What it says, with the account's name as it is now."""
        try:
            news = unpack(notice.payload)
        except ValueError as error:
            LOG.error("news set aside", notice=notice.id, error=type(error).__name__)  # noqa: TRY400 - nothing else is known
            return None
        if news.tenant_id is None:
            return news
        async with self._ports.database.tenant(news.tenant_id) as tx:
            tenant = await tenants.find(tx)
        return replace(news, name=tenant.name if tenant else None)
