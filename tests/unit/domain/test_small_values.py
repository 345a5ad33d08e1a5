"""Small pure values: a tenant's zone, invented clients, turns, and names of its own things."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.own_texts import MAX_TEXT_NAME_CHARS, parse_text_name
from domain.pacing import PacingRules, second_gap
from domain.samples import PREFIX, sample_client, sample_clients
from domain.schedule import DEFAULT_ZONE, localized, zone_named
from domain.tags import parse_field_name
from domain.turns import fitting, step
from domain.undo import UNDO_FOR
from errors import InvalidInput
from tests.unit.domain.makers import LONGEST, SHORTEST, TODAY

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MANAUS = ZoneInfo("America/Manaus")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a screen is told."""

    at: datetime | None
    count: int = 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("America/Manaus", MANAUS),
        ("Nowhere/At_All", DEFAULT_ZONE),
        ("../etc", DEFAULT_ZONE),
        ("", DEFAULT_ZONE),
        (None, DEFAULT_ZONE),
    ],
)
def test_a_zone_nobody_knows_is_the_default(name: str | None, expected: ZoneInfo) -> None:
    assert expected == zone_named(name)


def test_facts_are_told_on_the_wall_clock_of_their_tenant() -> None:
    shown = localized(Facts(AT), MANAUS)

    assert ("08:00", 3) == (f"{shown.at:%H:%M}", shown.count)
    assert Facts(None) == localized(Facts(None), MANAUS)


def test_invented_clients_are_due_around_today_with_phones_of_their_own() -> None:
    made = sample_clients(TODAY)

    assert [-4, -1, 0, 2, 9, 20] == [(one.due_on - TODAY).days for one in made]
    assert "+5511955500101" == made[0].phone
    assert len(made) == len({one.phone for one in made})
    assert [] == [one.name for one in made if not one.name.startswith(f"{PREFIX} ")]
    assert ("Ana Souza", TODAY, 0) == (
        sample_client(TODAY).name,
        sample_client(TODAY).due_on,
        sample_client(TODAY).id,
    )


def test_the_second_part_waits_between_its_two_bounds() -> None:
    rules = PacingRules()

    assert (rules.min_second_gap_s, rules.max_second_gap_s) == (
        second_gap(rules, SHORTEST),
        second_gap(rules, LONGEST),
    )


def test_a_message_keeps_the_next_waiting_the_middle_gap_and_its_typing() -> None:
    rules = PacingRules(min_gap_s=10, max_gap_s=20, max_typing_s=5)

    assert timedelta(seconds=20) == step(rules)


@pytest.mark.parametrize(
    ("seconds", "pace", "expected"),
    [(0, 10, 0), (1, 10, 1), (10, 10, 1), (11, 10, 2), (-5, 10, 0), (1, 0, 2**31), (0, 0, 0)],
)
def test_as_many_fit_as_begin_before_the_end(seconds: int, pace: int, expected: int) -> None:
    assert expected == fitting(AT, AT + timedelta(seconds=seconds), timedelta(seconds=pace))


def test_a_text_has_a_name_of_forty_characters_at_most() -> None:
    assert 40 == MAX_TEXT_NAME_CHARS
    assert "x" * 40 == parse_text_name("x" * 40)
    with pytest.raises(InvalidInput):
        parse_text_name("x" * 41)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("!!!", "precisa ter letras"), ("Nome", "já existe nos textos"), ("Tela", "Você já tem")],
)
def test_an_own_field_has_a_name_that_nothing_else_has(typed: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        parse_field_name(typed, {"tela"})


def test_an_act_can_be_undone_for_ten_minutes() -> None:
    assert timedelta(minutes=10) == UNDO_FOR


def test_a_field_with_a_name_of_its_own_is_taken() -> None:
    assert "Usuário da TV" == parse_field_name("  Usuário  da TV ", {"tela"})
