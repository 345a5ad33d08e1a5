"""A line, a pause and a message at the edges of their rules (E8, F4, F5, F11)."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from domain.outbox import (
    HELD_LONG,
    HOLDING,
    LONGEST_ATTEMPT,
    Answer,
    MessageState,
    after_fault,
    postponement,
    settlement,
)
from domain.reasons import Reason
from domain.restrictions import (
    REFUSALS_WINDOW,
    Pause,
    longer,
    refusals_pause,
    reported_pause,
)
from domain.whatsapp import (
    ASK_WHO_OWNS,
    FENCED,
    End,
    Ending,
    History,
    Loss,
    Reconnect,
    SessionPhase,
    SessionState,
    StandDown,
    Stop,
    Wait,
    may_reconnect,
    what_end_means,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def means(code: int, history: History, *, owner: bool | None = True) -> tuple[Ending, History]:
    """What an end of a paired line means."""
    return what_end_means(End(code=code, owner=owner), SessionState.PAIRED, history, Random(1))  # noqa: S311 - jitter


def test_a_restriction_always_ends() -> None:
    pauses = [refusals_pause(3, NOW), reported_pause(None, NOW), reported_pause(NOW + HOUR, NOW)]

    assert [NOW + DAY, NOW + DAY, NOW + HOUR] == [pause.until for pause in pauses if pause]
    assert [(True, False)] * 3 == [
        (pause.holds(NOW), pause.holds(pause.until)) for pause in pauses if pause
    ]


def test_the_longest_restriction_is_a_month() -> None:
    pause = reported_pause(NOW + timedelta(days=900), NOW)

    assert (NOW + timedelta(days=31), timedelta(days=31)) == (pause.until, pause.longest)


@pytest.mark.parametrize(("clients", "paused"), [(2, False), (3, True)])
def test_three_refused_clients_in_an_hour_pause_the_number(clients: int, paused: bool) -> None:
    assert (paused, HOUR) == (refusals_pause(clients, NOW) is not None, REFUSALS_WINDOW)


def test_of_two_pauses_the_longer_holds_and_of_two_alike_the_new_one() -> None:
    short, long = Pause(NOW), Pause(NOW + HOUR)
    alike = Pause(NOW, longest=HOUR)

    assert [long, long, alike] == [longer(short, long), longer(long, short), longer(short, alike)]


def test_440_never_reconnects_at_once() -> None:
    assert (Reconnect(30.0), History(replaced=1)) == means(440, History())


def test_440_and_a_fence_ask_who_owns_the_tenant() -> None:
    assert frozenset({440, FENCED}) == ASK_WHO_OWNS
    assert StandDown() == means(440, History(), owner=False)[0]


@pytest.mark.parametrize("state", list(SessionState))
@pytest.mark.parametrize("phase", [one for one in SessionPhase if one is not SessionPhase.CLOSED])
def test_no_line_reconnects_from_any_phase_but_closed(
    phase: SessionPhase, state: SessionState
) -> None:
    assert False is may_reconnect(phase, state)


@pytest.mark.parametrize(("before", "given_up"), [(4, False), (5, True)])
def test_the_sixth_end_that_nobody_understands_is_the_last(before: int, given_up: bool) -> None:
    ending, _ = means(999, History(odd=before))

    assert given_up == isinstance(ending, Stop)


def test_a_restart_that_was_asked_for_is_one_failure() -> None:
    assert (Reconnect(0.0), History(failures=1)) == means(515, History())


def test_a_temporary_ban_is_told_as_one() -> None:
    assert Loss.TEMPORARILY_BANNED == Wait(1.0).tell


@pytest.mark.parametrize("attempt", range(1, 5))
@pytest.mark.parametrize("answer", [Answer.UNKNOWN, Answer.FAULT])
def test_what_is_unknown_is_never_retried_as_not_sent(answer: Answer, attempt: int) -> None:
    found = settlement(answer, attempt=attempt, delay=1.0, now=NOW, expires_at=NOW + HOUR)

    assert found.state in {MessageState.UNKNOWN, MessageState.FAILED}


@pytest.mark.parametrize(
    ("times", "minutes"), [(-1, 1), (0, 1), (1, 2), (2, 4), (4, 16), (5, 30), (99, 30)]
)
def test_a_message_steps_aside_twice_as_long_each_time(times: int, minutes: int) -> None:
    assert timedelta(minutes=minutes) == postponement(times)


@pytest.mark.parametrize(("faults", "seconds"), [(0, 30), (1, 30), (2, 60)])
def test_a_fault_makes_a_message_wait_half_a_minute_more(faults: int, seconds: int) -> None:
    found = after_fault(MessageState.QUEUED, faults, NOW)

    assert NOW + timedelta(seconds=seconds) == found.next_try


def test_what_holds_a_whole_queue() -> None:
    assert {
        Reason.ACCESS_ENDED,
        Reason.AWAY,
        Reason.BANNED,
        Reason.INTERNAL,
        Reason.NEEDS_QR,
        Reason.NOT_CONNECTED,
        Reason.PAUSED,
        Reason.RESTRICTED,
    } == HOLDING
    assert (timedelta(minutes=30), timedelta(minutes=2)) == (HELD_LONG, LONGEST_ATTEMPT)
