"""Who was left unbilled, and decision 2's question: all, some, or none of them (E3b).

All are marked at first, so "all" is one touch; each mark is turned to what its button says.
"""

from dataclasses import replace

from actors.messages.queue_acts import (
    BillMarked,
    Decided,
    DismissAll,
    GetLeftOut,
    LeftOut,
    LeftOutView,
    MarkLeftOut,
)
from bot.screens.today import unbilled_words as words
from bot.screens.today.buttons import (
    TODAY,
    UNBILLED,
    UNBILLED_OWNER,
    BillPress,
    DismissPress,
    MarkPress,
    ShowUnbilled,
)
from bot.ui.buttons import Row, button, go, keyboard, number_in, place
from bot.ui.labels import row_label
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import toast
from errors import InvalidInput

SCREEN = Screen()
ALL = 0


@SCREEN.place(UNBILLED)
async def show_unbilled(turn: Turn) -> View:
    """Who was left without its billing."""
    return unbilled_view(await turn.ask(GetLeftOut()))


@SCREEN.press(ShowUnbilled)
async def show_page(turn: Turn, pressed: ShowUnbilled) -> View:
    """A page of them."""
    return unbilled_view(await turn.ask(GetLeftOut(pressed.page)))


@SCREEN.origin(UNBILLED_OWNER)
async def back_to_page(turn: Turn, rest: str) -> View:
    """Voltar to a page of them."""
    return unbilled_view(await turn.ask(GetLeftOut(number_in(rest) or 1)))


@SCREEN.press(MarkPress)
async def mark(turn: Turn, pressed: MarkPress) -> View:
    """Mark one, or all, as the button says."""
    client_id = None if pressed.client_id == ALL else pressed.client_id
    return unbilled_view(await turn.ask(MarkLeftOut(client_id, pressed.on, pressed.page)))


@SCREEN.press(BillPress)
async def bill(turn: Turn, pressed: BillPress) -> View:
    """Bill those that were marked when the button was made, or show how the list is now."""
    try:
        done = await turn.ask(BillMarked(pressed.seal))
    except InvalidInput as error:  # the day is over: the list stays, and says so
        shown = unbilled_view(await turn.ask(GetLeftOut()))
        return replace(shown, toast=toast(error.sentence))
    return decided_view(done, words.billed(done)) if done.done else _changed(done)


@SCREEN.press(DismissPress)
async def dismiss(turn: Turn, pressed: DismissPress) -> View:
    """Bill none of them; it can be undone."""
    done = await turn.ask(DismissAll(pressed.seal))
    return decided_view(done, words.dismissed(done)) if done.done else _changed(done)


def unbilled_view(view: LeftOutView) -> View:
    """A page of them, with their marks."""
    if not view.total:
        return View(words.NOBODY, keyboard(back=place(TODAY)))
    some = view.marked < view.total
    every = words.mark_all(view.total) if some else words.UNMARK_BUTTON
    bill_all = button(words.bill(view.marked), BillPress(seal=view.seal), style="primary")
    board = keyboard(
        *[_row(view, one) for one in view.rows],
        pager_row(view.page, view.pages, lambda page: ShowUnbilled(page=page)),
        [bill_all] if view.marked else [],
        [
            button(every, MarkPress(client_id=ALL, on=some, page=view.page)),
            button(words.NONE_BUTTON, DismissPress(seal=view.all_seal)),
        ],
        back=place(TODAY),
    )
    return View(words.left_out(view, len(board.inline_keyboard)), board)


def decided_view(done: Decided, text: str) -> View:
    """What came of the answer, and who is still listed."""
    left = done.left.total
    more = [go(f"⚠️ {left} sem cobrança", UNBILLED)] if left else []
    return View(
        text,
        keyboard(
            [go(words.QUEUE_BUTTON, TODAY, style="primary")],
            undo_row(done.undo, place(UNBILLED)),
            more,
            back=place(UNBILLED),
        ),
    )


def _changed(done: Decided) -> View:
    return replace(unbilled_view(done.left), toast=words.CHANGED)


def _row(view: LeftOutView, one: LeftOut) -> Row:
    label = row_label(words.mark_of(one), one.row.name, one.row.due_on, view.today)
    press = MarkPress(client_id=one.row.client_id, on=not one.marked, page=view.page)
    return [button(label, press)]
