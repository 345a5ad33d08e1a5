"""Times that go together, and what is offered where they do not (E2, F5); zones in words (E1)."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from domain.dials import Overdue, dials_of, differing, put_back
from domain.reminders import Kind
from domain.schedule import SendingWindow, zone_named
from domain.schedule_rules import Offer, parse_window, refusal
from domain.zones import ZONES, parse_zone, zone_words
from errors import InvalidInput
from tests.unit.domain.makers import make_settings

DIALS = dials_of(make_settings())


def offers(**changes: Any) -> tuple[Offer, ...] | None:
    refused = refusal(DIALS, replace(DIALS, **changes))
    return None if refused is None else refused.offers


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"send_at": time(18, 30)}, None, id="inside"),
        pytest.param({"send_at": time(8)}, None, id="the moment it opens"),
        pytest.param(
            {"send_at": time(7)},
            (Offer(time(8), time(8), time(20)), Offer(time(7), time(7), time(20))),
            id="before it opens: the opening, or open earlier",
        ),
        pytest.param(
            {"send_at": time(20)},
            (Offer(time(19), time(8), time(20)), Offer(time(20), time(8), time(21))),
            id="when it closes: an hour before, or close later",
        ),
        pytest.param(
            {"send_at": time(23, 59)},
            (Offer(time(19), time(8), time(20)),),
            id="the last minute of a day cannot be widened",
        ),
        pytest.param(
            {"window_opens": time(10)},
            (Offer(time(10), time(10), time(20)), Offer(time(9), time(9), time(20))),
            id="a window after the sending: move both, or open at it",
        ),
        pytest.param(
            {"window_opens": time(6), "window_closes": time(9)},
            (Offer(time(8), time(6), time(9)), Offer(time(9), time(6), time(10))),
            id="a window before the sending",
        ),
        pytest.param(
            {"window_opens": time(10), "send_at": time(10)}, None, id="both moved together"
        ),
    ],
)
def test_a_time_outside_the_window_is_refused_and_the_nearest_offered(
    changes: dict[str, time], expected: tuple[Offer, ...] | None
) -> None:
    assert expected == offers(**changes)


def test_every_offer_is_taken() -> None:
    given = [
        replace(DIALS, send_at=one.send_at, window_opens=one.opens, window_closes=one.closes)
        for hour in range(24)
        for one in offers(send_at=time(hour, 59)) or ()
    ]

    assert {None} == {refusal(DIALS, one) for one in given}


def test_a_refusal_says_why_in_the_owner_s_words() -> None:
    refused = refusal(DIALS, replace(DIALS, send_at=time(7)))

    assert "Às 07:00 nada pode sair: o horário de envio é das 08:00 às 20:00." == (
        refused and refused.sentence
    )


def test_a_window_that_never_opens_is_refused() -> None:
    with pytest.raises(InvalidInput, match="começar antes de terminar"):
        refusal(DIALS, replace(DIALS, window_opens=time(20), window_closes=time(8)))


@pytest.mark.parametrize(
    "text", ["08:00 às 18:30", "8h-18h30", "das 8 as 18:30", "8h até 18h30", "8 ate as 18:30"]
)
def test_a_window_is_read_as_people_write_it(text: str) -> None:
    assert SendingWindow(time(8), time(18, 30)) == parse_window(text)


@pytest.mark.parametrize("text", ["8h", "manhã", "8 às 12 às 18", "18:00 às 08:00", ""])
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_window(text)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Manaus", "America/Manaus"),
        ("horário de Brasília", "America/Sao_Paulo"),
        ("recife", "America/Sao_Paulo"),
        ("Mato Grosso do Sul", "America/Cuiaba"),
        ("AC", "America/Rio_Branco"),
        ("noronha", "America/Noronha"),
    ],
)
def test_a_zone_is_found_by_the_words_people_use(text: str, zone: str) -> None:
    assert zone == parse_zone(text).key


def test_each_zone_is_a_clock_of_its_own_and_has_its_words() -> None:
    clocks = {zone_named(name).utcoffset(None) or name for name in ZONES.values()}

    assert (len(ZONES), list(ZONES)) == (
        len(clocks),
        [zone_words(zone_named(name)) for name in ZONES.values()],
    )


def test_an_unknown_place_is_refused_with_an_example() -> None:
    with pytest.raises(InvalidInput, match="Manaus"):
        parse_zone("Lisboa")


def test_what_was_changed_is_put_back_from_what_was_kept() -> None:
    after = replace(
        DIALS,
        zone=zone_named("America/Manaus"),
        send_at=time(18, 30),
        sundays=False,
        automatic_kinds=frozenset({Kind.DUE_TODAY}),
        overdue_on_reschedule=Overdue.NEVER,
    )

    assert DIALS == put_back(after, differing(DIALS, after))
    assert {} == differing(DIALS, DIALS)
