"""The hours in which the owner hears of no reply, and the switch for them."""

from dataclasses import replace
from datetime import time

from actors.messages.drafts import Draft, EndDraft
from actors.messages.replies import GetQuiet, Quiet, SetQuiet
from bot.screens.replies import waiting_words as words
from bot.screens.replies.buttons import QUIET, ChangeQuiet, TurnQuiet
from bot.ui.buttons import HOME, button, keyboard, place
from bot.ui.form import Form, Option, Question, Step
from bot.ui.ports import Turn
from bot.ui.screen import Screen
from bot.ui.view import View
from domain.schedule import parse_time

SCREEN = Screen()
BEGINS, ENDS = "begins", "ends"
OFFERED = {BEGINS: (20, 21, 22, 23), ENDS: (6, 7, 8, 9)}


@SCREEN.place(QUIET)
async def show_quiet(turn: Turn) -> View:
    """How they are."""
    return quiet_view(await turn.ask(GetQuiet()))


@SCREEN.press(TurnQuiet)
async def turn_quiet(turn: Turn, pressed: TurnQuiet) -> View:
    """On, or off."""
    changed = await turn.ask(SetQuiet(on=pressed.on))
    return replace(quiet_view(changed), toast=words.quiet_turned(on=changed.on))


@SCREEN.press(ChangeQuiet)
async def change_quiet(turn: Turn, _pressed: ChangeQuiet) -> View:
    """Ask from when until when."""
    return await FORM.begin(turn, place(QUIET))


def quiet_view(quiet: Quiet) -> View:
    """The hours, their switch, and the way to others."""
    label = words.QUIET_ON_BUTTON if quiet.on else words.QUIET_OFF_BUTTON
    return View(
        words.quiet(quiet),
        keyboard(
            [button(label, TurnQuiet(on=not quiet.on))],
            [button(words.QUIET_HOURS_BUTTON, ChangeQuiet())],
            back=place(HOME),
        ),
    )


async def _ask(_turn: Turn, field: str) -> Question:
    hours = [time(hour) for hour in OFFERED[field]]
    options = [Option(f"{at:%H:%M}", f"{at:%H:%M}") for at in hours]
    return Question(words.ASK_BEGINS if field == BEGINS else words.ASK_ENDS, [options])


async def _ask_begins(turn: Turn, _draft: Draft) -> Question:
    return await _ask(turn, BEGINS)


async def _ask_ends(turn: Turn, _draft: Draft) -> Question:
    return await _ask(turn, ENDS)


def _read(text: str, _draft: Draft) -> str:
    return f"{parse_time(text):%H:%M}"


async def _set(turn: Turn, draft: Draft) -> View:
    begins, ends = (time.fromisoformat(draft.values[field]) for field in (BEGINS, ENDS))
    changed = await turn.ask(SetQuiet(on=True, begins=begins, ends=ends))
    await turn.ask(EndDraft(FORM.key, draft.number, "set"))
    return replace(quiet_view(changed), toast=words.quiet_turned(on=True))


async def _set_already(turn: Turn, _done: str) -> View:
    return await show_quiet(turn)


FORM = SCREEN.form(
    Form(
        key="quiet",
        steps=(Step(BEGINS, _ask_begins, _read), Step(ENDS, _ask_ends, _read)),
        head=lambda _draft, _number: words.QUIET_TITLE,
        finish=_set,
        done=_set_already,
    )
)
