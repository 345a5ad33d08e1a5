"""The business at a glance."""

from datetime import date, datetime

from actors.messages.home import GetHome, HomeView
from actors.runtime import on
from actors.tenant.left_out import left_out
from actors.tenant.setup import SetupPart
from domain.deliveries import Flow, flow, quiet_since
from domain.rulebook import rulebook, subscription_of
from domain.schedule import local
from domain.subscription import standing
from domain.turns import step
from domain.whatsapp import LINKED
from domain.whatsapp_numbers import phone_of
from storage import (
    client_list,
    outbox,
    queue_acts,
    replies,
    tenants,
    whatsapp_deliveries,
    whatsapp_state,
)
from storage.database import TenantConnection


class HomePart(SetupPart):
    """Sums up."""

    @on(GetHome)
    async def get_home(self, _message: GetHome) -> HomeView:
        """The business as it stands now."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            charter = await tenants.charter(tx)
            book = rulebook(charter, now)
            today = book.today(now)
            session = await whatsapp_state.find_session(tx)
            pause = session.pause.rebound(now) if session and session.pause else None
            paired = session is not None and session.state in LINKED
            arrived = await whatsapp_deliveries.facts(tx, now) if paired else None
            figures = await client_list.figures(tx, today)
            by_state = await outbox.counts_of_day(tx, today)
            waits_until = await self._last_turn(tx, today, now) if by_state else None
            unbilled = len(await left_out(tx, book, now))
            _, waiting = await replies.waiting(tx, most=1)
        subscription = subscription_of(charter.tenant, book.zone)

        def here(moment: datetime | None) -> datetime | None:
            return None if moment is None else local(moment, book.zone)

        return HomeView(
            name=charter.settings.company or charter.tenant.name,
            today=today,
            standing=standing(subscription, now),
            ends_on=subscription.ends_on,
            paired=paired,
            connected=paired and await self._connected() is not False,
            phone=phone_of(session.jid) if session and paired else None,
            last_delivered_at=here(arrived.last_delivered_at) if arrived else None,
            flow=flow(arrived) if arrived else Flow.QUIET,
            quiet_since=here(quiet_since(arrived)) if arrived else None,
            paused_until=here(pause.until) if pause and pause.holds(now) else None,
            has_pix=book.pix is not None,
            figures=figures,
            by_state=by_state,
            waits_until=here(waits_until),
            unbilled=unbilled,
            replies=waiting,
            reminders_chosen=charter.settings.reminders_chosen,
        )

    async def _last_turn(self, tx: TenantConnection, today: date, now: datetime) -> datetime | None:
        """When the last of today's messages is expected to go (F5)."""
        pace = step(self._ports.pacing)
        turns = await queue_acts.waiting(tx, today, first=now, pace=pace, page=1, rows=1)
        return turns.last
