"""When a charge is looked at again by ourselves, for what no webhook told (A4, A5).

Pure. Money can come back without a word for half a year: a refund from the panel, a return by the
payer's bank.
"""

from datetime import datetime, timedelta

from domain.charges import Charge, ChargeState
from domain.settlement import PAID

FIRST_CHECK = timedelta(seconds=20)
LAST_STEP = timedelta(minutes=15)
EXPIRY_GRACE = timedelta(minutes=15)
"""Mercado Pago ends a charge some minutes after its instant; what is paid meanwhile counts."""
EXPIRED_WATCHED = timedelta(days=2)
EXPIRED_STEP = timedelta(hours=1)
DAILY_FOR = timedelta(days=7)
DAILY, WEEKLY = timedelta(days=1), timedelta(days=7)
RETURNED_WITHIN = timedelta(days=180)
LEAST_LEFT = timedelta(minutes=31)
"""Mercado Pago makes no charge that ends in less than 30 minutes, by its own clock; nor is one
offered any more."""
LONGEST_PENDING = LAST_STEP * 2
LONGEST = WEEKLY + DAILY
"""No check is ever put off longer: what is, was written by a clock that was ahead (E14)."""
MOST_DOUBLINGS = 16


def next_check(charge: Charge, now: datetime, *, checks: int, over: bool) -> datetime | None:
    """When to look again after `checks` looks that changed nothing; None: never.

    `over`: Mercado Pago itself says that it cannot be paid any more.
    """
    if charge.state is ChargeState.PENDING:
        return now + min(LAST_STEP, FIRST_CHECK * 2.0 ** min(checks, MOST_DOUBLINGS))
    if charge.state is ChargeState.EXPIRED:
        watched = not over and now < charge.expires_at + EXPIRED_WATCHED
        step = EXPIRED_STEP if is_over(charge, now) else LAST_STEP  # until then it can be paid
        return now + step if watched else None
    if charge.state in PAID - {ChargeState.REFUNDED}:
        age = now - (charge.approved_at or charge.created_at)
        if age >= RETURNED_WITHIN:
            return None
        return now + (DAILY if age < DAILY_FOR else WEEKLY)
    return None


def is_near_its_end(charge: Charge, now: datetime) -> bool:
    """Whether too little time is left to offer it, or to have it made."""
    return charge.expires_at - now < LEAST_LEFT


def is_over(charge: Charge, now: datetime) -> bool:
    """Whether nobody can pay it any more, as far as clocks tell."""
    return now >= charge.expires_at + EXPIRY_GRACE
