"""One tenant's WhatsApp: keeps the connection, sets the pace, and sees each message through.

It owns the tenant's epoch, the fencing token: every life of it starts by raising it. It carries
one message at a time (through its courier) and never sends faster than the pace it was given.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from actors.messages.notices import (
    DataMissing,
    Notify,
    QrShown,
    SendingRestricted,
    TellOwner,
    WhatsAppConnected,
    WhatsAppLost,
)
from actors.messages.queue import OutboxChanged
from actors.messages.whatsapp import ConnectWhatsApp, GetWhatsApp, WhatsAppView
from actors.runtime import Actor, Down, Timer, on
from actors.whatsapp.connection import Connector, SessionPorts
from actors.whatsapp.courier import Courier, Idle, Restricted, Set, Step, Tried, recover
from actors.whatsapp.reconnection import ENDINGS, FENCED, LOGGED_OUT, Reconnection
from domain.pacing import next_gap
from domain.rulebook import Held
from errors import ActorError, MailboxFull, SidecarError, StaleEpoch, StorageUnavailable
from gateways import sidecar_events as whatsapp
from storage import leases, outbox, whatsapp_state
from telemetry import SESSIONS, logger

LOG = logger("whatsapp")
DRAIN_SECONDS = 6.0
HELD_SECONDS = 60.0
STORAGE_AWAY_SECONDS = 2.0
NEW_CHATS_PAUSE = timedelta(hours=24)


class Phase(Enum):
    """How far the connection is."""

    CLOSED = "closed"
    CONNECTING = "connecting"
    OPEN = "open"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class _Reconnect:
    """Time to try again."""


@dataclass(frozen=True, slots=True)
class _Pump:
    """Time to look at the outbox."""


@dataclass(frozen=True, slots=True)
class _Stepped:
    """The courier came back; None when PostgreSQL was away."""

    step: Step | None


@dataclass(frozen=True, slots=True)
class _Fenced:
    """Another process owns the tenant."""


class WhatsAppSession(Actor):
    """The session of `tenant_id`."""

    def __init__(self, tenant_id: int, ports: SessionPorts) -> None:
        self._tenant_id = tenant_id
        self._ports = ports
        self._phase = Phase.CLOSED
        self._state = "disconnected"
        self._phone: str | None = None
        self._epoch = 0
        self._reconnection = Reconnection()
        self._connector: Connector | None = None
        self._courier: Courier | None = None
        self._carrying: asyncio.Task[None] | None = None
        self._restricted_until: datetime | None = None
        self._retry: Timer | None = None
        self._alarm: asyncio.Task[None] | None = None

    async def started(self) -> None:
        """Take the tenant, reopen interrupted sends, and reconnect a paired session."""
        now = self.context.clock.now()
        async with self._ports.database.dispatcher() as connection:
            self._epoch = await leases.take_over(
                connection, self._tenant_id, self._ports.replica, now
            )
        async with self._ports.database.tenant(self._tenant_id) as tx:
            reopened = await recover(tx, self._epoch, self._ports.pacing, now, self.context.random)
            stored = await whatsapp_state.find_session(tx)
        self._connector = Connector(self._tenant_id, self._epoch, self._ports, self.context)
        if reopened:
            LOG.warning("interrupted sends reopened", count=reopened, tenant_id=self._tenant_id)
        if stored is not None:
            self._state = stored.state
            self._phone = _phone(stored.jid)
            self._restricted_until = stored.new_chats_blocked_until
        if self._state == "paired":
            await self._connect()

    async def stopping(self) -> None:
        """Finish the send in flight, as far as the time goes; then close the line."""
        self._enter(Phase.STOPPED)
        if self._carrying is not None:
            await asyncio.wait({self._carrying}, timeout=DRAIN_SECONDS)
        if self._connector is not None:
            await self._connector.close()

    def may_rest(self) -> bool:
        """An open line is never put to rest."""
        return self._phase in {Phase.CLOSED, Phase.STOPPED} and self._carrying is None

    # What the tenant asks

    @on(ConnectWhatsApp)
    async def connect(self, _message: ConnectWhatsApp) -> WhatsAppView:
        """Open the line; without a paired device a QR follows (F1)."""
        if self._phase in {Phase.CLOSED, Phase.STOPPED} and self._state != "banned":
            self._reconnection.succeeded()
            await self._connect()
        return self._view()

    @on(GetWhatsApp)
    async def view(self, _message: GetWhatsApp) -> WhatsAppView:
        """How the line stands."""
        return self._view()

    @on(OutboxChanged)
    async def outbox_changed(self, _message: OutboxChanged) -> None:
        """Look at the outbox now."""
        self._pump()

    # What WhatsApp says

    @on(whatsapp.QrShown)
    async def qr_shown(self, event: whatsapp.QrShown) -> None:
        """Show the QR in the chat; the next replaces it, so a lost one is no loss."""
        if self._is_mine(event):
            self._state = "pairing"
            try:
                self._ports.telegram.try_tell(
                    Notify(self._tenant_id, QrShown(event.payload, event.seconds))
                )
            except MailboxFull:
                LOG.warning("QR not shown", tenant_id=self._tenant_id)

    @on(whatsapp.Paired)
    async def paired(self, event: whatsapp.Paired) -> None:
        """Remember whose device this is; WhatsApp closes with 515 next."""
        if self._is_mine(event):
            await self._remember("paired", jid=event.jid, lid=event.lid)

    @on(whatsapp.SessionOpened)
    async def opened(self, event: whatsapp.SessionOpened) -> None:
        """Begin to send."""
        if not self._is_mine(event):
            return
        self._reconnection.succeeded()
        self._enter(Phase.OPEN)
        paired_at = await self._remember("paired", jid=event.jid, lid=event.lid)
        LOG.info("open", tenant_id=self._tenant_id)
        # The key makes it one notice per pairing, however often the line reopens.
        await self._tell_owner(f"{paired_at}", WhatsAppConnected(self._phone or ""))
        self._pump()

    @on(whatsapp.SessionClosed)
    async def closed(self, event: whatsapp.SessionClosed) -> None:
        """Reconnect, or stop and say why (F4). Credentials are never dropped here."""
        if not self._is_mine(event):
            return
        self._enter(Phase.CLOSED)
        LOG.info("closed", tenant_id=self._tenant_id, code=event.code, reason=event.reason)
        if event.code in ENDINGS:
            await self._end(event.code)
        elif event.code == FENCED:
            self._enter(Phase.STOPPED)
        elif self._state == "pairing":
            self._state = "disconnected"  # nobody scanned in time: the owner asks again
        else:
            self._reconnect_in(self._reconnection.delay(self.context.random, event.code))

    @on(whatsapp.ReceiptArrived)
    async def receipt_arrived(self, event: whatsapp.ReceiptArrived) -> None:
        """Record how far a message came (F7)."""
        if event.status != "retry":
            async with self._ports.database.tenant(self._tenant_id) as tx:
                await outbox.receipt(tx, event.message_id, event.status, event.at)

    @on(whatsapp.LateOutcome)
    async def late_outcome(self, event: whatsapp.LateOutcome) -> None:
        """Record an ack that came after its sender had stopped waiting."""
        if isinstance(event.outcome, whatsapp.Acked):
            async with self._ports.database.tenant(self._tenant_id) as tx:
                await outbox.acknowledge_late(tx, event.message_id, event.outcome.at)

    @on(whatsapp.Restricted)
    async def restricted(self, event: whatsapp.Restricted) -> None:
        """WhatsApp restricts this account: stop and tell until when (F5)."""
        if self._is_mine(event):
            await self._restrict(event.until)

    @on(Down)
    async def worker_down(self, _message: Down) -> None:
        """The worker died; its successor will be attached to."""
        if self._phase in {Phase.OPEN, Phase.CONNECTING}:
            self._enter(Phase.CLOSED)
            self._reconnect_in(self._reconnection.delay(self.context.random))

    # The pace

    @on(_Pump)
    async def pump(self, _message: _Pump) -> None:
        """Look at the outbox."""
        self._pump()

    @on(_Stepped)
    async def stepped(self, message: _Stepped) -> None:
        """Take the next step when the pace allows (F5)."""
        self._carrying = None
        match message.step:
            case Set(missing=missing):
                await self._tell_missing(missing)
                self._pump()
            case Tried():
                gap = next_gap(self._ports.pacing, self.context.random)
                self.context.after(gap, _Pump())
            case Idle(wake_at=wake_at):
                self._wake_at(wake_at)
            case Held():
                self.context.after(HELD_SECONDS, _Pump())
            case Restricted():
                await self._restrict(None)
            case None:
                self.context.after(STORAGE_AWAY_SECONDS, _Pump())

    @on(_Fenced)
    async def fenced(self, _message: _Fenced) -> None:
        """Stop at once: the tenant is another process's."""
        LOG.warning("fenced off", tenant_id=self._tenant_id)
        self._enter(Phase.STOPPED)
        if self._connector is not None:
            await self._connector.close()

    @on(_Reconnect)
    async def reconnect(self, _message: _Reconnect) -> None:
        """Try again."""
        if self._phase is Phase.CLOSED:
            await self._connect()

    def _pump(self) -> None:
        """Let the courier take a step, unless it is under way or must not go."""
        now = self.context.clock.now()
        if self._restricted_until is not None and self._restricted_until <= now:
            self._restricted_until = None
        may_go = self._phase is Phase.OPEN and self._restricted_until is None
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

    def _wake_at(self, instant: datetime | None) -> None:
        """Look again at `instant` of the wall clock, however it is moved."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if instant is not None:
            self._alarm = self.context.spawn(self._ring_at(instant), name="alarm")

    async def _ring_at(self, instant: datetime) -> None:
        await self.context.clock.sleep_until(instant)
        await self.context.me.tell(_Pump())

    # The connection

    async def _connect(self) -> None:
        assert self._connector is not None  # noqa: S101 - set by `started`
        self._enter(Phase.CONNECTING)
        try:
            self._courier = await self._connector.open(paired=self._state == "paired")
        except (ActorError, SidecarError, StorageUnavailable) as error:
            LOG.warning("not connected", tenant_id=self._tenant_id, error=repr(error))
            self._enter(Phase.CLOSED)
            self._reconnect_in(self._reconnection.delay(self.context.random))

    def _reconnect_in(self, seconds: float) -> None:
        if self._retry is not None:
            self._retry.cancel()
        self._retry = self.context.after(seconds, _Reconnect())

    def _enter(self, phase: Phase) -> None:
        if self._phase is not phase:
            SESSIONS.labels(state=self._phase.value).dec()
            SESSIONS.labels(state=phase.value).inc()
            self._phase = phase

    # What is remembered and told

    async def _end(self, code: int | str) -> None:
        """The session is over for good; an unlinked device's keys are of no use any more."""
        state, reason = ENDINGS[code]
        self._enter(Phase.STOPPED)
        if code == LOGGED_OUT:
            self._state = state
            async with self._ports.database.tenant(self._tenant_id) as tx:
                await whatsapp_state.forget(tx, self._epoch, self.context.clock.now())
        else:
            await self._remember(state)
        await self._tell_owner(f"{reason}:{self._epoch}", WhatsAppLost(reason))

    async def _remember(
        self, state: str, *, jid: str | None = None, lid: str | None = None
    ) -> datetime | None:
        """Keep the session's state; returns when it was paired."""
        self._state = state
        async with self._ports.database.tenant(self._tenant_id) as tx:
            await whatsapp_state.set_state(
                tx, self._epoch, state, jid=jid, lid=lid, now=self.context.clock.now()
            )
            stored = await whatsapp_state.find_session(tx)
        self._phone = _phone(jid) or self._phone
        return stored.paired_at if stored is not None else None

    async def _restrict(self, until: datetime | None) -> None:
        """Stop sending until WhatsApp allows it again."""
        now = self.context.clock.now()
        self._restricted_until = until or now + NEW_CHATS_PAUSE
        async with self._ports.database.tenant(self._tenant_id) as tx:
            await whatsapp_state.block_new_chats(tx, self._epoch, self._restricted_until, now)
        self._wake_at(self._restricted_until)
        await self._tell_owner(
            f"{self._restricted_until:%Y-%m-%d}", SendingRestricted(self._restricted_until)
        )

    async def _tell_missing(self, names: tuple[str, ...]) -> None:
        if names:
            day = self.context.clock.now().date().isoformat()
            await self._tell_owner(f"{day}:{','.join(names)}", DataMissing(names, 1))

    async def _tell_owner(
        self, key: str, notice: WhatsAppConnected | WhatsAppLost | SendingRestricted | DataMissing
    ) -> None:
        await self._ports.owner.tell(TellOwner(key, notice))

    def _is_mine(self, event: whatsapp.Event) -> bool:
        """Whether the event belongs to this life; an earlier one's is history."""
        return event.epoch == self._epoch

    def _view(self) -> WhatsAppView:
        return WhatsAppView(self._state, self._phase is Phase.OPEN, self._phone)


def _phone(jid: str | None) -> str | None:
    """The E.164 number in a jid such as `5511988887777:12@s.whatsapp.net`."""
    return None if jid is None else "+" + jid.partition("@")[0].partition(":")[0]
