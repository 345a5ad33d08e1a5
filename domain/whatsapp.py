"""A WhatsApp session as a value: how far it is, what each end of its line means (F4).

Pure. The session's actor only carries out what is decided here. Waits are in seconds of the
monotonic clock; only a ban's end is an instant, and that is the actor's to compute.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from random import Random

from domain.backoff import WHATSAPP_LINE, WHATSAPP_ODD_END
from domain.restrictions import LONGEST_REPORTED, OWN_PAUSE

REPLACED_SECONDS = 30.0
TOO_OLD_SECONDS = 600.0
WORKED_SECONDS = 60.0
"""A line that stayed open so long has worked: the next wait is the shortest again."""
HELD_SECONDS = 600.0
"""A line that stayed open so long makes up for odd ends and for having been replaced."""
MOST_ODD = 5
MOST_REPLACED = 2
MOST_PAIRING_TRIES = 3
MOST_CODES = 3
"""So many codes to type, each in the place of the one before, are asked for by themselves."""
PAIRING_SECONDS = 150.0
"""So long WhatsApp waits for a QR to be read or a code to be typed, a little less than it says."""
MOST_UNREACHED = 45
"""So many tries in a row that reach nobody: about an hour."""
MOST_LOGINS = 6
LOGINS_SECONDS = 60.0

FENCED = "fenced"
STORAGE = "storage"
PASSKEY = "passkey"
ASK_WHO_OWNS: frozenset[int | str | None] = frozenset({440, FENCED})
"""After these the owner is read again before anything else is done."""
RESTART_REQUIRED = 515
QR_EXPIRED = 408
LOGGED_OUT = 401
TEMPORARY_BAN = 402
LOCKED_OUT = 403
TOO_OLD = 405
BANNED_FOR_GOOD = 406
REPLACED_BY_ANOTHER = 440


class SessionPhase(StrEnum):
    """How far the line is at this moment; it is never stored."""

    CLOSED = "closed"  # it will be opened again by itself, or was never opened
    CONNECTING = "connecting"
    PAIRING = "pairing"  # a QR is shown, or about to be
    OPEN = "open"
    STOPPED = "stopped"  # only the owner opens it again
    FENCED = "fenced"  # another process has the tenant: this one opens nothing any more


class SessionState(StrEnum):
    """How the tenant's device stands, as `whatsapp_sessions.state` holds it."""

    DISCONNECTED = "disconnected"  # never paired, or unlinked here by its owner
    PAIRING = "pairing"
    PAIRED = "paired"
    NEEDS_QR = "needs_qr"  # unlinked at the phone
    TEMPORARILY_BANNED = "temporarily_banned"
    LOCKED = "locked"
    BANNED = "banned"
    REPLACED = "replaced"
    UNREACHABLE = "unreachable"  # given up after ends that nobody understands


LINKED = frozenset({SessionState.PAIRED, SessionState.REPLACED, SessionState.UNREACHABLE})
"""The device is linked as far as anybody knows: no new QR is needed."""


class Loss(StrEnum):
    """Why a line is gone until its owner, or the time, brings it back: what the owner is told."""

    LOGGED_OUT = "logged_out"
    TEMPORARILY_BANNED = "temporarily_banned"
    LOCKED = "locked"
    BANNED = "banned"
    REPLACED = "replaced"
    PASSKEY_REQUIRED = "passkey_required"
    UNREACHABLE = "unreachable"
    PAIRING_FAILED = "pairing_failed"
    NO_ROUTE = "no_route"  # WhatsApp cannot be reached from here; we go on trying


class Way(Enum):
    """What an owner's "Conectar" does."""

    NOTHING = "nothing"  # it is open, on its way, or another process's
    RESUME = "resume"  # with the credentials there are
    PAIR = "pair"  # a new QR, for this number or another one


# What an end means


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Open the line again after so many seconds; `tell` an owner who waits for it."""

    after: float
    tell: Loss | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """A ban with an end: tell the owner, and reconnect after so many seconds of wall time."""

    seconds: float
    state: SessionState = SessionState.TEMPORARILY_BANNED
    tell: Loss = Loss.TEMPORARILY_BANNED


@dataclass(frozen=True, slots=True)
class Stop:
    """Over until the owner acts: the state to keep, and what to tell."""

    state: SessionState
    tell: Loss


@dataclass(frozen=True, slots=True)
class PairingOver:
    """Nobody paired: the device from before, set aside meanwhile, counts again."""

    tell: Loss | None = None


@dataclass(frozen=True, slots=True)
class StandDown:
    """Another process has the tenant: stop without a word."""


Ending = Reconnect | Wait | Stop | PairingOver | StandDown


@dataclass(frozen=True, slots=True)
class History:
    """What went before: ends in a row, those nobody understands, and takeovers by another place.

    `unreached` counts the ends in a row at which nobody had answered us at all. `told` is whether
    the owner, who asked for the line, knows that it cannot be had now.
    """

    failures: int = 0
    odd: int = 0
    replaced: int = 0
    unreached: int = 0
    told: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What the line that ended had come to: seconds open, whether a send was acked, a QR shown."""

    open_seconds: float = 0.0
    acked: bool = False
    qr_shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """An end as it was met.

    `code` is WhatsApp's number, one of our words, or None when the worker went or never opened.
    `owner` is whether this process still has the tenant, None when nobody could be asked.
    `ban_seconds` is how long WhatsApp said a ban lasts. `reached` is whether anybody had answered.
    """

    code: int | str | None
    reached: bool = True
    line: Line = Line()
    owner: bool | None = True
    ban_seconds: float | None = None


_FOR_GOOD = {
    LOGGED_OUT: Stop(SessionState.NEEDS_QR, Loss.LOGGED_OUT),
    LOCKED_OUT: Stop(SessionState.LOCKED, Loss.LOCKED),
    BANNED_FOR_GOOD: Stop(SessionState.BANNED, Loss.BANNED),
    PASSKEY: Stop(SessionState.NEEDS_QR, Loss.PASSKEY_REQUIRED),
}
_GIVEN_UP = Stop(SessionState.UNREACHABLE, Loss.UNREACHABLE)
# Ordinary losses: the line, WhatsApp's server, our storage or our worker went away. A worker that
# was fenced off although the tenant is still ours lost the way to us, no more.
_LOST: frozenset[int | str | None] = frozenset({408, 428, 500, 503, STORAGE, FENCED, None})


def what_end_means(
    end: End, state: SessionState, history: History, random: Random
) -> tuple[Ending, History]:
    """What to do after an end, and the history the next one is judged by (F4, decision 9)."""
    history = _forgiven(history, end.line)
    history = replace(history, unreached=0 if end.reached else history.unreached + 1)
    if end.owner is False:
        return StandDown(), history
    if state is SessionState.PAIRING:
        return _pairing_ended(end, history, random)
    return _paired_ended(end, history, random)


def _paired_ended(end: End, history: History, random: Random) -> tuple[Ending, History]:
    ending: Ending
    if end.code in _FOR_GOOD:
        ending, history = _FOR_GOOD[end.code], History()
    elif end.code == TEMPORARY_BAN:
        ending, history = Wait(_ban_seconds(end.ban_seconds)), History()
    elif end.code == TOO_OLD:  # hammering helps nobody
        ending = Reconnect(random.uniform(TOO_OLD_SECONDS, 2 * TOO_OLD_SECONDS))
    elif end.code == REPLACED_BY_ANOTHER:
        ending, history = _replaced(history)
    elif end.code == RESTART_REQUIRED and history.failures == 0:  # part of every pairing
        ending, history = Reconnect(0.0), replace(history, failures=1)
    elif end.code in _LOST or end.code == RESTART_REQUIRED:
        ending, history = _back_off(history, random)
    else:
        ending, history = _odd(history, random)
    return ending, history


def _forgiven(history: History, line: Line) -> History:
    """A line that worked wipes out failures; one that held, all of it. Opening alone is nothing."""
    if line.open_seconds >= HELD_SECONDS:
        return History()
    if line.acked or line.open_seconds >= WORKED_SECONDS:
        return replace(history, failures=0)
    return history


def _pairing_ended(end: End, history: History, random: Random) -> tuple[Ending, History]:
    if end.code == RESTART_REQUIRED:  # scanned: the credentials will tell
        return Reconnect(0.0), history
    if not end.reached and history.unreached < MOST_UNREACHED:
        ending, after = _back_off(history, random)
        return replace(ending, tell=news_for(history)), replace(after, told=True)
    if end.code is None and history.failures + 1 < MOST_PAIRING_TRIES:
        return _back_off(history, random)
    if end.code == TEMPORARY_BAN:
        return PairingOver(Loss.TEMPORARILY_BANNED), History()
    if end.code in _FOR_GOOD and end.code != LOGGED_OUT:
        return PairingOver(_FOR_GOOD[end.code].tell), History()
    # A QR that was shown counts down in the chat and says itself that it is over.
    return PairingOver(None if end.line.qr_shown else Loss.PAIRING_FAILED), History()


def _replaced(history: History) -> tuple[Ending, History]:
    if history.replaced >= MOST_REPLACED:
        return Stop(SessionState.REPLACED, Loss.REPLACED), History()
    return Reconnect(REPLACED_SECONDS), replace(history, replaced=history.replaced + 1)


def news_for(history: History) -> Loss | None:
    """What to tell an owner who still waits for a line that cannot be had: it, once."""
    return None if history.told else Loss.NO_ROUTE


def _back_off(history: History, random: Random) -> tuple[Reconnect, History]:
    wait = WHATSAPP_LINE.delay(history.failures + 1, random)
    return Reconnect(wait), replace(history, failures=history.failures + 1)


def _odd(history: History, random: Random) -> tuple[Ending, History]:
    if history.odd >= MOST_ODD:
        return _GIVEN_UP, History()
    wait = WHATSAPP_ODD_END.delay(history.odd + 1, random)
    return Reconnect(wait), replace(history, odd=history.odd + 1)


def _ban_seconds(said: float | None) -> float:
    """As long as WhatsApp says, within reason; a day where it says nothing."""
    if said is None or said <= 0:
        return OWN_PAUSE.total_seconds()
    return min(said, LONGEST_REPORTED.total_seconds())


# Who may do what


def may_connect(phase: SessionPhase, state: SessionState) -> Way:
    """What the owner's "Conectar" does now (F1): a lost number never locks the owner out."""
    if phase not in {SessionPhase.CLOSED, SessionPhase.STOPPED}:
        return Way.NOTHING
    return Way.RESUME if state in LINKED else Way.PAIR


def may_pair(phase: SessionPhase, state: SessionState, *, anew: bool = False) -> Way:
    """What asking for a code to pair with does now; `anew`: although a device may be linked.

    A line that is open, or on its way with a device, is left as it is unless it is to be replaced;
    a pairing under way begins once more, so that the code has all its time.
    """
    if phase is SessionPhase.FENCED:
        return Way.NOTHING
    if anew or state is SessionState.PAIRING:
        return Way.PAIR
    return Way.NOTHING if state is SessionState.PAIRED else Way.PAIR


def asks_for_another_code(code: int | str | None, asked: int, *, shown: bool) -> bool:
    """Whether a code that nobody typed in its time, the `asked`th, is renewed by itself."""
    return code == QR_EXPIRED and shown and asked < MOST_CODES


def refuses_code(code: int | str | None) -> bool:
    """Whether an end during pairing says that WhatsApp does not take what was read or typed."""
    return isinstance(code, int) and code not in _LOST


def may_reconnect(phase: SessionPhase, state: SessionState) -> bool:
    """Whether a line may be opened without being asked for: never from any other phase."""
    by_itself = {SessionState.PAIRED, SessionState.PAIRING, SessionState.TEMPORARILY_BANNED}
    return phase is SessionPhase.CLOSED and state in by_itself


def may_send(phase: SessionPhase, *, paused: bool) -> bool:
    """Whether a message may leave now (F5)."""
    return phase is SessionPhase.OPEN and not paused


def login_wait(logins: Sequence[float], now: float) -> float:
    """Seconds to wait before another login, given the instants of the last ones (monotonic).

    Whatever makes lines end, WhatsApp never sees more than `MOST_LOGINS` in a minute.
    """
    recent = [at for at in logins if at > now - LOGINS_SECONDS]
    if len(recent) < MOST_LOGINS:
        return 0.0
    return recent[-MOST_LOGINS] + LOGINS_SECONDS - now
