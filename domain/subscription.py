"""The tenant's own subscription: trial, paid time, what stays open when it is over, and warnings.

What was granted ends at an instant (UTC); access lasts through the tenant's local day of it, so
that the day a screen names is a day that works, and ends at the midnight after (A2, A5–A7).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from zoneinfo import ZoneInfo

from domain.schedule import DEFAULT_ZONE, instant, local

WARNING_DAYS = (3, 1, 0)
ONE_DAY = timedelta(days=1)
DATA_KEPT = timedelta(days=30)
ERASURE_WARNING = timedelta(days=5)
"""How long before its data may be erased an owner hears of it."""
LATE_WARNING = timedelta(days=2)
"""How late it is still said that access has ended, where nobody could on the day itself."""


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
    ERASABLE = "erasable"  # over for so long that its data need not be kept any more
    BLOCKED = "blocked"


class Area(Enum):
    """Parts of the bot, as far as access goes (A6)."""

    ACCOUNT = "conta"
    PAYMENT = "pagamento"
    HELP = "ajuda"
    EXPORT = "exportar"
    EVERYTHING_ELSE = "resto"


OPEN_WHEN_OVER = frozenset({Area.ACCOUNT, Area.PAYMENT, Area.HELP, Area.EXPORT})
OPEN_WHEN_BLOCKED = OPEN_WHEN_OVER - {Area.PAYMENT}
"""Who is blocked may not pay its way in; what is its own it can see and take along."""
SERVED = frozenset({Standing.TRIAL, Standing.ACTIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A tenant's dates; `paid_until` is None before the first payment."""

    trial_ends_at: datetime
    paid_until: datetime | None = None
    blocked: bool = False
    zone: ZoneInfo = DEFAULT_ZONE

    @property
    def ends_at(self) -> datetime:
        """The end of everything granted so far, trial or paid."""
        return max(self.trial_ends_at, self.paid_until or self.trial_ends_at)

    @property
    def ends_on(self) -> date:
        """The last local day with access."""
        return local(self.ends_at, self.zone).date()

    @property
    def erasable_on(self) -> date:
        """The first local day on which its data need not be kept any more (A6)."""
        return self.ends_on + DATA_KEPT + ONE_DAY


def standing(subscription: Subscription, now: datetime) -> Standing:
    """Where the tenant stands at `now`: the one answer that everything about access follows from.

    It depends on `now` alone, so a clock that was wrong for a while leaves no trace (E14).
    """
    if subscription.blocked:
        return Standing.BLOCKED
    paid, zone = subscription.paid_until, subscription.zone
    if paid is not None and now < _closes_at(paid, zone):
        return Standing.ACTIVE
    if now < _closes_at(subscription.trial_ends_at, zone):
        return Standing.TRIAL
    erasable_at = instant(subscription.erasable_on, time(), zone)
    return Standing.ENDED if now < erasable_at else Standing.ERASABLE


def may_use(area: Area, subscription: Subscription, now: datetime) -> bool:
    """Whether `area` answers: once over, only account, payment, help and export do (A6)."""
    return is_open(area, standing(subscription, now))


def is_open(area: Area, standing: Standing) -> bool:
    """Whether `area` answers who stands there (A6)."""
    if standing is Standing.BLOCKED:
        return area in OPEN_WHEN_BLOCKED
    return standing in SERVED or area in OPEN_WHEN_OVER


def days_left(subscription: Subscription, now: datetime) -> int:
    """Local days after today that still have access; 0 on the last one, and when it is over."""
    return max(0, (subscription.ends_on - local(now, subscription.zone).date()).days)


class Told(StrEnum):
    """What an owner hears of the end of its access, each once for an end (A7)."""

    THREE_DAYS = "3"
    ONE_DAY = "1"
    LAST_DAY = "0"
    OVER = "over"
    ERASURE = "erasure"


def warning_due(subscription: Subscription, now: datetime) -> Told | None:
    """What the owner is to hear today; None where there is nothing, or it is blocked."""
    if subscription.blocked:
        return None
    today = local(now, subscription.zone).date()
    ahead = subscription.ends_on - today
    if ahead.days in WARNING_DAYS:
        return Told(str(ahead.days))
    if -LATE_WARNING <= ahead < timedelta(0):
        return Told.OVER
    left = subscription.erasable_on - today
    return Told.ERASURE if timedelta(0) < left <= ERASURE_WARNING else None


def _closes_at(ends_at: datetime, zone: ZoneInfo) -> datetime:
    """The midnight that ends the local day of `ends_at`."""
    return instant(local(ends_at, zone).date() + ONE_DAY, time(), zone)
