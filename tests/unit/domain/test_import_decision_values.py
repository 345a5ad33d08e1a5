"""From the dry run to what is done (C11, C12, C13)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.clients import NewClient
from domain.import_decision import (
    Decision,
    Doubles,
    Left,
    LeftRow,
    Registered,
    SheetFields,
    Weighed,
    weigh,
)
from domain.sheet_choice import as_sheet
from domain.sheet_form import HEADINGS
from tests.unit.domain.makers import TODAY

HEADER = ("Nome", "Telefone", "Valor", "Vencimento", "Plano")


ANA = ("Ana", "(11) 99000-0001", "35,00", "10/12/2026", "Mensal")


BIA = ("Bia", "(11) 99000-0002", "40,00", "11/12/2026", "Mensal")


THERE = Registered(
    client_id=7,
    name="ANA",
    phone="+5511990000001",
    plan="mensal",
    price=Decimal(30),
    due_on=date(2026, 11, 10),
    archived=False,
)


FIELDS = SheetFields(
    plan="mensal",
    price=Decimal(30),
    server="Alfa",
    due_on=date(2026, 11, 10),
    agreed_day=10,
    notes="antiga",
)


def weighed(*rows: tuple[str, ...], there: tuple[Registered, ...] = (THERE,)) -> Weighed:
    """A sheet beside the clients there are."""
    return weigh(as_sheet([HEADER, *rows]), TODAY, there, ())


def names(decision: Decision) -> tuple[list[str], list[int], int]:
    """Who is added by name, who is changed by number, how many rows are skipped."""
    return (
        [one.name for one in decision.to_add],
        [number for number, _ in decision.to_update],
        decision.skipped,
    )


def export_with(fields: list[str], values: list[str], tags: str = "") -> Weighed:
    """An export with more columns than the form has."""
    row = ("Ana", ANA[1], "", "35", "", "10/12/2026", "", "", tags, "sim", "sim", *values)
    return weigh(as_sheet([(*HEADINGS, *fields), row]), TODAY, (), ("usuário",))


def test_the_rows_to_look_at_say_whose_they_are_and_why() -> None:
    header = (*HEADER, "Situação")
    bad = ("Davi", "", "35", "10/12/2026", "", "")
    nameless = ("", "(11) 99000-0004", "35", "10/12/2026", "", "")
    gone = ("Eva", "(11) 99000-0005", "35", "10/12/2026", "", "Cancelado")
    found = weigh(as_sheet([header, (*BIA, ""), bad, nameless, gone]), TODAY, (), ())

    assert [
        LeftRow(3, "Davi", "Faltou o telefone."),
        LeftRow(4, None, "Faltou o nome."),
    ] == found.left(Left.BAD)
    assert [LeftRow(5, "Eva", "A planilha diz “Cancelado”.")] == found.left(Left.GONE)
    assert [] == found.left(Left.DOUBLE)


def test_a_name_is_shown_to_forty_letters() -> None:
    bad = ("x" * 41, "", "35", "10/12/2026", "")

    assert ["x" * 40] == [left.name for left in weighed(BIA, bad).left(Left.BAD)]


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        pytest.param(
            {},
            "Já cadastrado (vence 10/11/2026, R$ 30,00); "
            "esta linha diz vence 10/12/2026 e R$ 35,00.",
            id="both differ",
        ),
        pytest.param(
            {"price": None, "archived": True},
            "Já cadastrado, arquivado (vence 10/11/2026); "
            "esta linha diz vence 10/12/2026 e R$ 35,00.",
            id="archived, without a price",
        ),
        pytest.param(
            {"price": Decimal(35)},
            "Já cadastrado (vence 10/11/2026, R$ 35,00); esta linha diz vence 10/12/2026.",
            id="the date differs",
        ),
        pytest.param(
            {"price": Decimal(35), "due_on": date(2026, 12, 10)}, "Já cadastrado, igual.", id="same"
        ),
        pytest.param(
            {"price": Decimal(35), "due_on": date(2026, 12, 10), "archived": True},
            "Já cadastrado, arquivado, igual.",
            id="same and archived",
        ),
    ],
)
def test_a_row_that_is_there_says_what_stands_and_what_it_says(
    there: dict[str, object], expected: str
) -> None:
    known = replace(THERE, **there)  # type: ignore[arg-type]

    assert [LeftRow(2, "Ana", expected)] == weighed(ANA, there=(known,)).left(Left.DOUBLE)


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        pytest.param(BIA, "Repetido da linha 2, igual.", id="same"),
        pytest.param(
            (*BIA[:2], "45,00", *BIA[3:]),
            "Repetido da linha 2 (vence 11/12/2026, R$ 40,00); esta linha diz R$ 45,00.",
            id="another price",
        ),
    ],
)
def test_a_row_repeated_in_the_sheet_is_told_beside_the_first(
    again: tuple[str, ...], expected: str
) -> None:
    assert [LeftRow(3, "Bia", expected)] == weighed(BIA, again).left(Left.DOUBLE)


def test_what_is_there_word_for_word_is_not_added_again() -> None:
    same = replace(THERE, name="Ana", plan="Mensal", due_on=date(2026, 12, 10))

    assert ([], [], 1) == names(weighed(ANA, there=(same,)).decide(Doubles.ADD))


def test_thirty_tags_and_ten_own_fields_fit() -> None:
    rows = [
        (
            *("Ana", f"(11) 99000-{number:04d}", "", "35", "", "10/12/2026", "", ""),
            *(f"tag {number}", "sim", "sim"),
        )
        for number in range(30)
    ]

    assert 30 == len(weigh(as_sheet([tuple(HEADINGS), *rows]), TODAY, (), ()).found.clients)
    nine = [f"campo {number}" for number in range(9)]
    assert 1 == len(export_with(nine, ["x"] * 9).found.clients)


def test_what_the_sheet_says_takes_the_place_of_what_was_there() -> None:
    new = NewClient(
        name="Ana",
        phone="+5511990000001",
        plan="Anual",
        server="Beta",
        price=Decimal(35),
        due_on=date(2027, 2, 28),
        agreed_day=30,
        notes="nova",
    )

    assert SheetFields(
        plan="Anual",
        price=Decimal(35),
        server="Beta",
        due_on=date(2027, 2, 28),
        agreed_day=30,
        notes="nova",
    ) == replace(FIELDS, agreed_day=31).told_by(new)


def test_names_are_taken_from_the_column_of_names_wherever_it_stands() -> None:
    header = ("Telefone", "Valor", "Vencimento", "Plano", "Nome")
    good = (*BIA[1:], BIA[0])
    bad = ("", "35", "10/12/2026", "", "Davi")
    short = ("", "35")
    found = weigh(as_sheet([header, good, bad, short]), TODAY, (), ())

    assert {3: "Davi"} == found.names


def test_who_is_registered_receives_everything_unless_it_is_said_otherwise() -> None:
    decision = weighed(ANA).decide(Doubles.ADD)

    assert [(True, True, False)] == [
        (one.receives_billing, one.receives_notices, one.opted_out) for one in decision.to_add
    ]
