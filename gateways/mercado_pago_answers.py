"""What is asked of Mercado Pago, and what it answers, field by field; what is odd is refused here.

Money is Decimal on this side. It is a float in the body of an order and nowhere else, because the
SDK writes no Decimal; the answer's numbers come as int or Decimal.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from domain.charges import CURRENCY, Order, Payment

CENT = Decimal("0.01")
MOST_DIGITS = 10  # before the point, as wide as the columns that keep an amount
TOO_MUCH = 10_000_000_000
MOST_CODE_CHARS = 1000
MOST_URL_CHARS = 500
MOST_REFERENCE_CHARS = 256
MOST_DETAIL_CHARS = 100
YEARS = (2000, 2100)
# Brazil has had no summer time since 2019, and any offset would name the same instant.
BRASILIA = timezone(timedelta(hours=-3))
PAYMENT_ID = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
_WORD = re.compile(r"[a-z_]{1,40}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_REFUSAL = re.compile(r"[A-Za-z0-9_. -]{1,100}", re.ASCII)
_PRINTED = re.compile(r"[ -~]+", re.ASCII)
_URL = re.compile(r"https?://[!-~]+", re.ASCII)


class Odd(Exception):
    """An answer whose `field` is missing or not usable; never with the value."""

    def __init__(self, field: str) -> None:
        super().__init__(f"the field {field!r} is missing or not usable")


def body_of(order: Order) -> dict[str, Any]:
    """The body that makes a charge: of the same order always the same, to the last byte."""
    if order.currency != CURRENCY or not _is_money(order.amount) or order.amount <= 0:
        raise ValueError("an order is of reais and cents")
    expires = order.expires_at.astimezone(BRASILIA)
    return {
        "transaction_amount": float(order.amount),
        "description": order.description,
        "payment_method_id": "pix",
        "external_reference": order.reference,
        "date_of_expiration": expires.isoformat(timespec="milliseconds"),
        "payer": {"email": order.payer_email},
    }


def payment_of(body: object) -> Payment:
    """A payment as it was told; raises Odd."""
    if not isinstance(body, dict):
        raise Odd("payment")
    data = _inside(_inside(body, "point_of_interaction"), "transaction_data")
    if not isinstance(live := body.get("live_mode", True), bool):
        raise Odd("live_mode")
    return Payment(
        payment_id=_id(body),
        status=_matching(body, "status", _WORD),
        status_detail=_shown(body, "status_detail", MOST_DETAIL_CHARS, _PRINTED) or "",
        amount=_amount(body, "transaction_amount"),
        currency=_matching(body, "currency_id", _CURRENCY),
        reference=_text(body, "external_reference", MOST_REFERENCE_CHARS),
        refunded=_amount(body, "transaction_amount_refunded", default=Decimal(0)),
        approved_at=_instant(body, "date_approved"),
        updated_at=_instant(body, "date_last_updated"),
        expires_at=_instant(body, "date_of_expiration"),
        live=live,
        code=_shown(data, "qr_code", MOST_CODE_CHARS, _PRINTED),
        ticket_url=_shown(data, "ticket_url", MOST_URL_CHARS, _URL),
    )


def page_of(body: object) -> tuple[list[object], int]:
    """What a page of a search found, and how many there are in all; raises Odd.

    Where nothing is said of pages, there is one.
    """
    found = body.get("results") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(found, list):
        raise Odd("results")
    total = _inside(body, "paging").get("total", len(found))
    if type(total) is not int or total < 0:
        raise Odd("paging.total")
    return found, total


def refusal_of(status: int, body: object) -> str:
    """Mercado Pago's own name for why it refused: the first cause's code, its error, the status."""
    said: list[object] = []
    if isinstance(body, dict):
        causes = body.get("cause")
        causes = causes if isinstance(causes, list) else [causes]
        said = [cause.get("code") for cause in causes if isinstance(cause, dict)]
        said.append(body.get("error"))
    words = [str(one) for one in said if isinstance(one, str | int) and not isinstance(one, bool)]
    return next((word for word in words if _REFUSAL.fullmatch(word)), str(status))


def _id(body: Mapping[str, Any]) -> str:
    value = body.get("id")
    text = str(value) if type(value) in {int, str} else ""
    if not PAYMENT_ID.fullmatch(text):
        raise Odd("id")
    return text


def _is_money(value: object) -> bool:
    """Whether `value` is a number of whole cents, not negative, that fits where it is kept."""
    if type(value) is int:
        return 0 <= value < TOO_MUCH
    if not isinstance(value, Decimal) or not value.is_finite() or value.is_signed():
        return False
    return value.adjusted() < MOST_DIGITS and bool(value == value.quantize(CENT))


def _amount(body: Mapping[str, Any], name: str, default: Decimal | None = None) -> Decimal:
    value = body.get(name)
    if value is None and default is not None:
        return default
    if not _is_money(value):
        raise Odd(name)
    return Decimal(value or 0).quantize(CENT)


def _inside(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside, empty where there is none."""
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise Odd(name)
    return value or {}


def _text(body: Mapping[str, Any], name: str, most: int) -> str | None:
    """A text that can be kept; None for null and for an empty one."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise Odd(name)
    return value


def _matching(body: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Odd(name)
    return value


def _shown(body: Mapping[str, Any], name: str, most: int, form: re.Pattern[str]) -> str | None:
    """A text that is only shown: an odd one is left out, and no payment fails for it."""
    value = body.get(name)
    fits = isinstance(value, str) and len(value) <= most and form.fullmatch(value)
    return value if fits else None


def _instant(body: Mapping[str, Any], name: str) -> datetime | None:
    """An instant with its offset, as UTC."""
    value = body.get(name)
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(value).astimezone(UTC) if _has_offset(value) else None
    except (ValueError, OverflowError):
        instant = None
    if instant is None or not YEARS[0] <= instant.year < YEARS[1]:
        raise Odd(name)
    return instant


def _has_offset(value: object) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
