"""One field of a client, edited, shown and put back (C5, C13)."""

from datetime import date
from decimal import Decimal

import pytest

from domain.client_edits import edited, kept, put_back, shown
from domain.clients import ClientField
from errors import InvalidInput
from tests.unit.domain.makers import CLIENT, TODAY, make_client

F = ClientField


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        pytest.param(F.NAME, "Ana", make_client(name="Ana"), id="the name"),
        pytest.param(F.PHONE, "11 99000-0002", make_client(phone="+5511990000002"), id="the phone"),
        pytest.param(F.PRICE, "40,50", make_client(price=Decimal("40.50")), id="the price"),
        pytest.param(F.PLAN, "", make_client(plan=None), id="no plan"),
        pytest.param(F.PRICE, None, make_client(price=None), id="no price"),
        pytest.param(F.SERVER, "  ", make_client(server=None), id="no server"),
        pytest.param(F.NOTES, "vip", make_client(notes="vip"), id="a note"),
        pytest.param(
            F.DUE_ON,
            "10/11/2026",
            make_client(due_on=date(2026, 11, 10), agreed_day=10),
            id="a due date of the past",
        ),
    ],
)
def test_one_field_is_set_and_no_other(
    field: ClientField, typed: str | None, expected: object
) -> None:
    assert expected == edited(CLIENT, field, typed, TODAY)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (F.NAME, "O nome não pode ficar vazio."),
        (F.PHONE, "O celular não pode ficar vazio."),
        (F.DUE_ON, "O vencimento não pode ficar vazio."),
    ],
)
def test_what_a_client_needs_is_never_emptied(field: ClientField, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        edited(CLIENT, field, " ", TODAY)

    assert said == refused.value.sentence


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (F.NAME, "Maria da Silva"),
        (F.PHONE, "(11) 99000-0001"),
        (F.PRICE, "R$ 35,00"),
        (F.DUE_ON, "23/11/2026"),
    ],
)
def test_a_field_is_shown_as_people_write_it(field: ClientField, expected: str) -> None:
    assert expected == shown(CLIENT, field)


@pytest.mark.parametrize("field", [F.PLAN, F.PRICE, F.SERVER, F.NOTES])
def test_a_field_without_a_value_is_shown_and_kept_as_none(field: ClientField) -> None:
    bare = edited(CLIENT, field, None, TODAY)

    assert (None, None) == (shown(bare, field), kept(bare, field))


@pytest.mark.parametrize("field", list(ClientField))
def test_what_was_kept_puts_a_field_back(field: ClientField) -> None:
    other = make_client(
        name="Ana",
        phone="+5511990000002",
        due_on=date(2027, 1, 1),
        plan=None,
        price=None,
        server=None,
        notes=None,
    )

    assert getattr(CLIENT, field) == getattr(put_back(other, field, kept(CLIENT, field)), field)
    assert getattr(other, field) == getattr(put_back(CLIENT, field, kept(other, field)), field)
