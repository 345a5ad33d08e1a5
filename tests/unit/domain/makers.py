"""Clients for tests: complete, and only what a test is about differs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.clients import Client

TODAY = date(2026, 11, 24)

CLIENT = Client(
    id=1,
    name="Maria da Silva",
    phone="+5511990000001",
    due_on=date(2026, 11, 23),
    plan="Mensal",
    price=Decimal("35.00"),
    server="Alfa",
    notes="TV da sala",
)


def make_client(**changes: Any) -> Client:
    """A client due yesterday (TODAY is 2026-11-24), with `changes`."""
    return replace(CLIENT, **changes)
