"""The tenant's own trial and paid time (A2, A5, A6, A7)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.subscription import (
    Area,
    Standing,
    Subscription,
    Terms,
    Told,
    days_left,
    is_open,
    may_use,
    standing,
    warning_due,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)  # 09:00 in São Paulo
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
TRIAL = Subscription(trial_ends_at=NOW + Terms().trial)
MIDNIGHT = datetime(2026, 12, 2, 3, tzinfo=UTC)  # that ends 01/12 in São Paulo
ZONES = ("America/Sao_Paulo", "America/Noronha", "America/Rio_Branco", "Europe/Lisbon", "UTC")
INSTANTS = st.timedeltas(-400 * DAY, 400 * DAY).map(lambda since: NOW + since)


def test_access_lasts_through_the_last_day_of_the_tenants_own_zone() -> None:
    stands = [standing(TRIAL, at) for at in (NOW, MIDNIGHT - SECOND, MIDNIGHT)]

    assert date(2026, 12, 1) == TRIAL.ends_on
    assert [Standing.TRIAL, Standing.TRIAL, Standing.ENDED] == stands


def test_what_was_granted_ends_by_the_clock_of_whoever_it_was_granted_to() -> None:
    acre = Subscription(trial_ends_at=TRIAL.trial_ends_at, zone=ZoneInfo("America/Rio_Branco"))

    assert Standing.TRIAL is standing(acre, MIDNIGHT + timedelta(hours=2) - SECOND)
    assert Standing.ENDED is standing(acre, MIDNIGHT + timedelta(hours=2))


def test_thirty_days_after_the_end_the_data_need_not_be_kept() -> None:
    last = MIDNIGHT + 30 * DAY

    assert date(2027, 1, 1) == TRIAL.erasable_on
    assert [Standing.ENDED, Standing.ERASABLE] == [
        standing(TRIAL, last - SECOND),
        standing(TRIAL, last),
    ]


@pytest.mark.parametrize(
    ("paid_for", "expected"),
    [
        pytest.param(None, Standing.ENDED, id="never paid"),
        pytest.param(-2 * DAY, Standing.ENDED, id="paid, over"),
        pytest.param(DAY, Standing.ACTIVE, id="paid"),
    ],
)
def test_a_payment_outlives_the_trial(paid_for: timedelta | None, expected: Standing) -> None:
    paid_until = None if paid_for is None else NOW + paid_for

    subscription = Subscription(trial_ends_at=NOW - 9 * DAY, paid_until=paid_until)

    assert expected is standing(subscription, NOW)


def test_who_is_blocked_is_blocked_whatever_was_paid() -> None:
    paid = Subscription(trial_ends_at=NOW, paid_until=NOW + 30 * DAY, blocked=True)

    assert Standing.BLOCKED is standing(paid, NOW)


@pytest.mark.parametrize(
    ("stands", "closed"),
    [
        pytest.param(Standing.TRIAL, set(), id="trial"),
        pytest.param(Standing.ACTIVE, set(), id="active"),
        pytest.param(Standing.ENDED, {Area.EVERYTHING_ELSE}, id="ended"),
        pytest.param(Standing.ERASABLE, {Area.EVERYTHING_ELSE}, id="erasable"),
        pytest.param(Standing.BLOCKED, {Area.EVERYTHING_ELSE, Area.PAYMENT}, id="blocked"),
    ],
)
def test_what_is_closed_follows_from_where_one_stands(stands: Standing, closed: set[Area]) -> None:
    assert closed == {area for area in Area if not is_open(area, stands)}


@given(
    now=INSTANTS,
    trial=INSTANTS,
    paid=st.none() | INSTANTS,
    blocked=st.booleans(),
    zone=st.sampled_from(ZONES),
)
def test_standing_is_what_a_calendar_on_the_wall_would_say(
    now: datetime, trial: datetime, paid: datetime | None, zone: str, *, blocked: bool
) -> None:
    """The whole rule once more, by dates alone: no instant is compared."""
    own = ZoneInfo(zone)
    today = now.astimezone(own).date()
    trial_day = trial.astimezone(own).date()
    paid_day = paid.astimezone(own).date() if paid else date.min
    last = max(trial_day, paid_day)
    subscription = Subscription(trial_ends_at=trial, paid_until=paid, blocked=blocked, zone=own)

    by_date = [
        (blocked, Standing.BLOCKED),
        (today <= paid_day, Standing.ACTIVE),
        (today <= trial_day, Standing.TRIAL),
        (today <= last + 30 * DAY, Standing.ENDED),
        (True, Standing.ERASABLE),
    ]
    expected = next(stands for applies, stands in by_date if applies)

    assert expected is standing(subscription, now)
    assert may_use(Area.EVERYTHING_ELSE, subscription, now) == (
        expected in {Standing.TRIAL, Standing.ACTIVE}
    )
    assert max(0, (last - today).days) == days_left(subscription, now)


@given(jump=st.timedeltas(-400 * DAY, 400 * DAY), now=INSTANTS)
def test_a_clock_that_was_wrong_for_a_while_leaves_no_trace(jump: timedelta, now: datetime) -> None:
    before = standing(TRIAL, now)
    standing(TRIAL, now + jump)

    assert before is standing(TRIAL, now)


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        pytest.param(4, None, id="too early"),
        pytest.param(3, Told.THREE_DAYS, id="three days before"),
        pytest.param(2, None, id="between"),
        pytest.param(1, Told.ONE_DAY, id="the day before"),
        pytest.param(0, Told.LAST_DAY, id="on the day"),
        pytest.param(-1, Told.OVER, id="the day after"),
        pytest.param(-2, Told.OVER, id="where nobody could on the day after"),
        pytest.param(-3, None, id="late enough"),
        pytest.param(-25, None, id="long before the data goes"),
        pytest.param(-26, Told.ERASURE, id="five days before the data may go"),
        pytest.param(-30, Told.ERASURE, id="the day before the data may go"),
        pytest.param(-31, None, id="the data may go"),
    ],
)
def test_the_owner_is_told_of_the_end_of_its_access(ahead: int, expected: Told | None) -> None:
    assert expected == warning_due(TRIAL, TRIAL.ends_at - ahead * DAY)


def test_who_is_blocked_is_not_asked_to_pay() -> None:
    blocked = Subscription(trial_ends_at=NOW, blocked=True)

    assert warning_due(blocked, NOW) is None
