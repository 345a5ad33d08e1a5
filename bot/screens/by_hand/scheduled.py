"""What is scheduled, for one client or for all: each with its time, its text, a way out (E12).

What did not go stands on top, with its reason, and is offered again.
"""

from collections.abc import Awaitable
from dataclasses import replace

from actors.messages.by_hand import (
    CancelHandMessage,
    GetHandMessage,
    GetHandMessages,
    GetTexts,
    HandMessage,
    HandMessages,
    HandState,
    Written,
)
from bot.screens.by_hand import words
from bot.screens.by_hand.buttons import (
    ONE_OWNER,
    SCHEDULED,
    CancelHand,
    ChangeHand,
    ShowHand,
    ShowScheduled,
    WriteTo,
)
from bot.screens.by_hand.when import TEXT, WHEN, text_value
from bot.screens.by_hand.write import FORM, KEEP
from bot.screens.clients.buttons import CLIENTS, ShowMessages
from bot.screens.clients.hub import or_gone
from bot.screens.clients.offers import see_button
from bot.screens.clients.rows import card_keyboard
from bot.screens.today.buttons import TODAY
from bot.ui.buttons import HOME, Row, bare_keyboard, button, go, keyboard, number_in, place
from bot.ui.pager import pager_row
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.undo import undo_row
from bot.ui.view import View
from bot.ui.words import BACK_BUTTON, HOME_BUTTON, toast
from errors import AlreadyChanged, NotFound

SCREEN = Screen()
THE_TEXT, THE_TIME = "t", "w"


@SCREEN.place(SCHEDULED)
async def show_all(turn: Turn) -> View:
    """All of them, from the first page."""
    return list_view(await turn.ask(GetHandMessages()), "")


@SCREEN.press(ShowScheduled)
async def show_scheduled(turn: Turn, pressed: ShowScheduled) -> View:
    """A page of them."""
    return await or_gone(turn, pressed.origin, _page(turn, pressed))


async def _page(turn: Turn, pressed: ShowScheduled) -> View:
    asked = GetHandMessages(pressed.client_id or None, pressed.page)
    return list_view(await turn.ask(asked), pressed.origin)


def list_view(view: HandMessages, origin: str) -> View:
    """A page, each message on a button."""
    client_id = view.row.client_id if view.row else 0
    of_client = view.row is not None
    label = words.row_of_client if of_client else words.row_of_all
    rows: list[Row] = [
        [
            button(
                label(one),
                ShowHand(
                    message_id=one.message_id, of_client=of_client, page=view.page, origin=origin
                ),
            )
        ]
        for one in view.messages
    ]

    def to(page: int) -> ShowScheduled:
        return ShowScheduled(client_id=client_id, page=page, origin=origin)

    rows.append(pager_row(view.page, view.pages, to))
    style = None if view.total else "primary"
    if view.row is None:
        teaches = [go(words.WRITE_TO_SOMEBODY_BUTTON, CLIENTS, style=style)]
        return View(words.listed(view), keyboard(*rows, teaches, back=place(TODAY)))
    ways = [
        button(words.WRITE_BUTTON, WriteTo(client_id=client_id, origin=origin), style=style),
        button(words.HISTORY_BUTTON, ShowMessages(client_id=client_id, origin=origin)),
    ]
    return View(words.listed(view), card_keyboard(*rows, ways, client_id=client_id, origin=origin))


# One of them


@SCREEN.press(ShowHand)
async def show_one(turn: Turn, pressed: ShowHand) -> View:
    """One message by hand, as it stands."""
    return await or_list(turn, pressed, _one(turn, pressed))


@SCREEN.origin(ONE_OWNER)
async def back_to_one(turn: Turn, rest: str) -> View:
    """Voltar from the questions about it."""
    pressed = _place_in(rest)
    return await or_list(turn, pressed, _one(turn, pressed))


async def _one(turn: Turn, pressed: ShowHand) -> View:
    return one_view(await turn.ask(GetHandMessage(pressed.message_id)), pressed)


async def or_list(turn: Turn, at: ShowHand, work: Awaitable[View]) -> View:
    """What `work` shows; where the message is no more, all that is scheduled (law 5)."""
    try:
        return await work
    except NotFound as error:
        view = list_view(await turn.ask(GetHandMessages()), "")
        return replace(view, toast=toast(error.sentence))
    except AlreadyChanged as error:
        return replace(await _one(turn, at), toast=toast(error.sentence))


def one_view(message: HandMessage, at: ShowHand) -> View:
    """When, what, and what can be done with it."""
    rows = [*_acts(message, at), _behind(message, at)]
    return View(words.one(message, len(rows)), bare_keyboard(*rows))


def _acts(message: HandMessage, at: ShowHand) -> list[Row]:
    see = see_button(message.row.client_id, message.row.name, at.origin)
    if message.state is HandState.GONE:
        return [[see]]
    time = _change(at, THE_TIME)
    away = CancelHand(**_where(at))
    if message.state is HandState.ENDED:
        again = button(words.AGAIN_BUTTON, time, style="primary")
        return [[again], [see, button(words.OFF_THE_LIST_BUTTON, away)]]
    return [
        [
            button(words.TIME_BUTTON, time),
            button(words.TEXT_BUTTON, _change(at, THE_TEXT)),
        ],
        [see, button(words.CANCEL_BUTTON, away, style="danger")],
    ]


def _behind(message: HandMessage, at: ShowHand) -> Row:
    """The page of the list that it was in."""
    client_id = message.row.client_id if at.of_client else 0
    back = ShowScheduled(client_id=client_id, page=at.page, origin=at.origin)
    return [button(BACK_BUTTON, back), go(HOME_BUTTON, HOME)]


# Changed, or cancelled


@SCREEN.press(ChangeHand)
async def change(turn: Turn, pressed: ChangeHand) -> View:
    """Ask for another text, or another time."""
    at = ShowHand(**_where(pressed))
    return await or_list(turn, at, _ask_change(turn, pressed, at))


async def _ask_change(turn: Turn, pressed: ChangeHand, at: ShowHand) -> View:
    message = await turn.ask(GetHandMessage(pressed.message_id))
    if message.state is HandState.GONE:
        return one_view(message, at)
    texts = await turn.ask(GetTexts(message.row.client_id))
    values = {
        "id": str(message.message_id),
        "client_id": str(message.row.client_id),
        "name": message.row.name,
        "own": " ".join(texts.own_variables),
        "origin": pressed.origin,
        "at": f"{message.at.isoformat()}|{message.monthly_day or ''}",
    }
    if pressed.what == THE_TEXT and message.state is not HandState.ENDED:
        values[WHEN] = KEEP
    else:
        values[TEXT] = text_value(message.kind, message.text)
    return await FORM.begin(turn, f"{ONE_OWNER}{_pack(at)}", values)


@SCREEN.press(CancelHand)
async def cancel(turn: Turn, pressed: CancelHand) -> View:
    """Let it not go, at once; that can be undone."""
    at = ShowHand(**_where(pressed))

    async def work() -> View:
        return cancelled_view(await turn.ask(CancelHandMessage(pressed.message_id)), at)

    return await or_list(turn, at, work())


def cancelled_view(done: Written, at: ShowHand) -> View:
    """It does not go; and how to take that back."""
    message = done.message
    origin = at.origin if at.of_client else place(SCHEDULED)
    rows = [undo_row(done.undo, origin), _behind(message, at)]
    return View(
        words.made(done, now=False, rows=len(rows)), bare_keyboard(*rows), toast=words.CANCELLED
    )


def _change(at: ShowHand, what: str) -> ChangeHand:
    return ChangeHand(
        message_id=at.message_id, what=what, of_client=at.of_client, page=at.page, origin=at.origin
    )


def _where(pressed: ShowHand | ChangeHand | CancelHand) -> dict[str, object]:
    names = ("message_id", "of_client", "page", "origin")
    return {name: getattr(pressed, name) for name in names}


def _pack(at: ShowHand) -> str:
    return f"{at.message_id}.{int(at.of_client)}.{at.page}.{at.origin}"


def _place_in(rest: str) -> ShowHand:
    message_id, _, rest = rest.partition(".")
    of_client, _, rest = rest.partition(".")
    page, _, origin = rest.partition(".")
    return ShowHand(
        message_id=number_in(message_id),
        of_client=of_client == "1",
        page=max(1, number_in(page)),
        origin=origin,
    )
