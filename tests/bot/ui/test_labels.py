"""A client as a row: emoji, name and date, whatever the name is; and the row that turns pages."""

from datetime import date, datetime

import pytest

from actors.messages.undo import UndoOffer
from bot.ui.buttons import Go
from bot.ui.labels import bold_row, cut_name, row_label
from bot.ui.measure import PLAIN, label_width, lines, width
from bot.ui.pager import pager_row
from bot.ui.undo import PressUndo, undo_row

TODAY = date(2026, 11, 25)
DUE = date(2026, 12, 18)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Ana Souza", "🟢 Ana Souza · 18/12", id="short"),
        pytest.param("  Ana \n Souza ", "🟢 Ana Souza · 18/12", id="spaces"),
        pytest.param(
            "Maria Aparecida de Souza Oliveira",
            "🟢 Maria Aparecida de Souza… · 18/12",
            id="cut between words",
        ),
        pytest.param(
            "Maria das Graças Alves da Silveira Filha",
            "🟢 Maria das Graças Alves… · 18/12",
            id="never after a word that joins",
        ),
    ],
)
def test_a_row_is_a_name_and_a_due_date(name: str, expected: str) -> None:
    assert expected == row_label("🟢", name, DUE, TODAY)


def test_a_name_of_one_long_word_is_cut_inside_it() -> None:
    label = row_label("🔴", "W" * 100, DUE, TODAY)

    assert label.startswith("🔴 WWWWW")
    assert label.endswith("W… · 18/12")


@pytest.mark.parametrize(
    "name", ["W" * 100, "Ana " * 25, "e de da", "👨‍👩‍👧‍👦" * 30, "João e Maria da"]
)
@pytest.mark.parametrize("part", ["", "falta o valor", "x" * 40])
@pytest.mark.parametrize("due", [DUE, date(2027, 1, 3)], ids=["this year", "another"])
def test_the_date_is_always_seen(name: str, part: str, due: date) -> None:
    assert label_width(1) >= width(row_label("🟢", name, due, TODAY, part))


def test_the_year_is_said_when_it_is_another() -> None:
    assert "🟢 Ana · 03/01/2027" == row_label("🟢", "Ana", date(2027, 1, 3), TODAY)


def test_one_more_part_is_at_most_fourteen_letters() -> None:
    label = row_label("✍️", "Tiago Melo", date(2026, 11, 25), TODAY, "falta o valor do plano")

    assert "✍️ Tiago Melo · 25/11 · falta o valor" == label


def test_a_name_in_a_title_is_harmless_and_fits_one_line() -> None:
    title = bold_row("🔴", "<b>& Filhos de Oliveira Bastos Comércio", DUE, TODAY, full=True)

    assert "🔴 <b>&lt;b&gt;&amp; Filhos de Oliveira… · 18/12/2026</b>" == title
    assert lines(f"{title}\nok") == 2
    assert width("🔴 <b>& Filhos de Oliveira… · 18/12/2026", PLAIN.font, bold=True) <= PLAIN.width


def test_what_fits_is_not_cut() -> None:
    assert "Ana de Souza" == cut_name("Ana de Souza", 1_000.0)


@pytest.mark.parametrize(
    ("page", "pages", "expected"),
    [
        pytest.param(1, 1, [], id="one page"),
        pytest.param(1, 2, ["1/2", "›"], id="first of two"),
        pytest.param(2, 2, ["‹", "2/2"], id="last of two"),
        pytest.param(3, 19, ["« 1", "‹", "3/19", "›", "19 »"], id="in the middle"),
        pytest.param(19, 19, ["« 1", "‹", "19/19"], id="last"),
    ],
)
def test_the_pager_leads_only_where_there_is_something(
    page: int, pages: int, expected: list[str]
) -> None:
    row = pager_row(page, pages, lambda number: Go(to=str(number)))

    assert expected == [button.text for button in row]


def test_the_pager_leads_to_the_pages_it_names() -> None:
    row = pager_row(3, 19, lambda number: Go(to=str(number)))

    assert ["go:1", "go:2", "pc:3:19", "go:4", "go:19"] == [one.callback_data for one in row]


def test_undoing_is_offered_until_a_time_on_the_owners_clock() -> None:
    [undo] = undo_row(UndoOffer(7, datetime(2026, 11, 25, 10, 55)), "la1")  # noqa: DTZ001 - local

    assert ("↩️ Desfazer até 10:55", PressUndo(undo_id=7, origin="la1").pack()) == (
        undo.text,
        undo.callback_data,
    )


def test_nothing_is_offered_where_nothing_can_be_undone() -> None:
    assert undo_row(None) == []
