"""One message: what it says, how it stands and why, and what its owner can do with it (E7, E8)."""

from collections.abc import Awaitable
from dataclasses import replace

from actors.messages.queue_acts import Acted, ActOn, GetMessage, MessageView
from actors.messages.undo import UndoOffer
from bot.screens.clients.buttons import ShowCard, ShowWhy
from bot.screens.clients.money_buttons import EditField
from bot.screens.today import message_words as words
from bot.screens.today.buttons import (
    MESSAGE_OWNER,
    TODAY,
    UNBILLED,
    ActPress,
    ShowMessage,
    message_origin,
    unpack_message,
)
from bot.screens.today.filling import filling
from bot.screens.today.words import NOT_FOUND
from bot.ui.buttons import Row, button, go, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import toast
from domain.clients import ClientField
from domain.obstacles import UNBILLED_DAYS
from domain.outbox import ENDED, MessageState
from domain.queue_acts import QueueAct
from domain.reasons import Reason
from domain.reminders import Kind
from errors import NotFound

SCREEN = Screen()


@SCREEN.press(ShowMessage)
async def show_message(turn: Turn, pressed: ShowMessage) -> View:
    """The message, as it stands."""
    return await _at(turn, pressed.message_id, pressed.origin)


@SCREEN.origin(MESSAGE_OWNER)
async def back_to_message(turn: Turn, rest: str) -> View:
    """Voltar to a message."""
    return await _at(turn, *unpack_message(rest))


@SCREEN.press(ActPress)
async def act(turn: Turn, pressed: ActPress) -> View:
    """Do it; what comes too late is said, and the message shown as it stands (law 5)."""

    async def work() -> View:
        done = await turn.ask(ActOn(pressed.message_id, pressed.act))
        return acted_view(done, pressed.origin)

    return await _or_gone(turn, pressed.origin, work())


async def _at(turn: Turn, message_id: int, origin: str) -> View:
    async def work() -> View:
        return message_view(await turn.ask(GetMessage(message_id)), origin)

    return await _or_gone(turn, origin, work())


async def _or_gone(turn: Turn, origin: str, work: Awaitable[View]) -> View:
    """What `work` shows; where its message is no more, what lies behind, as it is now (law 5)."""
    try:
        return await work
    except NotFound:
        return replace(await turn.back(origin or place(TODAY)), toast=NOT_FOUND)


def message_view(view: MessageView, origin: str) -> View:
    """The message, and what can be done with it."""
    return _view(view, origin, "", None)


def acted_view(done: Acted, origin: str) -> View:
    """The message after an act, and the way to take that back."""
    shown = _view(done.message, origin, words.acted(done), done.undo)
    return replace(shown, toast=toast(done.says))


def _view(view: MessageView, origin: str, above: str, undo: UndoOffer | None) -> View:
    rows = [*_acts(view, origin), undo_row(undo, origin), _about(view, origin)]
    text = words.message(view, len([row for row in rows if row]) + 1, above)
    return View(text, keyboard(*rows, back=origin or place(TODAY)))


def _acts(view: MessageView, origin: str) -> list[Row]:
    def press(act: QueueAct) -> ActPress:
        return ActPress(act=act, message_id=view.message_id, origin=origin)

    here = message_origin(view.message_id, origin)
    rows: list[Row] = []
    if view.missing or (view.reason == Reason.TOO_LONG and view.state is MessageState.WAITING):
        fill = filling(view.row, view.missing, here)
        rows.append([button(words.FILL_BUTTON, fill, style="primary")])
    if view.state is MessageState.FAILED and view.reason == Reason.NOT_ON_WHATSAPP:
        phone = EditField(client_id=view.row.client_id, field=ClientField.PHONE, origin=here)
        rows.append([button(words.PHONE_BUTTON, phone, style="primary")])
    elif _was_left_out(view):
        rows.append([go(words.UNBILLED_BUTTON, UNBILLED, style="primary")])
    elif QueueAct.RETRY in view.may:
        rows.append([button(words.BUTTONS[QueueAct.RETRY], press(QueueAct.RETRY), style="primary")])
    following = None if rows else "primary"
    both = ((QueueAct.NOW, following), (QueueAct.CANCEL, "danger"))
    rows.append(
        [
            button(words.BUTTONS[act], press(act), style=style)
            for act, style in both
            if act in view.may
        ]
    )
    if QueueAct.CANCEL_ALL in view.may and view.pending > 1:
        label = words.cancel_all(view.pending)
        rows.append([button(label, press(QueueAct.CANCEL_ALL), style="danger")])
    return rows


def _was_left_out(view: MessageView) -> bool:
    """Whether it is a billing that did not go on its day, about which the owner decides (E3b)."""
    over = view.state in {MessageState.EXPIRED, MessageState.FAILED} and not view.may
    listed = (view.today - view.day).days <= UNBILLED_DAYS
    return view.kind is Kind.BILLING and over and listed and view.reason != Reason.DISMISSED


def _about(view: MessageView, origin: str) -> Row:
    here = message_origin(view.message_id, origin)
    card = button(words.CARD_BUTTON, ShowCard(client_id=view.row.client_id, origin=here))
    if view.state in ENDED and view.day == view.today:
        why = ShowWhy(client_id=view.row.client_id, origin=here)
        return [card, button(words.WHY_BUTTON, why)]
    return [card]
