"""What the buttons about a day to come say; `day` as yymmdd, empty for tomorrow."""

from aiogram.filters.callback_data import CallbackData

from domain.rehearsal import Fate

TOMORROW = "tomorrow"
"""What goes out tomorrow."""
OTHER_DAY = "rehearsal_day"
"""The question for another day."""
REHEARSAL_OWNER = "z"
"""The first letter of a way back into a day to come."""


class ShowRehearsal(CallbackData, prefix="zr"):
    """A day in numbers."""

    day: str = ""


class ShowForeseen(CallbackData, prefix="zl"):
    """The clients behind a count of the day."""

    fate: Fate
    page: int = 1
    day: str = ""


class ReadText(CallbackData, prefix="zt"):
    """The words of a message of the day."""

    number: int = 1
    day: str = ""


def day_way(day: str, fate: Fate | None = None, page: int = 1) -> str:
    """The way back to a day, or to a page of one of its lists."""
    return REHEARSAL_OWNER + (f"{day}.{fate.value}.{page}" if fate else day)
