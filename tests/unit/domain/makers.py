"""Clients for tests: complete, and only what a test is about differs."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from random import Random
from typing import Any

from domain import schedule
from domain.charter import TenantSettings
from domain.clients import Client
from domain.reminders import Kind


class Longest(Random):
    """Always draws the longest wait."""

    def uniform(self, a: float, b: float) -> float:
        """Return the upper bound."""
        return max(a, b)


class Shortest(Random):
    """Always draws the shortest wait."""

    def uniform(self, a: float, b: float) -> float:
        """Return the lower bound."""
        return min(a, b)


LONGEST, SHORTEST = Longest(), Shortest()
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


def make_settings(**changes: Any) -> TenantSettings:
    """A tenant's settings of the first minute, but for `changes`."""
    plain = TenantSettings(
        company=None,
        company_phone=None,
        support=None,
        pix_key=None,
        pix_beneficiary=None,
        pix_city=None,
        zone=schedule.DEFAULT_ZONE,
        verify_at=schedule.VERIFY_AT,
        send_at=schedule.SEND_AT,
        clean_at=schedule.CLEAN_AT,
        summary_at=schedule.SUMMARY_AT,
        summary_on=True,
        window_opens=time(8),
        window_closes=time(20),
        sundays=True,
        automatic_kinds=frozenset({Kind.BILLING}),
        overdue_on_reschedule="ask",
        queue_paused=False,
        gap_min_seconds=12,
        gap_max_seconds=25,
    )
    return replace(plain, **changes)
