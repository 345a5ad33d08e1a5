"""The tenant's own subscription: trial, paid time, what stays open when it is over, and warnings.

Trial and paid time are instants (UTC); warnings speak of the tenant's local days (A2, A5–A7).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum

WARNING_DAYS = (3, 1, 0)
DATA_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a subscription costs and lasts (A2)."""

    trial: timedelta = timedelta(days=7)
    period: timedelta = timedelta(days=30)
    price: Decimal = Decimal("20.00")


class Standing(StrEnum):
    """Where a tenant stands."""

    TRIAL = "trial"
    ACTIVE = "active"
    ENDED = "ended"
    BLOCKED = "blocked"


class Area(Enum):
    """Parts of the bot, as far as access goes (A6)."""

    ACCOUNT = "conta"
    PAYMENT = "pagamento"
    HELP = "ajuda"
    EXPORT = "exportar"
    EVERYTHING_ELSE = "resto"


OPEN_WHEN_OVER = frozenset({Area.ACCOUNT, Area.PAYMENT, Area.HELP, Area.EXPORT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A tenant's dates; `paid_until` is None before the first payment."""

    trial_ends_at: datetime
    paid_until: datetime | None = None
    blocked: bool = False

    @property
    def ends_at(self) -> datetime:
        """The end of everything granted so far, trial or paid."""
        return max(self.trial_ends_at, self.paid_until or self.trial_ends_at)


def paid_until(subscription: Subscription, now: datetime, terms: Terms) -> datetime:
    """The new end after one approved payment; remaining days are never lost (A5)."""
    return max(now, subscription.ends_at) + terms.period


def standing(subscription: Subscription, now: datetime) -> Standing:
    """Where the tenant stands at `now`."""
    if subscription.blocked:
        return Standing.BLOCKED
    if subscription.paid_until is not None and now < subscription.paid_until:
        return Standing.ACTIVE
    return Standing.TRIAL if now < subscription.trial_ends_at else Standing.ENDED


def may_use(area: Area, subscription: Subscription, now: datetime) -> bool:
    """Whether `area` answers: once over, only account, payment, help and export do (A6)."""
    return is_open(area, standing(subscription, now))


def is_open(area: Area, standing: Standing) -> bool:
    """Whether `area` answers who stands there (A6)."""
    return standing in {Standing.TRIAL, Standing.ACTIVE} or area in OPEN_WHEN_OVER


def days_left(subscription: Subscription, now: datetime) -> int:
    """Whole or started days until the end; 0 when it is over (A9)."""
    return max(0, -((now - subscription.ends_at) // timedelta(days=1)))


def warning_due(ends_on: date, today: date) -> int | None:
    """3, 1 or 0 days before the end when today is the day to warn, else None (A7)."""
    ahead = (ends_on - today).days
    return ahead if ahead in WARNING_DAYS else None


def data_kept_until(subscription: Subscription) -> datetime:
    """When data and WhatsApp session of a tenant who left may be erased (A6)."""
    return subscription.ends_at + DATA_KEPT
