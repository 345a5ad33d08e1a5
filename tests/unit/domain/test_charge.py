"""Which of several processes works."""

import pytest

from domain.charge import (
    AWAIT_SECONDS,
    FENCE_SECONDS,
    LEASE_SECONDS,
    RENEW_SECONDS,
    Seen,
    Standing,
    next_standing,
)

ALONE, WAITS = Seen(superseded=False, awaits=False), Seen(superseded=False, awaits=True)
BEHIND = Seen(superseded=True, awaits=False)
COMING, OURS = Standing.COMING, Standing.IN_CHARGE
SUPERSEDED, LOST = Standing.SUPERSEDED, Standing.LOST


@pytest.mark.parametrize(
    ("now", "seen", "waited", "expected"),
    [
        pytest.param(COMING, ALONE, 0.0, OURS, id="alone"),
        pytest.param(COMING, WAITS, 0.0, COMING, id="an older one finishes"),
        pytest.param(COMING, WAITS, AWAIT_SECONDS - 0.1, COMING, id="it still does"),
        pytest.param(COMING, WAITS, AWAIT_SECONDS, OURS, id="it takes too long"),
        pytest.param(COMING, BEHIND, 0.0, SUPERSEDED, id="another one came meanwhile"),
        pytest.param(OURS, ALONE, 9.0, OURS, id="nothing new"),
        pytest.param(OURS, WAITS, 0.0, OURS, id="an older one shows up again"),
        pytest.param(OURS, BEHIND, 0.0, SUPERSEDED, id="a newer one came"),
        pytest.param(SUPERSEDED, BEHIND, 0.0, SUPERSEDED, id="it lives"),
        pytest.param(SUPERSEDED, ALONE, 0.0, OURS, id="it died"),
        pytest.param(SUPERSEDED, WAITS, 0.0, COMING, id="it died, and one older still works"),
        pytest.param(LOST, ALONE, 0.0, OURS, id="found again"),
        pytest.param(LOST, WAITS, 0.0, COMING, id="an older one had taken over"),
        pytest.param(LOST, BEHIND, 0.0, SUPERSEDED, id="a newer one had"),
    ],
)
def test_the_newest_that_lives_is_in_charge(
    now: Standing, seen: Seen, waited: float, expected: Standing
) -> None:
    assert expected is next_standing(now, seen, waited_seconds=waited)


def test_a_process_stops_by_itself_before_its_lease_ends_and_has_two_chances_to_renew() -> None:
    assert 2 * RENEW_SECONDS <= FENCE_SECONDS < LEASE_SECONDS
