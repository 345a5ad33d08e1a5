"""Keeps the line and gives it up: what domain/whatsapp.py decides about each end, done (F4).

What WhatsApp says of a line counts only under this life's epoch, and while there is a line.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from actors.messages.notices import WhatsAppConnected, WhatsAppLost
from actors.messages.whatsapp import ConnectWhatsApp, WhatsAppView
from actors.runtime import Down, on
from actors.whatsapp.connection import SessionPorts
from actors.whatsapp.opening import LINES
from actors.whatsapp.pairing import PairingPart
from actors.whatsapp.part import Memo, nothing
from actors.whatsapp.sending import SAME_PAUSE_SECONDS
from domain.restrictions import Pause
from domain.whatsapp import (
    ASK_WHO_OWNS,
    QR_EXPIRED,
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
    may_connect,
    may_reconnect,
    news_for,
    refuses_code,
    what_end_means,
)
from domain.whatsapp_log import NOT_ACCEPTED, Happened
from domain.whatsapp_numbers import phone_of
from gateways import sidecar_events as whatsapp
from storage import whatsapp_state
from storage.database import TenantConnection
from telemetry import logger

LOG = logger("whatsapp")
UNHEARD_SECONDS = 18.0
"""An owner who asked to connect has waited so long and seen nothing: time to say why."""


@dataclass(frozen=True, slots=True)
class _Unheard:
    """The owner's request number `number` should have been answered by now."""

    number: int


class LinePart(PairingPart):
    """The session's line."""

    def __init__(self, tenant_id: int, ports: SessionPorts) -> None:
        super().__init__(tenant_id, ports)
        self._asked = 0
        self._last_end: int | str | None = None
        self._paired_at: datetime | None = None

    # What the owner asks

    @on(ConnectWhatsApp)
    async def connect(self, _message: ConnectWhatsApp) -> WhatsAppView:
        """Open the line, or say at once why not; without a paired device a QR follows (F1)."""
        way = may_connect(self._phase, self._state)
        # Who asks again is told again.
        self._history = replace(self._history, told=False)
        if way is Way.PAIR:
            await self._begin_pairing(None)
        elif way is Way.RESUME:
            # What it was left in is over, in whichever way.
            self._history = History(unreached=self._history.unreached)
            self._state = SessionState.PAIRED
            self._open()
        elif self._state is SessionState.PAIRING and self._wish is not None:
            await self._begin_pairing(None)  # a QR in the place of the code
        else:
            self._show_again()
        self._wait_to_be_heard()
        return self._view()

    def _wait_to_be_heard(self) -> None:
        self._asked += 1
        self.context.after(UNHEARD_SECONDS, _Unheard(self._asked))

    @on(_Unheard)
    async def unheard(self, message: _Unheard) -> None:
        """Tell an owner who has waited for a code long enough, whatever it is that holds it up."""
        waits = self._state is SessionState.PAIRING and not self._qr_shown
        if message.number == self._asked and waits and self._phase is not SessionPhase.FENCED:
            loss, self._history = news_for(self._history), replace(self._history, told=True)
            if loss is not None:
                await self._tell_loss(loss)

    # What WhatsApp says of the line

    @on(whatsapp.Paired)
    async def paired(self, event: whatsapp.Paired) -> None:
        """Remember whose device this is; WhatsApp closes with 515 next."""
        if not self._is_mine(event):
            return
        self._state = SessionState.PAIRED
        self._phone = phone_of(event.jid)
        self._pause = self._resume = None  # they were those of the number before
        self._forget_codes()
        write = partial(self._keep_paired, jid=event.jid, lid=event.lid, fresh=True)
        happened = self._event(Happened.PAIRED, self._phone or "")
        await self._remember(Memo("paired", write, event=happened))

    @on(whatsapp.SessionOpened)
    async def opened(self, event: whatsapp.SessionOpened) -> None:
        """Begin to send."""
        if not self._is_mine(event):
            return
        LOG.info("open", tenant_id=self._tenant_id)
        self._enter(SessionPhase.OPEN)
        self._opened_at = self.context.clock.monotonic()
        self._acked, self._last_end = False, None
        self._state = SessionState.PAIRED
        self._phone = phone_of(event.jid)
        write = partial(self._keep_paired, jid=event.jid, lid=event.lid, fresh=False)
        self._pump()
        happened = self._event(Happened.OPENED)
        await self._remember(Memo("open", write, self._connected_notice, event=happened))

    @on(whatsapp.SessionClosed)
    async def closed(self, event: whatsapp.SessionClosed) -> None:
        """Reconnect, or stop and say why (F4). Credentials are never dropped here."""
        if self._is_mine(event):
            LOG.info("closed", tenant_id=self._tenant_id, code=event.code, reason=event.reason)
            await self._ended(event.code, event.wait_seconds, reached=event.reached)

    @on(Down)
    async def worker_down(self, _message: Down) -> None:
        """The worker died; its successor will be attached to."""
        if self._phase in LINES:
            await self._ended(None)

    # Ends

    async def _ended(
        self,
        code: int | str | None,
        ban_seconds: float | None = None,
        *,
        reached: bool = True,
    ) -> None:
        """Carry out what the end of the line means."""
        if self._phase not in LINES:
            return
        self._openings += 1  # what is still under way is of no interest any more
        self._courier = None
        was_open = self._phase is SessionPhase.OPEN
        self._last_end = code
        self._enter(SessionPhase.CLOSED)
        owner = await self._is_owner() if code in ASK_WHO_OWNS else None
        end = End(
            code=code, reached=reached, line=self._line(), owner=owner, ban_seconds=ban_seconds
        )
        ending, self._history = what_end_means(end, self._state, self._history, self.context.random)
        self._opened_at, self._acked = None, False
        match ending:
            case Reconnect(after=seconds, tell=loss):
                self._reconnect_in(seconds)
                if was_open:
                    await self._log(Happened.LOST, "" if code is None else code)
                if loss is not None:
                    await self._tell_loss(loss)
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
                await self._pairing_over(loss, code)
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
        happened = self._event(Happened.ENDED, loss, until=notice.until)
        await self._remember(Memo("end", write, lambda: (key, notice), event=happened))

    async def _tell_loss(self, loss: Loss) -> None:
        """Tell the owner of what changes nothing that is kept."""
        notice = (f"{loss}:{self._now().isoformat()}", WhatsAppLost(loss))
        await self._remember(Memo("news", nothing, lambda: notice))

    async def _pairing_over(self, loss: Loss | None, code: int | str | None) -> None:
        """Nobody paired: the device from before counts again, unless another code is tried."""
        if loss is None and self._renews_code(code):
            return
        refused = refuses_code(code)
        if loss is None and not refused and code != QR_EXPIRED:
            loss = Loss.PAIRING_FAILED  # the line was lost, which is no fault of who reads
        self._forget_codes(expired=loss is None, refused=refused)
        self._state = SessionState.DISCONNECTED
        happened = self._event(Happened.PAIRING_OVER, loss or (NOT_ACCEPTED if refused else ""))
        if loss is None:
            await self._remember(Memo("pairing over", self._abandon_pairing, event=happened))
            return
        notice = (f"{loss}:{self._now().isoformat()}", WhatsAppLost(loss, pairing=True))
        await self._remember(
            Memo("pairing over", self._abandon_pairing, lambda: notice, event=happened)
        )

    async def _abandon_pairing(self, tx: TenantConnection) -> None:
        await whatsapp_state.abandon_pairing(tx, self._epoch, self._now())
        if self._state is SessionState.PAIRING:
            return  # the owner asked for another one before this could be written
        self._take_in(await whatsapp_state.find_session(tx))
        if self._state is SessionState.TEMPORARILY_BANNED:
            self._wait_for_ban()
        elif may_reconnect(self._phase, self._state):
            self._reconnect_in(0.0)  # it was linked all the while

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

    async def _count_refusals(self) -> None:
        await self._log(Happened.REFUSED)
        await super()._count_refusals()

    async def _rest(self, pause: Pause) -> None:
        held = self._paused_until()
        await super()._rest(pause)
        until = self._paused_until()
        is_news = until is not None and (
            held is None or (until - held).total_seconds() >= SAME_PAUSE_SECONDS
        )
        if is_news:
            happened = self._event(Happened.RESTRICTED, until=until)
            await self._remember(Memo("log", nothing, event=happened))

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
            reached=self._history.unreached == 0,
            paired_at=self._paired_at,
            last_end=self._last_end,
            code_for=self._wish.phone if self._wish else None,
        )
