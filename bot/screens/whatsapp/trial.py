"""A test message to oneself: asked for at a touch, told as it goes on in the same message (F2)."""

from dataclasses import replace

from actors.messages.notices import TestMoved
from actors.messages.whatsapp import GetTest, SendTest, TestView
from bot.screens.whatsapp import trial_words as words
from bot.screens.whatsapp.buttons import TRY_OTHER, TRY_OUT, WHATSAPP, ShowTest
from bot.ui.buttons import Row, button, go, keyboard, place
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from bot.ui.words import TYPE_IT, not_understood, with_notice
from domain.contacts import parse_phone
from domain.whatsapp_tests import TestState
from errors import InvalidInput

SCREEN = Screen()
SLOT = "whatsapp_test"
QUESTION = "wa_test"
UNDER_WAY = frozenset({TestState.WAITING, TestState.SENDING, TestState.SENT, TestState.UNKNOWN})


@SCREEN.place(TRY_OUT)
async def try_out(turn: Turn) -> View:
    """Send a test to the very number that sends."""
    return test_view(await turn.ask(SendTest(turn.update_id)))


@SCREEN.place(TRY_OTHER)
async def ask_phone(_turn: Turn) -> View:
    """Ask for another phone."""
    return _question()


@SCREEN.question(QUESTION)
async def take_phone(turn: Turn) -> View:
    """Send it there, or ask again."""
    if turn.said.answer is None:
        return _question(TYPE_IT)
    try:
        phone = parse_phone(turn.said.answer)
    except InvalidInput as error:
        return _question(not_understood(error.sentence))
    return test_view(await turn.ask(SendTest(turn.update_id, phone)))


@SCREEN.press(ShowTest)
async def show_test(turn: Turn, pressed: ShowTest) -> View:
    """How it stands by now; it says so, since nothing may have changed."""
    view = test_view(await turn.ask(GetTest(pressed.nonce)))
    return replace(view, toast=words.UPDATED)


def test_view(view: TestView) -> View:
    """A test as it stands, or why there is none."""
    rows: list[Row] = []
    if view.test is not None and view.test.state in UNDER_WAY:
        rows.append([button(words.REFRESH_BUTTON, ShowTest(nonce=view.test.nonce))])
    rows.append([go(words.OTHER_BUTTON, TRY_OTHER)])
    return View(words.shown(view), keyboard(*rows, back=place(WHATSAPP)), slot=SLOT)


def moved_view(moved: TestMoved) -> View:
    """The same, come by itself: in the place of what was said of it, or not at all."""
    view = test_view(TestView(moved.test))
    return View(view.text, view.keyboard, slot=SLOT, fleeting=True)


def _question(notice: str | None = None) -> View:
    text = words.ASK_NUMBER if notice is None else with_notice(notice, words.ASK_NUMBER)
    return View(text, keyboard(back=place(WHATSAPP)), asks=QUESTION)
