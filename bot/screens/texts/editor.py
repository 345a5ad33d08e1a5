"""The editor of a text: the words, how a client reads them, and what can be put in (D1, D3).

A typed text replaces the whole; a button puts a variable at its end. Nothing is saved before
Salvar, and nothing is lost on the way out.
"""

from dataclasses import replace

from aiogram.types import InlineKeyboardButton

from actors.messages.texts import (
    DropEdit,
    EditAct,
    EditDropped,
    EditorView,
    EditText,
    OpenEditor,
    RestoreEdit,
    SaveText,
    TextChanged,
    TypeText,
)
from bot.screens.texts import reading, words
from bot.screens.texts.buttons import (
    MOST_CHANGES,
    TEXTS,
    DropEditPress,
    EditAfterRenewal,
    EditorPress,
    OpenPress,
    RestoreEditPress,
    SavePress,
    card_way,
    client_way,
)
from bot.screens.texts.card import changed_view
from bot.screens.texts.preview import fill_rows
from bot.ui.buttons import HOME, Back, Row, bare_keyboard, button, go, in_rows, keyboard, place
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import BACK_BUTTON, HOME_BUTTON, not_understood, undo_until
from bot.ui.words import toast as short
from domain.text_keys import TextKey
from errors import NotFound

SCREEN = Screen()
ASKS = "text"
A_ROW = 3
OF_THE_REST = 700
"""UTF-16 units of all that is neither the text nor the message of a client."""


@SCREEN.press(OpenPress)
async def open_editor(turn: Turn, pressed: OpenPress) -> View:
    """Go on with what was begun, or begin."""
    key = _key(pressed.key)
    origin = card_way(key, pressed.page)
    opened = OpenEditor(key=key, update_id=turn.update_id, origin=origin)
    return editor_view(await turn.ask(opened))


@SCREEN.press(EditAfterRenewal)
async def edit_offered(turn: Turn, pressed: EditAfterRenewal) -> View:
    """Change what a client was offered to get (C8)."""
    key = _key(pressed.key)
    origin = client_way(pressed.client_id)
    opened = OpenEditor(key=key, update_id=turn.update_id, origin=origin)
    return editor_view(await turn.ask(opened))


@SCREEN.question(ASKS)
async def typed(turn: Turn) -> View:
    """Take what was typed as the whole text."""
    view = await turn.ask(TypeText(turn.said.answer, turn.update_id))
    return await _over(turn) if view is None else editor_view(view)


@SCREEN.press(EditorPress)
async def edit(turn: Turn, pressed: EditorPress) -> View:
    """One change; what belongs to an older screen changes nothing, and says so (law 5)."""
    key = _key(pressed.key)
    view = await turn.ask(
        EditText(
            key=key,
            act=pressed.act,
            at=pressed.at,
            update_id=turn.update_id,
            what=pressed.put,
        )
    )
    return await _over(turn, key) if view is None else editor_view(view)


@SCREEN.press(SavePress)
async def save(turn: Turn, pressed: SavePress) -> View:
    """Save it; where that cannot be, the editor says why."""
    key = _key(pressed.key)
    done = await turn.ask(SaveText(key, pressed.at, turn.update_id))
    if done is None:
        return await _over(turn, key)
    if isinstance(done, EditorView):
        return editor_view(done)
    return saved_view(done)


@SCREEN.press(DropEditPress)
async def let_go(turn: Turn, pressed: DropEditPress) -> View:
    """Let go of the changes, which can be undone."""
    key = _key(pressed.key)
    gone = await turn.ask(DropEdit(key))
    return await _over(turn, key) if gone is None else let_go_view(key, gone)


@SCREEN.press(RestoreEditPress)
async def take_back(turn: Turn, pressed: RestoreEditPress) -> View:
    """Have the changes again."""
    key = _key(pressed.key)
    view = await turn.ask(RestoreEdit(key, pressed.number, turn.update_id))
    return await _over(turn, key) if view is None else editor_view(view)


def editor_view(view: EditorView) -> View:
    """The working copy, how a client reads it or what is wrong with it, and the buttons."""
    rows = [
        *_mend_row(view),
        *in_rows([_variable(view, at) for at in range(len(view.offered))], A_ROW),
        pager_row(view.page, view.pages, lambda page: _page(view, page)),
        *_preview_rows(view),
        _save_row(view),
        _last_row(view),
        _ways(view),
    ]
    filled = [row for row in rows if row]
    text = _text(view, len(filled))
    said = words.OUTDATED if view.outdated else view.notice
    return View(
        text, bare_keyboard(*filled), asks=ASKS, toast=None if said is None else short(said)
    )


def saved_view(done: TextChanged) -> View:
    """The text as it is saved; the way to take that back."""
    return changed_view(done, 1, short(words.saved(done.card)))


def let_go_view(key: TextKey, gone: EditDropped) -> View:
    """The changes are gone, and can be had again."""
    undo = RestoreEditPress(key=key.packed, number=gone.number)
    back = gone.origin or place(HOME)
    return View(words.LET_GO, keyboard([button(undo_until(gone.until), undo)], back=back))


async def _over(turn: Turn, key: TextKey | None = None) -> View:
    """What there is instead of a working copy that was saved or let go of."""
    known = key is not None and not key.is_new
    view = await turn.back(card_way(key) if key is not None and known else place(TEXTS))
    return replace(view, toast=words.NOT_WRITING)


def _text(view: EditorView, rows: int) -> str:
    """The words, and below them why they cannot be saved, or how a client reads them."""
    room = reading.MOST_UNITS - OF_THE_REST
    edited = words.edited(view.key, view.name, view.body, room - reading.LEAST_PREVIEW)
    below = [not_understood(view.notice)] if view.notice else []
    if view.fault is not None and view.body:
        below.append(words.fault(view.fault.sentence))
    if view.preview is not None:
        whom = reading.whom(view.preview)
        left = room - min(reading.units_of(view.body), room - reading.LEAST_PREVIEW)
        above = "\n".join([edited, *below, whom, words.PUT])
        below += [whom, reading.as_read(view.preview, rows, left, above)]
    return "\n".join([edited, *below, words.PUT])


def _mend_row(view: EditorView) -> list[Row]:
    fault = view.fault
    if fault is None or fault.mended is None:
        return []
    pressed = _press(view, EditAct.MEND)
    return [[button(words.mend_button(fault.right), pressed, style="primary")]]


def _save_row(view: EditorView) -> Row:
    if view.fault is not None or not (view.changed or view.key.is_new):
        return []
    saving = SavePress(key=view.key.packed, at=min(view.at, MOST_CHANGES))
    return [button(words.SAVE_BUTTON, saving, style="primary")]


def _preview_rows(view: EditorView) -> list[Row]:
    shown = view.preview
    return fill_rows(shown, view.origin)[:1] if shown is not None and shown.missing else []


def _last_row(view: EditorView) -> Row:
    row = []
    if view.preview is not None and view.preview.next_id is not None:
        other = _press(view, EditAct.CLIENT, str(view.preview.next_id))
        row.append(button(words.OTHER_BUTTON, other))
    if view.can_undo:
        row.append(button(words.UNDO_BUTTON, _press(view, EditAct.UNDO)))
    return row


def _ways(view: EditorView) -> Row:
    back = button(BACK_BUTTON, Back(to=view.origin or place(HOME)))
    home = go(HOME_BUTTON, HOME)
    if not view.changed:
        return [back, home]
    drop = button(words.LET_GO_BUTTON, DropEditPress(key=view.key.packed))
    return [back, drop, home]


def _variable(view: EditorView, at: int) -> InlineKeyboardButton:
    offered = view.offered[at]
    return button(words.variable_button(offered), _press(view, EditAct.ADD, offered.code))


def _page(view: EditorView, page: int) -> EditorPress:
    return _press(view, EditAct.PAGE, str(page))


def _press(view: EditorView, act: EditAct, put: str = "") -> EditorPress:
    at = min(view.at, MOST_CHANGES)
    return EditorPress(key=view.key.packed, act=act, at=at, put=put)


def _key(packed: str) -> TextKey:
    key = TextKey.unpack(packed)
    if key is None:
        raise NotFound(f"text {packed[:20]}")
    return key
