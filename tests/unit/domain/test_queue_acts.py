"""What can be done with a message as it stands, and how it goes on after that (E7, E8)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.outbox import ARRIVED, ENDED, PENDING, READY, MessageState, may_become
from domain.pacing import PacingRules
from domain.queue_acts import (
    QueueAct,
    perhaps_arrived,
    possible,
    put_back,
    retried,
    too_late,
)
from domain.reasons import Reason
from domain.turns import fitting, step

S = MessageState
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=8)
CANCELS = {QueueAct.CANCEL, QueueAct.CANCEL_ALL}


@pytest.mark.parametrize("state", sorted(READY))
def test_what_may_go_can_go_now_or_be_cancelled(state: MessageState) -> None:
    assert CANCELS | {QueueAct.NOW} == possible(state, None, now=NOW, expires_at=LATER)


def test_what_lacks_a_datum_can_only_be_cancelled() -> None:
    assert possible(S.WAITING, Reason.MISSING_VALUES, now=NOW, expires_at=LATER) == CANCELS


@pytest.mark.parametrize("state", sorted(ARRIVED | {S.SENDING, S.CANCELLED, S.EXPIRED}))
def test_nothing_can_be_done_with_what_is_out_of_reach(state: MessageState) -> None:
    assert frozenset() == possible(state, None, now=NOW, expires_at=LATER)


def test_a_failed_one_can_be_tried_once_more_until_its_day_is_over() -> None:
    found = [possible(S.FAILED, Reason.REFUSED, now=at, expires_at=LATER) for at in (NOW, LATER)]

    assert [frozenset({QueueAct.RETRY}), frozenset()] == found


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("attempt", [0, 1, 5])
def test_where_a_failed_one_goes_is_a_step_that_exists(reason: Reason, attempt: int) -> None:
    after = retried(reason, attempt)

    assert (True, True) == (after in READY, may_become(S.FAILED, after))
    assert (after is S.UNKNOWN) <= (attempt > 0)


@pytest.mark.parametrize("was", sorted(PENDING))
@pytest.mark.parametrize("attempt", [0, 2])
def test_where_an_undone_one_goes_is_a_step_that_exists(was: MessageState, attempt: int) -> None:
    assert may_become(S.CANCELLED, put_back(was, attempt))


@pytest.mark.parametrize("state", S)
def test_every_state_has_words_for_an_act_that_comes_too_late(state: MessageState) -> None:
    assert too_late(state).endswith(".")


def test_nobody_knows_only_of_what_was_tried_and_never_answered() -> None:
    known = {(state, reason) for state in S for reason in Reason if perhaps_arrived(state, reason)}

    assert {(S.UNKNOWN, reason) for reason in Reason} | {(S.FAILED, Reason.UNCONFIRMED)} == known
    assert S.FAILED in ENDED


def test_a_step_is_the_middle_gap_and_the_longest_typing() -> None:
    rules = PacingRules(min_gap_s=10, max_gap_s=20, max_typing_s=5)

    assert timedelta(seconds=20) == step(rules)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param(0, 0, id="no time at all"),
        pytest.param(1, 1, id="a moment"),
        pytest.param(20, 1, id="as the second would begin"),
        pytest.param(21, 2, id="just after that"),
        pytest.param(-1, 0, id="over already"),
    ],
)
def test_what_fits_into_a_day_begins_before_its_end(seconds: int, expected: int) -> None:
    fits = fitting(NOW, NOW + timedelta(seconds=seconds), timedelta(seconds=20))

    assert expected == fits


@pytest.mark.parametrize(("until", "expected"), [(NOW, 0), (NOW + timedelta(seconds=1), 2**31)])
def test_without_a_pace_all_begin_at_once(until: datetime, expected: int) -> None:
    assert expected == fitting(NOW, until, timedelta())


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-60, 0), (-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2)]
)
def test_so_many_begin_before_the_end(seconds: int, expected: int) -> None:
    until = NOW + timedelta(seconds=seconds)

    assert expected == fitting(NOW, until, timedelta(seconds=30))
