"""What the owner, the clients and the world do in a month, drawn from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from tests.month.model import Person

FIRST = date(2026, 11, 1)  # a Sunday; 2, 15 and 20 are holidays of the nation
DAYS, CLIENTS = 30, 60
DAWN = time(4, 55)
UNREACHABLE = 29  # one of so many has no WhatsApp
PRICES = (Decimal("35.00"), Decimal("79.90"), Decimal("120.00"))
ACTS = ("renew", "renew", "renew", "undo_renewal", "billing", "notices", "archive")
MOST_ACTS = 3

REST_FROM = FIRST + timedelta(days=4)  # Sundays and holidays are days of rest from then on
AWAY_ON = FIRST + timedelta(days=11)  # the system is away until AWAY_UNTIL
AWAY_UNTIL = time(11)
OFF_LINE_ON = FIRST + timedelta(days=16)  # WhatsApp lets nobody in all day
KINDS_FROM = {
    FIRST + timedelta(days=9): "vence_hoje",
    FIRST + timedelta(days=17): "lembrete_1_dia",
}
TIMES = {
    FIRST + timedelta(days=5): (time(7), time(10, 30)),  # before any of them
    FIRST + timedelta(days=12): (time(8, 40), time(15)),  # just before, and later
    FIRST + timedelta(days=13): (time(10), time(9)),  # what was for 15:00 goes at once
    FIRST + timedelta(days=24): (time(10), time(16)),  # after all went: nothing goes twice
}
"""When the owner changes the time of sending, and to what (E9)."""
WRITES = {FIRST + timedelta(days=6): "oi, tudo bem?", FIRST + timedelta(days=20): "bom dia"}
LEAVES = (FIRST + timedelta(days=10), FIRST + timedelta(days=18))
"""On these days a client writes SAIR."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something the owner does to the client `number`, at that time of the day."""

    at: time
    what: str
    number: int


def invent() -> list[Person]:
    """Two clients for each day of the month."""
    return [
        Person(
            number=number,
            name=f"Cliente {number:02d}",
            phone=f"+5511985{number:06d}",
            due=FIRST + timedelta(days=number * DAYS // CLIENTS),
            price=PRICES[number % len(PRICES)],
            reachable=number % UNREACHABLE != UNREACHABLE - 1,
        )
        for number in range(CLIENTS)
    ]


def acts(day: date, seed: int) -> Iterator[Act]:
    """What the owner does on `day`, some of it before the sending and some after."""
    dice = Random(f"{seed} {day}")  # noqa: S311 - a story, not a secret
    for _ in range(dice.randint(1, MOST_ACTS)):
        at = dice.choice([time(7, 30), time(12), time(17)])
        yield Act(at, dice.choice(ACTS), dice.randrange(CLIENTS))


def chosen(day: date) -> str:
    """What the owner answers about those who were left out: all, half of them, or none."""
    return ("all", "half", "none")[day.toordinal() % 3]
