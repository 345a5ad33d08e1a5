"""A charge of the platform and its life: what Mercado Pago says of it, and what follows (A3–A5).

Pure. A charge is ours; a payment is what Mercado Pago knows of it. Nothing is granted by a message
about a payment, only by the payment itself, fetched and compared. Money is Decimal, in the
currency's own unit; instants are UTC.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

CURRENCY = "BRL"
CHARGE_LIVES = timedelta(hours=24)
"""How long a charge can be paid (A3)."""
REFERENCE = re.compile(r"emdia-(\d{1,19})-[0-9a-f]{32}")


class ChargeState(StrEnum):
    """Where a charge stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    CHARGED_BACK = "charged_back"
    IN_MEDIATION = "in_mediation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A charge as we keep it; `payment_id` and `code` are None until Mercado Pago has made it.

    `reference` is what we named it to Mercado Pago; `code` is what is copied and pasted; `days` are
    what it grants once approved.
    """

    charge_id: int
    amount: Decimal
    currency: str
    days: int
    state: ChargeState
    reference: str
    key: UUID
    payer_email: str = field(repr=False)
    created_at: datetime
    expires_at: datetime
    payment_id: str | None = None
    code: str | None = field(default=None, repr=False)
    ticket_url: str | None = field(default=None, repr=False)
    approved_at: datetime | None = None
    refunded: Decimal = Decimal(0)
    provider_updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment as Mercado Pago told it; `status` is its own word, lower case.

    `refunded` is how much of `amount` went back. `code` is only there where it can be paid by PIX.
    """

    payment_id: str
    status: str
    status_detail: str
    amount: Decimal
    currency: str
    reference: str | None
    refunded: Decimal
    approved_at: datetime | None
    updated_at: datetime | None
    expires_at: datetime | None
    live: bool
    code: str | None = field(default=None, repr=False)
    ticket_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What Mercado Pago is asked to make; asked again under the same `key`, it is all the same."""

    key: UUID
    reference: str
    amount: Decimal
    currency: str
    payer_email: str = field(repr=False)
    expires_at: datetime
    description: str


def reference_of(tenant_id: int, key: UUID) -> str:
    """What a charge of `tenant_id` is named to Mercado Pago; at most 58 characters."""
    return f"emdia-{tenant_id}-{key.hex}"


def owner_in(reference: str) -> int | None:
    """The tenant a reference of ours names; None where it is none of ours."""
    found = REFERENCE.fullmatch(reference)
    return int(found[1]) if found else None
