"""Times of day in a zone: daylight saving, month ends, missed runs, the window (E2, E10, F5)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.schedule import (
    CLEAN_AT,
    DEFAULT_ZONE,
    SEND_AT,
    SUMMARY_AT,
    VERIFY_AT,
    SendingWindow,
    instant,
    is_sunday,
    localized,
    next_daily_run,
    next_run,
    parse_time,
    zone_named,
)
from errors import InvalidInput

NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from([DEFAULT_ZONE, NEW_YORK, ZoneInfo("Europe/Lisbon"), ZoneInfo("UTC")])
MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def utc(text: str) -> datetime:
    """An instant from ISO text with an offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "at", "after", "expected"),
    [
        pytest.param(
            DEFAULT_ZONE,
            time(9),
            "2026-11-24T08:59:59-03:00",
            "2026-11-24T09:00-03:00",
            id="later today",
        ),
        pytest.param(
            DEFAULT_ZONE,
            time(9),
            "2026-11-24T09:00:00-03:00",
            "2026-11-25T09:00-03:00",
            id="strictly after",
        ),
        pytest.param(
            DEFAULT_ZONE,
            time(5),
            "2026-11-30T23:00:00-03:00",
            "2026-12-01T05:00-03:00",
            id="over the month's end",
        ),
        pytest.param(
            DEFAULT_ZONE,
            time(0, 30),
            "2018-11-03T12:00:00-03:00",
            "2018-11-04T01:30-02:00",
            id="a time skipped at midnight in Brazil",
        ),
        pytest.param(
            NEW_YORK,
            time(2, 30),
            "2026-03-07T12:00:00-05:00",
            "2026-03-08T03:30-04:00",
            id="a skipped time runs after the jump",
        ),
        pytest.param(
            NEW_YORK,
            time(2, 30),
            "2026-03-08T03:10:00-04:00",
            "2026-03-08T03:30-04:00",
            id="asked between the jump and the run",
        ),
        pytest.param(
            NEW_YORK,
            time(1, 30),
            "2026-10-31T12:00:00-04:00",
            "2026-11-01T01:30-04:00",
            id="a time that comes twice runs the first time",
        ),
        pytest.param(
            NEW_YORK,
            time(1, 30),
            "2026-11-01T01:30:00-04:00",
            "2026-11-02T01:30-05:00",
            id="and not the second time",
        ),
    ],
)
def test_the_next_daily_run(zone: ZoneInfo, at: time, after: str, expected: str) -> None:
    assert utc(expected) == next_daily_run(at, zone, utc(after))


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        pytest.param("0 9 31 * *", "2026-03-31T09:00-03:00", id="months without a 31st"),
        pytest.param("0 9 L * *", "2026-02-28T09:00-03:00", id="last day of the month"),
        pytest.param("0 9 29 2 *", "2028-02-29T09:00-03:00", id="leap day"),
    ],
)
def test_other_schedules_know_month_ends(cron: str, expected: str) -> None:
    assert utc(expected) == next_run(cron, DEFAULT_ZONE, utc("2026-02-01T00:00-03:00"))


@given(ZONES, MINUTES, st.dates(min_value=date(2017, 1, 1), max_value=date(2030, 1, 1)))
def test_every_day_has_exactly_one_run(zone: ZoneInfo, at: time, start: date) -> None:
    runs = [instant(start, at, zone)]
    for _ in range(5):
        runs.append(next_daily_run(at, zone, runs[-1]))

    gaps = [later - earlier for earlier, later in pairwise(runs)]
    assert all(timedelta(hours=22) < gap < timedelta(hours=26) for gap in gaps)
    assert [start + timedelta(days=day) for day in range(6)] == [
        run.astimezone(zone).date() for run in runs
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("09:00", time(9)),
        ("9h", time(9)),
        ("9h30", time(9, 30)),
        ("9 h 30", time(9, 30)),
        ("21", time(21)),
        ("às 7:05", time(7, 5)),
        ("8 horas", time(8)),
        ("8 horas e 15", time(8, 15)),
        ("0:00", time(0)),
        ("\u200e09:00\u200b", time(9)),
        ("９：３０", time(9, 30)),
        ("9:30h", time(9, 30)),
        ("9h30min", time(9, 30)),
        ("9.30", time(9, 30)),
        ("09:00 hrs", time(9)),
        ("às 9 e meia", time(9, 30)),
        ("9 da manhã", time(9)),
        ("8 da noite", time(20)),
        ("2h30 da tarde", time(14, 30)),
        ("0 da manhã", time(0)),
        ("11 da manhã", time(11)),
        ("1 da tarde", time(13)),
        ("6 da tarde", time(18)),
        ("12 da tarde", time(12)),
        ("18 da tarde", time(18)),
        ("6 da noite", time(18)),
        ("11 da noite", time(23)),
        ("18 da noite", time(18)),
        ("23 da noite", time(23)),
        ("Meio-dia", time(12)),
        ("'09:00'", time(9)),
    ],
)
def test_a_time_is_read_in_the_shapes_people_use(typed: str, expected: time) -> None:
    assert expected == parse_time(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "24:00",
        "9:60",
        "9:5",
        "nove",
        "0900",
        "-1",
        "9:00:00",
        "9:30 e meia",
        "\0",
        "12 da noite",
        "1 da noite",
        "5 da noite",
        "17 da noite",
        "0 da tarde",
        "7 da tarde",
        "19 da tarde",
        "12 da manhã",
    ],
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"Escreva assim: 09:00\."):
        parse_time(typed)


def test_the_window_opens_and_closes_on_the_tenants_clock() -> None:
    opens, closes = SendingWindow().instants(date(2026, 11, 24), DEFAULT_ZONE)

    assert (utc("2026-11-24T08:00-03:00"), utc("2026-11-24T20:00-03:00")) == (opens, closes)


def test_a_window_that_never_opens_is_refused() -> None:
    with pytest.raises(InvalidInput, match="começar antes de terminar"):
        SendingWindow(time(20), time(8))


def test_sunday_is_sunday() -> None:
    assert (True, False) == (is_sunday(date(2026, 11, 29)), is_sunday(date(2026, 11, 28)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("America/New_York", NEW_YORK),
        (None, DEFAULT_ZONE),
        ("", DEFAULT_ZONE),
        ("Mars/Olympus", DEFAULT_ZONE),
        ("../etc/passwd", DEFAULT_ZONE),
    ],
)
def test_a_zone_that_nobody_knows_is_the_default(name: str | None, expected: ZoneInfo) -> None:
    assert expected == zone_named(name)


@dataclass(frozen=True)
class Seen:
    """Facts with instants and without."""

    at: datetime
    day: date
    until: datetime | None = None


@dataclass(frozen=True)
class Timeless:
    """Facts with no instant."""

    name: str


def test_each_instant_is_shown_on_the_wall_clock() -> None:
    moment = utc("2026-11-24T12:00+00:00")
    found = localized(Seen(moment, date(2026, 11, 24)), NEW_YORK)
    both = localized(Seen(moment, date(2026, 11, 24), moment), DEFAULT_ZONE)

    assert "2026-11-24T07:00:00-05:00" == found.at.isoformat()
    assert (date(2026, 11, 24), None) == (found.day, found.until)
    assert both.until is not None
    assert "2026-11-24T09:00:00-03:00" == both.until.isoformat() == both.at.isoformat()


def test_facts_without_an_instant_are_themselves() -> None:
    facts = Timeless("Ana")

    assert facts is localized(facts, NEW_YORK)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (time(7, 59), False),
        (time(8), True),
        (time(19, 59), True),
        (time(20), False),
    ],
)
def test_messages_go_from_the_opening_up_to_the_closing(at: time, expected: bool) -> None:
    assert expected == SendingWindow().contains(at)


def test_the_day_of_a_new_business_has_its_hours() -> None:
    assert (time(5), time(9), time(2), time(8)) == (VERIFY_AT, SEND_AT, CLEAN_AT, SUMMARY_AT)
