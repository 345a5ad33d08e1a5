"""A new broadcast: to whom, which words, and how it will look before anybody is told (A11)."""

from actors.messages.broadcasts import CountAudience, StartBroadcast
from actors.messages.drafts import Draft, EndDraft
from bot.screens.broadcasts import words
from bot.screens.broadcasts.broadcasts import show
from bot.screens.broadcasts.buttons import BROADCASTS, NEW
from bot.screens.broadcasts.progress import progress_view
from bot.ui.buttons import place
from bot.ui.form import Form, Option, Question, Step, Summary
from bot.ui.ports import Turn
from bot.ui.screen import Audience, Screen
from bot.ui.view import View
from domain.broadcasts import BroadcastTo, parse_body
from domain.subscription import Area
from errors import InvalidInput

SCREEN = Screen(area=Area.ACCOUNT, audience=Audience.ADMINS)


@SCREEN.place(NEW)
async def new_broadcast(turn: Turn) -> View:
    """Go on with the one that waits to be finished, or begin one."""
    return await FORM.begin(turn, place(BROADCASTS))


async def _ask_audience(turn: Turn, _draft: Draft) -> Question:
    counts = await turn.administer(CountAudience(turn.chat_id))
    options = [
        [Option(words.audience_button(to, counts[to]), to.value)]
        for to in BroadcastTo
        if counts[to]
    ]
    return Question(words.WHOM if options else words.NOBODY, options)


async def _ask_body(_turn: Turn, _draft: Draft) -> Question:
    return Question(words.WHAT)


def _read_audience(_text: str, _draft: Draft) -> str:
    raise InvalidInput(words.TOUCH_ONE)


async def _sum_up(turn: Turn, draft: Draft) -> Summary:
    to = BroadcastTo(draft.values["audience"])
    counts = await turn.administer(CountAudience(turn.chat_id))
    return Summary(words.preview(draft.values["body"]), words.tell_button(to, counts[to]))


async def _finish(turn: Turn, draft: Draft) -> View:
    begun = await turn.administer(
        StartBroadcast(
            turn.chat_id,
            draft.number,
            BroadcastTo(draft.values["audience"]),
            draft.values["body"],
        )
    )
    await turn.ask(EndDraft(FORM.key, draft.number, str(begun.broadcast_id)))
    return progress_view(begun)


async def _done(turn: Turn, result: str) -> View:
    return await show(turn, int(result))


FORM = SCREEN.form(
    Form(
        key="broadcast",
        steps=(
            Step("audience", _ask_audience, _read_audience),
            Step("body", _ask_body, lambda text, _draft: parse_body(text)),
        ),
        head=lambda _draft, _number: words.NEW_HEAD,
        finish=_finish,
        summary=_sum_up,
        done=_done,
    )
)
