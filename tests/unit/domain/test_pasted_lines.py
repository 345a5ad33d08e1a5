"""Several clients pasted at once: each line is a client, or says why it is none."""

from datetime import date
from decimal import Decimal

import pytest

from domain.clients import NewClient
from domain.pasted_lines import MAX_LINES, is_list, read_lines, split_lines

TODAY = date(2026, 11, 25)


def doubts(*lines: str) -> list[str | None]:
    """What is wrong with each line, None for nothing."""
    return [line.doubt for line in read_lines(lines, TODAY)]


def test_a_line_with_all_that_is_needed_is_a_client() -> None:
    [line] = read_lines(("João Silva 11 98888-7777 mensal 35 dia 10",), TODAY)

    assert (
        NewClient(
            name="João Silva",
            phone="+5511988887777",
            plan="mensal",
            price=Decimal("35.00"),
            due_on=date(2026, 12, 10),
            agreed_day=10,
        )
        == line.client
    )


def test_a_plan_of_known_length_gives_the_due_date() -> None:
    [line] = read_lines(("Ana; 11 98888-7777; mensal; 35,00",), TODAY)

    assert line.client is not None
    assert date(2026, 12, 25) == line.client.due_on


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("Ana 11 98888-7777 dia 10", "Falta o valor.", id="one"),
        pytest.param("Ana 11 98888-7777", "Faltam o valor e o vencimento.", id="two"),
        pytest.param("Ana", "Faltam o celular, o valor e o vencimento.", id="three"),
        pytest.param("11 98888-7777 35 dia 10", "Falta o nome.", id="the name"),
    ],
)
def test_what_a_line_lacks_is_said(line: str, expected: str) -> None:
    assert [expected] == doubts(line)


def test_a_wrong_piece_is_said_with_its_own_sentence() -> None:
    [doubt] = doubts("Ana 11 98888-7777 11 97777-6666 35 dia 10")

    assert doubt is not None
    assert "dois telefones" in doubt


def test_the_same_client_twice_is_one() -> None:
    twice = ("Ana 11 98888-7777 35 dia 10", "ANA  (11) 8888-7777 40 dia 12")

    assert [None, "Repete a linha 1."] == doubts(*twice)


def test_two_clients_on_one_phone_are_two() -> None:
    assert [None, None] == doubts("Ana 11 98888-7777 35 dia 10", "Bia 11 98888-7777 35 dia 10")


def test_lines_are_numbered_as_they_stand() -> None:
    lines = read_lines(("Ana", "Bia 11 98888-7777 35 dia 10"), TODAY)

    assert [1, 2] == [line.number for line in lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Ana 11 98888-7777\nBia 11 97777-6666", True, id="two clients"),
        pytest.param("Ana\n11 98888-7777\n35 dia 10", False, id="one, over several lines"),
        pytest.param("Ana\nBia", False, id="names alone"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_a_list_has_more_than_one_phone(text: str, expected: bool) -> None:
    assert expected == is_list(split_lines(text))


def test_blank_lines_say_nothing() -> None:
    assert ("Ana", "Bia") == split_lines("\n Ana \n\n\t\nBia\n")


def test_twenty_lines_are_pasted_at_once_and_no_more() -> None:
    assert 20 == MAX_LINES


def test_twenty_lines_are_taken_in_one_message() -> None:
    assert 20 == MAX_LINES
