"""One way to wait, whoever waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.backoff import (
    ACTOR_RESTART,
    DATABASE,
    JOB,
    TELEGRAM,
    WHATSAPP_LINE,
    WHATSAPP_ODD_END,
    Backoff,
)
from tests.unit.domain.makers import LONGEST, SHORTEST
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


@pytest.mark.parametrize(
    ("policy", "first", "most"),
    [
        pytest.param(ACTOR_RESTART, (0.0, 0.1), (0.0, 30.0), id="an actor"),
        pytest.param(DATABASE, (0.1, 0.2), (7.5, 15.0), id="PostgreSQL"),
        pytest.param(TELEGRAM, (0.125, 0.25), (7.5, 15.0), id="Telegram"),
        pytest.param(JOB, (5.0, 10.0), (300.0, 600.0), id="a job"),
        pytest.param(WHATSAPP_LINE, (0.5, 1.0), (60.0, 120.0), id="WhatsApp's line"),
        pytest.param(WHATSAPP_ODD_END, (7.5, 15.0), (60.0, 120.0), id="an end nobody understands"),
    ],
)
def test_who_waits_and_how_long(
    policy: Backoff, first: tuple[float, float], most: tuple[float, float]
) -> None:
    assert [first, most] == [
        (policy.delay(failures, SHORTEST), policy.delay(failures, LONGEST)) for failures in (1, 99)
    ]


def test_a_failed_job_is_never_retried_without_a_pause() -> None:
    assert all(JOB.delay(failures, SHORTEST) >= 5.0 for failures in range(100))


def test_doublings_end_before_a_float_does() -> None:
    patient = Backoff(first_s=1.0, most_s=float("inf"))

    assert 2.0**32 == patient.delay(10**9, LONGEST)
