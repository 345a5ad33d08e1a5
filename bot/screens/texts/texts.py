"""All texts, one of them, and what is done with it: switched, renamed, put back, deleted (D1)."""

from dataclasses import replace

from aiogram.types import InlineKeyboardButton

from actors.messages.drafts import Draft, EndDraft
from actors.messages.texts import (
    ContinueEditor,
    DropText,
    GetText,
    GetTextList,
    GetTextMessages,
    OpenEditor,
    RenameText,
    RestoreText,
    SwitchText,
    TextMessages,
    TextsView,
)
from bot.screens.clients.buttons import ShowCard
from bot.screens.clients.card import card_at
from bot.screens.clients.rows import label_of
from bot.screens.texts import words
from bot.screens.texts.buttons import (
    NEW_TEXT,
    SCHEDULE,
    TEXTS,
    TEXTS_OWNER,
    DropTextPress,
    RenameTextPress,
    RestorePress,
    ShowText,
    ShowTextMessages,
    ShowTexts,
    SwitchTextPress,
    card_way,
    messages_way,
    way_in,
)
from bot.screens.texts.card import changed_view, dropped_view, text_view
from bot.screens.texts.editor import editor_view
from bot.screens.texts.places import there_is
from bot.ui.buttons import HOME, Row, button, go, keyboard, place
from bot.ui.form import Form, Option, Question, Step
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.client_list import clamped, pages_of
from domain.own_texts import parse_text_name
from domain.text_keys import NEW_TEXT as NEW_KEY
from domain.text_keys import TextKey
from errors import NotFound

SCREEN = Screen()
ROWS = 8
ROWS_OF_PAGES = 7
"""How many texts stand on a page where there are several."""


@SCREEN.place(TEXTS)
async def show_texts(turn: Turn) -> View:
    """All texts, from the first."""
    return texts_view(await turn.ask(GetTextList()), page=1)


@SCREEN.command("textos", told="Mudar os textos das mensagens", order=90)
async def texts(turn: Turn, _rest: str) -> View:
    """Answer /textos."""
    return await show_texts(turn)


@SCREEN.press(ShowTexts)
async def show_page(turn: Turn, pressed: ShowTexts) -> View:
    """A page of all texts."""
    return texts_view(await turn.ask(GetTextList()), pressed.page)


@SCREEN.press(ShowText)
async def show_text(turn: Turn, pressed: ShowText) -> View:
    """One text; all of them where it is gone."""
    key = TextKey.unpack(pressed.key)
    if key is None:
        return await gone(turn)
    try:
        return text_view(await turn.ask(GetText(key)), pressed.page)
    except NotFound:
        return await gone(turn)


@SCREEN.origin(TEXTS_OWNER)
async def back_to_texts(turn: Turn, packed: str) -> View:
    """Voltar to the list, a text, or its messages."""
    way = way_in(packed)
    if isinstance(way, ShowCard):
        return await card_at(turn, way.client_id, "")
    if isinstance(way, ShowText):
        return await show_text(turn, way)
    if isinstance(way, ShowTextMessages):
        return await show_messages(turn, way)
    return await show_page(turn, way)


@SCREEN.press(SwitchTextPress)
async def switch(turn: Turn, pressed: SwitchTextPress) -> View:
    """Let it go, or not, and say what that does to today."""
    done = await turn.ask(SwitchText(_key(pressed.key), on=pressed.on))
    return changed_view(done, pressed.page, words.switched(done.card))


@SCREEN.press(RestorePress)
async def restore(turn: Turn, pressed: RestorePress) -> View:
    """The words that everybody begins with."""
    done = await turn.ask(RestoreText(_key(pressed.key)))
    return changed_view(done, pressed.page, words.RESTORED)


@SCREEN.press(DropTextPress)
async def drop(turn: Turn, pressed: DropTextPress) -> View:
    """Delete it at once: it can be undone (law 6)."""
    return dropped_view(await turn.ask(DropText(_key(pressed.key))), pressed.page)


@SCREEN.press(ShowTextMessages)
async def show_messages(turn: Turn, pressed: ShowTextMessages) -> View:
    """The messages behind a count."""
    key = TextKey.unpack(pressed.key)
    if key is None:
        return await gone(turn)
    try:
        return messages_view(await turn.ask(GetTextMessages(key, pressed.group, pressed.page)))
    except NotFound:
        return await gone(turn)


async def gone(turn: Turn) -> View:
    """All texts, for who asked for one that is no more (law 5)."""
    return replace(await show_texts(turn), toast=words.GONE)


def texts_view(view: TextsView, page: int) -> View:
    """A page of texts, each with its count of the month."""
    a_page = ROWS if len(view.rows) <= ROWS else ROWS_OF_PAGES
    pages = pages_of(len(view.rows), a_page)
    page = clamped(page, pages)
    shown = view.rows[(page - 1) * a_page : page * a_page]
    new = go(words.NEW_BUTTON, NEW_TEXT, style="primary")
    return View(
        words.texts(view, whole=pages == 1),
        keyboard(
            *(
                [button(words.text_button(row), ShowText(key=row.key.packed, page=page))]
                for row in shown
            ),
            pager_row(page, pages, lambda number: ShowTexts(page=number)),
            [new, *_schedule()],
            back=place(HOME),
        ),
    )


def messages_view(view: TextMessages) -> View:
    """A page of the messages behind a count, each by its client."""
    key, group = view.row.key, view.group
    origin = messages_way(key, group, view.page)
    rows: list[Row] = []
    for one in view.messages:
        day = f"{one.at:%H:%M}" if one.at.date() == view.today else f"{one.at:%d/%m}"
        label = label_of(one.row, view.today, day)
        rows.append([button(label, ShowCard(client_id=one.row.client_id, origin=origin))])
    pager = pager_row(
        view.page,
        view.pages,
        lambda page: ShowTextMessages(key=key.packed, group=group, page=page),
    )
    return View(words.messages(view), keyboard(*rows, pager, back=card_way(key)))


def _schedule() -> list[InlineKeyboardButton]:
    """The way to the hours at which texts go, where there is one."""
    return [go(words.SCHEDULE_BUTTON, SCHEDULE)] if there_is(SCHEDULE) else []


def _key(packed: str) -> TextKey:
    key = TextKey.unpack(packed)
    if key is None:
        raise NotFound(f"text {packed[:20]}")
    return key


# The name: of a new text, and another one for an old


@SCREEN.place(NEW_TEXT)
async def new_text(turn: Turn) -> View:
    """Go on with the new text that was begun, or ask how another is called."""
    begun = await turn.ask(ContinueEditor(NEW_KEY, turn.update_id))
    if begun is not None:
        return editor_view(begun)
    return await FORM.begin(turn, place(TEXTS), {"text": NEW_KEY.packed, "was": ""})


@SCREEN.press(RenameTextPress)
async def rename(turn: Turn, pressed: RenameTextPress) -> View:
    """Ask how it is called from now on."""
    key = _key(pressed.key)
    card = await turn.ask(GetText(key))
    values = {"text": key.packed, "was": words.name_of(card.row)}
    return await FORM.begin(turn, card_way(key, pressed.page), values)


async def _ask_name(_turn: Turn, draft: Draft) -> Question:
    was = draft.values.get("was", "")
    return Question(words.ASK_NAME, [[Option(f"• {was}", was)]] if was else [])


async def _finish(turn: Turn, draft: Draft) -> View:
    key, name = _key(draft.values["text"]), draft.values["name"]
    if not key.is_new:
        done = await turn.ask(RenameText(key, name))
        await turn.ask(EndDraft(FORM.key, draft.number, key.packed))
        return changed_view(done, 1, words.RENAMED)
    view = await turn.ask(
        OpenEditor(key=key, update_id=turn.update_id, origin=place(TEXTS), name=name)
    )
    await turn.ask(EndDraft(FORM.key, draft.number, key.packed))
    return editor_view(view)


async def _done(turn: Turn, result: str) -> View:
    key = _key(result)
    if not key.is_new:
        return await turn.back(card_way(key))
    begun = await turn.ask(ContinueEditor(key, turn.update_id))
    return await show_texts(turn) if begun is None else editor_view(begun)


FORM = SCREEN.form(
    Form(
        key="text_name",
        steps=(Step("name", _ask_name, lambda text, _: parse_text_name(text)),),
        head=lambda draft, _: (
            words.rename_head(draft.values["was"]) if draft.values.get("was") else words.NEW_HEAD
        ),
        finish=_finish,
        done=_done,
    )
)
