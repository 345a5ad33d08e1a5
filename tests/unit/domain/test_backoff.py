"""One way to wait, whoever waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backoff import ACTOR_RESTART, DATABASE, JOB, TELEGRAM, Backoff
from tests.virtual_time import seeded

POLICIES = [
    pytest.param(ACTOR_RESTART, id="an actor's restart"),
    pytest.param(DATABASE, id="the database"),
    pytest.param(TELEGRAM, id="Telegram"),
    pytest.param(JOB, id="a job"),
]


@pytest.mark.parametrize("policy", POLICIES)
@given(failures=st.integers(0, 10**9), seed=st.integers())
def test_a_wait_is_never_longer_than_the_ceiling(policy: Backoff, failures: int, seed: int) -> None:
    delay = policy.delay(failures, seeded(seed))

    assert policy.first_s * policy.least <= delay <= policy.most_s


@pytest.mark.parametrize("policy", POLICIES)
def test_the_step_doubles_until_the_ceiling(policy: Backoff) -> None:
    steps = [max(policy.delay(n, seeded(seed)) for seed in range(200)) for n in range(1, 5)]
    ceilings = [min(policy.most_s, policy.first_s * 2**n) for n in range(4)]

    assert ceilings == pytest.approx(steps, rel=0.05)


@pytest.mark.parametrize("policy", POLICIES)
def test_no_failure_waits_as_long_as_one(policy: Backoff) -> None:
    assert policy.delay(0, seeded(1)) == policy.delay(1, seeded(1))


def test_full_jitter_may_come_back_at_once_and_half_jitter_may_not() -> None:
    full = min(ACTOR_RESTART.delay(9, seeded(seed)) for seed in range(500))
    half = min(DATABASE.delay(9, seeded(seed)) for seed in range(500))

    assert full < ACTOR_RESTART.most_s * 0.05
    assert half >= DATABASE.most_s * 0.5
