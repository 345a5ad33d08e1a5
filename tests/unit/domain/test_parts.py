"""A message in two parts: what each sign of either means, and when the second may go (D5, F7)."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations, product
from typing import Any

import pytest

from domain.charter import Charter, OwnText
from domain.outbox import ENDED, READY, Answer, MessageState, OutboxMessage, at_close, settlement
from domain.outbox import may_become as may
from domain.parts import SECOND_NEEDS, Mark, Progress, may_begin, state_after
from domain.pix import parse_pix_key
from domain.reasons import Reason
from domain.reminders import Kind
from domain.rulebook import Held, Reviewed
from tests.unit.domain.makers import TODAY, make_client
from tests.unit.domain.test_rulebook import BILLING, NINE, charter, reviewed

S = MessageState
SIGNS = [*product((1, 2), (Mark.SENT, Mark.DELIVERED, Mark.READ))]
FIRST_OUT = Progress(Mark.SENT)
BOTH_OUT = Progress(Mark.SENT, Mark.SENT)
WORDS = ("Oi, Ana!", "0002…")
HALF = replace(
    BILLING,
    body=WORDS[0],
    second_body=WORDS[1],
    second_whatsapp_id="3EB1",
    first_is_out=True,
    attempt=1,
    first_attempts=1,
)
TWO = {Kind.BILLING: OwnText("Oi, {primeiro_nome}!\n{pix_copia_e_cola}", active=True)}


def progress_of(*signs: tuple[int, Mark]) -> Progress:
    """What is known after these signs."""
    known = Progress()
    for part, mark in signs:
        known = known.hear(part, mark)
    return known


@pytest.mark.parametrize("signs", [*permutations(SIGNS, 3)], ids=str)
def test_signs_mean_the_same_in_any_order_and_twice(signs: tuple[tuple[int, Mark], ...]) -> None:
    assert progress_of(*sorted(signs)) == progress_of(*signs, *signs)


def test_a_sign_of_the_second_part_is_proof_of_the_first() -> None:
    assert Progress(Mark.SENT, Mark.DELIVERED) == progress_of((2, Mark.DELIVERED))


@pytest.mark.parametrize(
    ("before", "sign", "expected"),
    [
        pytest.param((S.SENDING, Progress()), (1, Mark.SENT), S.QUEUED, id="the first is out"),
        pytest.param((S.SENDING, Progress()), (1, Mark.READ), S.QUEUED, id="read before its ack"),
        pytest.param((S.UNKNOWN, Progress()), (1, Mark.SENT), S.QUEUED, id="its late ack"),
        pytest.param((S.RETRY, Progress()), (1, Mark.DELIVERED), S.QUEUED, id="its late receipt"),
        pytest.param((S.FAILED, Progress()), (1, Mark.SENT), S.QUEUED, id="given up too early"),
        pytest.param((S.CANCELLED, Progress()), (1, Mark.SENT), S.CANCELLED, id="cancelled"),
        pytest.param((S.QUEUED, FIRST_OUT), (1, Mark.READ), S.QUEUED, id="between the two"),
        pytest.param((S.SENDING, FIRST_OUT), (1, Mark.READ), S.SENDING, id="the second under way"),
        pytest.param((S.SENDING, FIRST_OUT), (2, Mark.SENT), S.SENT, id="both are out"),
        pytest.param((S.SENDING, FIRST_OUT), (2, Mark.READ), S.SENT, id="the first is behind"),
        pytest.param((S.CANCELLED, FIRST_OUT), (2, Mark.SENT), S.SENT, id="cancelled too late"),
        pytest.param((S.FAILED, FIRST_OUT), (1, Mark.READ), S.FAILED, id="only the text was read"),
        pytest.param((S.SENT, BOTH_OUT), (1, Mark.READ), S.SENT, id="the code is behind"),
        pytest.param(
            (S.SENT, Progress(Mark.READ, Mark.SENT)), (2, Mark.DELIVERED), S.DELIVERED, id="slower"
        ),
        pytest.param(
            (S.DELIVERED, Progress(Mark.READ, Mark.DELIVERED)), (2, Mark.READ), S.READ, id="read"
        ),
    ],
)
def test_a_message_is_what_both_its_parts_have_come_to(
    before: tuple[MessageState, Progress], sign: tuple[int, Mark], expected: MessageState
) -> None:
    state, known = before

    assert expected == state_after(state, known, known.hear(*sign), may_go_on=True)


@pytest.mark.parametrize("state", [S.FAILED, S.EXPIRED])
def test_what_ended_stays_so_where_nothing_may_follow(state: MessageState) -> None:
    assert state == state_after(state, Progress(), FIRST_OUT, may_go_on=False)


def test_no_sign_ever_moves_a_message_where_it_may_not_go() -> None:
    known = [Progress(), FIRST_OUT, BOTH_OUT]
    moves = [
        (state, state_after(state, before, before.hear(*sign), may_go_on=True))
        for state, before, sign in product([*READY, *ENDED, S.SENDING], known, SIGNS)
    ]

    assert [] == [move for move in moves if move[0] != move[1] and not may(*move)]


@pytest.mark.parametrize(
    ("answer", "tries", "state", "reason"),
    [
        pytest.param(Answer.UNKNOWN, 1, S.UNKNOWN, Reason.UNCONFIRMED, id="may have arrived"),
        pytest.param(Answer.REFUSED, 1, S.RETRY, Reason.REFUSED, id="refused"),
        pytest.param(Answer.REFUSED, 5, S.FAILED, Reason.CODE_NOT_SENT, id="refused to the end"),
        pytest.param(Answer.NOT_WRITTEN, 5, S.FAILED, Reason.CODE_NOT_SENT, id="never written"),
        pytest.param(Answer.UNKNOWN, 5, S.FAILED, Reason.UNCONFIRMED, id="never confirmed"),
        pytest.param(Answer.RESTRICTED, 1, S.FAILED, Reason.RESTRICTED, id="463"),
    ],
)
def test_the_end_of_a_second_part_says_that_the_first_went(
    answer: Answer, tries: int, state: MessageState, reason: Reason
) -> None:
    end = settlement(
        answer,
        attempt=tries,
        delay=1.0,
        now=NINE,
        expires_at=NINE + SECOND_NEEDS,
        first_is_out=True,
    )

    assert (state, reason) == (end.state, end.reason)


@pytest.mark.parametrize(
    ("state", "first_is_out", "reason"),
    [
        pytest.param(S.QUEUED, False, Reason.WINDOW_CLOSED, id="nothing of it went"),
        pytest.param(S.QUEUED, True, Reason.CODE_NOT_SENT, id="the text went"),
        pytest.param(S.UNKNOWN, True, Reason.UNCONFIRMED, id="the code may have arrived"),
    ],
)
def test_hours_that_end_between_the_parts_say_so(
    state: MessageState, first_is_out: bool, reason: Reason
) -> None:
    assert reason == at_close(state, None, None, first_is_out=first_is_out).reason


def with_code(**settings: Any) -> Charter:
    """Rita's charter with a PIX key, and its code in her text."""
    key = parse_pix_key("rita@tv.example")
    return charter(TWO, pix_key=key, pix_beneficiary="Rita", **settings)


@pytest.mark.parametrize(
    ("alone", "parts"), [pytest.param(True, 2, id="on"), pytest.param(False, 1, id="off")]
)
def test_the_owner_chooses_whether_the_code_goes_alone(alone: bool, parts: int) -> None:
    words = reviewed(with_code(pix_alone=alone))

    assert isinstance(words, tuple)
    assert parts == len(words)


def test_what_was_tried_keeps_its_parts_whatever_is_switched() -> None:
    off = charter({Kind.BILLING: OwnText("Outro texto", active=True)}, pix_alone=False)

    assert WORDS == reviewed(off, message=HALF, client=make_client(phone=HALF.phone))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        pytest.param({"due_on": TODAY + timedelta(days=29)}, Reason.RENEWED, id="paid"),
        pytest.param({"opted_out": True}, Reason.OPTED_OUT, id="said SAIR"),
        pytest.param({"archived": True}, Reason.ARCHIVED, id="archived"),
        pytest.param({"phone": "+5511990000002"}, Reason.PHONE_CHANGED, id="another phone"),
    ],
)
def test_no_code_follows_a_text_whose_client_is_not_meant_any_more(
    changed: dict[str, Any], reason: Reason
) -> None:
    client = make_client(**{"phone": HALF.phone, **changed})
    found = reviewed(charter(), message=HALF, client=client)

    assert isinstance(found, Reviewed)
    assert (S.CANCELLED, reason) == (found.verdict.state, found.verdict.reason)


@pytest.mark.parametrize(
    ("message", "left", "begins"),
    [
        pytest.param(BILLING, SECOND_NEEDS, False, id="too late for both parts"),
        pytest.param(BILLING, SECOND_NEEDS + timedelta(seconds=1), True, id="just in time"),
        pytest.param(HALF, timedelta(seconds=1), True, id="the second part of one that began"),
    ],
)
def test_nothing_begins_that_its_hours_leave_no_time_to_end(
    message: OutboxMessage, left: timedelta, begins: bool
) -> None:
    last = replace(message, expires_at=NINE + left)
    found = reviewed(with_code(), message=last, client=make_client(phone=last.phone))

    assert begins is isinstance(found, tuple)
    assert begins or found == Held(Reason.WINDOW_CLOSED)


@pytest.mark.parametrize(
    ("state", "expected"),
    [("sent", Mark.SENT), ("delivered", Mark.DELIVERED), ("read", Mark.READ)],
)
def test_a_sign_is_the_mark_of_its_name(state: str, expected: Mark) -> None:
    assert expected is Mark.of(state)


def test_marks_are_numbers_that_a_table_holds() -> None:
    assert [0, 1, 2, 3] == [mark.value for mark in Mark]


@pytest.mark.parametrize(
    ("words", "left", "expected"),
    [
        pytest.param(("a",), timedelta(0), True, id="one part"),
        pytest.param(("a", "b"), SECOND_NEEDS, False, id="not quite time for two"),
        pytest.param(("a", "b"), SECOND_NEEDS + timedelta(seconds=1), True, id="time for two"),
    ],
)
def test_two_parts_begin_only_with_time_for_both(
    words: tuple[str, ...], left: timedelta, expected: bool
) -> None:
    assert expected == may_begin(words, NINE, NINE + left)
