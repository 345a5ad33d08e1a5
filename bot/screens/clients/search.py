"""Finding a client: by a question, by a command, and from the typing box as it is typed (C3)."""

from collections.abc import Sequence

from actors.messages.clients import ClientRow, ClientsView, GetClients
from bot.screens.clients import words
from bot.screens.clients.buttons import FIND, needle
from bot.screens.clients.card_words import due_words
from bot.screens.clients.hub import TO_LIST, list_at, list_view
from bot.screens.clients.rows import emoji_of
from bot.ui.buttons import keyboard
from bot.ui.labels import day_label
from bot.ui.ports import Turn
from bot.ui.screen import Found, Screen
from bot.ui.view import View
from bot.ui.words import with_notice
from domain.client_list import FIRST_PLACE, ListPlace, Which

SCREEN = Screen()
MOST_PAGES_OFFERED = 3


@SCREEN.place(FIND)
async def ask_whom(_turn: Turn) -> View:
    """Ask for a piece of the name, the phone or the server."""
    return _question()


@SCREEN.question(FIND)
async def look_for(turn: Turn) -> View:
    """Show who was meant."""
    text = turn.said.answer
    if not text or not needle(text):
        return _question(words.FIND_TEXT_ONLY)
    return list_view(await search(turn, text), inline=turn.inline)


@SCREEN.command("buscar", told="Buscar um cliente", order=40)
async def find(turn: Turn, rest: str) -> View:
    """Answer /buscar, with or without what is searched."""
    if not needle(rest):
        return _question()
    return list_view(await search(turn, rest), inline=turn.inline)


@SCREEN.inline()
async def offer(turn: Turn, query: str) -> Sequence[Found]:
    """Who matches so far, in the order of the list."""
    place = ListPlace(search=needle(query))
    found: list[Found] = []
    for page in range(1, MOST_PAGES_OFFERED + 1):
        view = await turn.ask(GetClients(ListPlace(page=page, search=place.search)))
        found += [_offered(row, view) for row in view.rows]
        if page >= view.pages:
            break
    return found


async def search(turn: Turn, text: str) -> ClientsView:
    """Who matches `text`: of the list, or, where nobody does, of those who were put away."""
    view = await turn.ask(GetClients(ListPlace(search=needle(text))))
    if view.total:
        return view
    away = await turn.ask(GetClients(ListPlace(Which.ARCHIVED, search=needle(text))))
    return away if away.total else view


async def first_page(turn: Turn) -> View:
    """The list, for who named nobody."""
    return await list_at(turn, FIRST_PLACE)


def _question(notice: str | None = None) -> View:
    text = with_notice(notice, words.ASK_FIND) if notice else words.ASK_FIND
    return View(text, keyboard(back=TO_LIST), asks=FIND)


def _offered(row: ClientRow, view: ClientsView) -> Found:
    return Found(
        key=str(row.client_id),
        title=f"{emoji_of(row)} {row.name} · {day_label(row.due_on, view.today)}",
        below=due_words(row.due_on, view.today),
        sends=f"/ver_{row.client_id}",
    )
