"""What follows from a payment for the charge it was made for: the rules of A5, and nothing else.

Pure. Days are granted once, taken back once and given back once, whatever Mercado Pago repeats and
in whatever order it tells: what decides is the payment as it was fetched, what the charge is by
now, and whether its grant stands. What differs from what was asked for grants nothing.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from domain.charges import Charge, ChargeState, Payment, owner_in

PAID = frozenset(
    {
        ChargeState.APPROVED,
        ChargeState.IN_MEDIATION,
        ChargeState.CHARGED_BACK,
        ChargeState.REFUNDED,
    }
)
"""Money came; a charge there never becomes unpaid, only returned."""
OVER = frozenset({ChargeState.EXPIRED, ChargeState.CANCELLED, ChargeState.REJECTED})
"""Nobody can pay it any more; only of an expired one that is known a little late."""
STATUSES = {
    "pending": ChargeState.PENDING,
    "in_process": ChargeState.PENDING,
    "authorized": ChargeState.PENDING,
    "approved": ChargeState.APPROVED,
    "in_mediation": ChargeState.IN_MEDIATION,
    "rejected": ChargeState.REJECTED,
    "cancelled": ChargeState.CANCELLED,
    "refunded": ChargeState.REFUNDED,
    "charged_back": ChargeState.CHARGED_BACK,
}
DETAILS = {
    ("cancelled", "expired"): ChargeState.EXPIRED,
    # The dispute ended for who was paid: the money is here again.
    ("charged_back", "reimbursed"): ChargeState.APPROVED,
}


class Difference(StrEnum):
    """In what a payment is not the one that was asked for."""

    OWNER = "owner"
    REFERENCE = "reference"
    AMOUNT = "amount"
    CURRENCY = "currency"
    PAYMENT_ID = "payment_id"


class Granted(StrEnum):
    """What became of the days of a charge so far."""

    NOT_YET = "not_yet"
    STANDS = "stands"
    TAKEN_BACK = "taken_back"


class Follows(StrEnum):
    """What is to be done to the days."""

    NOTHING = "nothing"
    GRANT = "grant"
    TAKE_BACK = "take_back"
    GIVE_BACK = "give_back"


class News(StrEnum):
    """What an administrator hears of (A4, A5)."""

    PAID = "paid"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"
    CHARGED_BACK = "charged_back"
    IN_MEDIATION = "in_mediation"
    WON = "won"  # what was disputed is ours after all
    MISMATCH = "mismatch"
    UNKNOWN_STATUS = "unknown_status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What follows: for the days, the charge and the books; `booked` is what they come to of it.

    `taken`: what was told is newer than what is known, so it is to be written down.
    """

    follows: Follows
    state: ChargeState
    refunded: Decimal
    booked: Decimal
    taken: bool = False
    news: News | None = None
    differs: tuple[Difference, ...] = ()


def state_of(payment: Payment) -> ChargeState | None:
    """Where a payment stands, in our words; None for a status nobody told us of."""
    detailed = DETAILS.get((payment.status, payment.status_detail))
    state = detailed or STATUSES.get(payment.status)
    if state is ChargeState.APPROVED and payment.refunded >= payment.amount:
        return ChargeState.REFUNDED
    return state


def differences(charge: Charge, payment: Payment, tenant_id: int) -> tuple[Difference, ...]:
    """In what `payment` is not the one `charge` of `tenant_id` asked for (A5)."""
    owner = owner_in(payment.reference or "")
    found = {
        Difference.OWNER: owner is not None and owner != tenant_id,
        Difference.REFERENCE: payment.reference != charge.reference,
        Difference.AMOUNT: payment.amount != charge.amount,
        Difference.CURRENCY: payment.currency != charge.currency,
        Difference.PAYMENT_ID: charge.payment_id not in {None, payment.payment_id},
    }
    return tuple(difference for difference, differs in found.items() if differs)


def settle(
    charge: Charge, payment: Payment, *, tenant_id: int, granted: Granted, booked: Decimal
) -> Settlement:
    """What follows from `payment`, just fetched; `booked` is what the books have of it so far."""
    unchanged = Settlement(
        follows=Follows.NOTHING, state=charge.state, refunded=charge.refunded, booked=booked
    )
    differs = differences(charge, payment, tenant_id)
    if differs:
        return replace(unchanged, news=News.MISMATCH, differs=differs)
    if charge.state is ChargeState.REFUNDED or _is_older(payment, charge):
        return unchanged
    told = state_of(payment)
    if told is None:
        return replace(unchanged, news=News.UNKNOWN_STATUS)
    state = _next(charge.state, told)
    follows = _follows(state, granted)
    stands = follows in {Follows.GRANT, Follows.GIVE_BACK} or (
        granted is Granted.STANDS and follows is not Follows.TAKE_BACK
    )
    refunded = max(charge.refunded, payment.refunded)
    return Settlement(
        follows=follows,
        state=state,
        refunded=refunded,
        booked=charge.amount - refunded if stands else Decimal(0),
        taken=True,
        news=_news(charge, state, follows, refunded),
    )


def _is_older(payment: Payment, charge: Charge) -> bool:
    known, told = charge.provider_updated_at, payment.updated_at
    return known is not None and told is not None and told < known


def _next(state: ChargeState, told: ChargeState) -> ChargeState:
    """Where a charge stands after being told `told`; what was paid or is over never waits again."""
    if told in PAID:
        return told
    if state in PAID or (state is not ChargeState.PENDING and told is ChargeState.PENDING):
        return state
    return told


def _follows(state: ChargeState, granted: Granted) -> Follows:
    match state, granted:
        case ((ChargeState.APPROVED | ChargeState.IN_MEDIATION), Granted.NOT_YET):
            return Follows.GRANT  # what is disputed is ours until it is decided
        case ChargeState.APPROVED, Granted.TAKEN_BACK:
            return Follows.GIVE_BACK
        case ((ChargeState.REFUNDED | ChargeState.CHARGED_BACK), Granted.STANDS):
            return Follows.TAKE_BACK
        case _:
            return Follows.NOTHING


def _news(charge: Charge, state: ChargeState, follows: Follows, refunded: Decimal) -> News | None:
    """What of it an administrator hears: each change once."""
    if follows is Follows.GRANT and state is ChargeState.APPROVED:
        return News.PAID
    if state is ChargeState.APPROVED and refunded > charge.refunded:
        return News.PARTLY_REFUNDED
    if state is charge.state:
        return None
    return {
        ChargeState.APPROVED: News.WON,
        ChargeState.REFUNDED: News.REFUNDED,
        ChargeState.CHARGED_BACK: News.CHARGED_BACK,
        ChargeState.IN_MEDIATION: News.IN_MEDIATION,
    }.get(state)
