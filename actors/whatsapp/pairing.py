"""Shows what a device is paired with, a QR or a code to type, each in the place of the last (F1).

What is shown lasts as long as its line: one that is lost is no loss, since the next replaces it.
"""

from dataclasses import dataclass, replace

from actors.messages.notices import CodeShown, Notify, PairingExpired, Passing, QrShown
from actors.messages.whatsapp import PairAnew, PairByCode, WhatsAppView
from actors.runtime import on
from actors.whatsapp.connection import Connector, SessionPorts
from actors.whatsapp.opening import OpeningPart
from domain.whatsapp import (
    PAIRING_SECONDS,
    History,
    SessionPhase,
    SessionState,
    Way,
    asks_for_another_code,
    may_pair,
)
from domain.whatsapp_log import Happened
from errors import ActorError, EmDiaError
from gateways import sidecar_events as whatsapp
from telemetry import logger

LOG = logger("whatsapp")
WORTH_SHOWING_SECONDS = 5.0
"""A code that is good for less is not shown once more: the next is on its way."""


@dataclass(frozen=True, slots=True)
class _CodeCame:
    """What became of asking for a code on the opening number `number`."""

    number: int
    outcome: str | EmDiaError


@dataclass(frozen=True, slots=True)
class _Wish:
    """A code is wanted for `phone` (E.164); asked for `asked` times so far."""

    phone: str
    asked: int = 1


@dataclass(frozen=True, slots=True)
class _OnShow:
    """What stands in the chat, and until when (monotonic seconds)."""

    notice: QrShown | CodeShown
    ends_at: float


class PairingPart(OpeningPart):
    """The session while a device is being paired."""

    def __init__(self, tenant_id: int, ports: SessionPorts) -> None:
        super().__init__(tenant_id, ports)
        self._history = History()
        self._wish: _Wish | None = None
        self._on_show: _OnShow | None = None
        self._pairing_ends_at: float | None = None

    # What the owner asks

    @on(PairByCode)
    async def pair_by_code(self, message: PairByCode) -> WhatsAppView:
        """Have a code follow that is typed on the phone; one that is on show is shown again."""
        same = self._wish is not None and self._wish.phone == message.phone
        if same and self._is_pairing_underway():
            self._show_again()
        elif may_pair(self._phase, self._state) is Way.PAIR:
            await self._begin_pairing(_Wish(message.phone))
        return self._view()

    @on(PairAnew)
    async def pair_anew(self, _message: PairAnew) -> WhatsAppView:
        """Have a QR follow; the device there is stays aside until another one has opened."""
        if self._is_pairing_underway() and self._wish is None:
            self._show_again()
        else:
            await self._begin_pairing(None)
        return self._view()

    def _is_pairing_underway(self) -> bool:
        return self._state is SessionState.PAIRING and self._phase is SessionPhase.PAIRING

    async def _begin_pairing(self, wish: _Wish | None) -> None:
        """Begin with a line of its own, so that what is shown has all its time."""
        if may_pair(self._phase, self._state, anew=True) is Way.NOTHING or self._connector is None:
            return
        self._history = History(unreached=self._history.unreached)
        self._leave_line()
        self._state = SessionState.PAIRING
        self._wish = wish
        self._open()
        self._wait_to_be_heard()
        await self._log(Happened.PAIRING, "qr" if wish is None else "code")

    # What WhatsApp says

    @on(whatsapp.QrShown)
    async def qr_shown(self, event: whatsapp.QrShown) -> None:
        """Show the QR in the chat, unless a code is wanted; the next replaces it."""
        if not self._is_mine(event):
            return
        if not self._qr_shown:
            self._pairing_ends_at = self.context.clock.monotonic() + PAIRING_SECONDS
        self._qr_shown = True
        if self._wish is None:
            self._put_on_show(QrShown(event.payload, event.seconds), event.seconds)

    @on(_CodeCame)
    async def code_came(self, message: _CodeCame) -> None:
        """Show the code to type; without one the line is over."""
        if message.number != self._openings or self._wish is None:
            return
        if not isinstance(message.outcome, str):
            LOG.warning("no code", tenant_id=self._tenant_id, error=repr(message.outcome))
            await self._ended(None)
            return
        ends_at = self._pairing_ends_at or self.context.clock.monotonic() + PAIRING_SECONDS
        left = max(ends_at - self.context.clock.monotonic(), 1.0)
        self._put_on_show(CodeShown(message.outcome, self._wish.phone, left), left)

    def _opened_beside(self, *, pairing: bool) -> None:
        """A line is there: where a code is wanted, ask for it."""
        if pairing and self._wish is not None and self._connector is not None:
            work = self._ask_code(self._connector, self._openings, self._wish.phone)
            self.context.spawn(work, name="ask code")

    async def _ask_code(self, connector: Connector, number: int, phone: str) -> None:
        outcome: str | EmDiaError
        try:
            outcome = await connector.pair_by_code(phone)
        except EmDiaError as error:
            outcome = error
        self.context.signal(_CodeCame(number, outcome))

    # What is on show

    def _put_on_show(self, notice: QrShown | CodeShown, seconds: float) -> None:
        self._on_show = _OnShow(notice, self.context.clock.monotonic() + seconds)
        self._show(notice)

    def _show_again(self) -> None:
        """Show what is on show to who asks for it once more: nothing new is asked of WhatsApp."""
        shown = self._on_show
        left = 0.0 if shown is None else shown.ends_at - self.context.clock.monotonic()
        if shown is not None and left >= WORTH_SHOWING_SECONDS:
            self._show(replace(shown.notice, expires_s=left))

    def _show(self, notice: Passing) -> None:
        try:
            self._ports.telegram.try_tell(Notify(self._tenant_id, notice))
        except ActorError as error:
            what = type(notice).__name__
            LOG.warning("not shown", tenant_id=self._tenant_id, what=what, error=repr(error))

    def _renews_code(self, code: int | str | None) -> bool:
        """Ask for another code where the last was not typed in time, a few times (F1)."""
        wish = self._wish
        if wish is None or not asks_for_another_code(code, wish.asked, shown=self._qr_shown):
            return False
        self._wish = _Wish(wish.phone, wish.asked + 1)
        self._on_show = None
        self._open()
        return True

    def _forget_codes(self, *, expired: bool = False, refused: bool = False) -> None:
        """Nothing is paired any more; `expired`: what is on show says that it is over."""
        wish, self._wish, self._on_show = self._wish, None, None
        if expired:
            self._show(PairingExpired(wish.phone if wish else None, refused))

    def _leave_line(self) -> None:
        """Let go of the line, whatever is under way on it; what is opened next ends it."""
        self._stop_waiting()
        self._openings += 1
        self._courier = None
        self._on_show, self._pairing_ends_at = None, None
        self._opened_at, self._acked = None, False
        self._enter(SessionPhase.CLOSED)

    def _is_mine(self, event: whatsapp.Event) -> bool:
        """Whether the event is of a line of this life: an earlier one's is history."""
        raise NotImplementedError

    def _wait_to_be_heard(self) -> None:
        """Tell an owner who waits too long for a code why none comes."""
        raise NotImplementedError

    def _view(self) -> WhatsAppView:
        """How it stands."""
        raise NotImplementedError
