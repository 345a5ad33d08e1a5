"""The home screen: what waits for the owner, and the figures; before, the first steps (A10)."""

from actors.messages.home import GetHome, HomeView
from bot.screens.account.account import ACCOUNT
from bot.screens.clients.buttons import CLIENTS, NEW_CLIENT, ShowList, pack_place
from bot.screens.help.sections import HELP
from bot.screens.home import words
from bot.screens.replies.buttons import REPLIES
from bot.screens.replies.waiting_words import replies_button
from bot.screens.settings.pix import PIX
from bot.screens.settings.reminders import REMINDERS
from bot.screens.settings.settings import SETTINGS
from bot.screens.sheets.buttons import SEND_SHEET
from bot.screens.subscription.buttons import subscribe_button
from bot.screens.texts.buttons import TEXTS
from bot.screens.today.buttons import TODAY, UNBILLED
from bot.screens.whatsapp.buttons import CONNECT, WHATSAPP
from bot.ui.buttons import HOME, LOST, Row, bare_keyboard, button, go, keyboard, place
from bot.ui.form import cancelled
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import CONNECT_BUTTON, HELP_BUTTON, NOT_UNDERSTOOD, WHATSAPP_BUTTON
from domain.client_list import Figures, ListPlace, Which
from domain.due_dates import Status
from domain.outbox import MessageState

MENU = "menu"
SCREEN = Screen()


@SCREEN.place(HOME)
async def home_view(turn: Turn) -> View:
    """The figures, or the checklist while first steps are left."""
    view = await turn.ask(GetHome())
    return _first_steps(view) if view.steps_left else figures_view(view)


@SCREEN.place(MENU)
async def menu(turn: Turn) -> View:
    """The whole menu, also while first steps are left."""
    return figures_view(await turn.ask(GetHome()))


@SCREEN.command("start", told="Começar", order=10)
@SCREEN.command("menu", "inicio", told="Abrir o menu", order=20)
async def start(turn: Turn, _rest: str) -> View:
    """Answer /start and /menu."""
    return await home_view(turn)


@SCREEN.command("cancelar", told="Parar o que estou fazendo", order=130)
async def cancel(turn: Turn, _rest: str) -> View:
    """Throw away the form whose question stands open."""
    gone = await cancelled(turn)
    if gone is not None:
        return gone
    return View(words.NOTHING_TO_CANCEL, keyboard())


@SCREEN.place(LOST)
async def not_understood(_turn: Turn) -> View:
    """The three likeliest next steps, for what nobody understood (law 12)."""
    return View(
        NOT_UNDERSTOOD,
        keyboard(
            [go(words.CLIENTS_BUTTON, CLIENTS)],
            [go(words.NEW_BUTTON, NEW_CLIENT)],
            [go(HELP_BUTTON, HELP)],
        ),
    )


def _first_steps(view: HomeView) -> View:
    steps = [
        (view.paired, go(CONNECT_BUTTON, CONNECT, style="primary")),
        (view.has_pix, go(words.PIX_STEP_BUTTON, PIX, style="primary")),
        (False, go(words.NEW_BUTTON, NEW_CLIENT, style="primary")),
    ]
    following = next(step for is_done, step in steps if not is_done)
    others = [go(words.NEW_BUTTON, NEW_CLIENT), go(words.SHEET_BUTTON, SEND_SHEET)]
    if following is steps[-1][1]:
        others = others[1:]
    return View(
        words.first_steps(view),
        bare_keyboard(
            [following],
            others,
            _pay(view),
            [go(HELP_BUTTON, HELP), go(words.MENU_BUTTON, MENU)],
        ),
    )


def figures_view(view: HomeView) -> View:
    """The figures, and what waits longest for the owner on top."""
    following = _following(view) or _pay(view, style="success")
    # Where something else waits longer there is no room for a row more (law 2).
    pay = _pay(view) if _following(view) else []
    return View(
        words.home(view),
        bare_keyboard(
            following,
            [go(words.CLIENTS_BUTTON, CLIENTS, style=None if following else "primary")],
            _counts(view.figures),
            [go(words.NEW_BUTTON, NEW_CLIENT), go(words.TODAY_BUTTON, TODAY)],
            [go(WHATSAPP_BUTTON, WHATSAPP), go(words.SETTINGS_BUTTON, SETTINGS)],
            [go(words.TEXTS_BUTTON, TEXTS), go(words.ACCOUNT_BUTTON, ACCOUNT)],
            [*pay, go(HELP_BUTTON, HELP)],
        ),
    )


def _pay(view: HomeView, *, style: str | None = None) -> Row:
    """The way to more days, once the end is near (A7)."""
    if not words.is_near_the_end(view):
        return []
    return [subscribe_button(words.PAY_BUTTON, place(HOME), style=style)]


def _following(view: HomeView) -> Row:
    """What waits longest for the owner; nothing where nothing does. People come first (F8)."""
    others = _own_work(view)
    if not view.replies:
        return others
    label = replies_button(view.replies)
    # One blue button (law 1): what else waits stands beside it, in few words.
    beside = [
        one.model_copy(update={"text": words.short(one.text), "style": None}) for one in others
    ]
    return [go(label, REPLIES, style="primary"), *beside]


def _own_work(view: HomeView) -> Row:
    held = view.by_state.get(MessageState.WAITING, 0)
    if held:
        return [go(words.needs_you(held), TODAY, style="primary")]
    if view.unbilled:
        return [go(words.see_unbilled(view.unbilled), UNBILLED, style="primary")]
    if not view.reminders_chosen:
        return [go(words.REMINDERS_BUTTON, REMINDERS, style="primary")]
    return []


def _counts(figures: Figures) -> Row:
    """Each count is the way to those it counts (law 10)."""
    counted = (
        (Status.OVERDUE, figures.overdue, Which.OVERDUE),
        (Status.DUE_SOON, figures.due_soon, Which.DUE_SOON),
        (Status.UP_TO_DATE, figures.up_to_date, Which.UP_TO_DATE),
    )
    return [
        button(f"{status.emoji} {count}", ShowList(place=pack_place(ListPlace(which))))
        for status, count, which in counted
        if figures.active
    ]
