"""Opens the line beside the actor, so whoever asks meanwhile how it stands is answered at once.

Whatever asks for a line, WhatsApp sees few logins: they are paced here.
"""

import asyncio
from collections import deque
from dataclasses import dataclass

from actors.runtime import Timer, on
from actors.whatsapp.connection import Connector, Opening, SessionPorts
from actors.whatsapp.part import STORAGE_AWAY_SECONDS
from actors.whatsapp.sending import SendingPart
from domain.restrictions import Pause
from domain.whatsapp import (
    LOGGED_OUT,
    MOST_LOGINS,
    SessionPhase,
    SessionState,
    login_wait,
    may_reconnect,
)
from errors import EmDiaError, NoCredentials, StaleEpoch, VaultError
from telemetry import logger

LOG = logger("whatsapp")
UNREADABLE_SECONDS = 600.0
"""Between two tries to read credentials that the key ring does not open."""
LOOK_AT_BAN_SECONDS = 3600.0
STUCK_SECONDS = 45.0
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


class OpeningPart(SendingPart):
    """The session on the way to its line."""

    def __init__(self, tenant_id: int, ports: SessionPorts) -> None:
        super().__init__(tenant_id, ports)
        self._connector: Connector | None = None
        self._logins: deque[float] = deque(maxlen=MOST_LOGINS)
        self._opening: asyncio.Task[None] | None = None
        self._openings = 0
        self._opened_at: float | None = None
        self._qr_shown = False
        self._resume: Pause | None = None
        self._retry: Timer | None = None

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
                self._opened_beside(pairing=pairing)
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

    def _opened_beside(self, *, pairing: bool) -> None:
        """A line is there, with the stored device or to pair one."""
        raise NotImplementedError

    async def _ended(
        self,
        code: int | str | None,
        ban_seconds: float | None = None,
        *,
        reached: bool = True,
    ) -> None:
        """Carry out what the end of the line means."""
        raise NotImplementedError
