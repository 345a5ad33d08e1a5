"""What an administrator tells all owners: to whom, how long, and how it stands (A11)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.broadcasts import (
    GROUP_ROWS,
    MOST_LETTERS,
    OPEN,
    Broadcast,
    BroadcastState,
    BroadcastTo,
    Group,
    Reach,
    is_in,
    parse_body,
)
from domain.subscription import Standing
from errors import InvalidInput

BROADCAST = Broadcast(
    broadcast_id=3,
    made_by=9,
    body="Amanhã o EmDia para às 22:00.",
    audience=BroadcastTo.ALL,
    state=BroadcastState.RUNNING,
    total=100,
    made_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    ended_at=None,
    counts={
        Reach.WAITING: 1,
        Reach.SENDING: 2,
        Reach.SENT: 4,
        Reach.UNREACHABLE: 8,
        Reach.REFUSED: 16,
        Reach.UNSURE: 32,
    },
)


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (BroadcastTo.ALL, {Standing.TRIAL, Standing.ACTIVE, Standing.ENDED, Standing.ERASABLE}),
        (BroadcastTo.TRIAL, {Standing.TRIAL}),
        (BroadcastTo.ACTIVE, {Standing.ACTIVE}),
        (BroadcastTo.ENDED, {Standing.ENDED, Standing.ERASABLE}),
    ],
)
def test_who_is_told_is_chosen_by_standing_and_who_is_blocked_never_is(
    audience: BroadcastTo, expected: set[Standing]
) -> None:
    assert expected == {standing for standing in Standing if is_in(audience, standing)}


@pytest.mark.parametrize(
    ("audience", "standing", "expected"),
    [
        (BroadcastTo.ALL, Standing.ENDED, True),
        (BroadcastTo.ALL, Standing.BLOCKED, False),
        (BroadcastTo.TRIAL, Standing.TRIAL, True),
        (BroadcastTo.TRIAL, Standing.ACTIVE, False),
        (BroadcastTo.ACTIVE, Standing.ACTIVE, True),
        (BroadcastTo.ACTIVE, Standing.ENDED, False),
        (BroadcastTo.ENDED, Standing.ENDED, True),
        (BroadcastTo.ENDED, Standing.TRIAL, False),
    ],
)
def test_whether_somebody_is_told_is_yes_or_no(
    audience: BroadcastTo, standing: Standing, expected: bool
) -> None:
    assert expected is is_in(audience, standing)


@pytest.mark.parametrize(
    ("group", "reaches", "owners"),
    [
        (Group.HEARD, (Reach.SENT,), 4),
        (Group.LEFT, (Reach.WAITING, Reach.SENDING), 3),
        (Group.SHUT, (Reach.UNREACHABLE,), 8),
        (Group.REFUSED, (Reach.REFUSED,), 16),
        (Group.DOUBTED, (Reach.UNSURE,), 32),
    ],
)
def test_each_group_counts_its_own_owners(
    group: Group, reaches: tuple[Reach, ...], owners: int
) -> None:
    assert (reaches, owners) == (group.reaches, BROADCAST.group(group))


def test_every_owner_is_in_one_group_and_one_alone() -> None:
    assert sorted(Reach) == sorted(reach for group in Group for reach in group.reaches)


def test_what_is_left_and_who_is_gone_add_up_to_all() -> None:
    assert (3, 37, 5) == (
        BROADCAST.left,
        BROADCAST.erased,
        BROADCAST.count(Reach.WAITING, Reach.SENT),
    )


def test_nobody_counted_is_nobody() -> None:
    empty = Broadcast(
        broadcast_id=3,
        made_by=9,
        body="Oi",
        audience=BroadcastTo.ALL,
        state=BroadcastState.DONE,
        total=0,
        made_at=BROADCAST.made_at,
        ended_at=BROADCAST.made_at,
        counts={},
    )

    assert (0, 0, 0) == (empty.left, empty.erased, empty.count(Reach.SENT))


def test_its_words_are_not_in_what_a_log_would_show() -> None:
    assert "22:00" not in repr(BROADCAST)


def test_what_runs_or_rests_is_open_and_the_rest_is_over() -> None:
    assert {BroadcastState.RUNNING, BroadcastState.PAUSED} == OPEN


def test_the_codes_that_are_kept_and_the_size_of_a_page() -> None:
    assert (["running", "paused", "stopped", "done"], ["h", "l", "s", "r", "d"], 6) == (
        list(BroadcastState),
        list(Group),
        GROUP_ROWS,
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("Oi", "Oi", id="as it is"),
        pytest.param("  Oi, gente!  \n\n  Até já \n", "Oi, gente!\n\nAté já", id="lines are kept"),
        pytest.param("a" * MOST_LETTERS, "a" * 3500, id="as long as it may be"),
        pytest.param("😀" * 1750, "😀" * 1750, id="a face counts as two letters"),
    ],
)
def test_a_text_is_told_as_it_was_typed(typed: str, expected: str) -> None:
    assert expected == parse_body(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("", "Escreva o aviso em texto.", id="nothing"),
        pytest.param(" \n\t ", "Escreva o aviso em texto.", id="nothing to see"),
        pytest.param(
            "a" * 3501, "O aviso tem 3501 letras, e cabem 3500. Tire 1.", id="one too many"
        ),
        pytest.param(
            "😀" * 1750 + "ab", "O aviso tem 3502 letras, e cabem 3500. Tire 2.", id="with faces"
        ),
    ],
)
def test_what_cannot_be_told_is_refused_with_how_much_is_too_much(
    typed: str, expected: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_body(typed)

    assert expected == str(refused.value)


@given(st.text(max_size=50))
def test_what_was_read_once_is_read_the_same_again(typed: str) -> None:
    body = parse_body(f"Oi {typed}")

    assert body == parse_body(body)
