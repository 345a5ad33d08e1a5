"""The card of a reply: what a client wrote, and what the owner does about it (F8, J3).

It arrives by itself, so nothing lies behind it; out of the list of what waits, that does. Nothing
here renews: the buttons lead to the screens that do.
"""

from dataclasses import replace

from actors.messages.replies import DoneWithReply, GetReply, ReplyCard, ReplyClient
from bot.screens.clients.buttons import ShowCard
from bot.screens.clients.money_buttons import AskRenewalAmount, StartPayment, StartRenewal
from bot.screens.clients.rows import label_of
from bot.screens.replies import words
from bot.screens.replies.buttons import (
    REPLIES,
    REPLY_OWNER,
    AnswerPress,
    DonePress,
    PromisePress,
    RemindPress,
    ShowReply,
    pack_day,
    reply_origin,
)
from bot.ui.buttons import Row, button, keyboard, number_in, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View, Where
from errors import NotFound

SCREEN = Screen()


@SCREEN.press(ShowReply)
async def show_reply(turn: Turn, pressed: ShowReply) -> View:
    """The card, as it is now."""
    return await reply_at(turn, pressed.talk_id, pressed.client_id, pressed.page)


@SCREEN.origin(REPLY_OWNER)
async def back_to_reply(turn: Turn, rest: str) -> View:
    """Voltar from what the card led to; behind it lies what waits by then (law 4)."""
    return await reply_at(turn, number_in(rest), page=1)


@SCREEN.press(DonePress)
async def done_with(turn: Turn, pressed: DonePress) -> View:
    """Nothing in it waits any more; on to what does, where it came from there."""
    try:
        card = await turn.ask(DoneWithReply(pressed.talk_id))
    except NotFound:
        return await _gone(turn)
    if pressed.page:
        return replace(await turn.back(place(REPLIES)), toast=words.DONE)
    return replace(card_view(card), toast=words.DONE)


async def reply_at(turn: Turn, talk_id: int, client_id: int = 0, page: int = 0) -> View:
    """The card of a talk; what waits where it is no more."""
    try:
        card = await turn.ask(GetReply(talk_id))
    except NotFound:
        return await _gone(turn)
    return card_view(card, client_id, page)


def card_view(card: ReplyCard, client_id: int = 0, page: int = 0) -> View:
    """The card; where several have one phone and none is chosen, the owner chooses."""
    client = _chosen(card, client_id)
    rows = [row for row in (_rows(card, client, page) if client else _choice(card, page)) if row]
    return View(
        words.card(card, client, len(rows) + 1),
        keyboard(*rows, back=place(REPLIES) if page else None),
        slot=slot_of(card.talk_id),
    )


def arrived(card: ReplyCard, *, anew: bool, only_over: bool) -> View:
    """The card that comes by itself, or grows."""
    where = Where.ANEW if anew else Where.ONLY_OVER if only_over else Where.RISES
    return replace(card_view(card), where=where)


def slot_of(talk_id: int) -> str:
    """The place in the chat of a card."""
    return f"reply {talk_id}"


async def _gone(turn: Turn) -> View:
    return replace(await turn.back(place(REPLIES)), toast=words.GONE)


def _chosen(card: ReplyCard, client_id: int) -> ReplyClient | None:
    if len(card.clients) == 1:
        return card.clients[0]
    return next((one for one in card.clients if one.row.client_id == client_id), None)


def _choice(card: ReplyCard, page: int) -> list[Row]:
    """Whose it is, each with what is open."""
    people: list[Row] = []
    for one in card.clients:
        pressed = ShowReply(talk_id=card.talk_id, client_id=one.row.client_id, page=page)
        people.append([button(label_of(one.row, card.today), pressed)])
    return [*people, _done(card, page)]


def _rows(card: ReplyCard, client: ReplyClient, page: int) -> list[Row]:
    client_id, origin = client.row.client_id, reply_origin(card.talk_id)
    see = button(words.CLIENT_BUTTON, ShowCard(client_id=client_id, origin=origin))
    if client.opted_out:
        return [[see, *_done(card, page)]]
    promise = card.promised_on if card.waits else None
    renewal = StartRenewal(client_id=client_id, origin=origin)
    # Only the likeliest is coloured (law 1): money that came, a promise, or else an answer.
    renews = "success" if card.paid and promise is None and card.waits else None
    answers = "primary" if card.waits and not renews and promise is None else None
    renew = button(words.RENEW_BUTTON, renewal, style=renews)
    answer = button(
        words.ANSWER_BUTTON, AnswerPress(talk_id=card.talk_id, client_id=client_id), style=answers
    )
    promised = button(
        words.PROMISED_BUTTON, PromisePress(talk_id=card.talk_id, client_id=client_id)
    )
    top: list[Row] = [[renew], [answer, promised]]
    if promise is not None:
        pressed = RemindPress(talk_id=card.talk_id, client_id=client_id, day=pack_day(promise))
        remind = button(words.remind_button(promise), pressed, style="primary")
        top = [[remind], [answer, renew]]
    return [
        *top,
        [
            button(words.PAID_BUTTON, StartPayment(client_id=client_id, origin=origin)),
            button(words.OTHER_AMOUNT_BUTTON, AskRenewalAmount(client_id=client_id, origin=origin)),
        ],
        [see, *_done(card, page)],
    ]


def _done(card: ReplyCard, page: int) -> Row:
    if not card.waits:
        return []
    return [button(words.DONE_BUTTON, DonePress(talk_id=card.talk_id, page=page))]
