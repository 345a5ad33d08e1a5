"""A breaker lets nobody ask whom it knows to be away, and one now and then (I2)."""

import pytest
from prometheus_client import REGISTRY

from guards.breaker import Breaker, BreakerState, Refused


class Time:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        """What time it is."""
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker("test", failures=3, seconds=30.0, monotonic=time)


def fail(breaker: Breaker, times: int = 1) -> None:
    """Calls that come to nothing."""
    for _ in range(times):
        with breaker.call():
            breaker.failed()


def metric(name: str, **labels: str) -> float:
    """What a scrape shows of it."""
    return REGISTRY.get_sample_value(name, {"breaker": "test"} | labels) or 0.0


def test_failures_in_a_row_open_it(breaker: Breaker) -> None:
    fail(breaker, 2)
    breaker.worked()
    fail(breaker, 2)
    before = breaker.state
    fail(breaker)

    assert (BreakerState.CLOSED, BreakerState.OPEN) == (before, breaker.state)


def test_open_it_refuses_and_says_for_how_long(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 10.0

    with pytest.raises(Refused) as refused, breaker.call():
        pass

    assert 20.0 == refused.value.seconds


def test_after_a_while_one_goes_through_and_the_others_wait_for_it(
    breaker: Breaker, time: Time
) -> None:
    fail(breaker, 3)
    time.now += 30.0

    with breaker.call():
        with pytest.raises(Refused), breaker.call():
            pass
        breaker.worked()

    assert BreakerState.CLOSED is breaker.state


def test_the_one_that_fails_shuts_it_for_as_long_again(breaker: Breaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 30.0
    fail(breaker)
    time.now += 29.0
    before = breaker.state
    time.now += 1.0

    assert (BreakerState.OPEN, BreakerState.HALF_OPEN) == (before, breaker.state)


def test_the_one_that_is_called_off_leaves_its_place_to_another(
    breaker: Breaker, time: Time
) -> None:
    fail(breaker, 3)
    time.now += 30.0
    with pytest.raises(KeyError), breaker.call():
        raise KeyError

    with breaker.call():
        breaker.worked()

    assert BreakerState.CLOSED is breaker.state


def test_a_wish_to_be_left_alone_is_kept_to_the_longest(breaker: Breaker, time: Time) -> None:
    breaker.failed(3600.0)
    breaker.failed(5.0)
    breaker.failed()
    time.now += 3599.0
    before = breaker.state
    time.now += 1.0

    assert (BreakerState.OPEN, BreakerState.HALF_OPEN) == (before, breaker.state)


def test_an_answer_to_an_earlier_question_opens_nothing(breaker: Breaker) -> None:
    with breaker.call():
        breaker.failed(3600.0)
        breaker.worked()

    assert BreakerState.OPEN is breaker.state


def test_it_is_in_the_metrics(breaker: Breaker, time: Time) -> None:
    opened, refused = metric("emdia_breaker_opened_total"), metric("emdia_breaker_refused_total")
    fail(breaker, 3)
    with pytest.raises(Refused), breaker.call():
        pass
    during = metric("emdia_breaker_state", state="open")
    time.now += 30.0

    assert (1.0, 1.0, 1.0, 0.0, 1.0) == (
        during,
        metric("emdia_breaker_opened_total") - opened,
        metric("emdia_breaker_refused_total") - refused,
        metric("emdia_breaker_state", state="open"),
        metric("emdia_breaker_state", state="half_open"),
    )
