"""What an answer, a crash, a fault and the end of the day mean for a message, as values."""

import re
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from domain.outbox import (
    ARRIVED,
    ENDED,
    MAX_FAULTS,
    OPEN,
    PENDING,
    POSTPONE_MOST,
    READY,
    SETTLED,
    Answer,
    MessageState,
    Settlement,
    after_fault,
    at_close,
    may_become,
    may_come_back,
    postponement,
    recovery,
    settlement,
    taken_back,
)
from domain.pacing import MAX_ATTEMPTS
from domain.reasons import Reason

S = MessageState
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CLOSES = NOW + timedelta(hours=11)
DELAY = 90.0
AGAIN = NOW + timedelta(seconds=DELAY)
SCHEMA = Path(__file__).parents[3] / "storage" / "migrations" / "0004_outbox.sql"


def test_the_table_and_the_enum_know_the_same_states() -> None:
    check = re.search(r"state text NOT NULL CHECK \(state IN \(([^)]+)\)", SCHEMA.read_text())

    assert check is not None
    assert set(MessageState) == set(re.findall(r"'(\w+)'", check[1]))


def test_every_state_is_open_or_settled_and_never_both() -> None:
    assert (frozenset(S), 0) == (OPEN | SETTLED, len(OPEN & SETTLED))
    assert (PENDING - {S.WAITING}, SETTLED - ARRIVED) == (READY, ENDED)


@pytest.mark.parametrize(
    ("before", "after"),
    [*product(sorted(ARRIVED), sorted(set(S) - ARRIVED))],
    ids=lambda state: state.value,
)
def test_what_has_arrived_never_goes_back(before: MessageState, after: MessageState) -> None:
    assert not may_become(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(S.READ, S.DELIVERED, id="read, delivered"),
        pytest.param(S.DELIVERED, S.SENT, id="delivered, sent"),
        pytest.param(S.WAITING, S.SENDING, id="sent without its data"),
        pytest.param(S.EXPIRED, S.SENDING, id="sent after its day"),
        pytest.param(S.CANCELLED, S.SENDING, id="sent though cancelled"),
        pytest.param(S.FAILED, S.SENDING, id="tried on after the end"),
        pytest.param(S.SENDING, S.CANCELLED, id="cancelled on its way"),
        pytest.param(S.SENDING, S.WAITING, id="waiting on its way"),
    ],
)
def test_some_steps_do_not_exist(before: MessageState, after: MessageState) -> None:
    assert not may_become(before, after)


@pytest.mark.parametrize("before", sorted(set(S) - {S.READ, S.WAITING, S.QUEUED}))
def test_a_receipt_is_believed_whatever_was_thought_before(before: MessageState) -> None:
    assert may_become(before, S.READ)


@pytest.mark.parametrize(
    ("answer", "attempt", "expected"),
    [
        pytest.param(Answer.ACKED, 1, Settlement(S.SENT), id="acknowledged"),
        pytest.param(Answer.ACKED, MAX_ATTEMPTS, Settlement(S.SENT), id="at the last attempt"),
        pytest.param(
            Answer.RESTRICTED, 1, Settlement(S.FAILED, Reason.RESTRICTED), id="no new chats"
        ),
        pytest.param(
            Answer.REFUSED, 4, Settlement(S.RETRY, Reason.REFUSED, AGAIN), id="refused, again"
        ),
        pytest.param(
            Answer.REFUSED, MAX_ATTEMPTS, Settlement(S.FAILED, Reason.REFUSED), id="refused, over"
        ),
        pytest.param(
            Answer.UNKNOWN, 4, Settlement(S.UNKNOWN, Reason.UNCONFIRMED, AGAIN), id="unknown, again"
        ),
        pytest.param(
            Answer.UNKNOWN,
            MAX_ATTEMPTS,
            Settlement(S.FAILED, Reason.UNCONFIRMED),
            id="unknown, over",
        ),
        pytest.param(
            Answer.NOT_WRITTEN,
            1,
            Settlement(S.RETRY, Reason.NOT_CONNECTED, AGAIN),
            id="not written, again",
        ),
        pytest.param(
            Answer.NOT_WRITTEN,
            MAX_ATTEMPTS,
            Settlement(S.FAILED, Reason.ATTEMPTS_EXHAUSTED),
            id="not written, over",
        ),
        pytest.param(
            Answer.FAULT, 2, Settlement(S.UNKNOWN, Reason.INTERNAL, AGAIN), id="our fault, again"
        ),
        pytest.param(
            Answer.FAULT, MAX_FAULTS, Settlement(S.FAILED, Reason.INTERNAL), id="our fault, over"
        ),
    ],
)
def test_an_answer_means(answer: Answer, attempt: int, expected: Settlement) -> None:
    found = settlement(answer, attempt=attempt, delay=DELAY, now=NOW, expires_at=CLOSES)

    assert expected == found


@pytest.mark.parametrize("attempt", range(1, MAX_ATTEMPTS + 1))
@pytest.mark.parametrize("answer", [Answer.UNKNOWN, Answer.FAULT])
def test_what_may_have_arrived_is_never_taken_for_not_sent(answer: Answer, attempt: int) -> None:
    found = settlement(answer, attempt=attempt, delay=DELAY, now=NOW, expires_at=CLOSES)

    assert found.state in {S.UNKNOWN, S.FAILED}


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("attempt", range(1, MAX_ATTEMPTS + 1))
def test_an_answer_that_comes_after_the_window_ends_the_message(
    answer: Answer, attempt: int
) -> None:
    found = settlement(answer, attempt=attempt, delay=DELAY, now=CLOSES, expires_at=CLOSES)

    assert found.state in SETTLED
    assert (found.reason is None) == (answer is Answer.ACKED)


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("attempt", range(1, MAX_ATTEMPTS + 2))
@pytest.mark.parametrize("now", [NOW, CLOSES])
def test_every_settlement_is_a_legal_step(answer: Answer, attempt: int, now: datetime) -> None:
    found = settlement(answer, attempt=attempt, delay=DELAY, now=now, expires_at=CLOSES)

    assert may_become(S.SENDING, found.state)


@pytest.mark.parametrize(
    ("attempt", "now", "expected"),
    [
        pytest.param(1, NOW, Settlement(S.UNKNOWN, Reason.INTERRUPTED, NOW), id="at once"),
        pytest.param(2, NOW, Settlement(S.UNKNOWN, Reason.INTERRUPTED, AGAIN), id="then later"),
        pytest.param(
            MAX_ATTEMPTS, NOW, Settlement(S.FAILED, Reason.UNCONFIRMED), id="open at every crash"
        ),
        pytest.param(1, CLOSES, Settlement(S.FAILED, Reason.UNCONFIRMED), id="after the window"),
    ],
)
def test_a_send_that_nobody_waits_for(attempt: int, now: datetime, expected: Settlement) -> None:
    assert expected == recovery(attempt, delay=DELAY, now=now, expires_at=CLOSES)


@pytest.mark.parametrize(
    ("attempt", "expected"),
    [pytest.param(1, S.QUEUED, id="its first"), pytest.param(2, S.RETRY, id="a later one")],
)
def test_an_attempt_whose_frame_never_left_is_taken_back(
    attempt: int, expected: MessageState
) -> None:
    assert expected == taken_back(attempt)


def test_a_fault_puts_a_message_behind_the_others_and_the_third_aside() -> None:
    first, second, third = (after_fault(S.QUEUED, faults, NOW) for faults in (1, 2, MAX_FAULTS))

    assert first.next_try is not None
    assert second.next_try is not None
    assert NOW < first.next_try < second.next_try
    assert Settlement(S.FAILED, Reason.INTERNAL) == third


@pytest.mark.parametrize("state", [S.QUEUED, S.RETRY, S.UNKNOWN])
def test_a_fault_leaves_a_message_in_the_state_it_was_in(state: MessageState) -> None:
    assert state is after_fault(state, 1, NOW).state


def test_what_may_have_arrived_is_set_aside_as_such() -> None:
    assert Reason.UNCONFIRMED is after_fault(S.UNKNOWN, MAX_FAULTS, NOW).reason


def test_a_message_that_steps_aside_does_so_longer_and_longer_up_to_a_limit() -> None:
    waits = [postponement(times) for times in range(40)]

    assert waits == sorted(waits)
    assert (timedelta(minutes=1), POSTPONE_MOST) == (waits[0], waits[-1])


@pytest.mark.parametrize(
    ("state", "reason", "obstacle", "expected"),
    [
        pytest.param(S.QUEUED, None, None, (S.EXPIRED, Reason.WINDOW_CLOSED), id="no time left"),
        pytest.param(
            S.QUEUED, None, Reason.NEEDS_QR, (S.EXPIRED, Reason.NEEDS_QR), id="never connected"
        ),
        pytest.param(
            S.WAITING,
            Reason.MISSING_VALUES,
            Reason.NEEDS_QR,
            (S.EXPIRED, Reason.MISSING_VALUES),
            id="its own reason first",
        ),
        pytest.param(
            S.RETRY, Reason.REFUSED, None, (S.EXPIRED, Reason.REFUSED), id="refused before"
        ),
        pytest.param(
            S.UNKNOWN,
            Reason.INTERRUPTED,
            Reason.NOT_CONNECTED,
            (S.FAILED, Reason.UNCONFIRMED),
            id="perhaps sent",
        ),
        pytest.param(
            S.QUEUED, Reason.AWAY, Reason.NEEDS_QR, (S.EXPIRED, Reason.NEEDS_QR), id="held on"
        ),
        pytest.param(
            S.QUEUED,
            Reason.NUMBER_UNANSWERED,
            Reason.BANNED,
            (S.EXPIRED, Reason.BANNED),
            id="to be asked about again, and the line ended",
        ),
        pytest.param(
            S.QUEUED,
            Reason.NUMBER_UNANSWERED,
            None,
            (S.EXPIRED, Reason.NUMBER_UNANSWERED),
            id="never answered",
        ),
        pytest.param(
            S.QUEUED, Reason.PAUSED, None, (S.EXPIRED, Reason.PAUSED), id="held until the end"
        ),
        pytest.param(
            S.RETRY,
            Reason.NOT_CONNECTED,
            Reason.PAUSED,
            (S.EXPIRED, Reason.NOT_CONNECTED),
            id="tried without success",
        ),
        pytest.param(S.SENDING, None, None, (S.FAILED, Reason.UNCONFIRMED), id="left behind"),
        pytest.param(
            S.QUEUED, "of_an_older_version", None, (S.EXPIRED, Reason.WINDOW_CLOSED), id="old code"
        ),
    ],
)
def test_the_end_of_the_window_tells_the_true_reason(
    state: MessageState,
    reason: str | None,
    obstacle: Reason | None,
    expected: tuple[MessageState, Reason],
) -> None:
    found = at_close(state, reason, obstacle)

    assert expected == (found.state, found.reason)


@pytest.mark.parametrize(
    ("state", "reason", "attempt", "expected"),
    [
        pytest.param(S.CANCELLED, Reason.RENEWED, 0, True, id="renewed by a slip"),
        pytest.param(S.CANCELLED, Reason.KIND_OFF, 0, True, id="switched off for a while"),
        pytest.param(S.EXPIRED, Reason.WINDOW_CLOSED, 0, True, id="the window was made longer"),
        pytest.param(S.CANCELLED, Reason.CANCELLED, 0, False, id="cancelled by hand"),
        pytest.param(S.CANCELLED, Reason.DISMISSED, 0, False, id="the owner said no"),
        pytest.param(S.CANCELLED, Reason.RENEWED, 1, False, id="tried before"),
        pytest.param(S.FAILED, Reason.NOT_ON_WHATSAPP, 0, False, id="failed"),
        pytest.param(S.SENT, None, 0, False, id="sent"),
    ],
)
def test_only_what_was_never_tried_comes_back(
    state: MessageState, reason: str | None, attempt: int, *, expected: bool
) -> None:
    assert expected == may_come_back(state, reason, attempt)


@pytest.mark.parametrize("held", [None, Reason.PAUSED, Reason.AWAY])
def test_a_reason_of_its_own_stands_before_what_holds_the_queue(held: Reason | None) -> None:
    assert Settlement(S.EXPIRED, Reason.MISSING_VALUES) == at_close(
        S.WAITING, Reason.MISSING_VALUES, held
    )
