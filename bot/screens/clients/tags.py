"""Tags: the list of them, one of them, and the form that makes or renames one (C12)."""

from collections.abc import Sequence
from dataclasses import replace

from aiogram.filters.callback_data import CallbackData

from actors.messages.drafts import Draft, EndDraft
from actors.messages.tags import DropTag, GetTags, MakeTag, RenameTag, TagDropped
from bot.screens.clients import tag_words as words
from bot.screens.clients.buttons import (
    TAGS,
    DropTagPress,
    NewTag,
    RenameTagPress,
    ShowTag,
    ShowTags,
    client_tags_origin,
    list_origin,
)
from bot.screens.clients.client_tags import client_tags_view, tagged
from bot.screens.clients.hub import to_list
from bot.ui.buttons import button, keyboard, place
from bot.ui.form import Form, Option, Question, Step
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import not_understood, toast
from domain.client_list import ListPlace, clamped, pages_of
from domain.tags import TAG_EMOJIS, Tag, TagCount, parse_emoji, parse_tag_name
from errors import InvalidInput

SCREEN = Screen()
ROWS = 8
EMOJIS_A_ROW = 5
NOBODY = "0"


@SCREEN.place(TAGS)
async def show_tags(turn: Turn) -> View:
    """All tags, from the first."""
    return tags_view(await turn.ask(GetTags()), page=1)


@SCREEN.press(ShowTags)
async def show_page(turn: Turn, pressed: ShowTags) -> View:
    """A page of all tags."""
    return tags_view(await turn.ask(GetTags()), pressed.page)


@SCREEN.press(ShowTag)
async def show_tag(turn: Turn, pressed: ShowTag) -> View:
    """One tag; all of them where it is gone."""
    return _one_of(await turn.ask(GetTags()), pressed.tag_id)


@SCREEN.press(DropTagPress)
async def drop_tag(turn: Turn, pressed: DropTagPress) -> View:
    """Drop it at once: it can be undone (law 6)."""
    return dropped_view(await turn.ask(DropTag(pressed.tag_id)))


@SCREEN.press(NewTag)
async def new_tag(turn: Turn, pressed: NewTag) -> View:
    """Ask for a new one, which `client_id` gets at once."""
    client_id, origin = pressed.client_id, pressed.origin
    back = client_tags_origin(client_id, origin) if client_id else place(TAGS)
    values = {"client": str(client_id), "to": origin, "tag": NOBODY}
    return await FORM.begin(turn, back, values)


@SCREEN.press(RenameTagPress)
async def rename_tag(turn: Turn, pressed: RenameTagPress) -> View:
    """Ask how it is called from now on."""
    found = _find(await turn.ask(GetTags()), pressed.tag_id)
    if found is None:
        return await show_tags(turn)
    tag = found.tag
    values = {"client": NOBODY, "tag": str(tag.tag_id), "was": tag.name, "emoji_was": tag.emoji}
    return await FORM.begin(turn, list_origin(ListPlace(tag=tag.tag_id)), values)


def tags_view(counts: tuple[TagCount, ...], page: int) -> View:
    """A page of tags, each the way to who has it."""
    pages = pages_of(len(counts), ROWS)
    page = clamped(page, pages)
    shown = counts[(page - 1) * ROWS : page * ROWS]
    return View(
        words.tags(counts),
        keyboard(
            *([button(words.tag_button(one), _clients_of(one.tag))] for one in shown),
            pager_row(page, pages, lambda number: ShowTags(page=number)),
            [button(words.NEW_TAG_BUTTON, NewTag(), style="primary")],
            back=list_origin(ListPlace()),
        ),
    )


def tag_view(one: TagCount) -> View:
    """One tag and what can be done with it."""
    tag_id = one.tag.tag_id
    return View(
        words.tag(one),
        keyboard(
            [button(words.see_button(one), _clients_of(one.tag), style="primary")],
            [
                button(words.RENAME_TAG_BUTTON, RenameTagPress(tag_id=tag_id)),
                button(words.DROP_BUTTON, DropTagPress(tag_id=tag_id), style="danger"),
            ],
            back=list_origin(ListPlace(tag=tag_id)),
        ),
    )


def dropped_view(done: TagDropped) -> View:
    """A tag that is gone, and the way to have it again."""
    return View(
        words.tag_dropped(done), keyboard(undo_row(done.undo, place(TAGS)), back=place(TAGS))
    )


# The form


async def _ask_name(_turn: Turn, draft: Draft) -> Question:
    was = draft.values.get("was")
    return Question(words.ASK_TAG, [[Option(words.keep_button(was), was)]] if was else [])


async def _ask_emoji(_turn: Turn, draft: Draft) -> Question:
    was = draft.values.get("emoji_was")
    options = [Option(f"• {emoji}" if emoji == was else emoji, emoji) for emoji in TAG_EMOJIS]
    return Question(words.ASK_EMOJI, _rows_of(options))


async def _finish(turn: Turn, draft: Draft) -> View:
    try:
        tag = await _save(turn, draft)
    except InvalidInput as error:
        again = [FORM.edit(words.RENAME_BUTTON, draft, "name")]
        return View(not_understood(error.sentence), keyboard(again, back=draft.origin))
    await turn.ask(EndDraft(FORM.key, draft.number, str(tag.tag_id)))
    said = toast(words.tag_saved(tag))
    client_id = int(draft.values["client"])
    if not client_id:
        return replace(_one_of(await turn.ask(GetTags()), tag.tag_id), toast=said)
    card, refused = await tagged(turn, client_id, tag.tag_id, on=True)
    view = client_tags_view(
        card, await turn.ask(GetTags()), page=1, origin=draft.values.get("to", "")
    )
    return replace(view, toast=refused or said)


async def _save(turn: Turn, draft: Draft) -> Tag:
    name, emoji, tag_id = draft.values["name"], draft.values["emoji"], int(draft.values["tag"])
    if tag_id:
        return await turn.ask(RenameTag(tag_id, name, emoji))
    return await turn.ask(MakeTag(name, emoji))


async def _done(turn: Turn, result: str) -> View:
    return _one_of(await turn.ask(GetTags()), int(result))


FORM = SCREEN.form(
    Form(
        key="tag",
        steps=(
            Step("name", _ask_name, lambda text, _: parse_tag_name(text)),
            Step("emoji", _ask_emoji, lambda text, _: parse_emoji(text)),
        ),
        head=lambda draft, _: words.tag_head(draft.values.get("name") or draft.values.get("was")),
        finish=_finish,
        done=_done,
    )
)


def _rows_of(options: Sequence[Option]) -> list[Sequence[Option]]:
    return [options[at : at + EMOJIS_A_ROW] for at in range(0, len(options), EMOJIS_A_ROW)]


def _one_of(counts: tuple[TagCount, ...], tag_id: int) -> View:
    found = _find(counts, tag_id)
    return tag_view(found) if found is not None else tags_view(counts, page=1)


def _find(counts: tuple[TagCount, ...], tag_id: int) -> TagCount | None:
    return next((one for one in counts if one.tag.tag_id == tag_id), None)


def _clients_of(tag: Tag) -> CallbackData:
    return to_list(ListPlace(tag=tag.tag_id))
