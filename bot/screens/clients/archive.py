"""Putting a client away, which is undone by a touch; and deleting one, which nothing undoes."""

from dataclasses import replace

from actors.messages.clients import (
    ArchiveClient,
    Archived,
    DeleteClient,
    Deleted,
    Deletion,
    GetDeletion,
)
from bot.screens.clients import acts_words as words
from bot.screens.clients.buttons import (
    AskDelete,
    Delete,
    PutAway,
    ShowCard,
)
from bot.screens.clients.hub import TO_LIST, or_gone
from bot.screens.clients.rows import card_keyboard
from bot.ui.buttons import button, keyboard
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import toast

SCREEN = Screen()


@SCREEN.press(PutAway)
async def put_away(turn: Turn, pressed: PutAway) -> View:
    """Archive a client at once, or take it back: both can be undone (law 6)."""

    async def work() -> View:
        done = await turn.ask(ArchiveClient(pressed.client_id, archived=pressed.away))
        return archived_view(done, pressed.origin)

    return await or_gone(turn, pressed.origin, work())


@SCREEN.press(AskDelete)
async def ask_delete(turn: Turn, pressed: AskDelete) -> View:
    """Ask once, naming what would be lost (law 6)."""

    async def work() -> View:
        lost = await turn.ask(GetDeletion(pressed.client_id))
        return ask_delete_view(lost, pressed.origin)

    return await or_gone(turn, pressed.origin, work())


@SCREEN.press(Delete)
async def delete(turn: Turn, pressed: Delete) -> View:
    """Delete for good, and show the list it was in."""

    async def work() -> View:
        gone: Deleted = await turn.ask(DeleteClient(pressed.client_id))
        shown = await turn.back(pressed.origin or TO_LIST)
        return replace(shown, toast=toast(words.deleted(gone.name)))

    return await or_gone(turn, pressed.origin, work())


def archived_view(done: Archived, origin: str) -> View:
    """What became of the client and of its messages."""
    card = ShowCard(client_id=done.row.client_id, origin=origin)
    return View(
        words.archived(done),
        keyboard(
            undo_row(done.undo, origin),
            [button(words.CARD_BUTTON, card)],
            back=origin,
        ),
    )


def ask_delete_view(lost: Deletion, origin: str) -> View:
    """What would be lost, and what would do as well."""
    client_id = lost.row.client_id
    rows = [
        [
            button(
                words.DELETE_FOR_GOOD_BUTTON,
                Delete(client_id=client_id, origin=origin),
                style="danger",
            )
        ]
    ]
    if not lost.row.archived:
        away = PutAway(client_id=client_id, away=True, origin=origin)
        rows.append([button(words.ONLY_ARCHIVE_BUTTON, away)])
    return View(words.ask_delete(lost), card_keyboard(*rows, client_id=client_id, origin=origin))
