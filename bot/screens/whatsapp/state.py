"""How WhatsApp stands, told by what happens to messages (F2, F10), and what can be done to it."""

from dataclasses import replace

from actors.messages.whatsapp import (
    Disconnect,
    GetWhatsAppScreen,
    Reconnect,
    WhatsAppScreen,
    WhatsAppView,
)
from bot.screens.clients.buttons import ShowCard
from bot.screens.clients.rows import label_of
from bot.screens.today.buttons import ShowDay
from bot.screens.whatsapp import pairing_words, state_words, words
from bot.screens.whatsapp.buttons import (
    ASK_DISCONNECT,
    CONNECT,
    DISCONNECT,
    NEW_QR,
    RECONNECT,
    TROUBLE,
    TRY_OUT,
    WHATSAPP,
    AskCode,
    ShowLog,
    ShowRecent,
    code_for,
)
from bot.ui.buttons import HOME, Go, Row, button, go, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import CONNECT_BUTTON, WHATSAPP_BUTTON, with_notice
from domain.day_groups import DayGroup
from domain.deliveries import Recent
from domain.whatsapp import Loss, SessionState

SCREEN = Screen()
NUMBER_GONE = frozenset({SessionState.TEMPORARILY_BANNED, SessionState.LOCKED, SessionState.BANNED})
OTHER_NUMBER = frozenset({Loss.TEMPORARILY_BANNED, Loss.LOCKED, Loss.BANNED, Loss.PASSKEY_REQUIRED})
LATER = frozenset({Loss.PAIRING_FAILED, Loss.NO_ROUTE})


@SCREEN.place(WHATSAPP)
async def show_state(turn: Turn) -> View:
    """How it stands."""
    return screen_view(await turn.ask(GetWhatsAppScreen()))


@SCREEN.command("whatsapp", told="Conectar ou ver o WhatsApp", order=70)
async def whatsapp(turn: Turn, _rest: str) -> View:
    """Answer /whatsapp."""
    return await show_state(turn)


@SCREEN.place(RECONNECT)
async def reconnect(turn: Turn) -> View:
    """Open the line once more; what is on its way is left to come."""
    await turn.ask(Reconnect())
    return replace(await show_state(turn), toast=state_words.RECONNECTING)


@SCREEN.place(ASK_DISCONNECT)
async def ask_disconnect(turn: Turn) -> View:
    """Name what stops; where nothing is linked there is nothing to ask."""
    screen = await turn.ask(GetWhatsAppScreen())
    if screen.view.state is not SessionState.PAIRED:
        return screen_view(screen)
    sure = go(state_words.SURE_BUTTON, DISCONNECT, style="danger")
    return View(state_words.ask_disconnect(screen), keyboard([sure], back=place(WHATSAPP)))


@SCREEN.place(DISCONNECT)
async def disconnect(turn: Turn) -> View:
    """Unlink the device; pressed again it shows how things are."""
    done = await turn.ask(Disconnect())
    shown = await show_state(turn)
    if not done.unlinked:
        return replace(shown, text=with_notice(state_words.not_unlinked(), shown.text))
    return replace(shown, toast=state_words.DISCONNECTED)


def screen_view(screen: WhatsAppScreen) -> View:
    """How WhatsApp stands."""
    if screen.view.connected:
        return View(
            state_words.connected(screen),
            keyboard(*_connected_rows(screen), back=place(HOME)),
        )
    return away_view(screen.view)


def _connected_rows(screen: WhatsAppScreen) -> list[Row]:
    facts = screen.deliveries
    figures = (
        (Recent.ALL, facts.sent),
        (Recent.DELIVERED, facts.delivered),
        (Recent.READ, facts.read),
    )
    counts = [
        button(f"{state_words.FIGURES[which][0]} {count}", ShowRecent(which=which))
        for which, count in figures
        if count
    ]
    if screen.sent_today:
        went = ShowDay(group=DayGroup.WENT)
        counts.append(button(f"{state_words.TODAY_EMOJI} {screen.sent_today}", went))
    test = go(state_words.TEST_BUTTON, TRY_OUT, style="primary")
    return [
        [test] if screen.view.paused_until is None else [],
        counts,
        _missing_row(screen),
        [
            button(words.LOG_BUTTON, ShowLog()),
            go(state_words.RECONNECT_BUTTON, RECONNECT),
        ],
        [
            go(state_words.NEW_QR_BUTTON, NEW_QR),
            go(state_words.DISCONNECT_BUTTON, ASK_DISCONNECT, style="danger"),
        ],
    ]


def _missing_row(screen: WhatsAppScreen) -> Row:
    """Who has not got theirs: a single one by name, several behind their number."""
    if not screen.missing_total:
        return []
    label: str = state_words.missing_button(screen.missing_total)
    to: ShowRecent | ShowCard = ShowRecent(which=Recent.MISSING)
    if screen.missing_total == 1 and screen.missing:
        [row] = screen.missing
        label = label_of(row, screen.now.date())
        to = ShowCard(client_id=row.client_id, origin=place(WHATSAPP))
    return [button(label, to)]


def away_view(view: WhatsAppView) -> View:
    """How a WhatsApp stands that is not connected, and the way to bring it back."""
    trying = view.state in {SessionState.PAIRING, SessionState.PAIRED}
    text = (
        words.NO_ROUTE
        if trying and not view.reached
        else words.away(view.state, words.when(view.until), view.last_end, view.code_for)
    )
    rows = [*_ways_back(view), [button(words.LOG_BUTTON, ShowLog())]]
    return View(text, keyboard(*rows, back=place(HOME)))


def _ways_back(view: WhatsAppView) -> list[Row]:
    if view.state is SessionState.PAIRED:
        return [
            [go(words.TRY_NOW_BUTTON, RECONNECT, style="primary")],
            [
                go(state_words.NEW_QR_BUTTON, NEW_QR),
                go(state_words.DISCONNECT_BUTTON, ASK_DISCONNECT, style="danger"),
            ],
        ]
    first, second = CONNECT_BUTTON, None
    to: Go | AskCode = Go(to=CONNECT)
    if view.state is SessionState.PAIRING:
        to = to if view.code_for is None else code_for(view.code_for)
        first, second = words.SHOW_CODE_BUTTON, (pairing_words.TROUBLE_BUTTON, TROUBLE)
    elif view.state in {SessionState.REPLACED, SessionState.UNREACHABLE}:
        first, second = words.AGAIN_BUTTON, (state_words.NEW_QR_BUTTON, NEW_QR)
    elif view.state in NUMBER_GONE:
        first = words.OTHER_NUMBER_BUTTON
    return [[button(first, to, style="primary")], [go(*second)] if second else []]


def lost_view(loss: Loss, until: str | None) -> View:
    """Told without having been asked: why the line is gone, and the way out (F4)."""
    if loss in OTHER_NUMBER:
        label = words.OTHER_NUMBER_BUTTON
    elif loss in LATER:
        label = words.TRY_AGAIN_BUTTON
    else:
        label = CONNECT_BUTTON if loss is Loss.LOGGED_OUT else words.AGAIN_BUTTON
    rows: list[Row] = [[go(label, CONNECT, style="primary")]]
    if loss in {Loss.REPLACED, Loss.UNREACHABLE}:
        rows.append([go(state_words.NEW_QR_BUTTON, NEW_QR)])
    return View(words.lost(loss, until), keyboard(*rows, [go(WHATSAPP_BUTTON, WHATSAPP)]))
