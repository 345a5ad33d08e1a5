"""One field of a client, edited: read from what was typed, shown, and put back (C5, C13)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.clients import (
    Client,
    ClientField,
    parse_name,
    parse_notes,
    parse_plan,
    parse_server,
)
from domain.contacts import format_phone, parse_phone
from domain.due_dates import short_date
from domain.money import format_brl, parse_price
from domain.typed_dates import day_meant, parse_date
from errors import InvalidInput

_F = ClientField
LABELS: Mapping[ClientField, str] = {
    _F.NAME: "o nome",
    _F.PHONE: "o celular",
    _F.PLAN: "o plano",
    _F.PRICE: "o valor",
    _F.SERVER: "o servidor",
    _F.DUE_ON: "o vencimento",
    _F.NOTES: "a observação",
}
_NEEDED = frozenset({_F.NAME, _F.PHONE, _F.DUE_ON})
_PARSERS: Mapping[ClientField, Callable[[str], object]] = {
    _F.NAME: parse_name,
    _F.PHONE: parse_phone,
    _F.PLAN: parse_plan,
    _F.PRICE: parse_price,
    _F.SERVER: parse_server,
    _F.NOTES: parse_notes,
}
_SHOWN: Mapping[ClientField, Callable[[Any], str]] = {
    _F.PHONE: format_phone,
    _F.PRICE: format_brl,
    _F.DUE_ON: short_date,
}
# How each field that is no text is read back from its text.
_READ: Mapping[ClientField, Callable[[str], object]] = {
    _F.PRICE: Decimal,
    _F.DUE_ON: date.fromisoformat,
}


def edited(client: Client, field: ClientField, text: str | None, today: date) -> Client:
    """`client` with one field set from what was typed; None empties it. Raises InvalidInput.

    A due date may be of the past here: it sets right what was registered wrongly.
    """
    if text is None or not text.strip():
        if field in _NEEDED:
            label = LABELS[field]
            raise InvalidInput(f"{label[0].upper()}{label[1:]} não pode ficar vazio.")
        return _with(client, field, None)
    if field is _F.DUE_ON:
        due_on = parse_date(text, today)
        return replace(client, due_on=due_on, agreed_day=day_meant(text, due_on))
    return _with(client, field, _PARSERS[field](text))


def shown(client: Client, field: ClientField) -> str | None:
    """A field as a person writes it, or None for nothing."""
    value = getattr(client, field)
    return None if value is None else _SHOWN.get(field, str)(value)


def kept(client: Client, field: ClientField) -> str | None:
    """A field as plain text, to be put back by `put_back`."""
    value = getattr(client, field)
    return None if value is None else str(value)


def put_back(client: Client, field: ClientField, text: str | None) -> Client:
    """`client` with one field as `kept` gave it."""
    return _with(client, field, None if text is None else _READ.get(field, str)(text))


def _with(client: Client, field: ClientField, value: object) -> Client:
    changes: dict[str, Any] = {field.value: value}
    return replace(client, **changes)
