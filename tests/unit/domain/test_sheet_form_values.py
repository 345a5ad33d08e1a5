"""EmDia's own sheets: an export read back, and examples that are nobody's clients (C11, J9)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from domain.clients import NewClient
from domain.import_preview import RowFault
from domain.sheet_form import (
    EXAMPLES,
    HEADINGS,
    is_example,
    is_our_form,
    own_columns,
    read_form_row,
    read_own_values,
    rest_of_example,
    secret_columns,
)
from domain.sheets import Cell, Row
from errors import InvalidInput
from tests.unit.domain.makers import TODAY

FORM = tuple(HEADINGS)
ROW = ("Ana Lima", "(11) 99000-0001", "Mensal", "35,00", "Alfa", "10/12/2026", "", "áudio", "VIP")
PLACES = {heading: place for place, heading in enumerate(HEADINGS)}
ANA = NewClient(
    name="Ana Lima",
    phone="+5511990000001",
    price=Decimal("35.00"),
    due_on=date(2026, 12, 10),
    plan="Mensal",
    server="Alfa",
    notes="áudio",
    tags=("VIP",),
)


def read(*cells: Cell, headers: tuple[str, ...] = FORM, fault: str | None = None) -> object:
    """What becomes of such a row of an export."""
    return read_form_row(Row(2, cells, fault), headers, TODAY)


def with_cell(heading: str, cell: Cell) -> object:
    """What becomes of Ana's row with another cell under `heading`."""
    cells: list[Cell] = [*ROW, "sim", "sim"]
    cells[PLACES[heading]] = cell
    return read(*cells)


def test_a_row_of_an_export_is_its_client() -> None:
    assert ANA == read(*ROW, "sim", "sim")


@pytest.mark.parametrize(
    ("days", "due_on"), [(10, date(2026, 12, 4)), (45, date(2027, 1, 8)), (-1, date(2026, 11, 23))]
)
def test_an_example_is_due_so_many_days_from_today(days: int, due_on: date) -> None:
    assert due_on == next(one.due_on(TODAY) for one in EXAMPLES if one.days == days)


@pytest.mark.parametrize(
    ("name", "phone", "expected"),
    [
        pytest.param("Exemplo: Ana Modelo", "(11) 90000-0001", True, id="as it was given out"),
        pytest.param("EXEMPLO: ana modelo", "+55 11 900000001", True, id="retyped"),
        pytest.param("Exemplo: Ana Modelo", 11900000001.0, True, id="a number of a spreadsheet"),
        pytest.param("Exemplo: Ana Modelo", "(11) 99000-0001", False, id="another phone"),
        pytest.param("Ana Lima", "(11) 90000-0001", False, id="another name"),
    ],
)
def test_an_example_is_known_by_its_name_and_phone(name: str, phone: Cell, expected: bool) -> None:
    assert expected == is_example(name, phone)


@pytest.mark.parametrize(
    ("name", "phone", "expected"),
    [
        (
            "Exemplo: Ana Modelo",
            "(11) 99000-0001",
            "O nome ainda é o do exemplo. Escreva o do cliente.",
        ),
        ("Ana Lima", "(11) 90000-0001", "O telefone ainda é o do exemplo. Escreva o do cliente."),
        ("Ana Lima", "(11) 99000-0001", None),
        ("Exemplo Ltda", "(11) 99000-0001", None),
        (12, None, None),
    ],
)
def test_what_is_left_of_an_example_is_asked_about(
    name: Cell, phone: Cell, expected: str | None
) -> None:
    assert expected == rest_of_example(name, phone)


@pytest.mark.parametrize(
    ("headers", "form", "secret"),
    [
        pytest.param((*FORM, "Senha 🔒", "Telas"), True, ["Senha"], id="an export"),
        pytest.param((*FORM, "Telas"), True, [], id="no secret"),
        pytest.param((*FORM[1:], "Senha 🔒"), False, [], id="another sheet"),
    ],
)
def test_a_secret_field_is_one_again(
    headers: tuple[str, ...], form: bool, secret: list[str]
) -> None:
    assert (form, secret) == (is_our_form(headers), secret_columns(headers))


def test_own_columns_are_those_after_the_form_that_have_a_name() -> None:
    assert {11: "Usuário", 13: "Senha"} == own_columns((*FORM, "Usuário", "", "Senha 🔒"))


def test_own_values_are_those_that_say_something() -> None:
    row = Row(2, ("x", " ana  lima ", "", "\u200b", 7.0))

    assert [("Usuário", "ana lima"), ("Telas", "7")] == [
        *read_own_values(row, {1: "Usuário", 2: "Senha", 4: "Telas", 5: "Sala"})
    ]


@pytest.mark.parametrize("extra", [pytest.param(5, id="beyond the last cell"), 99])
def test_a_short_row_has_nothing_in_its_last_columns(extra: int) -> None:
    assert [] == [*read_own_values(Row(2, ("a",) * 5), {extra: "Usuário"})]


def test_ten_own_fields_fit_and_eleven_do_not() -> None:
    ten = {place: f"campo {place}" for place in range(10)}

    assert 10 == len([*read_own_values(Row(2, ("x",) * 11), ten)])
    with pytest.raises(InvalidInput, match=r"^Há 11 campos próprios, e cabem 10\.$"):
        [*read_own_values(Row(2, ("x",) * 11), {**ten, 10: "campo 10"})]


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(date(2026, 12, 10), id="a date"),
        pytest.param(datetime(2026, 12, 10, 15, 30), id="a date with an hour"),  # noqa: DTZ001 - a sheet knows no zones
        pytest.param("10/12/2026", id="words"),
    ],
)
def test_a_due_date_is_read_however_the_file_keeps_it(cell: Cell) -> None:
    assert ANA == with_cell("Vencimento", cell)


def test_a_year_nobody_means_is_refused_in_a_date_cell_too() -> None:
    assert isinstance(with_cell("Vencimento", date(2126, 12, 10)), RowFault)


@pytest.mark.parametrize(
    ("due_on", "cell", "expected"),
    [
        pytest.param("28/02/2027", 31, 31, id="hidden by a short month"),
        pytest.param("28/02/2027", 28, None, id="the day itself"),
        pytest.param("28/02/2027", 20, None, id="another day"),
        pytest.param("28/02/2027", "", None, id="nothing"),
        pytest.param("10/12/2026", 11, None, id="a month that has it"),
        pytest.param("31/12/2026", 31, None, id="the last of all"),
    ],
)
def test_an_agreed_day_counts_only_where_a_short_month_hides_it(
    due_on: str, cell: Cell, expected: int | None
) -> None:
    cells: list[Cell] = [*ROW, "sim", "sim"]
    cells[5], cells[6] = due_on, cell
    found = read(*cells)

    assert isinstance(found, NewClient)
    assert expected == found.agreed_day


@pytest.mark.parametrize("cell", [0, 32, "sexta", -1, "1,5"])
def test_an_agreed_day_that_no_month_has_is_refused(cell: Cell) -> None:
    assert RowFault(2, "O dia combinado vai de 1 a 31.") == with_cell("Dia combinado", cell)


@pytest.mark.parametrize("cell", [1, 31, "1", 10.0])
def test_an_agreed_day_of_the_calendar_is_taken(cell: Cell) -> None:
    assert ANA == with_cell("Dia combinado", cell)


def test_all_that_is_wrong_with_a_row_is_told_at_once_and_each_thing_once() -> None:
    words = "Em Cobranças e Avisos, escreva sim, não ou saiu (quem pediu SAIR)."

    assert RowFault(
        2,
        "A linha quebrou. Faltou o nome. Faltou o telefone. Faltou o valor. "
        f"Faltou o vencimento. {words}",
    ) == read("", fault="A linha quebrou.")


def test_a_fault_of_the_row_alone_keeps_it_out() -> None:
    assert RowFault(2, "A linha quebrou.") == read(*ROW, "sim", "sim", fault="A linha quebrou.")


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("Nome", None, "Faltou o nome."),
        ("Telefone", "", "Faltou o telefone."),
        ("Valor", "  ", "Faltou o valor."),
        ("Vencimento", None, "Faltou o vencimento."),
    ],
)
def test_what_a_client_needs_is_asked_for_by_name(heading: str, cell: Cell, expected: str) -> None:
    assert RowFault(2, expected) == with_cell(heading, cell)


@pytest.mark.parametrize("heading", ["Plano", "Servidor", "Observações", "Etiquetas"])
def test_the_rest_may_be_blank(heading: str) -> None:
    assert isinstance(with_cell(heading, None), NewClient)


def test_a_refusal_in_either_switch_counts() -> None:
    billing, notices = read(*ROW, "saiu", "sim"), read(*ROW, "não", "não, saiu")

    assert isinstance(billing, NewClient)
    assert isinstance(notices, NewClient)
    assert (True, True, True) == (
        billing.receives_billing,
        billing.receives_notices,
        billing.opted_out,
    )
    assert (False, False, True) == (
        notices.receives_billing,
        notices.receives_notices,
        notices.opted_out,
    )


def test_a_tag_comes_with_its_emoji() -> None:
    found = with_cell("Etiquetas", "⭐ VIP, Bairro Alto")

    assert isinstance(found, NewClient)
    assert (("VIP", "Bairro Alto"), {"VIP": "⭐"}) == (found.tags, found.tag_emojis)


def test_own_fields_come_with_the_client_and_too_long_a_one_is_told() -> None:
    headers = (*FORM, "Usuário")
    found = read(*ROW, "sim", "sim", "ana1", headers=headers)

    assert isinstance(found, NewClient)
    assert {"Usuário": "ana1"} == found.own_fields
    assert RowFault(2, "Use até 200 letras.") == read(
        *ROW, "sim", "sim", "x" * 201, headers=headers
    )


def test_a_number_where_words_belong_is_what_a_person_reads() -> None:
    found = with_cell("Plano", 30.0)

    assert isinstance(found, NewClient)
    assert "30" == found.plan
