"""The tabs of a tenant's file (C11)."""

from domain.export_rows import Table, phone_in_sheet, template_tables
from tests.unit.domain.makers import TODAY


def test_the_template_shows_invented_clients_in_the_order_of_its_headings() -> None:
    clients = template_tables(TODAY, ())[0]
    rows = [dict(zip(clients.headings, row, strict=True)) for row in clients.rows]

    assert [] == [row for row in rows if not str(row["Nome"]).startswith("Exemplo:")]
    assert any(row["Observações"] for row in rows)
    assert any(row["Etiquetas"] for row in rows)
    assert [] == [row for row in rows if "" in row.values()]


def test_the_template_says_after_which_column_those_of_the_owner_come() -> None:
    notes = [row[0] for row in template_tables(TODAY, ())[1].rows]

    assert "Colunas suas (usuário, senha, telas) podem vir depois de “Etiquetas”." in notes


def test_a_phone_that_reads_back_otherwise_stays_as_it_is_kept() -> None:
    assert "(11) 99000-0001" == phone_in_sheet("+5511990000001")
    assert "+11" == phone_in_sheet("+11")


def test_a_column_is_wide_enough_for_its_heading() -> None:
    clients = template_tables(TODAY, ("um campo de nome bem comprido",))[0]

    assert len("um campo de nome bem comprido") + 2 == clients.widths[-1]


def test_the_cells_of_a_tab_are_counted_with_its_headings() -> None:
    assert 9 == Table("A", ("a", "b", "c"), ((1, 2, 3), (4, 5, 6)), (1, 1, 1)).cells
