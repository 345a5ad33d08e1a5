"""What the owner sees of WhatsApp, and does to it: states, figures, log, tests (F2, F10)."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from actors.messages.clients import ClientRow
from actors.messages.whatsapp import (
    Disconnect,
    Disconnected,
    GetPairingPhones,
    GetRecent,
    GetTest,
    GetWhatsApp,
    GetWhatsAppLog,
    GetWhatsAppScreen,
    PairAnew,
    PairByCode,
    RecentMessage,
    RecentMessages,
    Reconnect,
    SendTest,
    TestAsked,
    TestView,
    WhatsAppLog,
    WhatsAppScreen,
    WhatsAppView,
)
from actors.runtime import on
from actors.tenant.queue import QueuePart
from actors.tenant.whatsapp import SESSION_SECONDS
from domain.client_list import ROWS, clamped, pages_of
from domain.contacts import same_phone_key
from domain.day_groups import DayGroup, counted
from domain.deliveries import Recent
from domain.due_dates import status_of
from domain.schedule import local, localized
from domain.whatsapp_numbers import phone_of
from domain.whatsapp_tests import OwnTest, TestState, WhyNot, is_forgotten, may_test
from storage import (
    outbox,
    tenants,
    whatsapp_deliveries,
    whatsapp_log,
    whatsapp_state,
    whatsapp_tests,
)
from storage.whatsapp_deliveries import SentMessage

SHOWN_MISSING = 1
"""So many who are still without their message have a button of their own."""


class WhatsAppScreenPart(QueuePart):
    """Leads to the session, and reads what it keeps."""

    # What is done to the line

    @on(PairByCode)
    async def pair_by_code(self, message: PairByCode) -> WhatsAppView:
        """Pair by a code (F1)."""
        return await self._of_session(message)

    @on(PairAnew)
    async def pair_anew(self, message: PairAnew) -> WhatsAppView:
        """Show a QR although a device is linked (F2)."""
        return await self._of_session(message)

    @on(Reconnect)
    async def reconnect(self, message: Reconnect) -> WhatsAppView:
        """Open the line once more (F2)."""
        return await self._of_session(message)

    @on(Disconnect)
    async def disconnect(self, message: Disconnect) -> Disconnected:
        """Unlink the device (F2); the queue learns that nothing goes."""
        session = await self._session()
        done = await session.ask(message, deadline=SESSION_SECONDS)
        await self._plan_if_possible()
        return replace(done, view=await self._localized(done.view))

    async def _of_session(self, message: PairByCode | PairAnew | Reconnect) -> WhatsAppView:
        session = await self._session()
        return await self._localized(await session.ask(message, deadline=SESSION_SECONDS))

    @on(GetPairingPhones)
    async def get_pairing_phones(self, _message: GetPairingPhones) -> tuple[str, ...]:
        """The number that was linked last, and the owner's own."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            session = await whatsapp_state.find_session(tx)
            tenant = (await tenants.charter(tx)).tenant
        known = [phone_of(session.jid) if session else None, tenant.phone]
        found = {same_phone_key(phone): phone for phone in reversed(known) if phone}
        return tuple(reversed(found.values()))

    # What is seen of it

    @on(GetWhatsAppScreen)
    async def get_screen(self, _message: GetWhatsAppScreen) -> WhatsAppScreen:
        """How it stands, told by what arrives."""
        session = await self._session()
        view = await session.ask(GetWhatsApp(), deadline=SESSION_SECONDS)
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            zone = (await tenants.settings(tx)).zone
            today = local(now, zone).date()
            facts = await whatsapp_deliveries.facts(tx, now)
            sent_today = await whatsapp_deliveries.sent_of_day(tx, today)
            waiting = counted(await outbox.counts_of_day(tx, today)).get(DayGroup.COMING, 0)
            missing, total = await whatsapp_deliveries.page(
                tx, Recent.MISSING, now, 1, SHOWN_MISSING
            )
        return WhatsAppScreen(
            view=localized(view, zone),
            now=local(now, zone),
            deliveries=localized(facts, zone),
            sent_today=sent_today,
            missing=tuple(_recent(one, zone, now).row for one in missing),
            missing_total=total,
            waiting=waiting,
        )

    @on(GetRecent)
    async def get_recent(self, message: GetRecent) -> RecentMessages:
        """The messages behind a figure of the last 24 hours."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            zone = (await tenants.settings(tx)).zone
            found, total = await whatsapp_deliveries.page(
                tx, message.which, now, max(1, message.page), ROWS
            )
        pages = pages_of(total)
        return RecentMessages(
            which=message.which,
            today=local(now, zone).date(),
            messages=tuple(_recent(one, zone, now) for one in found),
            page=clamped(message.page, pages),
            pages=pages,
            total=total,
        )

    @on(GetWhatsAppLog)
    async def get_log(self, message: GetWhatsAppLog) -> WhatsAppLog:
        """What happened, the latest first."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            zone = (await tenants.settings(tx)).zone
            entries, total = await whatsapp_log.page(tx, max(1, message.page), ROWS)
        pages = pages_of(total)
        return WhatsAppLog(
            entries=tuple(localized(entry, zone) for entry in entries),
            today=local(now, zone).date(),
            page=clamped(message.page, pages),
            pages=pages,
        )

    # Tests

    @on(SendTest)
    async def send_test(self, message: SendTest) -> TestView:
        """Have a test sent (F2), or say why not; the same press is the same test."""
        session = await self._session()
        view = await session.ask(GetWhatsApp(), deadline=SESSION_SECONDS)
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            zone = (await tenants.settings(tx)).zone
            found = await whatsapp_tests.of_press(tx, message.nonce)
            if found is not None:
                return _told(found, zone, now)
            phone = message.phone or view.phone or ""
            own = same_phone_key(phone) == same_phone_key(view.phone or "")
            client = None if own else await whatsapp_tests.client_with(tx, phone)
            lately = await whatsapp_tests.asked_lately(tx, now)
            refused = _why_not(view, client, lately, now)
            if refused is not None:
                return TestView(None, refused, client or "")
            asked = await whatsapp_tests.ask(tx, message.nonce, phone, own=own, now=now)
        await session.tell(TestAsked())
        return _told(asked, zone, now)

    @on(GetTest)
    async def get_test(self, message: GetTest) -> TestView:
        """How a test stands."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            found = await whatsapp_tests.of_press(tx, message.nonce)
            zone = (await tenants.settings(tx)).zone
        return TestView(None) if found is None else _told(found, zone, now)


def _why_not(
    view: WhatsAppView, client: str | None, lately: list[datetime], now: datetime
) -> WhyNot | None:
    if not view.connected or view.phone is None:
        return WhyNot.OFFLINE
    if view.paused_until is not None:
        return WhyNot.RESTRICTED
    return WhyNot.CLIENT if client is not None else may_test(lately, now)


def _told(test: OwnTest, zone: ZoneInfo, now: datetime) -> TestView:
    if is_forgotten(test, now):
        test = replace(test, state=TestState.FAILED, reason=WhyNot.FORGOTTEN)
    return TestView(localized(test, zone))


def _recent(message: SentMessage, zone: ZoneInfo, now: datetime) -> RecentMessage:
    today = local(now, zone).date()
    row = ClientRow(
        message.client_id,
        message.name,
        message.due_on,
        status_of(message.due_on, today),
        message.archived,
    )
    at = message.read_at or message.delivered_at or message.sent_at
    return RecentMessage(row, local(at, zone))
