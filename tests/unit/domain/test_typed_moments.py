"""Moments as people type them, and when a message by hand may go (E12, C13, F5)."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.by_hand import (
    Going,
    at_once,
    by_day,
    check_moment,
    check_text,
    following,
    going,
    moment_words,
    refusal,
    soonest,
    warnings,
)
from domain.reasons import Reason, explain
from domain.schedule import SendingWindow
from domain.typed_moments import TypedMoment, likely_hours, next_monthly, parse_moment
from errors import InvalidInput
from tests.unit.domain.makers import make_client

NOW = datetime(2026, 11, 24, 10, 30)  # noqa: DTZ001 - a wall clock; a Tuesday
ZONE = ZoneInfo("America/Sao_Paulo")
WINDOW = SendingWindow()
HALF_PAST_TEN = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)


def on(month: int, day: int, hour: int | None = None, minute: int = 0) -> TypedMoment:
    at = None if hour is None else time(hour, minute)
    return TypedMoment(date(2026, month, day), at)


def part(month: int, day: int, said: str, monthly: int | None = None) -> TypedMoment:
    return TypedMoment(date(2026, month, day), None, said, monthly)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amanhã 9h", on(11, 25, 9)),
        ("Amanhã às 9 da manhã", on(11, 25, 9)),
        ("amanhã 9", on(11, 25, 9)),
        ("9h de amanhã", on(11, 25, 9)),
        ("sexta às 18:30", on(11, 27, 18, 30)),
        ("sexta, 18h30min", on(11, 27, 18, 30)),
        ("15/12 10:00", on(12, 15, 10)),
        ("15/12 10", on(12, 15, 10)),
        ("10/12 9.30", on(12, 10, 9, 30)),
        ("às 9h do dia 5", on(12, 5, 9)),
        ("5 de dezembro às 10h", on(12, 5, 10)),
        ("2026-12-05 10:00", on(12, 5, 10)),
        ("depois de amanhã meio-dia", on(11, 26, 12)),
        ("daqui a 2 horas", on(11, 24, 12, 30)),
        ("daqui a duas horas e meia", on(11, 24, 13)),
        ("daqui 1h30", on(11, 24, 12)),
        ("em 30 minutos", on(11, 24, 11)),
        ("daqui a meia hora", on(11, 24, 11)),
        ("daqui a 3 dias às 9", on(11, 27, 9)),
        ("18:30", on(11, 24, 18, 30)),
        ("às 18", on(11, 24, 18)),
        ("agora", on(11, 24, 10, 31)),
        ("dia 5", on(12, 5)),
        ("amanhã", on(11, 25)),
        ("dia 5 12", on(12, 5)),
        ("segunda de manhã", part(11, 30, "manha")),
        ("dia 9 de manhã", part(12, 9, "manha")),
        ("hoje à noite", part(11, 24, "noite")),
        ("de manhã", part(11, 24, "manha")),
        ("hoje de noite às 8", TypedMoment(date(2026, 11, 24), time(20), "noite")),
        ("todo mês no dia 5 às 9h", TypedMoment(date(2026, 12, 5), time(9), "", 5)),
        ("todo dia 5 às 9h", TypedMoment(date(2026, 12, 5), time(9), "", 5)),
        ("mensalmente no dia 10 às 14h", TypedMoment(date(2026, 12, 10), time(14), "", 10)),
        ("todo dia 31 10:00", TypedMoment(date(2026, 11, 30), time(10), "", 31)),
        ("todo último dia do mês 9h", TypedMoment(date(2026, 11, 30), time(9), "", 31)),
        ("todo dia 24 às 9h", TypedMoment(date(2026, 12, 24), time(9), "", 24)),
        ("todo dia 29 de manhã", part(11, 29, "manha", 29)),
    ],
)
def test_a_moment_is_read_as_people_write_it(text: str, expected: TypedMoment) -> None:
    assert expected == parse_moment(text, NOW)


def test_an_hour_alone_is_of_the_day_that_was_said_before() -> None:
    assert on(11, 30, 9) == parse_moment("9", NOW, day=date(2026, 11, 30))
    assert on(12, 1, 9) == parse_moment("01/12 9h", NOW, day=date(2026, 11, 30))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("18", "18 é o dia 18 ou são 18 horas?"),
        ("amanhã 25h", "Não entendi quando é “amanhã 25h”"),
        ("mais tarde", "Escreva assim: amanhã 9h"),
        ("", "Não entendi"),
        ("x" * 500, "Não entendi"),
        ("toda sexta 9h", "Só repito uma vez por mês"),
        ("todo dia às 9h", "Só repito uma vez por mês"),
        ("todo mês", "Em que dia do mês?"),
        ("todo dia 40 às 9h", "O dia 40 não existe"),
        ("31/02 9h", "não existe no calendário"),
        ("terça 9h", "Hoje já é esse dia da semana"),
        ("15/12/2027 10:00", "longe demais"),
        ("daqui a 9999 horas", "longe demais"),
    ],
)
def test_what_is_not_understood_says_what_works(text: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        parse_moment(text, NOW)


@given(some.text(max_size=70))
def test_anything_typed_is_a_moment_or_a_sentence(text: str) -> None:
    with suppress(InvalidInput):
        found = parse_moment(text, NOW)
        assert (found.at is None) == (found.moment is None)


@given(some.integers(0, 23), some.integers(0, 59), some.integers(1, 300))
def test_a_written_date_and_hour_are_read_back(hour: int, minute: int, days: int) -> None:
    day = NOW.date() + timedelta(days=days)
    said = f"{day:%d/%m/%Y} às {hour:02}:{minute:02}"

    assert TypedMoment(day, time(hour, minute)) == parse_moment(said, NOW)


@given(some.integers(1, 31), some.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_agreed_day_comes_once_in_every_month(day: int, start: date) -> None:
    then = next_monthly(start, day)
    after = next_monthly(then, day)

    assert (then.year * 12 + then.month) == start.year * 12 + start.month + 1
    assert (after.year * 12 + after.month) == then.year * 12 + then.month + 1
    assert then.day == day or (then.day < day and (then + timedelta(days=1)).day == 1)


def test_a_part_of_the_day_has_its_likely_hours() -> None:
    assert (time(18), time(19), time(20)) == likely_hours("noite")
    assert time(9) == likely_hours("")[0]


@given(some.integers(-3_000, 30_000), some.integers(0, 1_439))
def test_the_nearest_moment_is_ahead_and_inside_the_hours(minutes: int, now: int) -> None:
    at_now = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(minutes=now)
    asked = at_now + timedelta(minutes=minutes)
    found, says = check_moment(asked, WINDOW, ZONE, at_now)

    assert found > at_now
    assert WINDOW.contains(found.astimezone(ZONE).time())
    assert (found == asked) == (says is None)


def test_an_answer_goes_at_any_hour_for_a_day_after_the_client_wrote() -> None:
    night = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    wrote = night - timedelta(hours=23)

    assert Going(night, night + timedelta(hours=2)) == at_once(WINDOW, ZONE, night, answers=wrote)
    with pytest.raises(InvalidInput, match="amanhã às 08:00"):
        at_once(WINDOW, ZONE, night, answers=wrote - timedelta(hours=1))
    with pytest.raises(InvalidInput, match="das 08:00 às 20:00"):
        at_once(WINDOW, ZONE, night)


def test_inside_the_hours_it_goes_until_they_end() -> None:
    closes = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
    late = closes - timedelta(minutes=10)

    assert Going(HALF_PAST_TEN, closes) == at_once(WINDOW, ZONE, HALF_PAST_TEN)
    assert late + timedelta(hours=2) == at_once(WINDOW, ZONE, late, answers=late).expires_at


def test_a_day_whose_hours_are_over_sends_nothing_any_more() -> None:
    closes = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)

    assert Going(HALF_PAST_TEN, closes) == going(HALF_PAST_TEN, WINDOW, ZONE, closes - timedelta(1))
    assert going(HALF_PAST_TEN, WINDOW, ZONE, closes) is None
    assert going(closes, WINDOW, ZONE, HALF_PAST_TEN) is None


def test_it_can_go_now_or_when_the_hours_begin() -> None:
    night = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    morning = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)

    assert HALF_PAST_TEN == soonest(WINDOW, ZONE, HALF_PAST_TEN)
    assert morning == soonest(WINDOW, ZONE, night)
    assert morning == soonest(WINDOW, ZONE, morning - timedelta(hours=1))


def test_the_next_month_keeps_the_hour_and_the_agreed_day() -> None:
    november = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)

    assert datetime(2026, 12, 31, 13, 0, tzinfo=UTC) == following(november, 31, ZONE)


def test_what_moves_with_the_day_or_the_hour_is_named() -> None:
    used = ("nome", "saudacao", "status")

    assert (("saudacao",), ("saudacao", "status")) == (
        by_day(used, today=True),
        by_day(used, today=False),
    )


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "hoje às 10:30"), (1, "amanhã às 10:30"), (9, "em 03/12 às 10:30")],
)
def test_a_moment_in_words(days: int, said: str) -> None:
    at = (HALF_PAST_TEN + timedelta(days=days)).astimezone(ZONE)

    assert said == moment_words(at, HALF_PAST_TEN, ZONE)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("manha", [8, 9, 10, 11]),
        ("tarde", [13, 14, 15, 16, 17]),
        ("noite", [18, 19, 20]),
        ("", [9, 10, 14, 18]),
        ("madrugada", [9, 10, 14, 18]),
    ],
)
def test_a_part_of_the_day_offers_its_hours(part: str, expected: list[int]) -> None:
    assert expected == [one.hour for one in likely_hours(part)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"archived": True, "opted_out": True}, Reason.ARCHIVED),
        ({"opted_out": True}, Reason.OPTED_OUT),
        ({"receives_billing": False, "receives_notices": False}, None),
    ],
)
def test_only_who_is_archived_or_wrote_sair_is_never_written_to(
    changes: dict[str, bool], expected: Reason | None
) -> None:
    assert expected == refusal(make_client(**changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ()),
        ({"receives_billing": False}, (explain(Reason.BILLING_OFF),)),
        ({"receives_notices": False}, (explain(Reason.NOTICES_OFF),)),
    ],
)
def test_a_switch_that_is_off_is_told_before_writing(
    changes: dict[str, bool], expected: tuple[str, ...]
) -> None:
    assert expected == warnings(make_client(**changes))


def test_nothing_is_scheduled_further_away_than_a_year() -> None:
    year = HALF_PAST_TEN + timedelta(days=366)

    assert (year, None) == check_moment(year, WINDOW, ZONE, HALF_PAST_TEN)
    with pytest.raises(InvalidInput, match="até um ano"):
        check_moment(year + timedelta(seconds=1), WINDOW, ZONE, HALF_PAST_TEN)


def test_a_text_by_hand_has_nothing_around_it() -> None:
    assert "Oi,\nAna" == check_text("  Oi,\nAna \n")


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("manha", (8, 9, 10, 11)),
        ("tarde", (13, 14, 15, 16, 17)),
        ("noite", (18, 19, 20)),
        ("", (9, 10, 14, 18)),
        ("madrugada", (9, 10, 14, 18)),
    ],
)
def test_every_part_of_the_day_has_its_hours_the_likeliest_first(
    said: str, hours: tuple[int, ...]
) -> None:
    assert tuple(time(hour) for hour in hours) == likely_hours(said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("todo dia 24 às 10:31", on(11, 24, 10, 31), id="still today"),
        pytest.param("todo dia 24 às 10:30", on(12, 24, 10, 30), id="this very minute"),
        pytest.param("todo dia 1 às 9h", on(12, 1, 9), id="the first day"),
    ],
)
def test_a_day_that_repeats_begins_at_the_first_that_is_ahead(
    text: str, expected: TypedMoment
) -> None:
    assert replace(expected, monthly_day=expected.day.day) == parse_moment(text, NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("hoje de noite às 8", time(20), id="after the part"),
        pytest.param("hoje à tarde às 12", time(12), id="twelve is no hour to add to"),
        pytest.param("hoje à noite às 13h", time(13), id="an hour that says its part itself"),
    ],
)
def test_an_hour_is_in_the_part_that_was_said_beside_it(text: str, expected: time) -> None:
    assert expected == parse_moment(text, NOW).at


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "hoje de noite às 3",
            (
                "Não entendi o horário. Escreva assim: amanhã 9h, sexta às 18:30, dia 5 às 10h ou "
                "daqui a 2 horas."
            ),
        ),
        ("todo dia 32 às 9h", "O dia 32 não existe. Use um dia de 1 a 31."),
        ("todo dia 0 às 9h", "O dia 0 não existe. Use um dia de 1 a 31."),
        (
            "amanha de",
            (
                "Não entendi quando é “amanha de”. Escreva assim: "
                "amanhã 9h, sexta às 18:30, dia 5 às 10h ou daqui a 2 horas."
            ),
        ),
        ("31/02", "A data 31/02 não existe no calendário."),
    ],
)
def test_what_is_wrong_is_said_whole(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_moment(text, NOW)

    assert sentence == refused.value.sentence


def test_a_moment_of_one_year_is_not_too_far() -> None:
    assert date(2027, 11, 25) == parse_moment("25/11/2027 9h", NOW).day
    with pytest.raises(InvalidInput, match="longe demais"):
        parse_moment("26/11/2027 9h", NOW)


def test_only_a_whole_moment_is_one() -> None:
    assert datetime(2026, 11, 25, 9) == on(11, 25, 9).moment  # noqa: DTZ001 - a wall clock
    assert on(11, 25).moment is None


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(("um", 1), ("uma", 1), ("dois", 2), ("duas", 2), ("três", 3), ("quatro", 4)),
        *(("cinco", 5), ("seis", 6), ("oito", 8), ("dez", 10), ("doze", 12), ("quinze", 15)),
        *(("vinte", 20), ("trinta", 30), ("45", 45)),
    ],
)
def test_minutes_are_counted_in_words_too(word: str, count: int) -> None:
    moment = NOW + timedelta(minutes=count)

    assert TypedMoment(moment.date(), moment.time()) == parse_moment(f"em {word} minutos", NOW)
