"""What is said to a pasted list, however long it is: on one phone, harmless, and in full."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.screens.quick import words
from bot.ui.measure import fits
from domain.clients import NewClient
from domain.pasted_lines import MAX_LINES, PastedLine

TODAY = date(2026, 11, 25)
BUTTON_ROWS = 2


def client(name: str, days: int = 10) -> NewClient:
    """Somebody pasted."""
    return NewClient(
        name=name,
        phone="+5511988887777",
        price=Decimal("99999.99"),
        due_on=TODAY + timedelta(days=days),
    )


def read(number: int) -> PastedLine:
    """A line that is a client."""
    person = client("Maria Aparecida de Souza Oliveira")
    return PastedLine(number=number, text="Maria", client=person)


def doubtful(number: int, text: str = "Ana " * 60) -> PastedLine:
    """A line that is none."""
    return PastedLine(number=number, text=text, doubt="Falta o valor.")


LONGEST = {
    "all read": [read(number) for number in range(1, MAX_LINES + 1)],
    "half in doubt": [*map(read, range(1, 11)), *map(doubtful, range(11, MAX_LINES + 1))],
    "none read": [doubtful(number) for number in range(1, MAX_LINES + 1)],
}


@pytest.mark.parametrize("lines", LONGEST.values(), ids=LONGEST)
def test_a_pasted_list_is_seen_without_scrolling(lines: list[PastedLine]) -> None:
    clients = [line.client for line in lines if line.client is not None]
    text = words.pasted(lines, clients, TODAY)

    assert fits(text, BUTTON_ROWS, pinned=True)


def test_every_client_and_every_doubt_is_in_the_text() -> None:
    text = words.pasted([read(1), doubtful(2, "<Ana>")], [], TODAY)

    assert "Maria Aparecida de So… · 05/12 · R$ 99.999,99" in text
    assert "2. “&lt;Ana&gt;”: Falta o valor." in text
    assert "<b>1 linha em dúvida</b>, que não entra:" in text
    assert text.endswith("Corrija e mande de novo só ela.")


def test_three_of_those_who_share_a_phone_are_named() -> None:
    people = [client(name) for name in ("Ana", "Bia", "Caio", "Davi")]

    assert "Já usam um celular da sua lista: Ana, Bia, Caio e mais 1" in words.pasted(
        [read(1)], people, TODAY
    )


def test_a_list_without_a_client_shows_how_one_is_written() -> None:
    assert words.EXAMPLE in words.pasted([doubtful(1)], [], TODAY)


@pytest.mark.parametrize(
    ("count", "expected"), [(1, "✅ Cadastrar"), (5, "✅ Cadastrar os 5")], ids=["one", "more"]
)
def test_the_button_says_how_many_are_registered(count: int, expected: str) -> None:
    assert expected == words.save_all_button(count)
