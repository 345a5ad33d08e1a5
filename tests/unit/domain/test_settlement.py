"""What follows from a payment (A5): granted once, taken back once, given back once."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.charges import CHARGE_LIVES, Charge, ChargeState, Payment, owner_in, reference_of
from domain.settlement import (
    Difference,
    Follows,
    Granted,
    News,
    Settlement,
    settle,
    state_of,
)

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
OWNER = 7
KEY = UUID("00000000-0000-0000-0000-00000000abcd")
PRICE = Decimal("20.00")
NOTHING = Decimal(0)
CHARGE = Charge(
    charge_id=1,
    amount=PRICE,
    currency="BRL",
    days=30,
    state=ChargeState.PENDING,
    reference=reference_of(OWNER, KEY),
    key=KEY,
    payer_email="ana@exemplo.com.br",
    created_at=NOW,
    expires_at=NOW + CHARGE_LIVES,
    payment_id="900",
)
PAYMENT = Payment(
    payment_id="900",
    status="approved",
    status_detail="accredited",
    amount=PRICE,
    currency="BRL",
    reference=CHARGE.reference,
    refunded=NOTHING,
    approved_at=NOW,
    updated_at=NOW,
    expires_at=None,
    live=True,
)
AFTER = {
    Follows.GRANT: Granted.STANDS,
    Follows.GIVE_BACK: Granted.STANDS,
    Follows.TAKE_BACK: Granted.TAKEN_BACK,
}
STATUSES = st.sampled_from(
    [
        ("pending", "pending_waiting_transfer"),
        ("approved", "accredited"),
        ("approved", "partially_refunded"),
        ("rejected", "bank_error"),
        ("cancelled", "expired"),
        ("cancelled", "by_collector"),
        ("refunded", "refunded"),
        ("charged_back", "in_process"),
        ("charged_back", "reimbursed"),
        ("in_mediation", "pending"),
        ("no_such_status", ""),
    ]
)
TOLD = st.lists(
    st.builds(
        lambda status, minute, cents: replace(
            PAYMENT,
            status=status[0],
            status_detail=status[1],
            refunded=Decimal(cents) / 100,
            updated_at=NOW + timedelta(minutes=minute),
        ),
        STATUSES,
        st.integers(0, 50),
        st.sampled_from([0, 0, 0, 500, 2000]),
    ),
    max_size=12,
)


def standing(charge: Charge, granted: Granted, booked: Decimal, payment: Payment) -> Settlement:
    return settle(charge, payment, tenant_id=OWNER, granted=granted, booked=booked)


def follow(
    charge: Charge, granted: Granted, settlement: Settlement, payment: Payment
) -> tuple[Charge, Granted, Decimal]:
    """What stands after `settlement`, as storage writes it."""
    if settlement.taken:
        charge = replace(
            charge,
            state=settlement.state,
            refunded=settlement.refunded,
            provider_updated_at=payment.updated_at,
        )
    return charge, AFTER.get(settlement.follows, granted), settlement.booked


def lived(told: list[Payment]) -> tuple[Charge, Granted, Decimal, list[Follows]]:
    """A charge after all that was told of it, and what followed each time."""
    charge, granted, booked, followed = CHARGE, Granted.NOT_YET, NOTHING, []
    for payment in told:
        settlement = standing(charge, granted, booked, payment)
        followed.append(settlement.follows)
        charge, granted, booked = follow(charge, granted, settlement, payment)
    return charge, granted, booked, followed


def test_an_approved_payment_grants_once() -> None:
    *_, followed = lived([PAYMENT, PAYMENT, PAYMENT])

    assert [Follows.GRANT, Follows.NOTHING, Follows.NOTHING] == followed


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        pytest.param({"amount": Decimal("19.99")}, {Difference.AMOUNT}, id="smaller amount"),
        pytest.param({"amount": Decimal("20.01")}, {Difference.AMOUNT}, id="larger amount"),
        pytest.param({"currency": "ARS"}, {Difference.CURRENCY}, id="other currency"),
        pytest.param({"payment_id": "901"}, {Difference.PAYMENT_ID}, id="other payment"),
        pytest.param({"reference": None}, {Difference.REFERENCE}, id="no reference"),
        pytest.param(
            {"reference": reference_of(8, KEY)},
            {Difference.OWNER, Difference.REFERENCE},
            id="another tenant's",
        ),
    ],
)
def test_what_differs_grants_nothing_and_is_told(
    changed: dict[str, object], difference: set[Difference]
) -> None:
    payment = replace(PAYMENT, **changed)  # type: ignore[arg-type]

    settlement = standing(CHARGE, Granted.NOT_YET, NOTHING, payment)

    assert (Follows.NOTHING, ChargeState.PENDING, News.MISMATCH, difference) == (
        settlement.follows,
        settlement.state,
        settlement.news,
        set(settlement.differs),
    )


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param(["refunded"], (Granted.TAKEN_BACK, NOTHING), id="refunded"),
        pytest.param(["refunded", "approved"], (Granted.TAKEN_BACK, NOTHING), id="final"),
        pytest.param(["charged_back"], (Granted.TAKEN_BACK, NOTHING), id="charged back"),
        pytest.param(["charged_back", "approved"], (Granted.STANDS, PRICE), id="won"),
        pytest.param(["in_mediation"], (Granted.STANDS, PRICE), id="disputed"),
        pytest.param(
            ["in_mediation", "charged_back"], (Granted.TAKEN_BACK, NOTHING), id="dispute lost"
        ),
        pytest.param(["cancelled", "pending"], (Granted.STANDS, PRICE), id="nonsense"),
    ],
)
def test_what_becomes_of_an_approved_one(
    states: list[str], expected: tuple[Granted, Decimal]
) -> None:
    later = [
        replace(PAYMENT, status=state, status_detail="", updated_at=NOW + timedelta(hours=hour))
        for hour, state in enumerate(states, 1)
    ]

    _, granted, booked, _ = lived([PAYMENT, *later])

    assert expected == (granted, booked)


def test_a_partial_refund_takes_no_day_and_is_told() -> None:
    granted, _ = replace(CHARGE, state=ChargeState.APPROVED), None
    part = replace(PAYMENT, status_detail="partially_refunded", refunded=Decimal("5.00"))

    settlement = standing(granted, Granted.STANDS, PRICE, part)

    assert (Follows.NOTHING, News.PARTLY_REFUNDED, Decimal("15.00")) == (
        settlement.follows,
        settlement.news,
        settlement.booked,
    )


def test_all_of_it_returned_in_parts_takes_the_days_back() -> None:
    charge = replace(CHARGE, state=ChargeState.APPROVED, refunded=Decimal("5.00"))
    rest = replace(PAYMENT, status_detail="partially_refunded", refunded=PRICE)

    settlement = standing(charge, Granted.STANDS, Decimal("15.00"), rest)

    assert (Follows.TAKE_BACK, ChargeState.REFUNDED, NOTHING) == (
        settlement.follows,
        settlement.state,
        settlement.booked,
    )


def test_what_ran_out_and_was_paid_in_its_last_minutes_counts() -> None:
    expired = replace(CHARGE, state=ChargeState.EXPIRED)

    assert Follows.GRANT is standing(expired, Granted.NOT_YET, NOTHING, PAYMENT).follows


def test_what_was_disputed_before_it_was_seen_is_granted_until_that_is_decided() -> None:
    disputed = replace(PAYMENT, status="in_mediation", status_detail="pending")

    settlement = standing(CHARGE, Granted.NOT_YET, NOTHING, disputed)

    assert (Follows.GRANT, News.IN_MEDIATION) == (settlement.follows, settlement.news)


def test_a_late_word_of_earlier_times_changes_nothing() -> None:
    charge = replace(CHARGE, state=ChargeState.APPROVED, provider_updated_at=NOW)
    earlier = replace(PAYMENT, status="refunded", updated_at=NOW - timedelta(seconds=1))

    assert not standing(charge, Granted.STANDS, PRICE, earlier).taken


def test_a_status_nobody_told_us_of_is_told_and_changes_nothing() -> None:
    odd = replace(PAYMENT, status="no_such_status")

    settlement = standing(CHARGE, Granted.NOT_YET, NOTHING, odd)

    assert (News.UNKNOWN_STATUS, Follows.NOTHING) == (settlement.news, settlement.follows)


@given(TOLD)
def test_days_come_and_go_in_turns_and_are_granted_once(told: list[Payment]) -> None:
    _, granted, _, followed = lived(told)
    counted = Counter(followed)
    given_out = counted[Follows.GRANT] + counted[Follows.GIVE_BACK]
    stands = granted is Granted.STANDS

    assert counted[Follows.GRANT] <= 1
    assert int(stands) == given_out - counted[Follows.TAKE_BACK]


@given(TOLD)
def test_the_books_hold_what_was_not_returned_of_days_that_stand(told: list[Payment]) -> None:
    charge, granted, booked, _ = lived(told)

    assert (charge.amount - charge.refunded if granted is Granted.STANDS else NOTHING) == booked


@given(TOLD)
def test_told_again_nothing_follows(told: list[Payment]) -> None:
    twice = [payment for payment in told for _ in range(2)]

    assert lived(told)[:3] == lived(twice)[:3]


@given(st.integers(1, 2**63 - 1), st.uuids())
def test_a_reference_tells_whose_it_is_and_is_short_enough(tenant_id: int, key: UUID) -> None:
    reference = reference_of(tenant_id, key)

    assert tenant_id == owner_in(reference)
    assert len(reference) <= 64


@pytest.mark.parametrize(
    ("status", "detail", "expected"),
    [
        ("in_process", "pending_review_manual", ChargeState.PENDING),
        ("authorized", "pending_capture", ChargeState.PENDING),
        ("cancelled", "expired", ChargeState.EXPIRED),
        ("cancelled", "by_collector", ChargeState.CANCELLED),
        ("charged_back", "settled", ChargeState.CHARGED_BACK),
        ("charged_back", "reimbursed", ChargeState.APPROVED),
        ("new_word", "", None),
    ],
)
def test_each_status_has_a_state_of_ours(
    status: str, detail: str, expected: ChargeState | None
) -> None:
    assert expected is state_of(replace(PAYMENT, status=status, status_detail=detail))


@pytest.mark.parametrize(
    ("state", "status", "expected"),
    [
        pytest.param(ChargeState.APPROVED, "rejected", ChargeState.APPROVED, id="paid"),
        pytest.param(ChargeState.EXPIRED, "pending", ChargeState.EXPIRED, id="ran out"),
        pytest.param(ChargeState.EXPIRED, "rejected", ChargeState.REJECTED, id="over otherwise"),
        pytest.param(ChargeState.PENDING, "pending", ChargeState.PENDING, id="still waits"),
    ],
)
def test_what_was_paid_never_becomes_unpaid_and_what_is_over_never_waits_again(
    state: ChargeState, status: str, expected: ChargeState
) -> None:
    told = replace(PAYMENT, status=status, status_detail="")

    assert expected is standing(replace(CHARGE, state=state), Granted.NOT_YET, NOTHING, told).state


def test_a_dispute_that_was_won_is_told() -> None:
    disputed = replace(CHARGE, state=ChargeState.IN_MEDIATION, approved_at=NOW)

    assert News.WON is standing(disputed, Granted.STANDS, PRICE, PAYMENT).news
