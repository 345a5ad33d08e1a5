"""The body of a charge as the local Mercado Pago reads it: strict, in the words of the real one."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from playground.mercado_pago_refusals import (
    NO_AMOUNT,
    NO_EMAIL,
    NO_JSON,
    NO_METHOD,
    OWN_EMAIL,
    UNKNOWN_METHOD,
    WRONG_EXPIRATION,
    WRONG_TEXT,
    Json,
    bad_request,
)

COLLECTOR_EMAIL = "contas@emdia.example"
MOST_AMOUNT = Decimal(1_000_000)
MOST_REFERENCE_CHARS = 256
SOONEST, LATEST = timedelta(minutes=30), timedelta(days=30)
LIVES = timedelta(hours=24)  # where nothing is said
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:?\d\d)", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A charge that can be made."""

    amount: Decimal
    email: str = field(repr=False)
    expires_at: datetime
    reference: str | None
    description: str | None


def parsed(raw: bytes) -> Json:
    """A body as exact values."""
    try:
        body = json.loads(raw or b"{}", parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        raise bad_request(NO_JSON) from None
    if not isinstance(body, dict):
        raise bad_request(NO_JSON)
    return body


def wish_in(body: Json, now: datetime) -> Wish:
    """What `body` asks for; raises Refusal."""
    amount = money(body.get("transaction_amount"))
    _check_method(body.get("payment_method_id"))
    return Wish(
        amount=amount,
        email=_email(body.get("payer")),
        expires_at=_expiration(body.get("date_of_expiration"), now),
        reference=_text(body.get("external_reference"), MOST_REFERENCE_CHARS),
        description=_text(body.get("description"), MOST_REFERENCE_CHARS),
    )


def money(value: Any) -> Decimal:
    """An amount of reais and cents; a text is none."""
    if type(value) is not int and not isinstance(value, Decimal):
        raise bad_request(NO_AMOUNT)
    amount = Decimal(value)
    if not 0 < amount <= MOST_AMOUNT or amount != amount.quantize(Decimal("0.01")):
        raise bad_request(NO_AMOUNT)
    return amount.quantize(Decimal("0.01"))


def _check_method(method: Any) -> None:
    if method is None:
        raise bad_request(NO_METHOD)
    if method != "pix":
        raise bad_request(UNKNOWN_METHOD)


def _email(payer: Any) -> str:
    email = payer.get("email") if isinstance(payer, dict) else None
    if not isinstance(email, str) or not _EMAIL.fullmatch(email):
        raise bad_request(NO_EMAIL)
    if email.casefold() == COLLECTOR_EMAIL:
        raise bad_request(OWN_EMAIL)
    return email


def _expiration(value: Any, now: datetime) -> datetime:
    if value is None:
        return now + LIVES
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise bad_request(WRONG_EXPIRATION)
    try:
        expires = datetime.fromisoformat(value)
    except ValueError:
        raise bad_request(WRONG_EXPIRATION) from None
    if not SOONEST <= expires - now <= LATEST:
        raise bad_request(WRONG_EXPIRATION)
    return expires


def _text(value: Any, most: int) -> str | None:
    if value is not None and (not isinstance(value, str) or len(value) > most):
        raise bad_request(WRONG_TEXT)
    return value or None
