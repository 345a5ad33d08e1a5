"""Which times of day go together, why others do not, and the nearest that do (E2, F5)."""

import re
from dataclasses import dataclass, replace
from datetime import time

from domain.dials import Dials
from domain.schedule import SendingWindow, parse_time
from domain.text import fold, plain
from errors import InvalidInput

_BETWEEN = re.compile(r"\s*(?:\bas?\b|\bate\b(?: as?\b)?|[-–—]|\be\b(?! meia))\s*")
_LEAST = 2  # the times of a window
_MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Offer:
    """Times that would do: when to send, and between which hours."""

    send_at: time
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why times do not go together, and what would, the nearest first."""

    sentence: str
    offers: tuple[Offer, ...]


def refusal(before: Dials, after: Dials) -> Refusal | None:
    """Why `after` cannot be, or None: nothing is sent outside the window (E2, F5).

    Raises:
        InvalidInput: the window closes before it opens.
    """
    SendingWindow(after.window_opens, after.window_closes)
    if after.window_opens <= after.send_at < after.window_closes:
        return None
    if (before.window_opens, before.window_closes) == (after.window_opens, after.window_closes):
        return _outside(after)
    return _excluded(after)


def _outside(after: Dials) -> Refusal:
    """A time of sending that the window does not hold: the nearest inside, or a wider window."""
    opens, closes = after.window_opens, after.window_closes
    if after.send_at < opens:
        nearest, wider = opens, replace(after, window_opens=after.send_at)
    else:
        nearest = last_start(after.window)
        wider = replace(after, window_closes=later(after.send_at))
    said = (
        f"Às {after.send_at:%H:%M} nada pode sair: "
        f"o horário de envio é das {opens:%H:%M} às {closes:%H:%M}."
    )
    offers = [Offer(nearest, opens, closes)]
    if wider.window_opens <= wider.send_at < wider.window_closes:
        offers.append(Offer(wider.send_at, wider.window_opens, wider.window_closes))
    return Refusal(said, tuple(offers))


def _excluded(after: Dials) -> Refusal:
    """A window without the time of sending in it: both are moved, or the window keeps it."""
    opens, closes, send = after.window_opens, after.window_closes, after.send_at
    inside = opens if send < opens else last_start(after.window)
    kept = (send, closes) if send < opens else (opens, later(send))
    said = (
        f"As mensagens começam às {send:%H:%M}, e isso fica fora das "
        f"{opens:%H:%M} às {closes:%H:%M}."
    )
    offers = [Offer(inside, opens, closes)]
    if kept[0] <= send < kept[1]:
        offers.append(Offer(send, *kept))
    return Refusal(said, tuple(offers))


def last_start(window: SendingWindow) -> time:
    """A start that leaves an hour of `window`, or its beginning where it is no longer than that."""
    minutes = _minutes(window.closes) - _MINUTES_AN_HOUR
    return _time(minutes) if minutes >= _minutes(window.opens) else window.opens


def later(at: time) -> time:
    """An hour after `at`, or the end of the day."""
    return _time(min(_minutes(at) + _MINUTES_AN_HOUR, _minutes(time(23, 59))))


def parse_window(text: str) -> SendingWindow:
    """Two times as people write them: "8h às 18h", "08:00-20:00"; raises InvalidInput."""
    words = fold(plain(text)).strip(" .").removeprefix("das ").removeprefix("de ")
    parts = [part for part in _BETWEEN.split(words) if part]
    if len(parts) != _LEAST:
        raise InvalidInput("Escreva quando abre e quando fecha, assim: 08:00 às 20:00.")
    return SendingWindow(*map(parse_time, parts))


def _minutes(at: time) -> int:
    return at.hour * _MINUTES_AN_HOUR + at.minute


def _time(minutes: int) -> time:
    return time(minutes // _MINUTES_AN_HOUR, minutes % _MINUTES_AN_HOUR)
