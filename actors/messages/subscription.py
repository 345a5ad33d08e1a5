"""The tenant's own subscription, between screens, tenant and payments (A2–A7)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from actors.runtime import Request
from domain.charges import ChargeState
from domain.subscription import Standing


class Unavailable(StrEnum):
    """Why there is no PIX to pay by now."""

    NOT_SET_UP = "not_set_up"  # the platform has no account at Mercado Pago yet
    AWAY = "away"  # Mercado Pago does not answer; what was begun is gone on with
    EMAIL_MISSING = "email_missing"  # the account has no e-mail, and Mercado Pago needs one
    EMAIL_REFUSED = "email_refused"  # it is Mercado Pago's own account's, or no e-mail to it
    REFUSED = "refused"  # Mercado Pago refuses for what only the platform can mend; the admin knows
    BLOCKED = "blocked"  # the account is blocked, and may not pay its way in


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A PIX to pay (A3): the code, until when, and from which local date to which it would reach.

    `ends_on` is the local date the access ends on now, `would_end_on` the one it would after
    paying now. `expires_at` is UTC, `expires_local` the same in the owner's zone. `again`: it had
    been made before and is offered again.
    """

    charge_id: int
    amount: Decimal
    days: int
    code: str = field(repr=False)
    expires_at: datetime
    expires_local: datetime
    today: date
    ends_on: date
    would_end_on: date
    standing: Standing
    again: bool = False


@dataclass(frozen=True, slots=True)
class GetOffer(Request[Offer | Unavailable]):
    """Answer "Gerar PIX": the pending charge, or a new one. Pressed twice it is one (A3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeStanding:
    """What became of a charge, asked of Mercado Pago just now; `stale`: it did not answer.

    `ends_on` is the local date the access ends on, as it is now.
    """

    charge_id: int | None
    state: ChargeState | None
    ends_on: date
    stale: bool = False


@dataclass(frozen=True, slots=True)
class CheckCharge(Request[ChargeStanding]):
    """Answer "Já paguei": look at the newest charge, or at `charge_id` (A3, A4)."""

    charge_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidLine:
    """A charge as it is listed; `on` is the local date of its approval, or of its making.

    `reaches` is the local date its days reached to, where it granted any that stand.
    """

    charge_id: int
    state: ChargeState
    amount: Decimal
    on: date
    reaches: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A page of the charges of an account, newest first; `total` counts all of them."""

    lines: tuple[PaidLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class GetHistory(Request[History]):
    """The charges that came to something (a code that ran out unpaid is none), page by page."""

    offset: int = 0
    limit: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the owner can show of a payment: local instants, and Mercado Pago's number of it."""

    charge_id: int
    payment_id: str
    amount: Decimal
    days: int
    state: ChargeState
    approved_local: datetime
    reaches: date | None
    name: str
    email: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class GetReceipt(Request[Receipt]):
    """The receipt of an approved charge. Raises NotFound."""

    charge_id: int


# Between the tenant and `payments`. Answers carry what the tenant makes words and dates of.


@dataclass(frozen=True, slots=True)
class MakeCharge(Request["Made | Unavailable"]):
    """Offer the pending charge of a tenant again, or have a new one made."""

    tenant_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A charge that can be paid; `again`: it was there before."""

    charge_id: int
    amount: Decimal
    days: int
    code: str = field(repr=False)
    expires_at: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class LookAtCharge(Request["Looked"]):
    """Fetch a charge of a tenant and settle what follows; None is its newest."""

    tenant_id: int
    charge_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Where it stands after looking; `stale`: Mercado Pago did not answer."""

    charge_id: int | None
    state: ChargeState | None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class WebhookCame(Request[None]):
    """A delivery of Mercado Pago: answered once it is kept, and dealt with after that.

    `verified`: its signature is ours. What does not verify credits nothing and is not kept; it
    only wakes a look at a pending charge of ours that it names. `delivery` tells one delivery from
    another.
    """

    delivery: str
    payment_id: str
    verified: bool
    live: bool = True


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """To a tenant: its access was changed past it (a payment, an administrator): read it anew."""
