"""Rows that read well by themselves, and are asked about for what stands beside them (C11)."""

from decimal import Decimal

import pytest

from domain.import_report import how_it_was_read, rows_left
from domain.sheet_columns import columns_of
from domain.sheet_doubts import (
    has_two_lists,
    price_in_doubt,
    said_to_have_left,
    says_left,
    writes_country,
)
from domain.sheets import Row
from tests.unit.sheets import Tab, delimited, workbook
from tests.unit.sheets import dry_run as imported

HEADER = ("Nome", "Telefone", "Valor", "Vencimento")


def row(number: int, *more: str, **changed: str) -> tuple[str, ...]:
    """A good row, but for what is `changed`, and `more` at its end."""
    cells = {
        "Nome": f"Ana {'ABCDEFGHIJ'[number]}",
        "Telefone": f"551199000000{number}",
        "Valor": "35,00",
        "Vencimento": "10/12/2026",
    } | changed
    return (*cells.values(), *more)


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Obs", "CANCELADO"),
        ("Obs", "cancelou em maio"),
        ("Obs", "desistiu"),
        ("Observação", "Não quer mais"),
        ("Servidor", "inativo"),
        ("Plano", "Cancelada"),
        ("Histórico", "ex-cliente"),
        ("Etiqueta", "DESATIVADO"),
    ],
)
def test_who_left_by_any_word_of_the_row_is_asked_about(header: str, cell: str) -> None:
    found = imported(delimited((*HEADER, header), row(1, cell), row(2, "gente boa")))

    assert [3] == [entry.row for entry in found.clients]
    assert [2] == [fault.row for fault in found.faults]
    assert f"“{cell}”: é cliente ou não é?" in found.faults[0].reason


@pytest.mark.parametrize(
    "name", ["Ana (CANCELADO)", "CANCELADA - Ana", "Ana - inativa", "Ex-aluno Beto"]
)
def test_who_left_by_the_word_beside_the_name_is_asked_about(name: str) -> None:
    found = imported(delimited(HEADER, row(1, Nome=name)))

    assert ((), [2]) == (found.clients, [fault.row for fault in found.faults])


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Data de cancelamento", "01/05/2026"),
        ("Motivo do cancelamento", "mudou de cidade"),
        ("DATA_CANCELAMENTO", "2026-05-01"),
        ("Saiu em", "03/2026"),
        ("Data de saída", "03/2026"),
        ("Desistência", "sim"),
    ],
)
def test_a_column_for_those_who_left_leaves_them_out(header: str, cell: str) -> None:
    found = imported(
        delimited((*HEADER, header), row(1, cell), row(2, ""), row(3, "não"), row(4, "-"))
    )

    assert [2] == [left.row for left in found.left_out]
    assert [3, 4, 5] == [entry.row for entry in found.clients]


@pytest.mark.parametrize(
    "obs",
    [
        "gente boa",
        "Rua do Cancelo",
        "paga na segunda",
        "",
        "multa de cancelamento já explicada a ela",
    ],
)
def test_other_notes_are_nobodys_end(obs: str) -> None:
    found = imported(delimited((*HEADER, "Obs"), row(1, obs), row(2, "vip")))

    assert [2, 3] == [entry.row for entry in found.clients]


def test_a_fee_for_leaving_is_no_leaving() -> None:
    found = imported(delimited((*HEADER, "Taxa de cancelamento"), row(1, "50,00")))

    assert [2] == [entry.row for entry in found.clients]


@pytest.mark.parametrize("price", ["3500", "35.000", "R$ 3.500,00"])
def test_a_price_far_above_the_others_is_asked_about(price: str) -> None:
    found = imported(delimited(HEADER, row(1), row(2), row(3, Valor="39,90"), row(4, Valor=price)))

    assert [5] == [fault.row for fault in found.faults]
    assert "muito maior que os outros" in found.faults[0].reason


def test_prices_that_only_differ_are_left_alone() -> None:
    found = imported(
        delimited(
            HEADER, row(1), row(2, Valor="350,00"), row(3, Valor="25"), row(4, Valor="1.200,00")
        )
    )

    assert () == found.faults


@pytest.mark.parametrize("phone", ["55990000009", "55 99000-0009", "5533334444"])
def test_beside_numbers_with_a_country_a_55_alone_is_no_area(phone: str) -> None:
    found = imported(delimited(HEADER, row(1), row(2), row(3, Telefone=phone)))

    assert ["Faltou o DDD"] == [fault.reason[:12] for fault in found.faults]


@pytest.mark.parametrize("phone", ["(55) 99000-0009", "5555990000009"])
def test_beside_numbers_with_a_country_the_area_55_can_be_said(phone: str) -> None:
    found = imported(delimited(HEADER, row(1), row(2), row(3, Telefone=phone)))

    assert "+5555990000009" == found.clients[2].client.phone


def test_where_all_are_of_the_area_55_it_is_the_area() -> None:
    phones = [f"5599000000{number}" for number in range(3)]

    found = imported(delimited(HEADER, *(row(n, Telefone=phone) for n, phone in enumerate(phones))))

    assert [f"+55{phone}" for phone in phones] == [entry.client.phone for entry in found.clients]


@pytest.mark.parametrize(
    "heading",
    ["CANCELADOS", "Clientes inativos:", "--- Ex-clientes ---", "Alunas desistentes 2026"],
)
def test_who_stands_below_a_heading_of_those_who_left_is_left_out(heading: str) -> None:
    found = imported(
        delimited(
            HEADER, row(1), (heading, "", "", ""), row(2), row(3), ("ATIVOS", "", "", ""), row(4)
        )
    )

    assert [2, 7] == [entry.row for entry in found.clients]
    assert [4, 5] == [left.row for left in found.left_out]


@pytest.mark.parametrize("alone", ["Beto (cancelado)", "cancelado", "NOVEMBRO", "Ana Cancelada"])
def test_one_name_alone_in_its_row_begins_no_list(alone: str) -> None:
    found = imported(delimited(HEADER, row(1), (alone, "", "", ""), row(2)))

    assert [2, 4] == [entry.row for entry in found.clients]


@pytest.mark.parametrize("name", ["Cancelados", "Clientes inativos", "Ex-clientes"])
def test_a_tab_of_those_who_left_is_not_the_list(name: str) -> None:
    data = workbook(
        Tab(name, [HEADER, row(1), row(2)], active=True), Tab("Planilha2", [HEADER, row(3)])
    )

    assert "Planilha2" == imported(data).reading.tab


def test_a_tab_of_those_who_left_is_told_where_there_is_no_other() -> None:
    found = imported(workbook(Tab("Cancelados", [HEADER, row(1)])))

    assert any("não é mais cliente" in line for line in how_it_was_read(found))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (("Valor anual", "Valor mensal"), ("Valor mensal",)),
        (("Valor do plano semestral", "Valor"), ("Valor",)),
        (("Valor anual",), ("Valor anual",)),
        (("Vencimento CNH", "Vencimento da fatura"), ("Vencimento da fatura",)),
        (("Vencimento do contrato", "Vencimento da fatura"), ("Vencimento da fatura",)),
        (("Vencimento do exame médico",), ()),
        (("Validade do cartão",), ()),
        (("Contato de emergência",), ()),
        (("Telefone da empresa", "Telefone do aluno"), ("Telefone do aluno",)),
        (("Tele\u200bfone",), ("Tele\u200bfone",)),
    ],
)
def test_of_two_columns_the_one_that_is_meant_is_read(
    headers: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert expected == tuple(headers[place] for place in columns_of(headers).values())


def test_who_paid_by_a_column_that_asks_is_told_of_when_due() -> None:
    rows = [("sim", "24/11/2026"), ("não", "24/11/2026"), ("ok", "10/12/2026")]

    found = imported(
        delimited(
            (*HEADER, "Pago?"),
            *(row(n, paid, Vencimento=due) for n, (paid, due) in enumerate(rows)),
        )
    )

    assert ((2,), 3) == (found.paid_but_due, len(found.clients))


def test_a_repeated_row_tells_what_it_says_otherwise() -> None:
    found = imported(
        delimited(HEADER, row(1), row(1, Vencimento="10/01/2027", Valor="40,00"), row(1))
    )

    assert [
        (
            "  linha 3: repetido da linha 2, mas com vence 10/01/2027 e R$ 40,00; "
            "vale a primeira (vence 10/12/2026, R$ 35,00)"
        ),
        "  linha 4: repetido da linha 2",
    ] == rows_left(found)


def test_a_second_list_beside_the_first_is_told() -> None:
    found = imported(delimited((*HEADER, *HEADER), (*row(1), *row(2))))

    assert any("duas listas lado a lado" in line for line in how_it_was_read(found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("este cliente ontem foi cancelado", True),
        ("este cliente ontem já foi cancelado", False),
        ("cancelado", True),
        ("gente boa", False),
    ],
)
def test_five_words_at_most_say_that_somebody_left(text: str, expected: bool) -> None:
    assert expected is says_left(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cancelou o plano em maio", True),
        ("cancelou o plano em maio passado", False),
        ("nao e mais cliente", True),
        ("❌", True),
        ("não gosta de áudio", False),
        ("exemplo", False),
    ],
)
def test_up_to_five_words_may_say_that_somebody_left(text: str, expected: bool) -> None:
    assert expected == says_left(text)


def test_a_column_of_who_left_is_not_asked_about_twice() -> None:
    cells = Row(2, ("Ana", "cancelou", "desistiu"))
    asked = "A coluna “Obs” diz “desistiu”: é cliente ou não é?"

    assert asked == said_to_have_left(cells, ("Nome", "Saiu", "Obs"), {1})
    assert said_to_have_left(cells, ("Nome", "", ""), ()) is None


@pytest.mark.parametrize(
    ("prices", "expected"), [([10, 20], None), ([10, 20, 30], 1000), ([10, 20, 30, 40], 1250)]
)
def test_a_price_is_far_from_fifty_times_the_middle_one(
    prices: list[int], expected: int | None
) -> None:
    assert expected == price_in_doubt(map(Decimal, prices))


@pytest.mark.parametrize(
    ("phones", "expected"),
    [
        (["5511990000001", "(11) 99000-0002"], False),
        (["5511990000001", "55 11 99000-0003", "(11) 99000-0002"], True),
        ([], False),
    ],
)
def test_a_column_begins_with_the_country_where_most_of_it_does(
    phones: list[str], expected: bool
) -> None:
    assert expected == writes_country(phones)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (HEADER, False),
        ((*HEADER, "Nome"), False),
        ((*HEADER, *HEADER[:3]), False),
        ((*HEADER, "", *HEADER), True),
    ],
)
def test_a_second_list_has_every_needed_column_again(
    headers: tuple[str, ...], expected: bool
) -> None:
    assert expected == has_two_lists(headers)
