"""The local Mercado Pago is as strict as the real one, and its clock can be moved (A3, A5)."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import ClientSession

from actors.runtime import MovableClock
from domain.charges import CHARGE_LIVES
from playground.mercado_pago import MercadoPagoStandIn
from playground.mercado_pago_bank import RUNS_OUT_AFTER
from playground.rig import read_qr
from settings import PLAYGROUND_PAYMENTS_TOKEN
from tests.payments.support import NOW

Json = dict[str, Any]


class Customer:
    """Somebody with a token, who speaks HTTP and nothing else."""

    def __init__(self, bank: MercadoPagoStandIn, clock: MovableClock, http: ClientSession) -> None:
        self.bank = bank
        self.clock = clock
        self._http = http

    def body(self, **other: object) -> Json:
        """What makes a charge, but for `other`."""
        expires = (self.clock.now() + CHARGE_LIVES).isoformat(timespec="milliseconds")
        body: Json = {
            "transaction_amount": 20.0,
            "description": "EmDia",
            "payment_method_id": "pix",
            "external_reference": "emdia-1",
            "date_of_expiration": expires,
            "payer": {"email": "ana@exemplo.com"},
        }
        return body | other

    async def asks(
        self, method: str, path: str, body: object = None, **headers: str | None
    ) -> tuple[int, Any]:
        """The status and the JSON of an answer; a header of None is left out."""
        own = {
            "Authorization": f"Bearer {PLAYGROUND_PAYMENTS_TOKEN}",
            "X-Idempotency-Key": str(uuid4()),
        }
        shown = {
            name: value
            for name, value in (own | {n.replace("_", "-"): v for n, v in headers.items()}).items()
            if value is not None
        }
        data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        async with self._http.request(
            method, self.bank.api + path, data=data, headers=shown
        ) as answer:
            return answer.status, json.loads(await answer.read() or b"null")

    async def makes(self, **other: object) -> Json:
        """A charge."""
        status, made = await self.asks("POST", "/v1/payments", self.body(**other))
        assert 201 == status, made
        return dict(made)

    async def refused(self, **other: object) -> tuple[int, int | None]:
        """The status and the cause of a refusal."""
        return refusal(await self.asks("POST", "/v1/payments", self.body(**other)))

    async def sees(self, payment_id: object) -> tuple[str, str]:
        """Where a payment stands."""
        _, found = await self.asks("GET", f"/v1/payments/{payment_id}")
        return found["status"], found["status_detail"]

    async def controls(self, path: str, body: object = None) -> tuple[int, Any]:
        """An order to the control API."""
        return await self.asks("POST", f"/_control{path}", body)

    async def is_answered_as_somebody_else(self, path: str) -> int:
        """The status, for a page that has its own name point here."""
        headers = {"Host": "bank.example"}
        async with self._http.get(self.bank.api + path, headers=headers) as answer:
            return answer.status


def refusal(answer: tuple[int, Any]) -> tuple[int, int | None]:
    """Its status, and the number of its first cause."""
    status, body = answer
    return status, next((cause["code"] for cause in body["cause"]), None)


@pytest.fixture(scope="module")
async def served() -> AsyncIterator[Customer]:
    """One stand-in for all tests here, with a clock of its own."""
    clock = MovableClock()
    async with MercadoPagoStandIn(clock=clock) as bank, ClientSession() as http:
        yield Customer(bank, clock, http)


@pytest.fixture
def customer(served: Customer) -> Customer:
    """At noon, and nothing goes wrong."""
    served.bank.faults.clear()
    served.clock.move_to(NOW)
    return served


async def test_a_charge_is_answered_as_the_real_one_is(customer: Customer) -> None:
    made = await customer.makes()
    data = made["point_of_interaction"]["transaction_data"]

    assert ("pending", "pending_waiting_transfer", 20, "BRL", None, 0, True) == (
        made["status"],
        made["status_detail"],
        made["transaction_amount"],
        made["currency_id"],
        made["payer"]["email"],
        made["transaction_amount_refunded"],
        made["live_mode"],
    )
    assert ("2026-12-01T08:00:0", "-04:00", int) == (
        made["date_created"][:18],
        made["date_created"][-6:],
        type(made["transaction_amount"]),
    )
    assert data["qr_code"] == read_qr(base64.b64decode(data["qr_code_base64"]))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param({"transaction_amount": "20.00"}, 4037, id="an amount as text"),
        pytest.param({"transaction_amount": 20.001}, 4037, id="three decimals"),
        pytest.param({"transaction_amount": 0}, 4037, id="nothing"),
        pytest.param({"transaction_amount": None}, 4037, id="no amount"),
        pytest.param({"payment_method_id": None}, 2131, id="no method"),
        pytest.param({"payment_method_id": "bolbradesco"}, 3028, id="another method"),
        pytest.param({"payer": {}}, 4050, id="no e-mail"),
        pytest.param({"payer": {"email": "ana"}}, 4050, id="half an e-mail"),
        pytest.param({"payer": {"email": "contas@emdia.example"}}, 2060, id="its own e-mail"),
        pytest.param({"external_reference": 7}, 1, id="a reference that is a number"),
    ],
)
async def test_a_body_that_is_wrong_is_refused_by_its_number(
    customer: Customer, other: Json, expected: int
) -> None:
    assert (400, expected) == await customer.refused(**other)


@pytest.mark.parametrize(
    ("expires", "is_taken"),
    [
        ("2026-12-01T12:30:00.000+00:00", True),
        ("2026-12-01T12:29:00.000+00:00", False),
        ("2026-12-31T08:59:00.000-03:00", True),
        ("2026-12-31T09:01:00.000-03:00", False),
        ("2026-12-02T12:00:00.000Z", True),
        ("2026-12-02T12:00:00Z", False),
        ("2026-12-02T12:00:00.000", False),
        ("2026-13-02T12:00:00.000Z", False),
    ],
)
async def test_a_charge_lives_from_half_an_hour_to_thirty_days(
    customer: Customer, expires: str, is_taken: bool
) -> None:
    customer.clock.move_to(NOW - timedelta(seconds=5))
    body = customer.body(date_of_expiration=expires)
    status, _ = await customer.asks("POST", "/v1/payments", body)

    assert is_taken == (status == 201)


async def test_whoever_is_not_the_account_is_refused(customer: Customer) -> None:
    path = "/v1/payments/1"

    assert [401, 401, 401] == [
        (await customer.asks("GET", path, Authorization=shown))[0]
        for shown in ("Bearer another", PLAYGROUND_PAYMENTS_TOKEN, None)
    ]


@pytest.mark.parametrize("key", [None, "", "x" * 65])
async def test_a_charge_without_its_key_is_refused(customer: Customer, key: str | None) -> None:
    answer = await customer.asks("POST", "/v1/payments", customer.body(), X_Idempotency_Key=key)

    assert (400, 4292) == refusal(answer)


async def test_a_key_is_one_charge_and_one_body(customer: Customer) -> None:
    key, body = "a-key-of-mine", customer.body()
    first = await customer.asks("POST", "/v1/payments", body, X_Idempotency_Key=key)
    again = await customer.asks("POST", "/v1/payments", body, X_Idempotency_Key=key)
    other = await customer.asks(
        "POST", "/v1/payments", body | {"transaction_amount": 10}, X_Idempotency_Key=key
    )

    assert (201, 200, 409, True) == (first[0], again[0], other[0], first[1] == again[1])


async def test_a_key_that_was_refused_stays_refused(customer: Customer) -> None:
    wrong = customer.body(payer={})

    assert [400, 400] == [
        (await customer.asks("POST", "/v1/payments", wrong, X_Idempotency_Key="k"))[0]
        for _ in range(2)
    ]


@pytest.mark.parametrize("body", [b"{", b"[]", b"[" * 9_000, b"\xff"])
async def test_a_body_that_is_no_object_is_refused(customer: Customer, body: bytes) -> None:
    assert 400 == (await customer.asks("POST", "/v1/payments", body))[0]


@pytest.mark.parametrize("payment_id", ["123456", "0", "x", "-1", "٣٤", "9" * 30])
async def test_what_is_not_there_is_not_found(customer: Customer, payment_id: str) -> None:
    assert (404, 2000) == refusal(await customer.asks("GET", f"/v1/payments/{payment_id}"))


# Time


async def test_a_charge_runs_out_some_minutes_after_its_hour(customer: Customer) -> None:
    made = await customer.makes()
    customer.clock.move_to(NOW + CHARGE_LIVES + timedelta(minutes=1))
    before = await customer.sees(made["id"])
    customer.clock.move_to(NOW + CHARGE_LIVES + RUNS_OUT_AFTER + timedelta(minutes=1))

    assert (("pending", "pending_waiting_transfer"), ("cancelled", "expired")) == (
        before,
        await customer.sees(made["id"]),
    )


async def test_whoever_pays_in_between_has_paid(customer: Customer) -> None:
    made = await customer.makes()
    customer.clock.move_to(NOW + CHARGE_LIVES + timedelta(minutes=1))
    await customer.controls(f"/payments/{made['id']}/pay")
    customer.clock.move_to(NOW + CHARGE_LIVES * 2)

    assert ("approved", "accredited") == await customer.sees(made["id"])


async def test_each_change_is_later_than_the_one_before_whoever_moves_the_clock(
    customer: Customer,
) -> None:
    made = await customer.makes()
    customer.clock.move_to(NOW - timedelta(days=3))
    customer.bank.control.act("pay", made["id"])
    _, found = await customer.asks("GET", f"/v1/payments/{made['id']}")

    first, last = (datetime.fromisoformat(one["date_last_updated"]) for one in (made, found))
    assert first < last


# What becomes of a payment


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        (["pay"], ("approved", "accredited")),
        (["refuse"], ("rejected", "rejected_high_risk")),
        (["expire"], ("cancelled", "expired")),
        (["cancel"], ("cancelled", "by_collector")),
        (["pay", "refund"], ("refunded", "refunded")),
        (["pay", "charge_back"], ("charged_back", "settled")),
        (["pay", "mediate"], ("in_mediation", "pending")),
        (["pay", "mediate", "charge_back"], ("charged_back", "settled")),
        (["pay", "charge_back", "win"], ("approved", "accredited")),
        (["pay", "mediate", "win"], ("approved", "accredited")),
    ],
)
async def test_each_end_has_its_two_words(
    customer: Customer, acts: list[str], expected: tuple[str, str]
) -> None:
    made = await customer.makes()
    for act in acts:
        assert 200 == (await customer.controls(f"/payments/{made['id']}/{act}"))[0]

    assert expected == await customer.sees(made["id"])


@pytest.mark.parametrize(
    "acts", [["pay", "pay"], ["refund"], ["expire", "pay"], ["charge_back"], ["win"], ["fly"]]
)
async def test_what_cannot_be_does_not_happen(customer: Customer, acts: list[str]) -> None:
    made = await customer.makes()
    statuses = [(await customer.controls(f"/payments/{made['id']}/{act}"))[0] for act in acts]

    assert statuses[-1] in {400, 404}


async def test_money_goes_back_in_parts_and_never_more_than_came(customer: Customer) -> None:
    made = await customer.makes()
    path = f"/v1/payments/{made['id']}/refunds"
    customer.bank.control.act("pay", made["id"])
    first = await customer.asks("POST", path, {"amount": 5.5}, X_Idempotency_Key="first")
    again = await customer.asks("POST", path, {"amount": 5.5}, X_Idempotency_Key="first")
    partly = await customer.sees(made["id"])
    too_much = await customer.asks("POST", path, {"amount": 15})
    rest = await customer.asks("POST", path)

    assert ((201, 5.5), (200, None), (400, 4040), (201, 14.5)) == (
        (first[0], first[1]["amount"]),
        again,
        refusal(too_much),
        (rest[0], rest[1]["amount"]),
    )
    assert (("approved", "partially_refunded"), ("refunded", "refunded")) == (
        partly,
        await customer.sees(made["id"]),
    )


async def test_after_half_a_year_nothing_goes_back(customer: Customer) -> None:
    made = await customer.makes()
    customer.bank.control.act("pay", made["id"])
    customer.clock.move_to(NOW + timedelta(days=181))

    assert (400, 2024) == refusal(await customer.asks("POST", f"/v1/payments/{made['id']}/refunds"))


async def test_a_charge_can_be_called_off_once(customer: Customer) -> None:
    made = await customer.makes()
    answers = [
        (await customer.asks("PUT", f"/v1/payments/{made['id']}", {"status": "cancelled"}))[0]
        for _ in range(2)
    ]

    assert [200, 400] == answers


# The control API


async def test_a_code_is_paid_as_an_app_of_a_bank_does(customer: Customer) -> None:
    made = await customer.makes(external_reference="by-code")
    code = made["point_of_interaction"]["transaction_data"]["qr_code"]
    status, _ = await customer.controls("/pay", {"code": code})
    _, listed = await customer.asks("GET", "/_control/payments?reference=by-code")

    assert (200, [("approved", str(made["id"]))]) == (
        status,
        [(one["status"], one["id"]) for one in listed["payments"]],
    )


async def test_a_forger_may_pay_another_sum_in_another_currency(customer: Customer) -> None:
    made = await customer.makes()
    await customer.controls(f"/payments/{made['id']}/pay", {"amount": 0.01, "currency": "ARS"})
    _, found = await customer.asks("GET", f"/v1/payments/{made['id']}")

    assert (0.01, "ARS") == (found["transaction_amount"], found["currency_id"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", {"kind": "flood"}),
        ("/faults", {"kind": "error", "call": "sing"}),
        ("/faults", {"kind": "error", "what": 1}),
        ("/pay", {}),
        ("/clock", {"now": "2026-12-01T12:00:00"}),
        ("/notify", {}),
        ("/payments/1/pay", {"amount": "20"}),
    ],
)
async def test_an_order_nobody_can_carry_out_is_told(
    customer: Customer, path: str, body: Json
) -> None:
    status, told = await customer.controls(path, body)

    assert (True, True) == (status in {400, 404}, "error" in told)


async def test_its_clock_is_moved_over_http_too(customer: Customer) -> None:
    await customer.controls("/clock", {"now": "2027-01-01T00:00:00-03:00"})

    assert 2027 == customer.bank.bank.now().year


async def test_it_is_this_machines_alone(customer: Customer) -> None:
    assert [403, 403] == [
        await customer.is_answered_as_somebody_else(path)
        for path in ("/v1/payments/1", "/_control/payments")
    ]


async def test_money_inside_is_exact(customer: Customer) -> None:
    made = await customer.makes(transaction_amount=0.29)

    assert Decimal("0.29") == customer.bank.bank.held(made["id"]).amount


def test_numbers_go_on_from_one_that_is_given_and_are_never_the_last_ones() -> None:
    first, other = MercadoPagoStandIn(), MercadoPagoStandIn()

    assert first.bank.next_id() != other.bank.next_id()
    assert 7 == MercadoPagoStandIn(first_id=7).bank.next_id()
