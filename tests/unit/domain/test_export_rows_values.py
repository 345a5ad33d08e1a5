"""What a tenant takes out as a sheet, cell by cell, and the template to fill in (C11, C12, J9)."""

from datetime import date
from decimal import Decimal

import pytest

from domain.export_rows import (
    PAYMENT_HEADINGS,
    ExportedClient,
    ExportedPayment,
    Table,
    client_cells,
    export_tables,
    payment_cells,
    phone_in_sheet,
    template_tables,
)
from domain.sheet_form import HEADINGS
from tests.unit.domain.makers import TODAY, make_client

MARIA = (
    "Maria da Silva",
    "(11) 99000-0001",
    "Mensal",
    Decimal("35.00"),
    "Alfa",
    date(2026, 11, 23),
    None,
    "TV da sala",
)
PAID = ExportedPayment(
    paid_on=date(2026, 11, 24),
    name="Maria da Silva",
    amount=Decimal("35.00"),
    due_on_before=date(2026, 11, 23),
    due_on_after=date(2026, 12, 23),
    note="no dinheiro",
    voided=False,
)
PAID_CELLS = (TODAY, "Maria da Silva", Decimal("35.00"), date(2026, 11, 23), date(2026, 12, 23))


def test_a_client_is_a_row_of_the_form_and_then_its_own_fields() -> None:
    exported = ExportedClient(
        client=make_client(),
        tags=("VIP", "Bairro Alto"),
        tag_emojis={"VIP": "⭐"},
        own_fields={"Usuário": "maria1", "Senha": "1234"},
    )

    assert (*MARIA, "⭐ VIP, Bairro Alto", "sim", "sim", "1234", None, "maria1") == client_cells(
        exported, ("Senha", "Telas", "Usuário")
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(28, None, id="the day of the due date says it already"),
        pytest.param(31, 31, id="a short month hides it"),
    ],
)
def test_the_agreed_day_is_written_where_the_due_date_does_not_say_it(
    day: int, expected: int | None
) -> None:
    client = make_client(due_on=date(2027, 2, 28), agreed_day=day)

    assert expected == client_cells(ExportedClient(client=client), ())[6]


def test_who_is_archived_stands_in_a_tab_of_its_own() -> None:
    there = ExportedClient(client=make_client())
    gone = ExportedClient(client=make_client(name="Bia"), archived_on=date(2026, 11, 2))
    row = (*MARIA, None, "sim", "sim", None, None)
    headings = (*HEADINGS, "Usuário", "Senha 🔒")
    widths = (24, 17, 14, 12, 14, 14, 15, 32, 20, 14, 14, 14, 14)

    assert (
        Table("Clientes", headings, (row,), widths),
        Table(
            "Pagamentos",
            PAYMENT_HEADINGS,
            ((*PAID_CELLS, "no dinheiro"),),
            (14, 24, 14, 14, 14, 32),
        ),
        Table(
            "Arquivados",
            ("Arquivado em", *headings),
            ((date(2026, 11, 2), "Bia", *row[1:]),),
            (14, *widths),
        ),
    ) == export_tables([there, gone], [PAID], ("Usuário", "Senha"), {"Senha"})


@pytest.mark.parametrize(
    ("voided", "note", "expected"),
    [
        pytest.param(False, "no dinheiro", "no dinheiro", id="a note"),
        pytest.param(False, None, None, id="nothing"),
        pytest.param(True, None, "anulado", id="voided"),
        pytest.param(True, "engano", "anulado · engano", id="voided with a note"),
    ],
)
def test_a_payment_says_what_became_of_it(
    voided: bool, note: str | None, expected: str | None
) -> None:
    payment = ExportedPayment(
        paid_on=TODAY,
        name=None,
        amount=Decimal("35.00"),
        due_on_before=None,
        due_on_after=None,
        note=note,
        voided=voided,
    )

    assert (TODAY, "cliente apagado", Decimal("35.00"), None, None, expected) == payment_cells(
        payment
    )


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        pytest.param("+5511990000001", "(11) 99000-0001", id="a mobile of here"),
        pytest.param("+12025550123", "+1 202-555-0123", id="of another country"),
        pytest.param("+810336344530", "+810336344530", id="one that is read otherwise"),
        pytest.param("+550", "+550", id="no phone at all"),
    ],
)
def test_a_phone_is_written_so_that_it_is_read_as_the_same(phone: str, expected: str) -> None:
    assert expected == phone_in_sheet(phone)


def test_what_stands_in_an_own_field_is_in_no_log() -> None:
    assert "1234" not in repr(ExportedClient(client=make_client(), own_fields={"Senha": "1234"}))


def test_cells_are_counted_with_the_headings_and_the_blank_ones() -> None:
    assert 6 == Table("A", ("Nome", "Plano"), (("Ana", None), ("Bia", None)), (24, 14)).cells


def test_the_template_has_examples_and_how_to_fill_it_in() -> None:
    clients, how_to = template_tables(TODAY, ("Usuário",))

    assert (
        Table(
            "Clientes",
            (
                *("Nome", "Telefone", "Plano", "Valor", "Servidor", "Vencimento"),
                *("Observações", "Etiquetas", "Usuário"),
            ),
            (
                (
                    *("Exemplo: Ana Modelo", "(11) 90000-0001", "Mensal", Decimal("35.00")),
                    *(
                        "Servidor 1",
                        date(2026, 12, 4),
                        "Prefere receber à tarde",
                        "Bairro Alto",
                        None,
                    ),
                ),
                (
                    *("Exemplo: Beto Modelo", "(21) 90000-0002", "Trimestral", Decimal("99.90")),
                    *(None, date(2027, 1, 8), None, None, None),
                ),
                (
                    *("Exemplo: Carla Modelo", "(31) 90000-0003", "30 dias", Decimal("1250.00")),
                    *("Servidor 2", date(2026, 11, 23), "Esta já venceu ontem"),
                    *("Bairro Alto, Indicação", None),
                ),
            ),
            (24, 17, 14, 12, 14, 14, 32, 20, 14),
        )
        == clients
    )
    assert ("Como preencher", (), (14, 44, 24)) == (how_to.name, how_to.headings, how_to.widths)
    assert (
        ("COLUNA", "O QUE ESCREVER", "EXEMPLO"),
        ("Nome", "O nome do cliente, como você o chama.", "Ana Souza"),
        ("Telefone", "O número do WhatsApp, com o DDD.", "(11) 98765-4321"),
        ("Plano", "O que ele contratou. Pode ficar vazio.", "Mensal"),
        ("Valor", "Quanto ele paga, em reais.", "35,00"),
        ("Servidor", "Onde ele está. Pode ficar vazio.", "Servidor 1"),
        ("Vencimento", "O dia do próximo vencimento, inteiro.", "25/12/2026"),
        ("Observações", "O que você quiser lembrar. Pode ficar vazio.", "Prefere áudio"),
        ("Etiquetas", "Palavras para juntar clientes, com vírgula.", "Bairro Alto, Indicação"),
        (None, None, None),
        ("Cada cliente é uma linha da aba Clientes.", None, None),
        (
            "As linhas que começam com “Exemplo:” não entram: escreva por cima ou apague.",
            None,
            None,
        ),
        (
            "Depois mande o arquivo aqui na conversa. Você confere tudo antes de gravar.",
            None,
            None,
        ),
        (
            "Colunas suas (usuário, senha, telas) podem vir depois de “Etiquetas”.",
            None,
            None,
        ),
    ) == how_to.rows
