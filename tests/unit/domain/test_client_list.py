"""Places of the list, and the names of tags and own fields (C3, C12)."""

from datetime import date
from decimal import Decimal

import pytest

from domain.client_list import Figures, ListPlace, pages_of
from domain.tags import (
    TAG_EMOJIS,
    FieldValue,
    parse_emoji,
    parse_field_name,
    parse_tag_name,
    parse_value,
    variable_of,
)
from errors import InvalidInput


@pytest.mark.parametrize(("total", "expected"), [(0, 1), (1, 1), (6, 1), (7, 2), (12, 2), (13, 3)])
def test_pages_hold_six_rows(total: int, expected: int) -> None:
    assert expected == pages_of(total)


@pytest.mark.parametrize(("page", "expected"), [(-3, 1), (0, 1), (2, 2), (3, 3), (9, 3)])
def test_a_place_is_the_nearest_there_is(page: int, expected: int) -> None:
    assert expected == ListPlace(page=page).within(3).page


def test_what_is_expected_is_the_sum_of_its_parts() -> None:
    figures = Figures(
        month=date(2026, 11, 1),
        up_to_date=109,
        due_soon=17,
        overdue=22,
        overdue_value=Decimal("1757.80"),
        to_come=Decimal("1358.30"),
        received=Decimal("8709.10"),
        archived=3,
    )

    assert (Decimal("11825.20"), 148) == (figures.expected, figures.active)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Usuário", "usuario"),
        ("Senha do app", "senha_do_app"),
        ("DNS 2", "dns_2"),
        ("  Nº de telas ", "no_de_telas"),
        ("🔑", ""),
    ],
)
def test_a_fields_variable_is_its_name_without_what_cannot_be_typed(
    name: str, expected: str
) -> None:
    assert expected == variable_of(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", TAG_EMOJIS[0]), ("🟣", "🟣"), (" ⭐ ", "⭐"), ("👨‍👩‍👧", "👨‍👩‍👧")],
)
def test_a_tag_has_an_emoji(text: str, expected: str) -> None:
    assert expected == parse_emoji(text)


@pytest.mark.parametrize("text", ["a", "1", "!!", "ação", "🟣a", "🟣" * 20])
def test_what_is_no_emoji_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="não é um emoji"):
        parse_emoji(text)


def test_names_are_bounded() -> None:
    with pytest.raises(InvalidInput, match="até 20 letras"):
        parse_tag_name("a" * 21)
    with pytest.raises(InvalidInput, match="até 20 letras"):
        parse_field_name("a" * 21, ())
    with pytest.raises(InvalidInput, match="até 200 letras"):
        parse_value("a" * 201)


def test_a_value_is_never_in_a_log() -> None:
    assert "xk29mQ7" not in repr(FieldValue(1, "Senha", "xk29mQ7", secret=True))
