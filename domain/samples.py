"""A few invented clients, to look around with: what they would read, and how lists look (A10)."""

from datetime import date, timedelta
from decimal import Decimal

from domain.clients import Client, NewClient

SAMPLE_MARK = "sample"
"""What the preferences of an invented client hold."""
PREFIX = "Exemplo:"
PRICE = Decimal("79.90")
_PEOPLE = (
    ("Ana Souza", -4),
    ("Bruno Alves", -1),
    ("Carla Dias", 0),
    ("Diego Ramos", 2),
    ("Elaine Costa", 9),
    ("Fábio Moraes", 20),
)


def sample_clients(today: date) -> list[NewClient]:
    """Invented people, each due on another day around `today`."""
    return [
        NewClient(
            name=f"{PREFIX} {name}",
            phone=f"+551195550{at:04d}",
            plan="30 dias",
            price=PRICE,
            due_on=today + timedelta(days=days),
        )
        for at, (name, days) in enumerate(_PEOPLE, start=101)
    ]


def sample_client(due_on: date) -> Client:
    """Somebody invented whose due date is `due_on`, to show a text with."""
    return Client(
        id=0,
        name=_PEOPLE[0][0],
        phone="+5511955500163",
        plan="30 dias",
        price=PRICE,
        due_on=due_on,
    )
