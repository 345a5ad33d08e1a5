"""Sends one message after another at a human pace, rests when WhatsApp says so, hears receipts.

Receipts and late acks are true under whatever epoch they were met, so they are never fenced.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from actors.messages.notices import DataMissing, SendingRestricted
from actors.messages.queue import OutboxChanged
from actors.runtime import Timer, on
from actors.whatsapp.connection import SessionPorts
from actors.whatsapp.courier import Courier
from actors.whatsapp.part import STORAGE_AWAY_SECONDS, Memo
from actors.whatsapp.replies import RepliesPart
from actors.whatsapp.steps import REACHOUT_TIMELOCK, Idle, Restricted, Set, Step, Tried
from domain.outbox import MessageState
from domain.pacing import next_gap, second_gap
from domain.reasons import Reason
from domain.restrictions import REFUSALS_WINDOW, Pause, longer, refusals_pause, reported_pause
from domain.rulebook import Held
from domain.whatsapp import may_send
from errors import StaleEpoch, StorageUnavailable
from gateways import sidecar_events as whatsapp
from storage import outbox, receipts, whatsapp_state
from storage.receipts import Moved
from telemetry import MESSAGES, correlated, logger

LOG = logger("whatsapp")
HELD_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 3600.0
"""However far away an alarm is, a wrong clock may have set it: look at least so often (E14)."""
SAME_PAUSE_SECONDS = 3600.0
"""A pause that moves by less is not told again."""


@dataclass(frozen=True, slots=True)
class _Pump:
    """Time to look at the outbox."""


@dataclass(frozen=True, slots=True)
class _LookAgain:
    """An alarm is long in coming: perhaps a wrong clock set it."""


@dataclass(frozen=True, slots=True)
class _GapOver:
    """The human gap is over."""


@dataclass(frozen=True, slots=True)
class _Stepped:
    """The courier came back; None when PostgreSQL was away."""

    step: Step | None


@dataclass(frozen=True, slots=True)
class _Fenced:
    """A write was refused under this epoch."""


class SendingPart(RepliesPart):
    """The session's pace, and what comes back of what it sent."""

    def __init__(self, tenant_id: int, ports: SessionPorts) -> None:
        super().__init__(tenant_id, ports)
        self._courier: Courier | None = None
        self._carrying: asyncio.Task[None] | None = None
        self._pause: Pause | None = None
        self._acked = False
        self._gap: Timer | None = None
        self._held = False
        self._alarm: asyncio.Task[None] | None = None

    # What comes in

    @on(OutboxChanged)
    async def outbox_changed(self, _message: OutboxChanged) -> None:
        """Look at the outbox now: what held it may be gone, and that is no pace to be kept."""
        if self._held and self._gap is not None:
            self._gap.cancel()
            self._gap = None
        self._pump()

    @on(whatsapp.ReceiptArrived)
    async def receipt_arrived(self, event: whatsapp.ReceiptArrived) -> None:
        """Record how far a message came (F7)."""
        if event.status != "retry":
            write = partial(
                receipts.receipt, whatsapp_id=event.message_id, state=event.status, at=event.at
            )
            await self._remember(Memo("receipt", write, then=self._moved))

    @on(whatsapp.LateOutcome)
    async def late_outcome(self, event: whatsapp.LateOutcome) -> None:
        """Record an answer that came after its sender had stopped waiting."""
        match event.outcome:
            case whatsapp.Acked(at=at):
                write = partial(receipts.acknowledge_late, whatsapp_id=event.message_id, at=at)
                await self._remember(Memo("late ack", write, then=self._moved))
            case whatsapp.Refused(error=error) if error == REACHOUT_TIMELOCK:
                refuse = partial(
                    receipts.refuse_late,
                    whatsapp_id=event.message_id,
                    reason=Reason.RESTRICTED,
                    now=self._now(),
                )
                await self._remember(Memo("late refusal", refuse, then=self._moved))
                await self._count_refusals()

    @on(whatsapp.Restricted)
    async def restricted(self, event: whatsapp.Restricted) -> None:
        """WhatsApp restricts this account: rest, and tell until when (F5)."""
        if event.epoch == self._epoch:
            await self._rest(reported_pause(event.until, self._now()))

    # The pace

    @on(_Pump)
    async def pump(self, _message: _Pump) -> None:
        """Look at the outbox."""
        self._pump()

    @on(_LookAgain)
    async def look_again(self, _message: _LookAgain) -> None:
        """Bring back what was put off too far, and look at the outbox (E14)."""
        await self._remember(Memo("put off", partial(outbox.rebound, now=self._now())))
        self._pump()

    @on(_GapOver)
    async def gap_over(self, _message: _GapOver) -> None:
        """Look at the outbox: the pace allows it."""
        self._gap = None
        self._pump()

    @on(_Stepped)
    async def stepped(self, message: _Stepped) -> None:
        """Take the next step when the pace allows (F5)."""
        self._carrying = None
        match message.step:
            case Set(missing=missing):
                await self._tell_missing(missing)
                self._pump()
            case Tried(state=state, goes_on=goes_on):
                self._acked = self._acked or state == "sent"
                self._pump_after(self._second_gap() if goes_on else self._human_gap())
            case Idle(wake_at=wake_at):
                self._wake_at(wake_at)
            case Held():
                self._pump_after(HELD_SECONDS)
                self._held = True
            case Restricted():
                self._pump_after(self._human_gap())
                await self._count_refusals()
            case None:
                self._pump_after(STORAGE_AWAY_SECONDS)

    @on(_Fenced)
    async def fenced(self, _message: _Fenced) -> None:
        """Stop at once if the tenant is another process's; a row that was moved on is no reason."""
        self._carrying = None
        if await self._is_owner() is False:
            await self._fence()
        else:
            self._pump_after(STORAGE_AWAY_SECONDS)

    def _pump(self) -> None:
        """Let the courier take a step, unless it is under way, too soon, or must not go."""
        paused_until = self._paused_until()
        if paused_until is not None:
            self._wake_at(paused_until)
        may_go = may_send(self._phase, paused=paused_until is not None) and self._gap is None
        if may_go and self._carrying is None and self._courier is not None:
            self._carrying = self.context.spawn(self._carry(self._courier), name="carry")

    async def _carry(self, courier: Courier) -> None:
        news: _Stepped | _Fenced
        try:
            news = _Stepped(await courier.deliver_next())
        except StaleEpoch:
            news = _Fenced()
        except StorageUnavailable as error:
            LOG.warning("storage away", tenant_id=self._tenant_id, error=repr(error))
            news = _Stepped(None)
        self.context.signal(news)

    def _human_gap(self) -> float:
        return next_gap(self._ports.pacing, self.context.random)

    def _second_gap(self) -> float:
        return second_gap(self._ports.pacing, self.context.random)

    def _pump_after(self, seconds: float) -> None:
        """Take the next step then and not before, whoever asks for one meanwhile."""
        self._held = False
        if self._gap is not None:
            self._gap.cancel()
        self._gap = self.context.after(seconds, _GapOver())

    def _wake_at(self, instant: datetime | None) -> None:
        """Look again at `instant` of the wall clock, however it is moved."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if instant is not None:
            self._alarm = self.context.spawn(self._ring_at(instant), name="alarm")

    async def _ring_at(self, instant: datetime) -> None:
        news: _Pump | _LookAgain = _LookAgain()
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                await self.context.clock.sleep_until(instant)
                news = _Pump()
        self.context.signal(news)

    def _moved(self, moved: Moved | None) -> None:
        """Say how far a message came, under the id it has from its plan on (I1)."""
        if moved is None:
            return
        MESSAGES.labels(kind=moved.kind.value, state=moved.state.value).inc()
        with correlated(moved.correlation_id):
            LOG.info("message moved", state=moved.state)
        self._answer_moved(moved)
        if moved.state is MessageState.QUEUED:
            # Its first part is out after all: the second waits for no alarm (D5).
            self._pump()

    # The rests

    def _paused_until(self) -> datetime | None:
        """Until when nothing may go, cut to what it can be at most (E14)."""
        if self._pause is None:
            return None
        now = self._now()
        self._pause = self._pause.rebound(now)
        return self._pause.until if self._pause.holds(now) else None

    async def _count_refusals(self) -> None:
        """One client's refusal (463) is that client's; those of several rest the number (F5)."""
        now = self._now()
        try:
            async with self._transaction() as tx:
                clients = await whatsapp_state.refused_clients(tx, now - REFUSALS_WINDOW, now)
        except StorageUnavailable as error:
            # The next refusal counts this one too.
            LOG.warning("refusals not counted", tenant_id=self._tenant_id, error=repr(error))
            return
        pause = refusals_pause(clients, now)
        if pause is not None:
            await self._rest(pause)

    async def _rest(self, pause: Pause) -> None:
        """Send nothing until the pause is over, and tell until when; it ends by itself."""
        now = self._now()
        held = self._paused_until()
        self._pause = longer(self._pause if held is not None else None, pause)
        until = self._pause.until
        self._wake_at(until)
        told_already = held is not None and (until - held).total_seconds() < SAME_PAUSE_SECONDS
        if not self._pause.holds(now) or told_already:
            return
        LOG.warning("sending rests", tenant_id=self._tenant_id, until=until.isoformat())
        write = partial(
            whatsapp_state.block_new_chats, epoch=self._epoch, pause=self._pause, now=now
        )
        notice = SendingRestricted(until)
        key = f"{until:%Y-%m-%dT%H:%M}"
        await self._remember(Memo("pause", write, lambda: (key, notice)))

    async def _tell_missing(self, names: tuple[str, ...]) -> None:
        if names:
            day = self._now().date().isoformat()
            await self._tell_owner(f"{day}:{','.join(names)}", DataMissing(names, 1))
