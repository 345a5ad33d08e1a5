"""The end of the account: asked once, by a word that nobody types by a slip (law 6, I9)."""

from actors.messages.data import EraseAccount, GetAccountLosses
from actors.messages.drafts import Draft
from bot.screens.data import words
from bot.screens.data.buttons import DATA, ERASE, TakeAll
from bot.ui.buttons import bare_keyboard, button, go, place
from bot.ui.form import Form, Question, Step
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.subscription import Area
from domain.trail import is_yes_to_erase
from errors import InvalidInput

SCREEN = Screen(area=Area.EXPORT)


@SCREEN.place(ERASE)
async def ask_erase(turn: Turn) -> View:
    """Name what would be lost, and ask for the word."""
    return await FORM.begin(turn, place(DATA))


async def _ask(turn: Turn, _draft: Draft) -> Question:
    lost = await turn.ask(GetAccountLosses())
    takes = [button(label, TakeAll(format=form)) for form, label in words.FORMATS.items()]
    return Question(words.ask_erase(lost), rows=[[take] for take in takes])


def _read(text: str, _draft: Draft) -> str:
    if not is_yes_to_erase(text):
        raise InvalidInput(words.NOT_THE_WORD)
    return "yes"


async def _finish(turn: Turn, _draft: Draft) -> View:
    await turn.ask(EraseAccount())
    return View(words.ERASED, bare_keyboard([go(words.BEGIN_BUTTON, "home")]))


FORM = SCREEN.form(
    Form(
        key="erase",
        steps=(Step("word", _ask, _read),),
        head=lambda _draft, _number: "",
        finish=_finish,
    )
)
