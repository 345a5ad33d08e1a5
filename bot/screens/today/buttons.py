"""What the buttons about a day say."""

from datetime import date

from aiogram.filters.callback_data import CallbackData

from domain.day_groups import DayGroup

TODAY = "today"
"""The day at a glance."""
UNBILLED = "unbilled"
"""Who was left without its billing."""
DAY_OWNER = "d"
"""The first letter of a way back into a list of a day."""
_FORMAT = "%y%m%d"


class ShowDay(CallbackData, prefix="dy"):
    """The messages behind a count; `day` as yymmdd, empty for today whenever that is."""

    group: DayGroup
    page: int = 1
    day: str = ""


class Refresh(CallbackData, prefix="rt"):
    """The day at a glance once more."""


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
