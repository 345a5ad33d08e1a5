"""A test to oneself: the same for the same press, seldom, and not waited for in vain (F2, F6)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.whatsapp_tests import (
    FORGOTTEN_AFTER,
    MOST_A_DAY,
    OwnTest,
    TestState,
    WhyNot,
    id_of_test,
    is_forgotten,
    may_be_test,
    may_test,
)

NOW = datetime(2026, 11, 25, 13, 42, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_same_press_is_the_same_message_and_looks_like_one_of_whatsapp() -> None:
    ids = {id_of_test(7, 1), id_of_test(7, 1), id_of_test(7, 2), id_of_test(8, 1)}

    assert 3 == len(ids)
    assert [True] * 3 == [may_be_test(one) and len(one) == len("3EB0") + 18 for one in ids]


@pytest.mark.parametrize(
    ("lately", "expected"),
    [
        pytest.param([], None, id="the first"),
        pytest.param([NOW - timedelta(seconds=59)], WhyNot.TOO_SOON, id="at once"),
        pytest.param([NOW - timedelta(seconds=61)], None, id="a minute later"),
        pytest.param([NOW - HOUR] * MOST_A_DAY, WhyNot.TOO_MANY, id="too many"),
        pytest.param([NOW - 25 * HOUR] * MOST_A_DAY, None, id="those of yesterday"),
    ],
)
def test_tests_are_few(lately: list[datetime], expected: WhyNot | None) -> None:
    assert expected is may_test(lately, NOW)


def test_one_that_could_not_go_is_given_up() -> None:
    waits = OwnTest(
        nonce=1,
        whatsapp_id=id_of_test(7, 1),
        phone="+5511987654321",
        own=True,
        state=TestState.WAITING,
        reason=None,
        created_at=NOW,
    )
    soon, late = NOW + FORGOTTEN_AFTER, NOW + FORGOTTEN_AFTER + timedelta(seconds=1)

    assert [False, True] == [is_forgotten(waits, at) for at in (soon, late)]
