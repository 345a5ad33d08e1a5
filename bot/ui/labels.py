"""How a client is written on a button and in a line: a name and a due date, and never an id (C3).

A name is cut, the date never is: a row that hides it tells nothing.
"""

from datetime import date

from bot.ui.measure import LABEL_FONT, PLAIN, label_width, width
from bot.ui.words import safe
from domain.due_dates import short_date
from domain.text import fold

MOST_PART = 14
"""Characters of what may stand after the date."""
# What joins two names says nothing at the end of one.
_JOINING = frozenset({"de", "da", "do", "das", "dos", "e", "di", "del", "von"})
_CUT = "…"
_JOINERS = "\u200d\ufe0e\ufe0f"


def row_label(emoji: str, name: str, due_on: date, today: date, part: str = "") -> str:
    """A client on a button of its own: "🟢 Ana Souza · 10/12", then at most one more part."""
    tail = f" · {day_label(due_on, today)}"
    if part:
        tail += f" · {part[:MOST_PART].rstrip()}"
    room = label_width(1) - width(f"{emoji} {tail}")
    return f"{emoji} {cut_name(name, room)}{tail}"


def bold_row(  # noqa: PLR0913 - all that a line about a client is made of
    emoji: str, name: str, due_on: date, today: date, *, before: str = "", full: bool = False
) -> str:
    """A client as the bold line on top of a screen, on one line; `full` writes the year too.

    `before` stands before the name: "Renovar ".
    """
    day = short_date(due_on) if full else day_label(due_on, today)
    room = PLAIN.width - _bold(f"{emoji} {before} · {day}")
    shown = safe(cut_name(name, room, font=PLAIN.font, bold=True))
    return f"{emoji} <b>{before}{shown} · {day}</b>"


def day_label(day: date, today: date) -> str:
    """dd/mm, and the year where it is another than today's."""
    return f"{day:%d/%m}" if day.year == today.year else short_date(day)


def cut_name(name: str, room: float, *, font: float = LABEL_FONT, bold: bool = False) -> str:
    """`name` in at most `room` points: cut between words, or inside the first where it must be."""
    name = " ".join(name.split())
    if width(name, font, bold=bold) <= room:
        return name
    kept = name.split()[:-1]
    while kept and (_joins(kept[-1]) or width(" ".join(kept) + _CUT, font, bold=bold) > room):
        kept.pop()
    if kept:
        return " ".join(kept) + _CUT
    letters = name
    while len(letters) > 1 and width(letters + _CUT, font, bold=bold) > room:
        letters = letters[:-1]
    return letters.rstrip(f" {_JOINERS}") + _CUT


def _joins(word: str) -> bool:
    return fold(word) in _JOINING


def _bold(text: str) -> float:
    return width(text, PLAIN.font, bold=True)
