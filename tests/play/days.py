"""Days of months, and names without accents, for the model: without a word of the product's."""

import calendar
import unicodedata
from datetime import date, timedelta


def on_day(month: date, day: int) -> date:
    """The day of that month, or its last."""
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))


def following(month: date) -> date:
    """The first of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def fold(name: str) -> str:
    """Without accents and capitals."""
    plain = unicodedata.normalize("NFD", name.lower())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def is_holiday(day: date) -> bool:
    """Whether all of Brazil rests: nine dates, and the Friday before Easter."""
    fixed = ["0101", "0421", "0501", "0907", "1012", "1102", "1115", "1120", "1225"]
    return f"{day:%m%d}" in fixed or day == easter(day.year) - timedelta(days=2)


def easter(year: int) -> date:
    """The Sunday, by the reckoning of Butcher."""
    century, rest = divmod(year, 100)
    golden = year % 19
    shift = (8 * century + 13) // 25
    moon = (19 * golden + century - century // 4 - shift + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
