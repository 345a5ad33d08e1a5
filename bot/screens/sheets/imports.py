"""A sheet in the chat: looked at, confirmed once, taken back (C11)."""

from dataclasses import replace

from aiogram.types import InlineKeyboardButton

from actors.messages.sheets import (
    MAX_SHEET_BYTES,
    ConfirmImport,
    GetImport,
    GetImportRows,
    ImportDone,
    ImportReview,
    ImportRows,
    PreviewImport,
    UndoImport,
)
from bot.screens.clients.buttons import CLIENTS
from bot.screens.sheets import words
from bot.screens.sheets.buttons import (
    SEND_SHEET,
    TEMPLATE,
    Confirm,
    ShowImport,
    ShowImportRows,
    TakeBack,
)
from bot.ui.buttons import HOME, Row, button, go, keyboard, number_in, place
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.import_decision import Doubles, Left
from errors import InvalidInput

SCREEN = Screen()
IMPORT_OWNER = "i"


@SCREEN.place(SEND_SHEET)
async def ask_for_sheet(_turn: Turn) -> View:
    """Say what to send; a file that is sent anywhere is one (law 12)."""
    template = [go(words.TEMPLATE_BUTTON, TEMPLATE, style="primary")]
    return View(words.SEND, keyboard(template, back=place(HOME)))


@SCREEN.typed("file")
async def read_sheet(turn: Turn) -> View:
    """Look at a file that was sent."""
    file = turn.said.file
    if file is None:
        return await ask_for_sheet(turn)
    if file.size > MAX_SHEET_BYTES:
        raise InvalidInput(words.TOO_BIG)
    data = await turn.fetch(file)
    return review_view(await turn.ask(PreviewImport(file.name, data)))


@SCREEN.press(ShowImport)
async def show_import(turn: Turn, pressed: ShowImport) -> View:
    """The dry run once more, or what came of it."""
    return review_view(await turn.ask(GetImport(pressed.import_id)))


@SCREEN.press(ShowImportRows)
async def show_rows(turn: Turn, pressed: ShowImportRows) -> View:
    """The rows that do not simply enter."""
    asked = GetImportRows(pressed.import_id, pressed.which, pressed.page)
    return rows_view(await turn.ask(asked))


@SCREEN.press(Confirm)
async def confirm(turn: Turn, pressed: Confirm) -> View:
    """Register them, once."""
    done = await turn.ask(ConfirmImport(pressed.import_id, pressed.doubles))
    return replace(done_view(done), toast=words.CONFIRM_DONE)


@SCREEN.press(TakeBack)
async def take_back(turn: Turn, pressed: TakeBack) -> View:
    """Undo it."""
    undone = await turn.ask(UndoImport(pressed.import_id))
    again = [go(words.ANOTHER, SEND_SHEET), go(words.CLIENTS_BUTTON, CLIENTS)]
    return View(words.undone(undone), keyboard(again, back=place(HOME)))


@SCREEN.origin(IMPORT_OWNER)
async def back_to_import(turn: Turn, rest: str) -> View:
    """Voltar to a dry run."""
    if not rest.isdecimal():
        return await ask_for_sheet(turn)
    return review_view(await turn.ask(GetImport(number_in(rest))))


def review_view(view: ImportReview) -> View:
    """The dry run, and what may be done with it."""
    if view.done is not None:
        return done_view(view.done)
    return View(words.review(view), keyboard(*_choices(view), _left(view), back=place(SEND_SHEET)))


def rows_view(view: ImportRows) -> View:
    """A page of rows."""
    pager = pager_row(
        view.page,
        view.pages,
        lambda page: ShowImportRows(import_id=view.import_id, which=view.which, page=page),
    )
    return View(words.rows(view), keyboard(pager, back=f"{IMPORT_OWNER}{view.import_id}"))


def done_view(done: ImportDone) -> View:
    """What an import did."""
    undo = button(words.UNDO_BUTTON, TakeBack(import_id=done.import_id))
    return View(
        words.done(done),
        keyboard(
            [go(words.CLIENTS_BUTTON, CLIENTS, style="primary")],
            [undo] if done.undo is not None else [],
            back=place(SEND_SHEET),
        ),
    )


def _choices(view: ImportReview) -> list[Row]:
    """The likeliest first: doubles are left as they are, unless the owner says otherwise."""

    def choice(label: str, doubles: Doubles, style: str | None = None) -> InlineKeyboardButton:
        return button(label, Confirm(import_id=view.import_id, doubles=doubles), style=style)

    rows: list[Row] = []
    if view.new:
        label = f"✅ Cadastrar {words.clients(view.new)}"
        rows.append([choice(label, Doubles.SKIP, "primary")])
    if view.doubles:
        style = None if view.new else "primary"
        update = f"✏️ E atualizar {view.doubles}" if view.new else f"✏️ Atualizar {view.doubles}"
        rows.append(
            [
                choice(update, Doubles.UPDATE, style),
                choice(f"👯 Repetir {view.doubles}", Doubles.ADD),
            ]
        )
    return rows


def _left(view: ImportReview) -> Row:
    """Each count is the way to its rows (law 10)."""
    counted = (
        (Left.BAD, view.bad),
        (Left.DOUBLE, view.doubles),
        (Left.GONE, view.left_out),
    )
    left = [(which, count) for which, count in counted if count]
    return [
        button(
            words.see_left(which, count, alone=len(left) == 1),
            ShowImportRows(import_id=view.import_id, which=which),
        )
        for which, count in left
    ]
