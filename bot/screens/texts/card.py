"""One text as a screen, and what stands there after it was changed (D1)."""

from dataclasses import replace

from aiogram.types import InlineKeyboardButton

from actors.messages.texts import TextCard, TextChanged, TextDropped, TextGroup
from actors.messages.undo import UndoOffer
from bot.screens.texts import words
from bot.screens.texts.buttons import (
    DropTextPress,
    OpenPress,
    PreviewPress,
    RenameTextPress,
    RestorePress,
    ShowTextMessages,
    SwitchTextPress,
    card_way,
    list_way,
)
from bot.ui.buttons import Row, button, in_rows, keyboard
from bot.ui.undo import undo_row
from bot.ui.view import View


def text_view(card: TextCard, page: int = 1, offer: UndoOffer | None = None) -> View:
    """One text and what can be done with it."""
    packed = card.row.key.packed
    edit = words.CONTINUE_BUTTON if card.writing else words.EDIT_BUTTON
    turn = words.TURN_OFF if card.row.on else words.TURN_ON
    switch_to = SwitchTextPress(key=packed, on=not card.row.on, page=page)
    rows = [
        [button(edit, OpenPress(key=packed, page=page), style="primary")],
        [
            button(words.PREVIEW_BUTTON, PreviewPress(key=packed, page=page)),
            button(turn, switch_to),
        ],
        *in_rows(_counts(card), 2),
        _own_row(card, page),
        undo_row(offer, card_way(card.row.key, page)),
    ]
    filled = [row for row in rows if row]
    text = words.text(card, len(filled) + 1)
    return View(text, keyboard(*filled, back=list_way(page)))


def changed_view(done: TextChanged, page: int, toast: str) -> View:
    """A text as it is now, and the way to take that back."""
    return replace(text_view(done.card, page, done.undo), toast=toast)


def dropped_view(done: TextDropped, page: int) -> View:
    """A text that is gone, and the way to have it again."""
    back = list_way(page)
    return View(words.dropped(done.name), keyboard(undo_row(done.undo, back), back=back))


def _counts(card: TextCard) -> list[InlineKeyboardButton]:
    """Each count is the way to those it counts (law 10)."""
    packed = card.row.key.packed
    counted = (
        (card.row.used, words.went_button(card), TextGroup.WENT),
        (card.coming, words.coming_button(card), TextGroup.COMING),
        (0 if card.row.on else card.stopped, words.stopped_button(card), TextGroup.STOPPED),
    )
    return [
        button(label, ShowTextMessages(key=packed, group=group))
        for count, label, group in counted
        if count
    ]


def _own_row(card: TextCard, page: int) -> Row:
    packed = card.row.key.packed
    if card.row.key.id is not None:
        return [
            button(words.RENAME_BUTTON, RenameTextPress(key=packed, page=page)),
            button(words.DROP_BUTTON, DropTextPress(key=packed, page=page), style="danger"),
        ]
    if not card.own:
        return []
    return [button(words.RESTORE_BUTTON, RestorePress(key=packed, page=page))]
