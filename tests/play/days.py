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
