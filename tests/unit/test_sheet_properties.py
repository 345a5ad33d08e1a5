"""What holds for every sheet: it reads back, nothing of it is lost, and no bytes break it (C11)."""

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.import_preview import ImportPreview
from domain.import_rows import preview_import
from errors import InvalidInput
from gateways.spreadsheet import read_rows
from tests.unit.sheets import ANA, BIA, HEADER, TODAY, Tab, delimited, dry_run, workbook

COLUMNS = {
    "nome": ("Nome", "CLIENTE", "Nome do cliente"),
    "telefone": ("Telefone", "WhatsApp", "Cel."),
    "valor": ("Valor (R$)", "Mensalidade", "Preço"),
    "vencimento": ("Vencimento", "Dt. Venc.", "Próximo vencimento"),
    "plano": ("Plano", "Pacote"),
    "telas": ("Telas", "Senha", "Data de cadastro"),
}
# "São" in front, so that there is something to prove the code page with; after it words as people
# write them, since what is no Portuguese proves nothing.
WORDS = st.sampled_from(
    ["João", "Conceição", "Antônio", "Fátima", "Luís", "Araújo", "Inês", "Íris", "Ana", "Côrtes"]
)
NAMES = st.tuples(
    st.lists(WORDS, min_size=1, max_size=3),
    st.sampled_from([" ", ";", ", ", "|", "'", " - "]),
    st.sampled_from([str.lower, str.upper, str.title]),
).map(lambda drawn: f"São {drawn[2](drawn[1].join(drawn[0]))}")
PEOPLE = st.lists(
    # A price 50 times the others' would be asked about.
    st.tuples(
        NAMES,
        st.integers(0, 9999),
        st.integers(2_000, 99_999),
        st.dates(TODAY, TODAY.replace(year=TODAY.year + 5)),
    ),
    min_size=1,
    max_size=8,
)
CODE_PAGES = ["utf-8", "utf-8-sig", "cp1252", "cp850", "mac_roman", "utf-16", "utf-16-le"]
ODD_ROWS = st.lists(
    st.sampled_from(
        [
            *(ANA, BIA, HEADER, (), ("",), ("TOTAL", "", "75,00"), ("Observação geral",)),
            *((*ANA, "a mais"), ("Ana", "", "", "", ""), ("", "", "35,00"), (*ANA[:3], "10")),
            ("Telefone", "Nome", "Vencimento", "Valor"),
        ]
    ),
    max_size=12,
)
PIECES = st.sampled_from(
    [
        *(b"Nome;Telefone;Valor;Vencimento\n", b"Ana;11990000001;35,00;10/12/2026\n", b'"', b";"),
        *(b"\r", b"\n", b"\xe3", b"\xc3\xa3", b"\xef\xbb\xbf", b"sep=;\n", b",", b"\t", b"\x00"),
        *(b"\xff\xfe", b"9" * 400, b"1e999", b"=", b"29/02", b"#REF!", b"\xc6", b"PK", b'""'),
    ]
)


@given(
    PEOPLE,
    st.permutations(list(COLUMNS)),
    st.sampled_from(";,\t|"),
    st.sampled_from(CODE_PAGES),
    st.integers(0, 2),
)
def test_a_well_formed_text_sheet_reads_back_exactly(
    people: list[tuple[str, int, int, object]],
    order: list[str],
    delimiter: str,
    encoding: str,
    wording: int,
) -> None:
    rows = [
        {
            "nome": name,
            "telefone": f"(11) 99000-{phone:04d}",
            "valor": f"{cents // 100},{cents % 100:02d}",
            "vencimento": f"{due:%d/%m/%Y}",
            "plano": "Mensal",
            "telas": "x",
        }
        for name, phone, cents, due in people
    ]
    header = [COLUMNS[column][wording % len(COLUMNS[column])] for column in order]
    lines = [[row[column] for column in order] for row in rows]

    sheet = read_rows(delimited(header, *lines, delimiter=delimiter, encoding=encoding), "a.csv")

    assert [tuple(header), *map(tuple, lines)] == [sheet.headers, *(r.cells for r in sheet.rows)]
    assert [] == [fault.reason for fault in preview_import(sheet, TODAY).faults]


def counted(found: ImportPreview) -> int:
    """How many rows of the file the dry run accounts for."""
    reading = found.reading
    told = [found.clients, found.duplicates, found.faults, found.left_out, reading.skipped]
    header = 1
    return sum(map(len, told)) + reading.blank_rows + header


@given(ODD_ROWS, st.booleans())
def test_every_row_of_a_file_is_accounted_for(rows: list[tuple[str, ...]], as_text: bool) -> None:
    lines = [("CLIENTES",), HEADER, ANA, *rows]
    data = delimited(*lines) if as_text else workbook(Tab("A", lines))

    found = dry_run(data)

    # A workbook ends with its last filled cell.
    assert found.reading.total_rows == counted(found)
    assert len(lines) >= found.reading.total_rows
    assert 3 <= found.reading.total_rows


@given(st.lists(PIECES | st.binary(max_size=20), max_size=25).map(b"".join))
@settings(max_examples=300)
def test_no_soup_of_bytes_raises_anything_but_a_sentence(data: bytes) -> None:
    with suppress(InvalidInput):
        found = dry_run(data)
        assert found.reading.total_rows == counted(found)


WORKBOOK = workbook(Tab("A", [HEADER, ANA, BIA]))


@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), max_size=6))
@settings(max_examples=200, deadline=None)
def test_no_damage_to_a_workbook_raises_anything_but_a_sentence(
    damage: list[tuple[int, int]],
) -> None:
    data = bytearray(WORKBOOK)
    for place, byte in damage:
        data[place] = byte

    with suppress(InvalidInput):
        dry_run(bytes(data))


PARTS = ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize("part", PARTS)
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_damage_inside_a_part_raises_anything_but_a_sentence(
    part: str, data: st.DataObject
) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(WORKBOOK)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                start = data.draw(st.integers(0, len(content)))
                end = data.draw(st.integers(start, min(len(content), start + 40)))
                put = data.draw(st.sampled_from([b"", b"0", b"-1", b"hidden", b'"', b"rId9", b"&"]))
                content = content[:start] + put + content[end:]
            new.writestr(name, content)

    with suppress(InvalidInput):
        dry_run(packed.getvalue())


@pytest.mark.parametrize("part", PARTS)
def test_a_workbook_that_lacks_a_part_is_refused(part: str) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(WORKBOOK)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in set(old.namelist()) - {part}:
            new.writestr(name, old.read(name))

    with pytest.raises(InvalidInput):
        dry_run(packed.getvalue())
