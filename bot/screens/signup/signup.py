"""Sign-up: name, e-mail and phone, each validated and correctable; a second one is refused (A1).

A chat that is no tenant reaches this, the help, and nothing else.
"""

from dataclasses import replace

from aiogram.types import KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove

from actors.messages.account import GetAccess, GetAccount, SignUp
from actors.messages.drafts import Draft, EndDraft
from bot.screens.help.sections import HELP
from bot.screens.home.ended import ended_view
from bot.screens.home.home import home_view
from bot.screens.signup import words
from bot.ui.buttons import go
from bot.ui.form import Form, Option, Question, Step
from bot.ui.ports import Turn
from bot.ui.screen import Audience, Screen
from bot.ui.view import Lead, View
from domain.clients import parse_name
from domain.contacts import parse_email, parse_phone
from domain.subscription import Area, Standing

SIGN_UP = "signup"
SCREEN = Screen(area=Area.HELP, audience=Audience.ANYBODY)
MOST_LABEL = 30


async def _ask_name(turn: Turn, _draft: Draft) -> Question:
    name = turn.person.name
    below = [[go(words.HOW_BUTTON, HELP)]]
    if not any(letter.isalpha() for letter in name):
        return Question(f"{words.NAME}\n{words.TYPE_NAME}", rows=below)
    known = Option(f"👤 {name[:MOST_LABEL]}", name, style="primary")
    return Question(f"{words.NAME}\n{words.TOUCH_NAME}", [[known]], rows=below)


async def _ask_email(_turn: Turn, _draft: Draft) -> Question:
    return Question(words.EMAIL)


async def _ask_phone(_turn: Turn, _draft: Draft) -> Question:
    share = KeyboardButton(text=words.SHARE_BUTTON, request_contact=True)
    board = ReplyKeyboardMarkup(keyboard=[[share]], resize_keyboard=True, one_time_keyboard=True)
    return Question(words.PHONE, lead=Lead(words.SHARE, board))


def _head(draft: Draft, number: int) -> str:
    return words.nice_to_meet(draft.values["name"]) if number > 1 else ""


async def _finish(turn: Turn, draft: Draft) -> View:
    await turn.ask(
        SignUp(draft.values["name"], email=draft.values["email"], phone=draft.values["phone"])
    )
    await turn.ask(EndDraft(FORM.key, draft.number, "signed up"))
    view = await _at_home(turn)
    stands = (await turn.ask(GetAccess())).standing
    ready = words.READY if stands is Standing.TRIAL and turn.terms.trial else words.READY_TO_PAY
    return view.led_by(Lead(ready, ReplyKeyboardRemove()))


async def _at_home(turn: Turn) -> View:
    """Home; for who has no access, having had its trial with an account it erased, what it has."""
    if (await turn.ask(GetAccess())).may_use(Area.EVERYTHING_ELSE):
        return await home_view(turn)
    return ended_view(await turn.ask(GetAccount()))


FORM = SCREEN.form(
    Form(
        key=SIGN_UP,
        steps=(
            Step("name", _ask_name, lambda text, _: parse_name(text)),
            Step("email", _ask_email, lambda text, _: parse_email(text)),
            Step("phone", _ask_phone, lambda text, _: parse_phone(text)),
        ),
        head=_head,
        finish=_finish,
        droppable=False,
        greeting=lambda turn: words.greeting(turn.person.name.partition(" ")[0], turn.terms),
    )
)


@SCREEN.place(SIGN_UP)
async def sign_up(turn: Turn) -> View:
    """Where everybody is led who has no account: what was typed already is kept."""
    if (await turn.ask(GetAccess())).signed_up:
        return replace(await _at_home(turn), toast=words.HAS_ACCOUNT)
    return await FORM.begin(turn)
