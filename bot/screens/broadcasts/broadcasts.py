"""The broadcasts there were, one of them, and what is done with it (A11)."""

from dataclasses import replace

from actors.messages.broadcasts import (
    GetBroadcast,
    GetBroadcasts,
    PauseBroadcast,
    ResumeBroadcast,
    StopBroadcast,
    TellDoubted,
)
from actors.runtime import Request
from bot.screens.broadcasts import words
from bot.screens.broadcasts.buttons import (
    BROADCAST_OWNER,
    BROADCASTS,
    NEW,
    Act,
    OnBroadcast,
)
from bot.screens.broadcasts.progress import on, progress_view
from bot.ui.buttons import go, keyboard, number_in, place
from bot.ui.ports import Turn
from bot.ui.screen import Audience, Screen
from bot.ui.view import View
from domain.broadcasts import OPEN, Broadcast
from domain.subscription import Area
from errors import NotFound

SCREEN = Screen(area=Area.ACCOUNT, audience=Audience.ADMINS)
ADMINISTRATION = "admin"


@SCREEN.place(BROADCASTS)
async def list_broadcasts(turn: Turn) -> View:
    """The newest, each a button, and a new one."""
    found = await turn.administer(GetBroadcasts(turn.chat_id))
    rows = [[on(words.row(one), Act.SHOW, one)] for one in found]
    new = [go(words.NEW_BUTTON, NEW, style="primary")]
    return View(words.overview(found), keyboard(*rows, new, back=place(ADMINISTRATION)))


@SCREEN.press(OnBroadcast)
async def on_broadcast(turn: Turn, pressed: OnBroadcast) -> View:
    """Do what the button says, and show how it stands; what is so already is only shown."""
    if pressed.act is Act.SHOW:
        return await show(turn, pressed.broadcast_id)
    if pressed.act is Act.ASK_STOP:
        return await _ask_stop(turn, pressed.broadcast_id)
    request: Request[Broadcast] = _REQUESTS[pressed.act](turn.chat_id, pressed.broadcast_id)
    try:
        found = await turn.administer(request)
    except NotFound:
        return replace(await list_broadcasts(turn), toast=words.GONE)
    return replace(progress_view(found), toast=words.TOASTS.get(found.state))


@SCREEN.origin(BROADCAST_OWNER)
async def back_to_broadcast(turn: Turn, packed: str) -> View:
    """Voltar to how one goes."""
    return await show(turn, number_in(packed))


async def show(turn: Turn, broadcast_id: int) -> View:
    """How one goes."""
    try:
        return progress_view(await turn.administer(GetBroadcast(turn.chat_id, broadcast_id)))
    except NotFound:
        return replace(await list_broadcasts(turn), toast=words.GONE)


async def _ask_stop(turn: Turn, broadcast_id: int) -> View:
    try:
        found = await turn.administer(GetBroadcast(turn.chat_id, broadcast_id))
    except NotFound:
        return replace(await list_broadcasts(turn), toast=words.GONE)
    if found.state not in OPEN:
        return progress_view(found)
    return View(
        words.ask_stop(found),
        keyboard(
            [on(words.STOP_FOR_GOOD, Act.STOP, found, "danger")],
            back=f"{BROADCAST_OWNER}{broadcast_id}",
        ),
    )


_REQUESTS = {
    Act.PAUSE: PauseBroadcast,
    Act.RESUME: ResumeBroadcast,
    Act.STOP: StopBroadcast,
    Act.DOUBTED: TellDoubted,
}
