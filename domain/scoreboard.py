"""The figures of a day in one glance (J8)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoreboard:
    """How a day stands; `total` counts its messages but for the cancelled ones."""

    day: date
    total: int
    delivered: int
    waiting: int
    failed: int
    received: Decimal
