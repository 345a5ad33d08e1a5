"""Messages that a person writes: who may be written to, and what is said of a moment (E12, C10)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.by_hand import (
    Going,
    at_once,
    check_moment,
    check_text,
    going,
    hours,
    moment_words,
    refusal,
    soonest,
    warnings,
)
from domain.reasons import Reason
from domain.schedule import SendingWindow
from errors import InvalidInput
from tests.unit.domain.makers import make_client

ZONE = ZoneInfo("America/Sao_Paulo")
WINDOW = SendingWindow()
HALF_PAST_TEN = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
OPENS, CLOSES = (datetime(2026, 11, 24, hour, 0, tzinfo=UTC) for hour in (11, 23))
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
BILLING_OFF = "As cobranças deste cliente estão desligadas."
NOTICES_OFF = "Os avisos deste cliente estão desligados."


@pytest.mark.parametrize(
    ("archived", "opted_out", "expected"),
    [
        pytest.param(False, False, None, id="nothing is against it"),
        pytest.param(True, False, Reason.ARCHIVED, id="archived"),
        pytest.param(False, True, Reason.OPTED_OUT, id="SAIR"),
        pytest.param(True, True, Reason.ARCHIVED, id="both"),
    ],
)
def test_nothing_is_written_to_who_left(
    archived: bool, opted_out: bool, expected: Reason | None
) -> None:
    client = make_client(
        archived=archived, opted_out=opted_out, receives_billing=False, receives_notices=False
    )

    assert expected == refusal(client)


@pytest.mark.parametrize(
    ("billing", "notices", "expected"),
    [
        (True, True, ()),
        (False, True, (BILLING_OFF,)),
        (None, True, (BILLING_OFF,)),
        (True, False, (NOTICES_OFF,)),
        (True, None, (NOTICES_OFF,)),
        (False, False, (BILLING_OFF, NOTICES_OFF)),
    ],
)
def test_a_switch_that_is_off_is_told_before_writing(
    billing: bool | None, notices: bool | None, expected: tuple[str, ...]
) -> None:
    assert expected == warnings(make_client(receives_billing=billing, receives_notices=notices))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(OPENS - MINUTE, OPENS, id="before"),
        pytest.param(OPENS, OPENS, id="as they begin"),
        pytest.param(CLOSES - MINUTE, CLOSES - MINUTE, id="the last minute"),
        pytest.param(CLOSES, OPENS + DAY, id="as they end"),
    ],
)
def test_the_soonest_moment_is_inside_the_hours(now: datetime, expected: datetime) -> None:
    assert expected == soonest(WINDOW, ZONE, now)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(OPENS, Going(OPENS, CLOSES), id="as the hours begin"),
        pytest.param(CLOSES - MINUTE, Going(CLOSES - MINUTE, CLOSES), id="the last minute"),
    ],
)
def test_what_is_written_inside_the_hours_goes_until_they_end(
    now: datetime, expected: Going
) -> None:
    assert expected == at_once(WINDOW, ZONE, now)


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (
            OPENS - MINUTE,
            "Agora está fora do horário de envio (das 08:00 às 20:00). Posso mandar hoje às 08:00.",
        ),
        (
            CLOSES,
            (
                "Agora está fora do horário de envio (das 08:00 às 20:00). "
                "Posso mandar amanhã às 08:00."
            ),
        ),
    ],
)
def test_outside_the_hours_it_is_said_when_it_can_go(now: datetime, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        at_once(WINDOW, ZONE, now)

    assert says == refused.value.sentence


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param(HALF_PAST_TEN, Going(HALF_PAST_TEN, CLOSES), id="the hours last longer"),
        pytest.param(HALF_PAST_TEN - DAY, Going(HALF_PAST_TEN, CLOSES), id="a day ago"),
    ],
)
def test_an_answer_inside_the_hours_goes_until_they_end(answers: datetime, expected: Going) -> None:
    assert expected == at_once(WINDOW, ZONE, HALF_PAST_TEN, answers=answers)


def test_a_conversation_is_over_a_day_after_the_client_wrote() -> None:
    last = CLOSES - MINUTE

    assert CLOSES == at_once(WINDOW, ZONE, last, answers=last - DAY).expires_at
    assert last + timedelta(hours=2) == (
        at_once(WINDOW, ZONE, last, answers=last - DAY + MINUTE).expires_at
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(
            HALF_PAST_TEN - timedelta(hours=1),
            (HALF_PAST_TEN - timedelta(hours=1) + DAY, "Hoje às 09:30 já passou."),
            id="earlier today",
        ),
        pytest.param(
            HALF_PAST_TEN, (HALF_PAST_TEN + DAY, "Hoje às 10:30 já passou."), id="this instant"
        ),
        pytest.param(
            HALF_PAST_TEN - DAY + MINUTE,
            (HALF_PAST_TEN + MINUTE, "Ontem às 10:31 já passou."),
            id="yesterday, later than now",
        ),
        pytest.param(
            datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
            (OPENS + DAY, "Em 19/11 às 23:00 já passou."),
            id="long ago, and at night",
        ),
        pytest.param(
            datetime(2025, 11, 20, 15, 0, tzinfo=UTC),
            (datetime(2026, 11, 24, 15, 0, tzinfo=UTC), "Em 20/11/2025 às 12:00 já passou."),
            id="in another year",
        ),
        pytest.param(HALF_PAST_TEN + MINUTE, (HALF_PAST_TEN + MINUTE, None), id="ahead"),
        pytest.param(CLOSES - MINUTE, (CLOSES - MINUTE, None), id="the last minute"),
        pytest.param(
            CLOSES,
            (
                OPENS + DAY,
                "Às 20:00 eu não envio: o seu horário de envio é das 08:00 às 20:00.",
            ),
            id="as the hours end",
        ),
        pytest.param(
            OPENS + DAY - MINUTE,
            (
                OPENS + DAY,
                "Às 07:59 eu não envio: o seu horário de envio é das 08:00 às 20:00.",
            ),
            id="before they begin",
        ),
        pytest.param(OPENS + DAY, (OPENS + DAY, None), id="as they begin"),
    ],
)
def test_the_nearest_moment_that_works_comes_with_why(
    at: datetime, expected: tuple[datetime, str | None]
) -> None:
    assert expected == check_moment(at, WINDOW, ZONE, HALF_PAST_TEN)


def test_a_moment_before_the_hours_of_today_moves_to_their_beginning() -> None:
    now = OPENS - timedelta(hours=2)
    says = "Às 07:00 eu não envio: o seu horário de envio é das 08:00 às 20:00."

    assert (OPENS, says) == check_moment(now + timedelta(hours=1), WINDOW, ZONE, now)


def test_a_message_is_marked_for_a_year_at_most() -> None:
    year = HALF_PAST_TEN + timedelta(days=366)

    assert (year, None) == check_moment(year, WINDOW, ZONE, HALF_PAST_TEN)
    with pytest.raises(InvalidInput) as refused:
        check_moment(year + MINUTE, WINDOW, ZONE, HALF_PAST_TEN)
    assert "Isso é longe demais: marco mensagens para até um ano." == refused.value.sentence


@pytest.mark.parametrize(
    ("at", "now", "expected"),
    [
        pytest.param(OPENS - MINUTE, OPENS, Going(OPENS, CLOSES), id="marked before the hours"),
        pytest.param(CLOSES - MINUTE, OPENS, Going(CLOSES - MINUTE, CLOSES), id="just inside"),
        pytest.param(CLOSES, OPENS, None, id="marked as they end"),
        pytest.param(OPENS, CLOSES - MINUTE, Going(OPENS, CLOSES), id="late, and still inside"),
        pytest.param(OPENS, CLOSES, None, id="too late"),
    ],
)
def test_a_marked_message_goes_inside_the_hours_of_its_day(
    at: datetime, now: datetime, expected: Going | None
) -> None:
    assert expected == going(at, WINDOW, ZONE, now)


def test_what_was_written_is_kept_without_what_cannot_be_sent() -> None:
    assert "Oi,\n Ana" == check_text("  Oi,\n Ana\0 \n")


def test_the_hours_are_read_as_people_say_them() -> None:
    assert "das 07:30 às 21:00" == hours(SendingWindow(time(7, 30), time(21)))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-2, "em 22/11 às 10:30"),
        (-1, "ontem às 10:30"),
        (0, "hoje às 10:30"),
        (1, "amanhã às 10:30"),
        (2, "em 26/11 às 10:30"),
        (37, "em 31/12 às 10:30"),
        (38, "em 01/01/2027 às 10:30"),
    ],
)
def test_a_moment_is_told_from_today(days: int, expected: str) -> None:
    at = (HALF_PAST_TEN + timedelta(days=days)).astimezone(ZONE)

    assert expected == moment_words(at, HALF_PAST_TEN, ZONE)
