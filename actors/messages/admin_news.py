"""What administrators hear of money, each of it once (A4, A5)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import TypeAdapter

from actors.runtime import Request


class NewsKind(StrEnum):
    """What happened."""

    PAID = "paid"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"
    CHARGED_BACK = "charged_back"
    IN_MEDIATION = "in_mediation"
    WON = "won"
    MISMATCH = "mismatch"  # what came is not what was asked for: nothing was credited
    UNKNOWN_STATUS = "unknown_status"
    ORPHAN = "orphan"  # paid for an account that is no more
    REFUSED = "refused"  # no charge can be made, for what only the platform can mend
    NOT_SET_UP = "not_set_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminNews:
    """One piece of it; an account is named by its number, and by its name when it is told.

    `amount` is the payment's, `returned` how much of it went back; `detail` is Mercado Pago's own
    words for it, or in what a payment differs.
    """

    kind: NewsKind
    tenant_id: int | None = None
    name: str | None = None
    amount: Decimal | None = None
    returned: Decimal | None = None
    currency: str = "BRL"
    payment_id: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TellAdmin(Request[None]):
    """Tell an administrator. Answered once Telegram took it, so it can be marked as told."""

    chat_id: int
    news: AdminNews


_ADAPTER = TypeAdapter(AdminNews)


def pack(news: AdminNews) -> dict[str, object]:
    """It as plain JSON values."""
    packed: dict[str, object] = _ADAPTER.dump_python(news, mode="json")
    return packed


def unpack(payload: dict[str, object]) -> AdminNews:
    """What was packed. Raises ValidationError when it is no such thing."""
    return _ADAPTER.validate_python(payload)
