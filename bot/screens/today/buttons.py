"""What the buttons about a day say."""

from datetime import date

from aiogram.filters.callback_data import CallbackData

from bot.ui.buttons import number_in
from domain.day_groups import DayGroup
from domain.queue_acts import QueueAct

TODAY = "today"
"""The queue of today."""
UNBILLED = "unbilled"
"""Who was left without its billing."""
DAY_OWNER = "d"
"""The first letter of a way back into a list of a day."""
MESSAGE_OWNER = "q"
"""The first letter of a way back to a message."""
UNBILLED_OWNER = "u"
"""The first letter of a way back to a page of those left unbilled."""
LONGEST_WAY = 28
"""Bytes of a way back that every button has room for."""
_FORMAT = "%y%m%d"


class ShowDay(CallbackData, prefix="dy"):
    """The messages behind a count; `day` as yymmdd, empty for today whenever that is."""

    group: DayGroup
    page: int = 1
    day: str = ""


class Refresh(CallbackData, prefix="rt"):
    """The queue of today once more."""


class ShowMessage(CallbackData, prefix="dm"):
    """One message."""

    message_id: int
    origin: str = ""


class ActPress(CallbackData, prefix="qa"):
    """Do something with a message."""

    act: QueueAct
    message_id: int
    origin: str = ""


class PausePress(CallbackData, prefix="qp"):
    """Stop the whole queue, or let it go on: to what is said, however often it is pressed."""

    paused: bool


class ShowUnbilled(CallbackData, prefix="ul"):
    """A page of those left unbilled."""

    page: int


class MarkPress(CallbackData, prefix="um"):
    """Mark one of them, or not; client 0 is all of them."""

    client_id: int
    on: bool
    page: int


class BillPress(CallbackData, prefix="ub"):
    """Bill those that are marked, while they are those that `seal` stands for."""

    seal: str


class DismissPress(CallbackData, prefix="ud"):
    """Bill none of those that `seal` stands for."""

    seal: str


def pack_day(day: date) -> str:
    """A day as a button carries it."""
    return f"{day:{_FORMAT}}"


def unpack_day(packed: str) -> date | None:
    """The day that a button carries; None for today."""
    if len(packed) != len("261125") or not packed.isdecimal():
        return None
    try:
        return date(2000 + int(packed[:2]), int(packed[2:4]), int(packed[4:]))
    except ValueError:
        return None


def day_origin(group: DayGroup, page: int, day: str) -> str:
    """The way back to a page of a day's list."""
    return f"{DAY_OWNER}{group.value}.{page}" + (f".{day}" if day else "")


def message_origin(message_id: int, origin: str) -> str:
    """The way back to a message, and from there to `origin` where both find room."""
    both = f"{MESSAGE_OWNER}{message_id}.{origin}"
    return both if len(both.encode()) <= LONGEST_WAY else f"{MESSAGE_OWNER}{message_id}"


def unpack_message(packed: str) -> tuple[int, str]:
    """The message of such a way back, and what lies behind it."""
    number, _, origin = packed.partition(".")
    return number_in(number), origin
