"""Files as people send them: encodings, delimiters, real cells, and what must not hurt (C11)."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from domain.import_rows import preview_import
from domain.sheet_choice import MAX_ROWS
from domain.sheets import Cell
from errors import InvalidInput
from gateways.spreadsheet import MAX_FILE_BYTES, read_rows

TODAY = date(2026, 11, 24)
HEADER = ("Nome", "Telefone", "Valor", "Vencimento")
ROW = ("João", "11990000001", "35,00", "23/11/2026")


def csv_of(delimiter: str, *rows: tuple[str, ...]) -> str:
    """Rows as CSV text with Windows line ends."""
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


def xlsx_of(*rows: tuple[Cell, ...], far: tuple[int, int] | None = None) -> bytes:
    """Rows as an XLSX, real dates and numbers; `far` puts one more cell at that place."""
    packed = io.BytesIO()
    workbook = xlsxwriter.Workbook(packed, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = workbook.add_worksheet()
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)
    sheet.write(*(far or (0, 0)), rows[0][0] if far is None else "longe")
    workbook.close()
    return packed.getvalue()


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """The XLSX with one part replaced or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        parts = {part: old.read(part) for part in old.namelist()} | {name: content}
        for part, body in parts.items():
            new.writestr(part, body, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
def test_a_csv_is_read_in_every_usual_form(delimiter: str, encoding: str) -> None:
    row = (ROW[0], ROW[1], "35", ROW[3])

    sheet = read_rows(csv_of(delimiter, HEADER, row).encode(encoding), "clientes.csv")

    assert (HEADER, row) == (sheet.headers, sheet.rows[0].cells)


def test_commas_inside_prices_do_not_win_over_semicolons() -> None:
    sheet = read_rows(csv_of(";", HEADER, *[ROW] * 3).encode(), "clientes.csv")

    assert [ROW] * 3 == [row.cells for row in sheet.rows]


def test_quotes_hold_delimiters_quotes_and_lines() -> None:
    noted = ("João", "1", "2", "3", '"usa ""TV""; e\r\ncelular"')
    text = csv_of(";", (*HEADER, "Obs"), noted, ("Ana", "1", "2", "3", ""))

    sheet = read_rows(text.encode(), "clientes.csv")

    assert 'usa "TV"; e\r\ncelular' == sheet.rows[0].cells[4]
    assert [2, 3] == [row.number for row in sheet.rows]


def test_row_numbers_are_those_of_the_spreadsheet() -> None:
    text = csv_of(";", ("CLIENTES", ""), ("", ""), HEADER, ROW, ("", ""), ROW)

    assert [4, 6] == [row.number for row in read_rows(text.encode(), "a.csv").rows]


def test_excels_own_separator_line_is_no_row() -> None:
    text = "sep=;\r\n" + csv_of(";", HEADER, ROW)

    assert [2] == [row.number for row in read_rows(text.encode(), "a.csv").rows]


def test_an_xlsx_keeps_real_dates_and_numbers() -> None:
    due = datetime(2026, 11, 23)  # noqa: DTZ001 - a spreadsheet knows no zone
    data = xlsx_of(HEADER, ("João", 11990000001, 35.9, due), ("Ana", "11 9000-0002", "35", 46349))

    clients = preview_import(read_rows(data, "clientes.xlsx"), TODAY).clients

    assert [
        (2, "+5511990000001", Decimal("35.90"), date(2026, 11, 23)),
        (3, "+551190000002", Decimal("35.00"), date(2026, 11, 23)),
    ] == [
        (entry.row, entry.client.phone, entry.client.price, entry.client.due_on)
        for entry in clients
    ]


def test_the_sheet_with_the_header_is_found_among_others() -> None:
    packed = io.BytesIO()
    workbook = xlsxwriter.Workbook(packed, {"in_memory": True})
    workbook.add_worksheet("Capa").write(0, 0, "Bem-vindo")
    second = workbook.add_worksheet("Clientes")
    second.write_row(2, 0, HEADER)
    second.write_row(3, 0, ROW)
    workbook.close()

    assert [4] == [row.number for row in read_rows(packed.getvalue(), "a.xlsx").rows]


def test_the_content_counts_not_the_name() -> None:
    assert HEADER == read_rows(xlsx_of(HEADER, ROW), "clientes.csv").headers


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"", "está vazio", id="empty"),
        pytest.param(b" \r\n ", "está vazio", id="blank"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 99, "formato antigo", id="old Excel"),
        pytest.param(b"PK\x03\x04 not really", "Não consegui ler", id="broken zip"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "é uma imagem", id="picture"),
        pytest.param(b"\x81\x8d\x8f", "Não consegui ler", id="no known encoding"),
        pytest.param(b"\xff\xfe\x00", "Não consegui ler", id="half a UTF-16"),
        pytest.param(b'a;"' + b"x" * 200_000, "Não consegui ler", id="quote never closed"),
        pytest.param(b"%PDF-1.7 um texto qualquer", "é um PDF", id="PDF"),
        pytest.param(b"um texto qualquer", "Não achei a linha", id="other text"),
        pytest.param(b"x" * (MAX_FILE_BYTES + 1), "passa de 5 MB", id="too big"),
        pytest.param(csv_of(";", HEADER).encode(), "nenhum cliente", id="no rows"),
        pytest.param(
            csv_of(";", HEADER, *[ROW] * (MAX_ROWS + 1)).encode(), "passa de 5000", id="many rows"
        ),
        pytest.param(
            xlsx_of(HEADER, ROW, far=(1_048_575, 16_383)), "longe demais", id="far corner"
        ),
        pytest.param(
            repacked(xlsx_of(HEADER), "xl/media/a.png", b"\0" * 50_000_000),
            "grande demais",
            id="zip bomb",
        ),
        pytest.param(
            repacked(xlsx_of(HEADER), "xl/worksheets/sheet1.xml", b"<worksheet"),
            "Não consegui ler",
            id="broken XML",
        ),
        pytest.param(
            repacked(
                xlsx_of(HEADER), "xl/styles.xml", b'<?xml version="1.0" encoding="UTF-0"?><x/>'
            ),
            "Não consegui ler",
            id="encoding nobody knows",
        ),
        pytest.param(
            repacked(
                xlsx_of(HEADER),
                "xl/worksheets/sheet1.xml",
                b'<x><row r="1048576">' + b"<c><v>1</v></c>" * 2 + b"</row></x>",
            ),
            "longe demais",
            id="cells without names, far below",
        ),
        pytest.param(
            repacked(
                xlsx_of(HEADER),
                "xl/sharedStrings.xml",
                b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><sst>&a;</sst>',
            ),
            "Não consegui ler",
            id="entities",
        ),
        pytest.param(
            repacked(
                xlsx_of(HEADER),
                "xl/worksheets/sheet1.xml",
                b'<x><sheetData><row><c r="xfd00001048576"><v>1</v></c></row></sheetData></x>',
            ),
            "Não consegui ler",
            id="cell name out of shape",
        ),
        pytest.param(
            repacked(xlsx_of(HEADER), "xl/workbook.xml", b"<x/>"),
            "Não consegui ler",
            id="no sheets",
        ),
        pytest.param(
            xlsx_of(("Bem-vindo",)),
            "Não achei a linha",
            id="no sheet with a header",
        ),
        pytest.param(
            repacked(b"PK\x05\x06" + b"\0" * 18, "document.xml", b"<x/>"),
            "Não consegui ler",
            id="another document",
        ),
    ],
)
def test_what_is_no_usable_sheet_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        read_rows(data, "arquivo.xlsx")


def test_a_zip_whose_directory_lies_about_sizes_is_refused() -> None:
    honest = repacked(xlsx_of(HEADER), "xl/bomb.xml", b"<a/>" + b" " * 100_000)
    size = (100_004).to_bytes(4, "little")

    with pytest.raises(InvalidInput, match="Não consegui ler"):
        read_rows(honest.replace(size, (4).to_bytes(4, "little")), "a.xlsx")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"\.$"):
        read_rows(data, "arquivo")
