"""The end of what was granted: always the fold of the grants that stand (A5)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.grants import Grant, paid_until, would_end_at

SIGNED_UP = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
TRIAL_ENDS = SIGNED_UP + timedelta(days=7)
DAY = timedelta(days=1)


def grant_of(number: int, on_day: int, days: int = 30, *, back: bool = False) -> Grant:
    """One grant that starts so many days after sign-up."""
    starts_at = SIGNED_UP + on_day * DAY
    return Grant(
        grant_id=number,
        charge_id=number,
        days=days,
        starts_at=starts_at,
        taken_back_at=starts_at if back else None,
    )


GRANTS = st.lists(
    st.builds(
        grant_of,
        st.integers(1, 10**6),
        st.integers(-40, 400),
        st.integers(1, 90),
        back=st.booleans(),
    ),
    max_size=8,
)


def test_nothing_granted_has_no_end() -> None:
    assert None is paid_until(TRIAL_ENDS, [])


def test_paying_in_the_trial_loses_no_day_of_it() -> None:
    assert TRIAL_ENDS + 30 * DAY == paid_until(TRIAL_ENDS, [grant_of(1, 3)])


def test_days_begin_when_it_was_paid_where_all_was_over() -> None:
    assert SIGNED_UP + 70 * DAY == paid_until(TRIAL_ENDS, [grant_of(1, 40)])


def test_the_first_of_two_taken_back_leaves_the_second_whole() -> None:
    first, second = grant_of(1, 3, back=True), grant_of(2, 40)

    assert SIGNED_UP + 70 * DAY == paid_until(TRIAL_ENDS, [first, second])


@given(GRANTS)
def test_the_order_they_were_written_in_does_not_matter(grants: list[Grant]) -> None:
    assert paid_until(TRIAL_ENDS, grants) == paid_until(TRIAL_ENDS, reversed(grants))


@given(GRANTS)
def test_who_pays_while_it_runs_gets_every_day(grants: list[Grant]) -> None:
    early = [replace(grant, starts_at=TRIAL_ENDS - DAY) for grant in grants]
    days = sum(grant.days for grant in early if grant.stands)

    assert TRIAL_ENDS + days * DAY == (paid_until(TRIAL_ENDS, early) or TRIAL_ENDS)


@given(GRANTS, st.integers(-40, 400))
def test_one_more_never_brings_the_end_nearer(grants: list[Grant], on_day: int) -> None:
    before = paid_until(TRIAL_ENDS, grants) or TRIAL_ENDS
    after = paid_until(TRIAL_ENDS, [*grants, grant_of(0, on_day)])

    assert after is not None
    assert before <= after


def test_paying_now_adds_to_what_is_left_or_begins_now() -> None:
    assert TRIAL_ENDS + 30 * DAY == would_end_at(TRIAL_ENDS, 30, SIGNED_UP)
    assert TRIAL_ENDS + 31 * DAY == would_end_at(TRIAL_ENDS, 30, TRIAL_ENDS + DAY)


def test_days_that_were_taken_back_are_not_counted() -> None:
    first, second = grant_of(1, 3, back=True), grant_of(2, 5)

    assert (False, True) == (first.stands, second.stands)
    assert TRIAL_ENDS + 30 * DAY == paid_until(TRIAL_ENDS, [first, second])
