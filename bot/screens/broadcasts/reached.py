"""Who is behind a count of a broadcast: each account a button (A11, law 10)."""

import re

from actors.messages.broadcasts import GetReached, ReachedPage
from bot.screens.administration.rows import account_button
from bot.screens.broadcasts import words
from bot.screens.broadcasts.broadcasts import list_broadcasts
from bot.screens.broadcasts.buttons import BROADCAST_OWNER, REACHED_OWNER, ShowReached
from bot.screens.clients.buttons import MOST_PAGE
from bot.ui.buttons import keyboard
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Audience, Screen
from bot.ui.view import View
from domain.broadcasts import Group
from domain.subscription import Area

SCREEN = Screen(area=Area.ACCOUNT, audience=Audience.ADMINS)
_PLACE = re.compile(r"(?P<group>[hlsrd])(?P<id>\d{1,19})~(?P<page>\d{1,5})", re.ASCII)


@SCREEN.press(ShowReached)
async def show_reached(turn: Turn, pressed: ShowReached) -> View:
    """A page of them."""
    page = min(max(pressed.page, 1), MOST_PAGE)
    asked = GetReached(turn.chat_id, pressed.broadcast_id, pressed.group, page)
    return reached_view(await turn.administer(asked))


@SCREEN.origin(REACHED_OWNER)
async def back_to_reached(turn: Turn, packed: str) -> View:
    """Voltar to the same page (law 4)."""
    found = _PLACE.fullmatch(packed)
    if found is None:
        return await list_broadcasts(turn)
    group, page = Group(found["group"]), int(found["page"])
    return await show_reached(
        turn, ShowReached(broadcast_id=int(found["id"]), group=group, page=page)
    )


def reached_view(found: ReachedPage) -> View:
    """The accounts, below what became of it with them."""
    one, group = found.broadcast_id, found.group
    origin = f"{REACHED_OWNER}{group.value}{one}~{found.page}"
    return View(
        words.reached(group, found.total),
        keyboard(
            *[[account_button(line, found.today, origin)] for line in found.lines],
            pager_row(
                found.page,
                found.pages,
                lambda page: ShowReached(broadcast_id=one, group=group, page=page),
            ),
            back=f"{BROADCAST_OWNER}{one}",
        ),
    )
