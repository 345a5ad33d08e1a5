"""What is taken out as a sheet, and that an import reads it back as it was (C11, C12, C13, J9)."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from domain.clients import Client, NewClient, parse_name, parse_notes, parse_plan, parse_server
from domain.contacts import parse_phone
from domain.due_dates import day_in_month
from domain.export_rows import (
    ExportedClient,
    ExportedPayment,
    export_tables,
    phone_in_sheet,
    template_tables,
)
from domain.import_preview import ImportPreview, LeftOut, RowFault, client_key
from domain.import_rows import preview_import
from domain.sheet_choice import MAX_ROWS_OF_OURS
from domain.sheet_form import EXAMPLES
from domain.sheets import MAX_FILE_BYTES, Skipped, SkipReason
from domain.tags import MAX_TAG_CHARS, TAG_EMOJIS, parse_tag_name, parse_value
from domain.text import fold
from errors import InvalidInput
from gateways.sheet_writer import write_workbook
from gateways.sheet_xlsx import MAX_AREA_CELLS, MAX_UNPACKED_BYTES
from gateways.spreadsheet import comes_back, read_rows
from tests.unit.sheets import TODAY, Tab, workbook

MADE_AT = datetime(2026, 11, 24, 9, 30)  # noqa: DTZ001 - a wall time
OWN = ("usuário", "Senha", "DNS")
LONGEST_PLAN = 60
ODD = st.sampled_from(
    [
        *("=1+1", "+55 11", "-10", "@soma", '="x"', "10.0", "1e5", "#N/A", "_x0041_", "JoÃ£o"),
        *(
            "cancelado",
            "Pago",
            "TOTAL",
            "Nome",
            "💃🏽 👩‍👩‍👧",
            "Jo?o",
            "'aspas",
            "a;b|c\td",
            "<b>&amp;",
        ),
    ]
)


def accepted(text: str, parse: object) -> str | None:
    """What a field keeps of `text`, None where it refuses it."""
    try:
        return parse(text) or None  # type: ignore[operator]
    except InvalidInput:
        return None


def kept(parse: object, most: int) -> st.SearchStrategy[str]:
    """What a field may hold: anything that it accepts, odd things among it."""
    texts = st.text(max_size=most) | ODD | st.tuples(ODD, st.text(max_size=9)).map("\n".join)
    return texts.map(lambda text: accepted(text, parse)).filter(lambda text: text is not None)  # type: ignore[return-value]


def phone(digits: int) -> str:
    """An invented number in one of four forms: mobile, old mobile, landline, abroad."""
    forms = (
        f"+55119{90_000_000 + digits}",
        f"+5511{90_000_000 + digits}",
        f"+551133{digits % 10**6:06d}",
        f"+35191{digits:07d}",
    )
    return forms[digits % 4]


ODD_TAGS = st.sampled_from(
    [
        "Bairro Alto, fundos",
        'a "b"',
        '"aspas"',
        '"',
        "⭐ VIP",
        "⭐",
        "❤️ x",
        "— y",
        '⭐ "z"',
        "a;b",
        ",,",
    ]
)
TAGS = st.lists(kept(parse_tag_name, MAX_TAG_CHARS) | ODD_TAGS, max_size=10, unique_by=fold).map(
    tuple
)
EMOJIS = st.sampled_from([*TAG_EMOJIS, "‼️", "❤️", "🇧🇷", "👩‍👩‍👧", "💃🏽", "#️⃣"])
LAST_DAYS = st.dates(date(2026, 1, 1), date(2036, 11, 1)).map(
    lambda day: day_in_month(day.year, day.month, 31)
)


@st.composite
def new_clients(draw: st.DrawFn) -> NewClient:
    """A client as registration gathers one, whatever people write."""
    due_on = draw(st.dates(date(2000, 1, 1), date(2036, 12, 31)) | LAST_DAYS)
    hidden = [
        day
        for day in range(due_on.day + 1, 32)
        if day_in_month(due_on.year, due_on.month, day) == due_on
    ]
    tags = draw(TAGS)
    return NewClient(
        name=draw(kept(parse_name, 90)),
        phone=phone(draw(st.integers(0, 9_999_999))),
        price=draw(st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2)),
        due_on=due_on,
        agreed_day=draw(st.sampled_from([None, *hidden])),
        plan=draw(st.none() | kept(parse_plan, LONGEST_PLAN)),
        server=draw(st.none() | kept(parse_server, LONGEST_PLAN)),
        notes=draw(st.none() | kept(parse_notes, 400)),
        tags=tags,
        tag_emojis={tag: emoji for tag in tags if (emoji := draw(st.none() | EMOJIS))},
        own_fields=draw(st.dictionaries(st.sampled_from(OWN), kept(parse_value, 190))),
        receives_billing=draw(st.booleans()),
        receives_notices=draw(st.booleans()),
        opted_out=draw(st.booleans()),
    )


PEOPLE = st.lists(
    new_clients(), max_size=6, unique_by=lambda new: client_key(new.phone, new.name, new.plan)
)


def as_registered(new: NewClient, number: int = 1) -> Client:
    """The same once it is registered."""
    return Client(
        id=number,
        name=new.name,
        phone=new.phone,
        due_on=new.due_on,
        agreed_day=new.agreed_day,
        plan=new.plan,
        price=new.price,
        server=new.server,
        notes=new.notes,
        receives_billing=new.receives_billing,
        receives_notices=new.receives_notices,
        opted_out=new.opted_out,
    )


def exported(*clients: NewClient, archived_on: date | None = None) -> list[ExportedClient]:
    """The same, to be taken out."""
    return [
        ExportedClient(
            client=as_registered(new, number),
            tags=new.tags,
            tag_emojis=new.tag_emojis,
            own_fields=new.own_fields,
            archived_on=archived_on,
        )
        for number, new in enumerate(clients)
    ]


def taken_out(clients: list[ExportedClient], payments: tuple[ExportedPayment, ...] = ()) -> bytes:
    """The workbook."""
    return write_workbook(export_tables(clients, payments, OWN), MADE_AT)


def read_back(data: bytes) -> ImportPreview:
    """What importing it into an empty tenant would do."""
    return preview_import(read_rows(data, "clientes.xlsx"), TODAY)


ANA = NewClient(
    name="😀 Ana Souza",
    phone="+5511990000001",
    price=Decimal("1234.50"),
    due_on=date(2026, 11, 30),
    agreed_day=31,
    plan="Mensal",
    server="=1+1",
    notes="paga por PIX\n\n=soma(A1)\ncancelado",
    tags=("VIP", "Bairro Alto"),
    own_fields={"Senha": "+x9"},
)
PAYMENT = ExportedPayment(
    paid_on=TODAY,
    name="=Ana",
    amount=Decimal("79.90"),
    due_on_before=date(2026, 10, 31),
    due_on_after=date(2026, 11, 30),
    note=None,
    voided=False,
)


@given(PEOPLE.filter(bool))
@settings(deadline=None)
def test_whoever_is_taken_out_comes_back_unchanged(people: list[NewClient]) -> None:
    found = read_back(taken_out(exported(*people)))

    assert people == [entry.client for entry in found.clients]
    assert () == (*found.faults, *found.duplicates, *found.left_out)


def test_a_phone_is_kept_in_the_form_it_was_typed() -> None:
    shapes = [phone(digits) for digits in range(4)]

    assert shapes == [parse_phone(phone_in_sheet(shape)) for shape in shapes]


def test_dates_are_dates_and_money_is_a_number() -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(taken_out(exported(ANA), (PAYMENT,))))
    clients = sheet.get_sheet_by_name("Clientes").to_python()
    payments = sheet.get_sheet_by_name("Pagamentos").to_python()

    assert [1234.5, "=1+1", date(2026, 11, 30), 31.0] == clients[1][3:7]
    assert [TODAY, "=Ana", 79.9, date(2026, 10, 31), date(2026, 11, 30)] == payments[1][:5]


def test_nothing_in_the_file_is_a_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(taken_out(exported(ANA), (PAYMENT,)))) as packed:
        parts = [packed.read(name) for name in packed.namelist() if "worksheets/" in name]

    assert [False, False, False] == [b"<f>" in part for part in parts]
    assert b'quotePrefix="1"' in packed_styles(taken_out(exported(ANA)))


def packed_styles(data: bytes) -> bytes:
    """How the cells look."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return packed.read("xl/styles.xml")


def test_the_tabs_are_named_as_people_call_them() -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(taken_out([])))

    assert ["Clientes", "Pagamentos", "Arquivados"] == sheet.sheet_names


def test_the_archived_are_taken_out_and_never_come_back_as_clients() -> None:
    data = taken_out(exported(ANA, archived_on=TODAY))

    assert [LeftOut(2, "Arquivado em")] == list(read_back(data).left_out)
    assert () == read_back(data).clients


def test_an_export_of_nobody_says_that_there_is_nobody() -> None:
    with pytest.raises(InvalidInput, match="não tem nenhum cliente"):
        read_back(taken_out([], (PAYMENT,)))


def test_the_template_unchanged_has_nobody_to_import() -> None:
    data = write_workbook(template_tables(TODAY, OWN), MADE_AT)

    with pytest.raises(InvalidInput, match="Só os exemplos"):
        read_back(data)


def test_clients_below_the_examples_are_read_and_the_examples_are_not() -> None:
    headings, *rows = template_rows()
    data = workbook(
        Tab("Clientes", [headings, *rows, ("Bia", "11990000002", "", "40", "", "10/12")])
    )
    found = read_back(data)

    assert ["Bia"] == [entry.client.name for entry in found.clients]
    skipped = [Skipped(row, SkipReason.EXAMPLE) for row in (2, 3, 4)]
    assert skipped == list(found.reading.skipped)


def template_rows() -> list[tuple[str, ...]]:
    """The template's first tab, as somebody would see it."""
    table = template_tables(TODAY, ())[0]
    return [table.headings, *(tuple(str(cell or "") for cell in row) for row in table.rows)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param((EXAMPLES[0].name, "11990000002"), "O nome ainda é o do exemplo", id="name"),
        pytest.param(("Bia", EXAMPLES[1].phone), "O telefone ainda é o do exemplo", id="phone"),
    ],
)
def test_an_example_that_was_half_written_over_is_asked_about(
    row: tuple[str, str], expected: str
) -> None:
    cells = (*row, "Mensal", "40", "", "10/12/2026")
    found = read_back(workbook(Tab("Clientes", [template_rows()[0], cells])))

    assert [RowFault(2, f"{expected}. Escreva o do cliente.")] == list(found.faults)


def test_how_to_fill_it_in_is_no_list_of_clients() -> None:
    tables = template_tables(TODAY, OWN)
    data = workbook(
        Tab("Clientes", [tables[0].headings, ("Bia", "11990000002", "", "40", "", "10/12/2026")]),
        Tab("Como preencher", [[str(cell or "") for cell in row] for row in tables[1].rows]),
    )
    found = read_back(data)

    assert [0] == [tab.rows for tab in found.reading.other_tabs]
    assert "Clientes" == found.reading.tab


def test_tags_and_own_fields_of_any_sheet_are_read_by_their_names() -> None:
    header = ("Nome", "Telefone", "Valor", "Vencimento", "Etiquetas", "USUARIO", "Outra")
    row = ("Bia", "11990000002", "40", "10/12/2026", "VIP; Bairro Alto, vip", "bia.s", "x")
    sheet = read_rows(workbook(Tab("A", [header, row])), "a.xlsx")
    found = preview_import(sheet, TODAY, own_fields=["Usuário", "Senha"])

    assert ("VIP", "Bairro Alto") == found.clients[0].client.tags
    assert {"Usuário": "bia.s"} == found.clients[0].client.own_fields
    assert ["Outra"] == [use.header for use in found.columns if use.column is None]


def test_notes_of_any_sheet_keep_their_lines() -> None:
    header = ("Nome", "Telefone", "Valor", "Vencimento", "Obs")
    row = ("Bia", "11990000002", "40", "10/12/2026", "liga antes\n  e depois ")
    found = read_back(workbook(Tab("A", [header, row])))

    assert "liga antes\ne depois" == found.clients[0].client.notes


@pytest.mark.parametrize(
    ("clients", "cells", "expected"),
    [
        pytest.param(MAX_ROWS_OF_OURS, MAX_AREA_CELLS, True, id="as much as is read"),
        pytest.param(MAX_ROWS_OF_OURS + 1, 9, False, id="clients"),
        pytest.param(1, MAX_AREA_CELLS + 1, False, id="cells"),
    ],
)
def test_an_export_knows_whether_it_would_be_read(clients: int, cells: int, expected: bool) -> None:
    assert expected == comes_back(taken_out([]), clients=clients, cells=cells)


def test_an_export_that_packs_or_unpacks_to_too_much_is_known_not_to_come_back() -> None:
    packed = io.BytesIO(taken_out([]))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/a.xml", b" " * MAX_UNPACKED_BYTES)
    files = (packed.getvalue(), taken_out([]) + b"x" * MAX_FILE_BYTES)

    assert [False, False] == [comes_back(data, clients=1, cells=9) for data in files]


def test_the_cells_of_a_table_are_counted_as_they_are_laid_out() -> None:
    table = export_tables(exported(ANA), (), OWN)[0]

    assert 2 * len(table.headings) == table.cells
