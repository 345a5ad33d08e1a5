"""Moments as people type them, and when a message by hand may go (E12, C13, F5)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.schedule import SendingWindow
from domain.typed_moments import TypedMoment, likely_hours, parse_moment
from errors import InvalidInput

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
