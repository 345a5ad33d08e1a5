"""What a client receives: two switches, turned at once, with what that does to today (C10)."""

from collections.abc import Sequence

from actors.messages.clients import ClientCard, GetClient, SetSwitch
from actors.messages.undo import UndoOffer
from bot.screens.clients import switches_words as words
from bot.screens.clients.buttons import ShowCard
from bot.screens.clients.hub import or_gone
from bot.screens.clients.money_buttons import ShowSwitches, TurnSwitch
from bot.ui.buttons import HOME, bare_keyboard, button, go
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import BACK_BUTTON, HOME_BUTTON
from domain.clients import Switch

SCREEN = Screen()
_LETTERS = {Switch.BILLING: "b", Switch.NOTICES: "n"}
_SWITCHES = {letter: switch for switch, letter in _LETTERS.items()}


@SCREEN.press(ShowSwitches)
async def show_switches(turn: Turn, pressed: ShowSwitches) -> View:
    """The two as they stand."""

    async def show() -> View:
        return switches_view(await turn.ask(GetClient(pressed.client_id)), pressed.origin)

    return await or_gone(turn, pressed.origin, show())


@SCREEN.press(TurnSwitch)
async def turn_switch(turn: Turn, pressed: TurnSwitch) -> View:
    """Turn one to what the button says: pressed twice, it stays there."""
    switch = _SWITCHES.get(pressed.switch, Switch.BILLING)
    changed = await turn.ask(SetSwitch(pressed.client_id, switch, pressed.on))
    return switches_view(
        changed.card,
        pressed.origin,
        effect=changed.effect,
        undo=changed.undo,
        toast=words.toast(switch, on=pressed.on),
    )


def switches_view(
    card: ClientCard,
    origin: str,
    *,
    effect: Sequence[str] = (),
    undo: UndoOffer | None = None,
    toast: str | None = None,
) -> View:
    """Each switch is its own button."""
    client = card.client
    # What cannot be read is off (C10).
    stand = {
        Switch.BILLING: client.receives_billing is True,
        Switch.NOTICES: client.receives_notices is True,
    }
    switches = [
        button(
            words.switch_button(switch, on=on),
            TurnSwitch(client_id=client.id, switch=_LETTERS[switch], on=not on, origin=origin),
        )
        for switch, on in stand.items()
    ]
    back = button(BACK_BUTTON, ShowCard(client_id=client.id, origin=origin))
    rows = (switches, undo_row(undo, origin), [back, go(HOME_BUTTON, HOME)])
    return View(words.screen(card, effect), bare_keyboard(*rows), toast=toast)
