"""What Mercado Pago answers is read or refused, never half; and money is never a float (I8, A5)."""

import ast
import inspect
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.charges import Order, Payment
from gateways import mercado_pago, mercado_pago_answers, mercado_pago_http
from gateways.mercado_pago_answers import Odd, body_of, page_of, payment_of, refusal_of
from gateways.mercado_pago_http import MOST_RETRY_AFTER_SECONDS, Unusable, read, retry_after
from playground.mercado_pago_payments import number
from tests.payments.support import NOW

PAYMENT: dict[str, Any] = {
    "id": 91_000_000_001,
    "status": "approved",
    "status_detail": "accredited",
    "transaction_amount": 20,
    "currency_id": "BRL",
    "external_reference": "emdia-1",
    "transaction_amount_refunded": 0,
    "date_approved": "2026-12-01T08:00:00.000-04:00",
    "date_last_updated": "2026-12-01T08:00:01.500-04:00",
    "date_of_expiration": None,
    "live_mode": True,
    "payer": {"email": "XXXXXXXXXXX"},
    "point_of_interaction": {
        "transaction_data": {"qr_code": "0002012634", "ticket_url": "https://example.com/1"}
    },
}
scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=30)
numbers = st.decimals(allow_nan=False, allow_infinity=False)
anything = st.recursive(
    scalars | numbers,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
few = settings(max_examples=50)  # what is nested takes its time
cents = st.integers(min_value=1, max_value=10**12 - 1).map(lambda n: Decimal(n).scaleb(-2))


def order_of(amount: Decimal) -> Order:
    """An order of so much."""
    return Order(
        key=UUID(int=1),
        reference="emdia-1",
        amount=amount,
        currency="BRL",
        payer_email="ana@exemplo.com",
        expires_at=datetime(2026, 12, 2, 12, 0, 0, 987654, tzinfo=UTC),
        description="EmDia: 30 dias",
    )


def read_or_none(body: object) -> Payment | None:
    """The payment, or None where it is odd; anything else that is raised fails."""
    try:
        return payment_of(body)
    except Odd:
        return None


def test_a_payment_is_read_with_everything_in_it() -> None:
    expected = Payment(
        payment_id="91000000001",
        status="approved",
        status_detail="accredited",
        amount=Decimal("20.00"),
        currency="BRL",
        reference="emdia-1",
        refunded=Decimal("0.00"),
        approved_at=NOW,
        updated_at=NOW + timedelta(seconds=1.5),
        expires_at=None,
        live=True,
        code="0002012634",
        ticket_url="https://example.com/1",
    )

    assert expected == payment_of(PAYMENT)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", None),
        ("id", True),
        ("id", 1.5),
        ("id", ""),
        ("id", "9" * 41),
        ("status", "APPROVED"),
        ("status", ""),
        ("status", None),
        ("transaction_amount", "20.00"),
        ("transaction_amount", None),
        ("transaction_amount", True),
        ("transaction_amount", -20),
        ("transaction_amount", Decimal("20.001")),
        ("transaction_amount", Decimal("1e-999999")),
        ("transaction_amount", Decimal("1e999999")),
        ("transaction_amount", 10**10),
        ("transaction_amount_refunded", "0"),
        ("currency_id", "brl"),
        ("currency_id", None),
        ("external_reference", "x\x00y"),
        ("external_reference", "x" * 257),
        ("external_reference", 7),
        ("date_approved", "2026-12-01T08:00:00.000"),
        ("date_approved", "ontem"),
        ("date_approved", 1_796_000_000),
        ("date_approved", "0001-01-01T00:00:00+14:00"),
        ("date_last_updated", "9999-12-31T23:59:59-12:00"),
        ("live_mode", "true"),
        ("point_of_interaction", []),
    ],
)
def test_a_field_that_is_not_usable_refuses_the_payment(field: str, value: object) -> None:
    with pytest.raises(Odd, match=field):
        payment_of(PAYMENT | {field: value})


@pytest.mark.parametrize("value", ["não", "x" * 1001, "", 7, None, "a\nb"])
def test_what_is_only_shown_never_keeps_a_payment_from_counting(value: object) -> None:
    data = {"transaction_data": {"qr_code": value, "ticket_url": value}}
    found = payment_of(PAYMENT | {"point_of_interaction": data, "status_detail": value})

    assert (Decimal(20), None, None, "") == (
        found.amount,
        found.code,
        found.ticket_url,
        found.status_detail,
    )


@few
@given(anything)
def test_whatever_is_answered_is_a_payment_or_odd(body: object) -> None:
    assert read_or_none(body) is None


@few
@given(st.sampled_from(sorted(PAYMENT)), anything)
def test_one_field_of_anything_breaks_nothing(field: str, value: object) -> None:
    found = read_or_none(PAYMENT | {field: value}) or payment_of(PAYMENT)

    assert (Decimal, Decimal, True) == (
        type(found.amount),
        type(found.refunded),
        found.amount == found.amount.quantize(Decimal("0.01")),
    )


@few
@given(anything)
def test_a_refusal_always_has_a_name_that_can_be_kept(body: object) -> None:
    code = refusal_of(400, body)

    assert (True, True) == (0 < len(code) <= 100, code.isprintable())


@few
@given(anything)
def test_whatever_a_search_answers_is_a_page_or_odd(body: object) -> None:
    try:
        page, total = page_of(body)
    except Odd:
        page, total = [], 0

    assert isinstance(page, list)
    assert total >= 0


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"paging": {"total": 7}, "results": [1]}, ([1], 7)),
        ({"results": [1, 2]}, ([1, 2], 2)),
        ({"results": [], "paging": {}}, ([], 0)),
    ],
)
def test_a_page_says_how_many_there_are_or_is_the_only_one(
    body: object, expected: tuple[list[object], int]
) -> None:
    assert expected == page_of(body)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"results": {}},
        {"results": 7},
        {"results": [], "paging": 7},
        {"results": [], "paging": {"total": -1}},
        {"results": [], "paging": {"total": True}},
        {"results": [], "paging": {"total": "7"}},
    ],
)
def test_what_is_no_page_is_odd(body: object) -> None:
    with pytest.raises(Odd):
        page_of(body)


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_unusable(body: bytes) -> None:
    try:
        found = read(body)
    except Unusable:
        found = None

    assert [] == list(floats_in(found))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"a": NaN}', id="no number"),
        pytest.param(b'{"a": -Infinity}', id="nor this"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b"9" * 5_000, id="long"),
        pytest.param(b'{"a": "\xff"}', id="no text"),
        pytest.param(b" " * (mercado_pago_http.MOST_BODY_BYTES + 1), id="endless"),
    ],
)
def test_what_no_reader_should_have_to_bear_is_unusable(body: bytes) -> None:
    with pytest.raises(Unusable):
        read(body)


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_said_of_waiting_is_at_most_an_hour(said: str, date: str) -> None:
    wait = retry_after({"Retry-After": said, "Date": date})

    assert wait is None or 0.0 <= wait <= MOST_RETRY_AFTER_SECONDS


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("99999999", MOST_RETRY_AFTER_SECONDS),
        ("Tue, 01 Dec 2026 12:05:00 GMT", 300.0),
        ("Tue, 01 Dec 2026 11:00:00 GMT", 0.0),
        ("-1", None),
        ("soon", None),
        ("", None),
    ],
)
def test_how_long_to_wait_comes_in_seconds_or_as_a_date(said: str, expected: float | None) -> None:
    headers = {"Retry-After": said, "Date": "Tue, 01 Dec 2026 12:00:00 GMT"}

    assert expected == retry_after(headers)


# Money


@given(cents)
def test_an_amount_goes_out_exactly(amount: Decimal) -> None:
    written = json.dumps(body_of(order_of(amount))["transaction_amount"])

    assert amount == Decimal(written)


@given(cents.filter(lambda amount: amount < 10**10))
def test_an_amount_comes_in_exactly(amount: Decimal) -> None:
    answered = read(json.dumps({"transaction_amount": number(amount)}).encode())

    assert amount == payment_of(PAYMENT | answered).amount


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "Infinity", "1e20"])
def test_what_is_no_price_is_not_asked_for(amount: str) -> None:
    with pytest.raises(ValueError, match="reais"):
        body_of(order_of(Decimal(amount)))


def test_an_order_says_until_when_in_milliseconds_with_an_offset() -> None:
    assert "2026-12-02T09:00:00.987-03:00" == body_of(order_of(Decimal(20)))["date_of_expiration"]


def test_the_only_float_of_money_is_in_the_body_of_an_order() -> None:
    makers = {
        function.name
        for module in (mercado_pago, mercado_pago_answers, mercado_pago_http)
        for function in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "float"
    }

    assert {"body_of", "retry_after"} == makers  # and seconds


def floats_in(value: object) -> list[object]:
    """Every float anywhere in it."""
    inside: list[object] = []
    if isinstance(value, dict):
        inside = list(value.values())
    if isinstance(value, list):
        inside = value
    found = [value] if isinstance(value, float) else []
    return [*found, *(one for part in inside for one in floats_in(part))]
