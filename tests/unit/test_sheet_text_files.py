"""Text files as people send them: bytes in, what became of every row out (C11)."""

import pytest

from errors import InvalidInput
from gateways.spreadsheet import read_rows
from tests.unit.sheets import ANA, BIA, HEADER, decisions, delimited, dry_run, text

TEXT_HEADER = "Nome,Telefone,Vencimento,Valor,Plano"
SPLIT = "A linha tem 6 células e os nomes das colunas são 5"
DIVIDED = "O valor 35,90 foi dividido pela vírgula"
STRAY = 'Há uma aspa (") sem par nesta linha.'
LONG_LIST = [(f"Cliente {'abcdefghij'[n // 10]}{n % 10}", f"1199000{n:04d}") for n in range(100)]


def shortened(told: dict[int, str]) -> dict[int, str]:
    """Reasons without what they advise."""
    return {row: reason.partition(":")[0].partition(", que")[0] for row, reason in told.items()}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            ("Ana,11990000001,10/12/2026,35,90,Mensal",), {2: SPLIT}, id="one cell too many"
        ),
        pytest.param(
            ("Ana,11990000001,10/12/2026,35,90,", "Bia,11990000002,10/12/2026,40,"),
            {2: SPLIT, 3: "Bia"},
            id="the cell too many is blank",
        ),
        pytest.param(
            ("Ana,11990000001,10/12/2026,35,90", "Bia,11990000002,10/12/2026,40,Mensal"),
            {2: DIVIDED, 3: "Bia"},
            id="it fits, because the last cell was left out",
        ),
        pytest.param(
            ('Ana,11990000001,10/12/2026,"35,90",Mensal',), {2: "Ana"}, id="a quoted comma"
        ),
        pytest.param(("Ana,11990000001,10/12/2026,35.90,30",), {2: "Ana"}, id="a plan of 30 days"),
        pytest.param(
            ("Ana,11990000001,10/12/2026,35,30", "Bia,11990000002,10/12/2026,40,60"),
            {2: "Ana", 3: "Bia"},
            id="a column of plans in days",
        ),
        pytest.param(
            ("Ana,11990000001,10/12/2026,35,Mensal,,", "Bia,11990000002,10/12/2026,40,Anual,,"),
            {2: "Ana", 3: "Bia"},
            id="every line ends with commas",
        ),
    ],
)
def test_a_price_that_a_comma_divided_is_never_taken_for_less(
    lines: tuple[str, ...], expected: dict[int, str]
) -> None:
    assert expected == shortened(decisions(text(TEXT_HEADER, *lines)))


def test_a_column_of_small_numbers_beside_the_price_is_no_cents() -> None:
    lines = [f"{name},{phone},10/12/2026,35,{n % 3}" for n, (name, phone) in enumerate(LONG_LIST)]
    lines[::4] = [f"{line} telas" for line in lines[::4]]

    told = decisions(text("Nome,Telefone,Vencimento,Valor,Telas", *lines))

    assert [name for name, _ in LONG_LIST] == list(told.values())


@pytest.mark.parametrize("place", [0, 1, 50, 98, 99])
def test_a_stray_quote_costs_its_own_line_only(place: int) -> None:
    rows = [f"{name};{phone};35,00;10/12/2026;Mensal" for name, phone in LONG_LIST]
    rows[place] = f'"{rows[place]}'
    rows[70] = rows[70].replace("Mensal", '"Mensal"')

    told = decisions(text(";".join(HEADER), *rows))

    assert {place + 2} == {row for row, reason in told.items() if reason.startswith(STRAY)}
    assert {name for name, _ in LONG_LIST} - {LONG_LIST[place][0]} == set(told.values()) - {
        told[place + 2]
    }


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param('"Ana ""Nina"" Lima"', 'Ana "Nina" Lima', id="doubled quotes"),
        pytest.param('Ana "Nina" Lima', 'Ana "Nina" Lima', id="quotes inside"),
        pytest.param('"Nina" Lima', "Nina Lima", id="quotes at the start"),
        pytest.param('"Ana\r\nLima"', "Ana Lima", id="a line break"),
        pytest.param('"Ana; Lima"', "Ana; Lima", id="the delimiter"),
        pytest.param('5" Ana', '5" Ana', id="an inch"),
        pytest.param('=HYPERLINK("x";"y")', None, id="a formula divided by the delimiter"),
        pytest.param('"=HYPERLINK(""x"")"', '=HYPERLINK("x")', id="a formula is text"),
        pytest.param('="Ana"', "Ana", id="text kept as a formula"),
    ],
)
def test_quotes_mean_what_a_spreadsheet_means_by_them(cell: str, expected: str | None) -> None:
    data = text(";".join(HEADER), f"{cell};11990000001;35,00;10/12/2026;Mensal", ";".join(BIA))

    told = decisions(data)

    assert (expected or told[2], "Bia Souza") == (told[2], told[3])
    assert 1 + bool(expected) == len(dry_run(data).clients)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("ordered", [False, True], ids=["guessed", "told by sep="])
def test_every_usual_delimiter_is_found(delimiter: str, ordered: bool) -> None:
    first = f"sep={delimiter}\r\n".encode() * ordered

    assert {2: "Ana Lima"} == decisions(first + delimited(HEADER, ANA, delimiter=delimiter))


def test_lines_that_were_quoted_whole_are_unpacked() -> None:
    lines = ['"Nome,Telefone,Valor,Vencimento"', '"Ana Lima,11990000001,""35,90"",10/12/2026"']

    assert {2: "Ana Lima"} == decisions(text(*lines))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\n" * 300_000, id="blank lines"),
        pytest.param(text(";".join(ANA)) * 20_000, id="lines"),
        pytest.param(b'"Ana;1\n' * 20_000, id="stray quotes"),
    ],
)
def test_a_text_of_far_too_many_lines_is_refused_early(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="passa de 5000 linhas"):
        read_rows(text(";".join(HEADER)) + data, "a.csv")
