"""How the owner hears of replies: one card a phone, grown in place, and none in the quiet hours.

What is told is what stands at that moment, so a card is never behind: a talk is untold as long as
it has changed since Telegram took its card last. A crash between the two tells once more.
"""

import asyncio
from datetime import datetime, timedelta

from actors.messages.notices import Notify
from actors.messages.replies import RepliesCame, RepliesNotice, ReplyCard, ReplyNotice
from actors.runtime import Timer
from actors.tenant import reply_cards
from actors.tenant.desk import DeskPart
from actors.tenant.part import TenantPorts
from domain.outbox import MessageState
from domain.schedule import local
from errors import ChatUnreachable, EmDiaError, MessageRefused, NotFound, NotSignedUp
from storage import replies
from storage.replies import Untold
from telemetry import logger

LOG = logger("tenant")
NOTICE_SECONDS = 60.0
RETRY_SECONDS = 30.0
# A burst of messages is one change of the card, and what follows at once the next.
GATHER_SECONDS = 0.3
EDIT_EVERY_SECONDS = 2.0
# An edit makes no sound: what comes later than this after its card is a card of its own.
TOGETHER = timedelta(minutes=10)
# What is told so late is told together, not card by card.
LONG_AGO = timedelta(hours=1)
# How long the way of an answer is followed on its card, and how often it is looked at.
FOLLOWED = timedelta(days=2)
TICKS_SECONDS = (3.0, 10.0, 30.0, 120.0, 600.0)
_OVER = frozenset(
    {MessageState.READ, MessageState.FAILED, MessageState.CANCELLED, MessageState.EXPIRED}
)


class ReplyTellingPart(DeskPart):
    """The tenant's voice about replies."""

    def __init__(self, tenant_id: int, ports: TenantPorts) -> None:
        super().__init__(tenant_id, ports)
        self._showing: asyncio.Task[None] | None = None
        self._more_to_show = False
        self._waking: Timer | None = None
        self._looks = 0
        self._is_followed = False
        self._shown_at: datetime | None = None

    def _tell_replies(self) -> None:
        """Tell what has changed, in a task beside: Telegram's slowness is not the tenant's."""
        self._more_to_show = True
        if self._showing is None or self._showing.done():
            self._showing = self.context.spawn(self._show_all(), name="tell replies")

    async def _show_all(self) -> None:
        clock = self.context.clock
        try:
            while self._more_to_show:
                if not await self._is_anything_new():
                    return
                await clock.sleep(self._gap(clock.now()))
                self._more_to_show, self._shown_at = False, clock.now()
                await self._show_round()
        except (NotSignedUp, NotFound):
            return
        except EmDiaError as error:
            LOG.warning("replies not told yet", tenant_id=self._tenant_id, error=repr(error))
            self._wake_in(RETRY_SECONDS)

    def _gap(self, now: datetime) -> float:
        """Seconds until the next round may begin; a clock that jumped back makes it no longer."""
        since = (now - self._shown_at).total_seconds() if self._shown_at else EDIT_EVERY_SECONDS
        return min(max(GATHER_SECONDS, EDIT_EVERY_SECONDS - since), EDIT_EVERY_SECONDS)

    async def _is_anything_new(self) -> bool:
        """Whether a card shows less than there is, also of how far answers have come (F7)."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            moved = await replies.ticks_changed(tx, self.context.clock.now() - FOLLOWED)
            is_new = await replies.is_anything_untold(tx)
        if moved:
            self._looks = 0
            self._is_followed = not _OVER.issuperset(moved)
        if self._is_followed and not is_new:
            self._follow()
        return is_new

    async def _show_round(self) -> None:
        """Tell each talk that has changed; together, where they came in the quiet hours."""
        async with self._desk() as desk:
            if desk.book.rules.access_ended:
                return
            hours, zone = await replies.quiet_hours(desk.tx)
            over_at = hours.over_at(desk.now, zone)
            claimed = await replies.claim_untold(desk.tx, self._ports.replica)
            page = await reply_cards.waiting(desk, 1)
        if not claimed:
            # Another process is at it; should it end, it is ours.
            self._wake_in(RETRY_SECONDS)
        if over_at is not None:
            self._wake_in((over_at - self.context.clock.now()).total_seconds())
            claimed = [one for one in claimed if not one.has_news]
        waiting = {one.talk_id for one in page.replies}
        news = [one for one in claimed if one.has_news and one.talk_id in waiting]
        night = [one for one in news if hours.contains(local(one.last_at, zone).time())]
        # Nobody could tell of it then: access was over, or the process away (A6).
        late = [one for one in news if one not in night and self._shown_late(one)]
        together = [*night, *late]
        if len(together) > 1:
            await self._notify(RepliesNotice(page, night=not late))
            for one in together:
                await self._note(one, None, anew=True)
            claimed = [one for one in claimed if one not in together]
        for one in claimed:
            await self._show(one)

    def _shown_late(self, untold: Untold) -> bool:
        return self.context.clock.now() - untold.last_at > LONG_AGO

    async def _show(self, untold: Untold) -> None:
        try:
            async with self._desk() as desk:
                card = await reply_cards.card(desk, untold.talk_id)
        except NotFound:
            return  # erased meanwhile
        except EmDiaError:
            raise
        except Exception as error:  # noqa: BLE001 - it is this talk's alone (F11)
            LOG.error(  # noqa: TRY400 - a traceback could show what was written
                "reply without a card", tenant_id=self._tenant_id, error=type(error).__name__
            )
            await self._note(untold, None, anew=True)
            return
        anew = untold.has_news and _is_late(untold, self.context.clock.now())
        await self._notify(ReplyNotice(card=card, anew=anew, only_over=not untold.has_news))
        state = card.answer.state if card.answer else None
        await self._note(untold, state, anew=anew)
        self._follow_if_open(card)

    async def _notify(self, notice: ReplyNotice | RepliesNotice) -> None:
        """Have Telegram take it. What never will be taken is done with, too (F11)."""
        try:
            await self._ports.telegram.ask(Notify(self._tenant_id, notice), deadline=NOTICE_SECONDS)
        except ChatUnreachable:
            LOG.info("the owner does not want us", tenant_id=self._tenant_id)
        except MessageRefused as error:
            LOG.error(  # noqa: TRY400 - what Telegram said of it is all there is to know
                "reply not shown", tenant_id=self._tenant_id, error=str(error).partition('"')[0]
            )

    async def _note(self, untold: Untold, state: MessageState | None, *, anew: bool) -> None:
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            await replies.note_told(tx, untold, shown_state=state, at=now if anew else None)

    def _follow_if_open(self, card: ReplyCard) -> None:
        """Have the card show how far the owner's answer comes."""
        if card.answer is not None and card.answer.state not in _OVER:
            self._is_followed, self._looks = True, 0
            self._follow()

    def _follow(self) -> None:
        """Look again at how far an answer has come, less and less often."""
        if self._looks < len(TICKS_SECONDS):
            self._wake_in(TICKS_SECONDS[self._looks])
            self._looks += 1

    def _wake_in(self, seconds: float) -> None:
        if self._waking is not None:
            self._waking.cancel()
        self._waking = self.context.after(max(seconds, 0.0) + 0.01, RepliesCame())


def _is_late(untold: Untold, now: datetime) -> bool:
    """Whether what came needs a card of its own.

    None is there, the last one is too long ago, or was about what the owner is done with.
    """
    told_at = untold.told_at
    return told_at is None or untold.since > told_at or now - told_at > TOGETHER
