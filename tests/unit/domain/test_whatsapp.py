"""What each end of a WhatsApp line means, and who may do what: every code and history (F4)."""

from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.whatsapp import (
    LOGINS_SECONDS,
    MOST_CODES,
    MOST_LOGINS,
    MOST_ODD,
    MOST_UNREACHED,
    End,
    Ending,
    History,
    Line,
    Loss,
    PairingOver,
    Reconnect,
    SessionPhase,
    SessionState,
    StandDown,
    Stop,
    Wait,
    Way,
    asks_for_another_code,
    login_wait,
    may_connect,
    may_pair,
    may_reconnect,
    may_send,
    refuses_code,
    what_end_means,
)
from tests.unit.domain.makers import LONGEST, SHORTEST

PAIRED, PAIRING = SessionState.PAIRED, SessionState.PAIRING
LOST: tuple[int | str | None, ...] = (408, 428, 500, 503, "storage", "fenced", None)
ODD = (400, 409, 411, 502, 599, 1006)
CODES: tuple[int | str | None, ...] = (
    *LOST,
    *ODD,
    401,
    402,
    403,
    405,
    406,
    440,
    515,
    "passkey",
)
HELD = Line(open_seconds=600.0)


def ended(
    code: int | str | None,
    state: SessionState = PAIRED,
    history: History | None = None,
    line: Line | None = None,
    *,
    ban_seconds: float | None = None,
) -> Ending:
    """What `code` means to the owner of the tenant."""
    end = End(code=code, line=line or Line(), ban_seconds=ban_seconds)
    return what_end_means(end, state, history or History(), Random(1))[0]  # noqa: S311 - jitter


def in_a_row(code: int | str | None, times: int, line: Line | None = None) -> list[Ending]:
    """What the same end means again and again."""
    random, history, endings = Random(1), History(), []  # noqa: S311 - jitter
    for _ in range(times):
        ending, history = what_end_means(
            End(code=code, line=line or Line()), PAIRED, history, random
        )
        endings.append(ending)
    return endings


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(401, Stop(SessionState.NEEDS_QR, Loss.LOGGED_OUT), id="logged out"),
        pytest.param(402, Wait(86_400.0), id="banned for a while, nobody says how long"),
        pytest.param(403, Stop(SessionState.LOCKED, Loss.LOCKED), id="locked"),
        pytest.param(406, Stop(SessionState.BANNED, Loss.BANNED), id="banned"),
        pytest.param(440, Reconnect(30.0), id="replaced"),
        pytest.param(515, Reconnect(0.0), id="restart required"),
        pytest.param("passkey", Stop(SessionState.NEEDS_QR, Loss.PASSKEY_REQUIRED), id="passkey"),
    ],
)
def test_what_an_end_means_to_a_paired_line(code: int | str, expected: Ending) -> None:
    assert expected == ended(code)


@pytest.mark.parametrize("code", [401, 403, 406, "passkey"])
@pytest.mark.parametrize("before", [History(), History(3, 4, 2), History(99, 99, 99)])
def test_what_is_over_for_good_is_so_whatever_went_before(code: int | str, before: History) -> None:
    end = End(code=code, line=HELD)

    ending, after = what_end_means(end, PAIRED, before, Random(1))  # noqa: S311 - jitter

    assert (Stop, History()) == (type(ending), after)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(3_600.0, 3_600.0, id="an hour"),
        pytest.param(1e12, 31 * 86_400.0, id="never more than a month"),
        pytest.param(0.0, 86_400.0, id="nothing"),
        pytest.param(-5.0, 86_400.0, id="nonsense"),
    ],
)
def test_a_temporary_ban_is_waited_for_as_long_as_it_says(said: float, expected: float) -> None:
    assert Wait(expected) == ended(402, ban_seconds=said)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("state", [PAIRED, PAIRING])
def test_who_lost_the_tenant_stops_whatever_the_code(
    code: int | str | None, state: SessionState
) -> None:
    end = End(code=code, owner=False)

    assert StandDown() == what_end_means(end, state, History(), Random(1))[0]  # noqa: S311 - jitter


@pytest.mark.parametrize("owner", [True, None], ids=["the owner", "nobody knows"])
def test_a_replaced_line_comes_back_twice_and_then_leaves_it_to_the_owner(
    owner: bool | None,
) -> None:
    random, history, endings = Random(1), History(), []  # noqa: S311 - jitter
    for _ in range(3):
        end = End(code=440, owner=owner, line=Line(open_seconds=90.0, acked=True))
        ending, history = what_end_means(end, PAIRED, history, random)
        endings.append(ending)

    assert [
        Reconnect(30.0),
        Reconnect(30.0),
        Stop(SessionState.REPLACED, Loss.REPLACED),
    ] == endings


def test_a_line_that_held_makes_up_for_having_been_replaced() -> None:
    assert [Reconnect(30.0)] * 9 == in_a_row(440, 9, HELD)


@pytest.mark.parametrize(
    ("seconds", "forgiven"),
    [pytest.param(599.9, False, id="too short"), pytest.param(600.0, True, id="ten minutes")],
)
def test_only_ten_minutes_make_up_for_what_went_before(seconds: float, forgiven: bool) -> None:
    ending = ended(440, history=History(replaced=2), line=Line(open_seconds=seconds, acked=True))

    assert forgiven == (ending == Reconnect(30.0))


@pytest.mark.parametrize("code", ODD)
def test_an_end_nobody_understands_is_tried_a_few_times_and_then_told(code: int) -> None:
    endings = in_a_row(code, MOST_ODD + 1)

    assert [Reconnect] * MOST_ODD == [type(ending) for ending in endings[:-1]]
    assert Stop(SessionState.UNREACHABLE, Loss.UNREACHABLE) == endings[-1]


@pytest.mark.parametrize("code", LOST)
def test_a_lost_line_waits_ever_longer_and_never_gives_up(code: int | str | None) -> None:
    waits = [ending.after for ending in in_a_row(code, 40) if isinstance(ending, Reconnect)]

    assert 40 == len(waits)
    assert all(min(2.0**n, 120.0) / 2 <= wait <= min(2.0**n, 120.0) for n, wait in enumerate(waits))


@pytest.mark.parametrize(
    ("line", "shortest"),
    [
        pytest.param(Line(), False, id="it never opened"),
        pytest.param(Line(open_seconds=59.9), False, id="it opened, and that was all"),
        pytest.param(Line(open_seconds=60.0), True, id="it stayed open"),
        pytest.param(Line(open_seconds=0.1, acked=True), True, id="a message was taken"),
    ],
)
def test_only_a_line_that_worked_makes_the_next_wait_short_again(
    line: Line, shortest: bool
) -> None:
    ending = ended(503, history=History(failures=6), line=line)

    assert isinstance(ending, Reconnect)
    assert shortest == (ending.after <= 1.0)


def test_a_client_that_is_too_old_knocks_seldom() -> None:
    waits = [ending.after for ending in in_a_row(405, 20) if isinstance(ending, Reconnect)]

    assert (20, True) == (len(waits), all(600.0 <= wait <= 1_200.0 for wait in waits))


@pytest.mark.parametrize(
    ("random", "expected"),
    [pytest.param(SHORTEST, 600.0, id="at least"), pytest.param(LONGEST, 1_200.0, id="at most")],
)
def test_a_client_that_is_too_old_waits_from_ten_to_twenty_minutes(
    random: Random, expected: float
) -> None:
    ending, _ = what_end_means(End(code=405), PAIRED, History(), random)

    assert Reconnect(expected) == ending


def test_a_server_that_only_says_restart_is_not_hammered() -> None:
    waits = [ending.after for ending in in_a_row(515, 9) if isinstance(ending, Reconnect)]

    assert (0.0, True) == (waits[0], waits[-1] >= 60.0)


# While pairing


@pytest.mark.parametrize(
    ("code", "shown", "expected"),
    [
        pytest.param(408, True, PairingOver(), id="nobody scanned: the QR says so itself"),
        pytest.param(408, False, PairingOver(Loss.PAIRING_FAILED), id="WhatsApp is away"),
        pytest.param(503, False, PairingOver(Loss.PAIRING_FAILED), id="before any QR"),
        pytest.param(401, False, PairingOver(Loss.PAIRING_FAILED), id="nothing to log out of"),
        pytest.param(402, True, PairingOver(Loss.TEMPORARILY_BANNED), id="banned for a while"),
        pytest.param(403, True, PairingOver(Loss.LOCKED), id="locked"),
        pytest.param(406, True, PairingOver(Loss.BANNED), id="banned"),
        pytest.param("passkey", True, PairingOver(Loss.PASSKEY_REQUIRED), id="passkey"),
        pytest.param(599, False, PairingOver(Loss.PAIRING_FAILED), id="unknown"),
        pytest.param(515, True, Reconnect(0.0), id="scanned"),
    ],
)
def test_what_an_end_means_while_pairing(code: int | str, shown: bool, expected: Ending) -> None:
    assert expected == ended(code, PAIRING, line=Line(qr_shown=shown))


def test_a_worker_that_is_away_while_pairing_is_tried_twice_more() -> None:
    random, history, endings = Random(1), History(), []  # noqa: S311 - jitter
    for _ in range(3):
        ending, history = what_end_means(End(code=None), PAIRING, history, random)
        endings.append(ending)

    assert [Reconnect, Reconnect, PairingOver] == [type(ending) for ending in endings]


def unreached(times: int, history: History | None = None) -> list[Ending]:
    """What it means, again and again, that nobody answers an owner who waits for a code."""
    random, history, endings = Random(1), history or History(), []  # noqa: S311 - jitter
    for _ in range(times):
        end = End(code=503, reached=False)
        ending, history = what_end_means(end, PAIRING, history, random)
        endings.append(ending)
    return endings


def test_an_owner_who_waits_for_a_code_hears_once_that_whatsapp_cannot_be_reached() -> None:
    told = [ending.tell for ending in unreached(30) if isinstance(ending, Reconnect)]

    assert [Loss.NO_ROUTE] + [None] * 29 == told


def test_an_owner_who_was_told_so_already_is_not_told_again() -> None:
    (ending,) = unreached(1, History(told=True))

    assert (Reconnect, None) == (type(ending), getattr(ending, "tell", None))


def test_a_code_that_cannot_be_fetched_is_tried_for_about_an_hour_and_then_given_up() -> None:
    endings = unreached(MOST_UNREACHED)
    waits = [ending.after for ending in endings if isinstance(ending, Reconnect)]

    assert (MOST_UNREACHED - 1, True) == (len(waits), 2_700.0 <= sum(waits) <= 5_400.0)
    assert PairingOver(Loss.PAIRING_FAILED) == endings[-1]


@pytest.mark.parametrize("state", [PAIRED, PAIRING])
@pytest.mark.parametrize(
    ("reached", "expected"),
    [pytest.param(True, 0, id="answered"), pytest.param(False, 4, id="not even that")],
)
def test_the_ends_in_a_row_that_reached_nobody_are_counted(
    state: SessionState, reached: bool, expected: int
) -> None:
    end = End(code=503, reached=reached)
    before = History(unreached=3)

    assert (
        expected == what_end_means(end, state, before, Random(1))[1].unreached  # noqa: S311 - jitter
    )


def test_a_paired_line_that_reaches_nobody_comes_back_by_itself_without_a_word() -> None:
    ending, _ = what_end_means(End(code=503, reached=False), PAIRED, History(), SHORTEST)

    assert Reconnect(0.5) == ending


def test_every_end_that_leaves_the_owner_without_a_line_is_told_or_shown() -> None:
    silent = [
        (code, state)
        for code, state in product(CODES, [PAIRED, PAIRING])
        if ended(code, state) == PairingOver()
    ]

    assert [] == silent


# How often WhatsApp sees us


@given(
    st.lists(
        st.tuples(st.sampled_from(CODES), st.sampled_from([0.0, 0.5, 61.0, 700.0]), st.booleans()),
        max_size=80,
    ),
    st.randoms(use_true_random=False),
)
def test_nothing_makes_more_than_six_logins_a_minute(
    ends: list[tuple[int | str | None, float, bool]], random: Random
) -> None:
    now, history, logins = 0.0, History(), list[float]()
    for code, open_seconds, acked in ends:
        now += login_wait(logins, now)
        logins.append(now)
        now += open_seconds
        line = Line(open_seconds=open_seconds, acked=acked)
        ending, history = what_end_means(End(code=code, line=line), PAIRED, history, random)
        # One that stopped comes back as fast as an owner's finger allows: at once.
        now += ending.after if isinstance(ending, Reconnect) else 0.0

    windows = [sum(at <= login < at + LOGINS_SECONDS for login in logins) for at in logins]
    assert max(windows, default=0) <= MOST_LOGINS


@pytest.mark.parametrize("code", CODES)
def test_an_hour_of_the_same_end_is_a_handful_of_logins(code: int | str | None) -> None:
    now, history, logins = 0.0, History(), 0
    random = Random(1)  # noqa: S311 - jitter
    while now < 3_600.0:
        logins += 1
        ending, history = what_end_means(End(code=code), PAIRED, history, random)
        now += ending.after if isinstance(ending, Reconnect) else 3_600.0

    assert logins <= 60


def test_the_login_after_six_waits_until_the_first_is_a_minute_old() -> None:
    logins = [3.0, 10.0, 20.0, 30.0, 40.0, 50.0]

    assert (8.0, 0.0, 0.0) == (
        login_wait(logins, 55.0),
        login_wait(logins, 63.0),
        login_wait(logins[1:], 55.0),
    )


# Who may do what

BUSY = {
    SessionPhase.CONNECTING,
    SessionPhase.PAIRING,
    SessionPhase.OPEN,
    SessionPhase.FENCED,
}
IDLE = [SessionPhase.CLOSED, SessionPhase.STOPPED]


@pytest.mark.parametrize("state", list(SessionState))
@pytest.mark.parametrize("phase", list(SessionPhase))
def test_an_owner_may_connect_from_every_phase_that_has_no_line(
    phase: SessionPhase, state: SessionState
) -> None:
    assert (phase in BUSY) == (may_connect(phase, state) is Way.NOTHING)


@pytest.mark.parametrize("phase", IDLE)
@pytest.mark.parametrize(
    "state",
    [
        SessionState.DISCONNECTED,
        SessionState.PAIRING,
        SessionState.NEEDS_QR,
        SessionState.TEMPORARILY_BANNED,
        SessionState.LOCKED,
        SessionState.BANNED,
    ],
)
def test_a_lost_number_never_locks_the_owner_out(phase: SessionPhase, state: SessionState) -> None:
    assert Way.PAIR is may_connect(phase, state)


@pytest.mark.parametrize("state", list(SessionState))
@pytest.mark.parametrize("phase", [one for one in SessionPhase if one is not SessionPhase.FENCED])
def test_a_code_may_be_asked_for_wherever_no_number_works_and_anew_everywhere(
    phase: SessionPhase, state: SessionState
) -> None:
    assert (state is PAIRED) == (may_pair(phase, state) is Way.NOTHING)
    assert Way.PAIR is may_pair(phase, state, anew=True)


@pytest.mark.parametrize("state", list(SessionState))
def test_who_lost_the_tenant_pairs_nothing(state: SessionState) -> None:
    assert Way.NOTHING is may_pair(SessionPhase.FENCED, state, anew=True)


def test_a_lost_line_refuses_no_code() -> None:
    refusing = {code for code in CODES if refuses_code(code)}

    assert {*ODD, 401, 402, 403, 405, 406, 440, 515} == refusing


@pytest.mark.parametrize(
    ("code", "asked", "shown", "expected"),
    [
        pytest.param(408, 1, True, True, id="nobody typed the first"),
        pytest.param(408, MOST_CODES, True, False, id="nor the last"),
        pytest.param(408, 1, False, False, id="WhatsApp never was ready"),
        pytest.param(401, 1, True, False, id="it was refused"),
        pytest.param(None, 1, True, False, id="our worker went"),
    ],
)
def test_only_a_code_that_nobody_typed_in_time_is_renewed(
    code: int | None, asked: int, shown: bool, expected: bool
) -> None:
    assert expected == asks_for_another_code(code, asked, shown=shown)


@pytest.mark.parametrize("phase", IDLE)
@pytest.mark.parametrize("state", [PAIRED, SessionState.REPLACED, SessionState.UNREACHABLE])
def test_a_device_that_is_still_linked_needs_no_new_qr(
    phase: SessionPhase, state: SessionState
) -> None:
    assert Way.RESUME is may_connect(phase, state)


def test_a_line_opens_by_itself_only_when_it_is_closed_and_was_not_stopped() -> None:
    allowed = {pair for pair in product(SessionPhase, SessionState) if may_reconnect(*pair)}

    assert allowed == {
        (SessionPhase.CLOSED, PAIRED),
        (SessionPhase.CLOSED, PAIRING),
        (SessionPhase.CLOSED, SessionState.TEMPORARILY_BANNED),
    }


@pytest.mark.parametrize("phase", list(SessionPhase))
@pytest.mark.parametrize("paused", [False, True])
def test_messages_leave_by_an_open_line_that_does_not_rest(
    phase: SessionPhase, paused: bool
) -> None:
    assert (phase is SessionPhase.OPEN and not paused) == may_send(phase, paused=paused)


def test_the_history_is_not_touched_by_what_it_is_not_about() -> None:
    before = History(failures=2, odd=3, replaced=1)
    random = Random(1)  # noqa: S311 - jitter

    after = {code: what_end_means(End(code=code), PAIRED, before, random)[1] for code in CODES}

    assert replace(before, failures=3) == after[503] == after[515]
    assert (replace(before, odd=4), replace(before, replaced=2)) == (after[409], after[440])
    assert before == after[405]
