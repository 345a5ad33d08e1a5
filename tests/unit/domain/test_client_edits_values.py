"""One field of a client, edited, shown, and put back as it was (C5, C13)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.client_edits import LABELS, edited, kept, put_back, shown
from domain.clients import ClientField
from errors import InvalidInput
from tests.unit.domain.makers import CLIENT, TODAY

F = ClientField
BARE = replace(CLIENT, plan=None, price=None, server=None, notes=None)


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        (F.NAME, " Ana  Souza ", {"name": "Ana Souza"}),
        (F.PHONE, "(11) 98888-0001", {"phone": "+5511988880001"}),
        (F.PLAN, "Anual", {"plan": "Anual"}),
        (F.PRICE, "42,50", {"price": Decimal("42.50")}),
        (F.SERVER, "Beta", {"server": "Beta"}),
        (F.NOTES, "Sala\nQuarto", {"notes": "Sala\nQuarto"}),
        (F.DUE_ON, "10/12/2026", {"due_on": date(2026, 12, 10), "agreed_day": 10}),
        (F.DUE_ON, "01/11/2026", {"due_on": date(2026, 11, 1), "agreed_day": 1}),
        (F.DUE_ON, "dia 31", {"due_on": date(2026, 11, 30), "agreed_day": 31}),
    ],
)
def test_what_was_typed_changes_that_field_alone(
    field: ClientField, typed: str, expected: dict[str, Any]
) -> None:
    assert replace(CLIENT, **expected) == edited(CLIENT, field, typed, TODAY)


@pytest.mark.parametrize("text", [None, "", "  \n"])
@pytest.mark.parametrize("field", [F.PLAN, F.PRICE, F.SERVER, F.NOTES])
def test_what_may_be_empty_is_emptied(field: ClientField, text: str | None) -> None:
    changes: dict[str, Any] = {field.value: None}

    assert replace(CLIENT, **changes) == edited(CLIENT, field, text, TODAY)


@pytest.mark.parametrize("text", [None, " "])
@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (F.NAME, "O nome não pode ficar vazio."),
        (F.PHONE, "O celular não pode ficar vazio."),
        (F.DUE_ON, "O vencimento não pode ficar vazio."),
    ],
)
def test_what_every_client_needs_is_never_emptied(
    field: ClientField, expected: str, text: str | None
) -> None:
    with pytest.raises(InvalidInput) as refused:
        edited(CLIENT, field, text, TODAY)

    assert expected == str(refused.value)


@pytest.mark.parametrize(
    ("field", "as_shown", "as_kept"),
    [
        (F.NAME, "Maria da Silva", "Maria da Silva"),
        (F.PHONE, "(11) 99000-0001", "+5511990000001"),
        (F.PLAN, "Mensal", "Mensal"),
        (F.PRICE, "R$ 35,00", "35.00"),
        (F.SERVER, "Alfa", "Alfa"),
        (F.DUE_ON, "23/11/2026", "2026-11-23"),
        (F.NOTES, "TV da sala", "TV da sala"),
    ],
)
def test_a_field_is_shown_as_a_person_writes_it_and_kept_as_plain_text(
    field: ClientField, as_shown: str, as_kept: str
) -> None:
    written = (shown(CLIENT, field) or "").replace("\xa0", " ")

    assert (as_shown, as_kept) == (written, kept(CLIENT, field))


@pytest.mark.parametrize("field", [F.PLAN, F.PRICE, F.SERVER, F.NOTES])
def test_nothing_is_shown_and_kept_as_nothing(field: ClientField) -> None:
    assert (None, None) == (shown(BARE, field), kept(BARE, field))


@pytest.mark.parametrize("field", list(ClientField))
def test_what_was_kept_is_put_back_as_it_was(field: ClientField) -> None:
    other = replace(
        CLIENT,
        name="Ana",
        phone="+5511988880001",
        plan="Anual",
        price=Decimal(9),
        server="Beta",
        due_on=date(2027, 1, 5),
        notes=None,
    )
    back = put_back(other, field, kept(CLIENT, field))

    assert getattr(CLIENT, field) == getattr(back, field)
    assert type(getattr(CLIENT, field)) is type(getattr(back, field))
    assert other == put_back(back, field, kept(other, field))


@pytest.mark.parametrize("field", [F.PLAN, F.PRICE, F.SERVER, F.NOTES])
def test_a_field_that_was_empty_is_empty_again(field: ClientField) -> None:
    changes: dict[str, Any] = {field.value: None}

    assert replace(CLIENT, **changes) == put_back(CLIENT, field, None)


def test_each_field_has_a_name() -> None:
    assert {
        F.NAME: "o nome",
        F.PHONE: "o celular",
        F.PLAN: "o plano",
        F.PRICE: "o valor",
        F.SERVER: "o servidor",
        F.DUE_ON: "o vencimento",
        F.NOTES: "a observação",
    } == LABELS
