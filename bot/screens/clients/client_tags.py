"""The tags of one client: each a switch (C12)."""

from dataclasses import replace

from actors.messages.clients import ClientCard, GetClient
from actors.messages.tags import GetTags, SetTag
from bot.screens.clients import tag_words as words
from bot.screens.clients.buttons import (
    CLIENT_TAGS_OWNER,
    NewTag,
    PutTag,
    ShowClientTags,
    fitted,
)
from bot.screens.clients.hub import TO_LIST, or_gone
from bot.screens.clients.rows import card_keyboard
from bot.ui.buttons import Row, button, number_in
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import toast
from domain.client_list import clamped, pages_of
from domain.tags import TagCount
from errors import InvalidInput

SCREEN = Screen()
ROWS = 8


@SCREEN.press(ShowClientTags)
async def show_client_tags(turn: Turn, pressed: ShowClientTags) -> View:
    """All tags, with those that the client has."""
    return await _tags_of(turn, pressed.client_id, pressed.page, pressed.origin)


@SCREEN.origin(CLIENT_TAGS_OWNER)
async def back_to_client_tags(turn: Turn, packed: str) -> View:
    """Voltar, as `client_tags_origin` wrote it."""
    client_id, _, origin = packed.partition("~")
    if not client_id.isdecimal():
        return await turn.back(TO_LIST)
    return await _tags_of(turn, number_in(client_id), 1, origin)


@SCREEN.press(PutTag)
async def put_tag(turn: Turn, pressed: PutTag) -> View:
    """Put a tag on the client, or take it off."""

    async def work() -> View:
        card, refused = await tagged(turn, pressed.client_id, pressed.tag_id, on=pressed.on)
        counts = await turn.ask(GetTags())
        view = client_tags_view(card, counts, pressed.page, pressed.origin)
        return replace(view, toast=refused)

    return await or_gone(turn, pressed.origin, work())


async def tagged(
    turn: Turn, client_id: int, tag_id: int, *, on: bool
) -> tuple[ClientCard, str | None]:
    """The card after a tag was put on or taken off, and what is said where that cannot be."""
    try:
        return await turn.ask(SetTag(client_id, tag_id, on=on)), None
    except InvalidInput as error:
        return await turn.ask(GetClient(client_id)), toast(error.sentence)


def client_tags_view(
    card: ClientCard, counts: tuple[TagCount, ...], page: int, origin: str
) -> View:
    """A page of tags as switches."""
    client_id = card.client.id
    pages = pages_of(len(counts), ROWS)
    page = clamped(page, pages)
    shown = counts[(page - 1) * ROWS : page * ROWS]

    def to(number: int) -> ShowClientTags:
        return ShowClientTags(client_id=client_id, page=number, origin=origin)

    new = NewTag(client_id=client_id, origin=origin)
    style = None if counts else "primary"
    return View(
        words.client_tags(card) if counts else words.NO_TAGS,
        card_keyboard(
            *(_switch(card, one, page, origin) for one in shown),
            pager_row(page, pages, to),
            [button(words.NEW_TAG_BUTTON, new, style=style)],
            client_id=client_id,
            origin=origin,
        ),
    )


def _switch(card: ClientCard, one: TagCount, page: int, origin: str) -> Row:
    has = one.tag in card.tags
    put = PutTag(
        client_id=card.client.id, tag_id=one.tag.tag_id, on=not has, page=page, origin=origin
    )
    return [button(words.toggle(one.tag, on=has), fitted(put))]


async def _tags_of(turn: Turn, client_id: int, page: int, origin: str) -> View:
    async def work() -> View:
        card = await turn.ask(GetClient(client_id))
        return client_tags_view(card, await turn.ask(GetTags()), page, origin)

    return await or_gone(turn, origin, work())
