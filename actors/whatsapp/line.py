"""Opens, keeps and gives up the line: what domain/whatsapp.py decides, carried out (F4).

Opening is done beside the actor, so whoever asks how the line stands is answered at once.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from actors.messages.notices import Notify, QrShown, WhatsAppConnected, WhatsAppLost
from actors.messages.whatsapp import ConnectWhatsApp, WhatsAppView
from actors.runtime import Down, Timer, on
from actors.whatsapp.connection import Connector, Opening, SessionPorts
from actors.whatsapp.part import STORAGE_AWAY_SECONDS, Memo
from actors.whatsapp.sending import SendingPart
from domain.restrictions import Pause
from domain.whatsapp import (
    ASK_WHO_OWNS,
    LOGGED_OUT,
    MOST_LOGINS,
    End,
    History,
    Line,
    Loss,
    PairingOver,
    Reconnect,
    SessionPhase,
    SessionState,
    StandDown,
    Stop,
    Wait,
    Way,
    login_wait,
    may_connect,
    may_reconnect,
    what_end_means,
)
from errors import (
    EmDiaError,
    MailboxFull,
    NoCredentials,
    StaleEpoch,
    VaultError,
)
from gateways import sidecar_events as whatsapp
from storage import whatsapp_state
from storage.database import TenantConnection
from telemetry import logger

LOG = logger("whatsapp")
UNREADABLE_SECONDS = 600.0
"""Between two tries to read credentials that the key ring does not open."""
LOOK_AT_BAN_SECONDS = 3600.0
STUCK_SECONDS = 120.0
"""A line of which nothing was heard for so long will not open any more."""
LINES = frozenset({SessionPhase.CONNECTING, SessionPhase.PAIRING, SessionPhase.OPEN})


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Time to try again."""


@dataclass(frozen=True, slots=True)
class _BanOver:
    """A temporary ban may be over."""


@dataclass(frozen=True, slots=True)
class _Stuck:
    """The opening number `number` should be over."""

    number: int


@dataclass(frozen=True, slots=True)
class _Opening:
    """What became of the opening number `number`."""

    number: int
    outcome: Opening | EmDiaError


class LinePart(SendingPart):
    """The session's line."""

    def __init__(self, tenant_id: int, ports: SessionPorts) -> None:
        super().__init__(tenant_id, ports)
        self._connector: Connector | None = None
        self._history = History()
        self._logins: deque[float] = deque(maxlen=MOST_LOGINS)
        self._opening: asyncio.Task[None] | None = None
        self._openings = 0
        self._opened_at: float | None = None
        self._qr_shown = False
        self._resume: Pause | None = None
        self._retry: Timer | None = None
        self._paired_at: datetime | None = None

    # What the owner asks

    @on(ConnectWhatsApp)
    async def connect(self, _message: ConnectWhatsApp) -> WhatsAppView:
        """Open the line, or say at once why not; without a paired device a QR follows (F1)."""
        way = may_connect(self._phase, self._state)
        if way is not Way.NOTHING:
            self._history = History()
            if way is Way.PAIR:
                self._state = SessionState.PAIRING
            elif self._state is not SessionState.PAIRED:
                self._state = SessionState.PAIRED  # what it was left in is over
            self._open()
        return self._view()

    # What WhatsApp says of the line

    @on(whatsapp.QrShown)
    async def qr_shown(self, event: whatsapp.QrShown) -> None:
        """Show the QR in the chat; the next replaces it, so a lost one is no loss."""
        if not self._is_mine(event):
            return
        self._qr_shown = True
        try:
            self._ports.telegram.try_tell(
                Notify(self._tenant_id, QrShown(event.payload, event.seconds))
            )
        except MailboxFull:
            LOG.warning("QR not shown", tenant_id=self._tenant_id)

    @on(whatsapp.Paired)
    async def paired(self, event: whatsapp.Paired) -> None:
        """Remember whose device this is; WhatsApp closes with 515 next."""
        if not self._is_mine(event):
            return
        self._state = SessionState.PAIRED
        self._phone = phone_of(event.jid)
        self._pause = self._resume = None  # they were those of the number before
        write = partial(self._keep_paired, jid=event.jid, lid=event.lid, fresh=True)
        await self._remember(Memo("paired", write))

    @on(whatsapp.SessionOpened)
    async def opened(self, event: whatsapp.SessionOpened) -> None:
        """Begin to send."""
        if not self._is_mine(event):
            return
        LOG.info("open", tenant_id=self._tenant_id)
        self._enter(SessionPhase.OPEN)
        self._opened_at = self.context.clock.monotonic()
        self._acked = False
        self._state = SessionState.PAIRED
        self._phone = phone_of(event.jid)
        write = partial(self._keep_paired, jid=event.jid, lid=event.lid, fresh=False)
        self._pump()
        await self._remember(Memo("open", write, self._connected_notice))

    @on(whatsapp.SessionClosed)
    async def closed(self, event: whatsapp.SessionClosed) -> None:
        """Reconnect, or stop and say why (F4). Credentials are never dropped here."""
        if self._is_mine(event):
            LOG.info("closed", tenant_id=self._tenant_id, code=event.code, reason=event.reason)
            await self._ended(event.code, event.wait_seconds)

    @on(Down)
    async def worker_down(self, _message: Down) -> None:
        """The worker died; its successor will be attached to."""
        if self._phase in LINES:
            await self._ended(None)

    @on(_Opening)
    async def opening_over(self, message: _Opening) -> None:
        """Go on with an opened line, or take a failure for an end."""
        if message.number != self._openings or self._phase not in LINES:
            return
        match message.outcome:
            case Opening(courier=courier, pairing=pairing):
                self._courier = courier
                if not pairing and self._state is SessionState.PAIRING:
                    self._state = SessionState.PAIRED  # scanned at the last moment
                self._pump()
            case StaleEpoch():
                await self._fence()
            case NoCredentials():
                LOG.error("no device to resume", tenant_id=self._tenant_id)
                await self._ended(LOGGED_OUT)
            case VaultError():
                # Never paired anew for that: the key ring can be mended.
                LOG.error("credentials not readable", tenant_id=self._tenant_id)
                self._enter(SessionPhase.CLOSED)
                self._reconnect_in(UNREADABLE_SECONDS)
            case error:
                LOG.warning("not connected", tenant_id=self._tenant_id, error=repr(error))
                await self._ended(None)

    @on(_Stuck)
    async def stuck(self, message: _Stuck) -> None:
        """Take an opening for failed of which nobody says what became."""
        silent = self._phase is not SessionPhase.OPEN and not self._qr_shown
        if message.number == self._openings and silent:
            await self._ended(None)

    @on(TryAgain)
    async def reconnect(self, _message: TryAgain) -> None:
        """Try again, if nothing else came in between."""
        self._retry = None
        if may_reconnect(self._phase, self._state) and not self._is_banned():
            self._open()

    @on(_BanOver)
    async def ban_over(self, _message: _BanOver) -> None:
        """Try again once the ban is over, by a clock that may have been wrong meanwhile (E14)."""
        self._retry = None
        if self._is_banned():
            self._wait_for_ban()
        elif may_reconnect(self._phase, self._state):
            self._open()

    # Opening

    def _open(self) -> None:
        """Open the line beside; while WhatsApp has seen us too often lately, a little later."""
        assert self._connector is not None  # noqa: S101 - set by `started`
        now = self.context.clock.monotonic()
        # What must be kept comes first: no device is begun before the last one's end is written.
        wait = STORAGE_AWAY_SECONDS if self._memos else login_wait(self._logins, now)
        if wait > 0.0:
            self._enter(SessionPhase.CLOSED)
            self._reconnect_in(wait)
            return
        self._logins.append(now)
        self._stop_waiting()
        self._openings += 1
        self._opened_at, self._qr_shown = None, False
        pairing = self._state is SessionState.PAIRING
        self._enter(SessionPhase.PAIRING if pairing else SessionPhase.CONNECTING)
        self.context.after(STUCK_SECONDS, _Stuck(self._openings))
        self._opening = self.context.spawn(
            self._open_beside(self._connector, self._openings, pairing=pairing), name="open"
        )

    async def _open_beside(self, connector: Connector, number: int, *, pairing: bool) -> None:
        outcome: Opening | EmDiaError
        try:
            outcome = await connector.open(pairing=pairing)
        except EmDiaError as error:
            outcome = error
        self.context.signal(_Opening(number, outcome))

    def _reconnect_in(self, seconds: float) -> None:
        self._stop_waiting()
        self._retry = self.context.after(seconds, TryAgain())

    def _stop_waiting(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None

    # Ends

    async def _ended(self, code: int | str | None, ban_seconds: float | None = None) -> None:
        """Carry out what the end of the line means."""
        if self._phase not in LINES:
            return
        self._openings += 1  # what is still under way is of no interest any more
        self._courier = None
        self._enter(SessionPhase.CLOSED)
        owner = await self._is_owner() if code in ASK_WHO_OWNS else None
        end = End(code=code, line=self._line(), owner=owner, ban_seconds=ban_seconds)
        ending, self._history = what_end_means(end, self._state, self._history, self.context.random)
        self._opened_at, self._acked = None, False
        match ending:
            case Reconnect(after=seconds):
                self._reconnect_in(seconds)
            case Wait(seconds=seconds, state=state, tell=loss):
                length = timedelta(seconds=seconds)
                self._resume = Pause(self._now() + length, length)
                self._wait_for_ban()
                await self._give_up(state, loss)
            case Stop(state=state, tell=loss):
                self._stop_waiting()
                self._enter(SessionPhase.STOPPED)
                await self._give_up(state, loss)
            case PairingOver(tell=loss):
                await self._pairing_over(loss)
            case StandDown():
                await self._fence()

    def _line(self) -> Line:
        open_seconds = (
            0.0 if self._opened_at is None else self.context.clock.monotonic() - self._opened_at
        )
        return Line(open_seconds, self._acked, self._qr_shown)

    async def _give_up(self, state: SessionState, loss: Loss) -> None:
        """Keep the state the line was left in, and tell the owner, each time it happens."""
        now = self._now()
        self._state = state
        resume = self._resume if state is SessionState.TEMPORARILY_BANNED else None
        write = partial(
            whatsapp_state.set_state, epoch=self._epoch, state=state, resume=resume, now=now
        )
        notice = WhatsAppLost(loss, None if resume is None else resume.until)
        key = f"{loss}:{now.isoformat()}"
        await self._remember(Memo("end", write, lambda: (key, notice)))

    async def _pairing_over(self, loss: Loss | None) -> None:
        """Nobody paired: the device from before counts again."""
        self._state = SessionState.DISCONNECTED
        if loss is None:
            await self._remember(Memo("pairing over", self._abandon_pairing))
            return
        notice = (f"{loss}:{self._now().isoformat()}", WhatsAppLost(loss))
        await self._remember(Memo("pairing over", self._abandon_pairing, lambda: notice))

    async def _abandon_pairing(self, tx: TenantConnection) -> None:
        await whatsapp_state.abandon_pairing(tx, self._epoch, self._now())
        self._take_in(await whatsapp_state.find_session(tx))
        if self._state is SessionState.TEMPORARILY_BANNED:
            self._wait_for_ban()

    def _wait_for_ban(self) -> None:
        """Look again when the ban is over, and once an hour whatever the clock says."""
        self._stop_waiting()
        if self._resume is not None:
            left = (self._resume.until - self._now()).total_seconds()
            seconds = min(max(left, 0.0), LOOK_AT_BAN_SECONDS)
            self._retry = self.context.after(seconds, _BanOver())

    def _is_banned(self) -> bool:
        if self._resume is None or self._state is not SessionState.TEMPORARILY_BANNED:
            return False
        self._resume = self._resume.rebound(self._now())
        return self._resume.holds(self._now())

    async def _fence(self) -> None:
        """Stop at once: the tenant is another process's."""
        if self._phase is SessionPhase.FENCED:
            return
        LOG.warning("fenced off", tenant_id=self._tenant_id)
        self._stop_waiting()
        self._openings += 1
        self._courier = None
        self._enter(SessionPhase.FENCED)
        if self._connector is not None:
            self.context.spawn(self._connector.close(), name="close")

    # How it stands

    async def _keep_paired(
        self, tx: TenantConnection, *, jid: str, lid: str | None, fresh: bool
    ) -> None:
        now = self._now()
        await whatsapp_state.set_state(
            tx, self._epoch, SessionState.PAIRED, jid=jid, lid=lid, now=now
        )
        if fresh:
            await whatsapp_state.block_new_chats(tx, self._epoch, None, now)
        else:
            await whatsapp_state.drop_set_aside(tx, self._epoch)
        stored = await whatsapp_state.find_session(tx)
        self._paired_at = None if stored is None else stored.paired_at

    def _connected_notice(self) -> tuple[str, WhatsAppConnected]:
        # The key makes it one notice per pairing, however often the line reopens.
        return f"{self._paired_at}", WhatsAppConnected(self._phone or "")

    def _take_in(self, stored: whatsapp_state.Session | None) -> None:
        """Stand as it was kept."""
        if stored is not None:
            self._state = stored.state
            self._phone = phone_of(stored.jid)
            self._paired_at = stored.paired_at
            self._resume = stored.resume
            self._pause = stored.pause

    def _is_mine(self, event: whatsapp.Event) -> bool:
        """Whether the event is of a line of this life: an earlier one's is history."""
        return event.epoch == self._epoch and self._phase in LINES

    def _view(self) -> WhatsAppView:
        return WhatsAppView(
            self._state,
            self._phase is SessionPhase.OPEN,
            self._phone,
            until=self._resume.until if self._is_banned() and self._resume else None,
            paused_until=self._paused_until(),
        )


def phone_of(jid: str | None) -> str | None:
    """The E.164 number in a jid such as `5511988887777:12@s.whatsapp.net`."""
    return None if jid is None else "+" + jid.partition("@")[0].partition(":")[0]
