"""Desfazer: takes an act back, and says what is as it was before (law 6).

What comes too late is answered with a sentence, in place, with the same way back.
"""

from actors.messages.undo import Undo, Undone
from bot.screens.clients.buttons import ShowCard
from bot.screens.undo import words
from bot.ui.buttons import button, keyboard
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import PressUndo
from bot.ui.view import View

SCREEN = Screen()


@SCREEN.press(PressUndo)
async def undo(turn: Turn, pressed: PressUndo) -> View:
    """Take it back; pressed again, it answers the same."""
    return undone_view(await turn.ask(Undo(pressed.undo_id)), pressed.origin)


def undone_view(done: Undone, origin: str) -> View:
    """What is back, and the way to whom it was about."""
    if done.client_id is None:
        return View(words.undone(done.says), keyboard(back=origin))
    card = ShowCard(client_id=done.client_id, origin=origin)
    return View(
        words.undone(done.says),
        keyboard([button(words.CARD_BUTTON, card, style="primary")], back=origin),
    )
