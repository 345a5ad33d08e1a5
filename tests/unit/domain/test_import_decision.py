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
from errors import InvalidInput
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


@pytest.mark.parametrize(
    ("doubles", "expected"),
    [
        pytest.param(Doubles.SKIP, (["Bia"], [], 3), id="skip"),
        pytest.param(Doubles.UPDATE, (["Bia"], [7], 2), id="update"),
        pytest.param(Doubles.ADD, (["Bia", "Ana", "Ana"], [], 1), id="add"),
    ],
)
def test_doubles_are_treated_as_the_owner_says(
    doubles: Doubles, expected: tuple[list[str], list[int], int]
) -> None:
    later = (*ANA[:3], "10/01/2027", ANA[4])

    assert expected == names(weighed(ANA, later, BIA, BIA).decide(doubles))


def test_of_two_rows_for_one_client_the_first_updates_it() -> None:
    later = (*ANA[:3], "10/01/2027", ANA[4])
    decision = weighed(ANA, later).decide(Doubles.UPDATE)

    assert [date(2026, 12, 10)] == [client.due_on for _, client in decision.to_update]


def test_of_clients_that_are_the_same_the_active_one_is_meant() -> None:
    archived = replace(THERE, client_id=3, archived=True)
    decision = weighed(ANA, there=(archived, THERE)).decide(Doubles.UPDATE)

    assert [7] == [number for number, _ in decision.to_update]


def test_a_blank_cell_empties_nothing() -> None:
    new = NewClient(
        name="Ana", phone="+5511990000001", price=Decimal(35), due_on=date(2026, 12, 10)
    )

    assert replace(FIELDS, price=Decimal(35), due_on=date(2026, 12, 10)) == FIELDS.told_by(new)


@pytest.mark.parametrize(
    ("agreed", "due_on", "expected"),
    [
        pytest.param(31, date(2027, 2, 28), 31, id="the end of a short month"),
        pytest.param(31, date(2027, 2, 20), 20, id="another day"),
    ],
)
def test_the_agreed_day_stays_where_a_short_month_hides_it(
    agreed: int, due_on: date, expected: int
) -> None:
    new = NewClient(name="Ana", phone="+5511990000001", price=Decimal(35), due_on=due_on)

    assert expected == replace(FIELDS, agreed_day=agreed).told_by(new).agreed_day


def export_with(fields: list[str], values: list[str], tags: str = "") -> Weighed:
    """An export with more columns than the form has."""
    row = ("Ana", ANA[1], "", "35", "", "10/12/2026", "", "", tags, "sim", "sim", *values)
    return weigh(as_sheet([(*HEADINGS, *fields), row]), TODAY, (), ("usuário",))


def test_more_own_fields_than_there_may_be_are_told_in_the_dry_run() -> None:
    fields = [f"campo {number}" for number in range(10)]

    with pytest.raises(InvalidInput, match="seriam 11 campos próprios, e cabem 10"):
        export_with(fields, ["x"] * 10)


def test_a_column_that_nobody_has_anything_in_is_no_field() -> None:
    fields = [f"campo {number}" for number in range(10)]
    found = export_with(fields, ["x"] * 9 + [""])

    assert 9 == len(found.found.clients[0].client.own_fields)


def test_a_field_that_cannot_be_called_so_is_told_in_the_dry_run() -> None:
    with pytest.raises(InvalidInput, match="já existe nos textos"):
        export_with(["Valor"], ["x"])


def test_more_tags_than_there_may_be_are_told_in_the_dry_run() -> None:
    rows = [
        (
            *("Ana", f"(11) 99000-{number:04d}", "", "35", "", "10/12/2026", "", ""),
            *(f"tag {number}", "sim", "sim"),
        )
        for number in range(31)
    ]

    with pytest.raises(InvalidInput, match="tem 31 etiquetas, e cabem 30"):
        weigh(as_sheet([tuple(HEADINGS), *rows]), TODAY, (), ())


@pytest.mark.parametrize(
    ("archived", "beginning"),
    [(False, "Já cadastrado (vence "), (True, "Já cadastrado, arquivado (vence ")],
)
def test_a_row_that_is_there_already_says_what_it_says_otherwise(
    archived: bool, beginning: str
) -> None:
    left = weighed(ANA, there=(replace(THERE, archived=archived),)).left(Left.DOUBLE)

    assert [(2, "Ana")] == [(one.row, one.name) for one in left]
    assert left[0].words.startswith(beginning)


def test_a_row_that_repeats_another_names_its_line() -> None:
    left = weighed(BIA, BIA, there=()).left(Left.DOUBLE)

    assert [(3, "Bia", "Repetido da linha 2, igual.")] == [
        (one.row, one.name, one.words) for one in left
    ]


def test_a_row_that_is_no_client_keeps_the_name_that_stands_in_it() -> None:
    left = weighed(("Caio", "99", "35,00", "10/12/2026", "Mensal")).left(Left.BAD)

    assert [(2, "Caio")] == [(one.row, one.name) for one in left]


def test_as_many_tags_as_there_may_be_are_taken() -> None:
    rows = [
        (
            *("Ana", f"(11) 99000-{number:04d}", "", "35", "", "10/12/2026", "", ""),
            *(f"tag {number}", "sim", "sim"),
        )
        for number in range(30)
    ]

    assert 30 == len(weigh(as_sheet([tuple(HEADINGS), *rows]), TODAY, (), ()).found.clients)


def test_an_own_value_that_is_too_long_is_a_fault_of_its_row() -> None:
    found = export_with(["usuário"], ["x" * 5_000])

    assert 1 == len(found.found.faults)


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
