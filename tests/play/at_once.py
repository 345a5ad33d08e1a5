"""What is pressed fifty times before anything happens: each act's button, made ready in a shop.

An act leaves rows only where it did something: so many more in each table, however often pressed.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiogram.filters.callback_data import CallbackData

from actors.messages.queue_acts import GetLeftOut
from bot.screens.by_hand.buttons import CancelHand
from bot.screens.replies.buttons import DonePress
from bot.screens.schedule.buttons import PutTime, Timed, TurnKind
from bot.screens.settings.pix import CodeAlone
from bot.screens.settings.settings import PinBoard
from bot.screens.texts.buttons import RestorePress, SavePress, SwitchTextPress
from bot.screens.today.buttons import ActPress, BillPress, DismissPress, PausePress
from bot.ui.buttons import Go
from bot.ui.form import Act, FormPress
from domain.queue_acts import QueueAct
from domain.reminders import Kind
from storage.sql import Statement
from tests.bot.live import SECONDS
from tests.play.crime import Mark

FAILED = Statement(
    "failed",
    "UPDATE messages SET state = 'failed', reason = 'unconfirmed', attempt = 1 "
    "WHERE tenant_id = $1 AND id = $2",
    ("tenant_id", "id"),
)
BILLING = "cobranca"


@dataclass(frozen=True, slots=True)
class AtOnce:
    """A button, and how many rows one press of it leaves in each table."""

    ready: Callable[[Mark], Awaitable[CallbackData]]
    leaves: Mapping[str, int] = field(default_factory=dict)


def plain(make: Callable[[Mapping[str, int]], CallbackData]) -> Callable[[Mark], Awaitable[Any]]:
    """A button that needs nothing but the shop's numbers."""

    async def ready(mark: Mark) -> CallbackData:
        return make(mark.ids.numbers)

    return ready


def on_message(act: QueueAct) -> Callable[[Mark], Awaitable[Any]]:
    """Something that is done with the billing of today."""
    return plain(lambda ids: ActPress(act=act, message_id=ids["billing_id"]))


async def retry(mark: Mark) -> CallbackData:
    """A billing that failed."""
    number = mark.ids.numbers["billing_id"]
    async with mark.talk.live.database.tenant(mark.talk.chat_id) as tx:
        await tx.execute(FAILED, id=number)
    return ActPress(act=QueueAct.RETRY, message_id=number)


async def bill(mark: Mark) -> CallbackData:
    """Who was left unbilled."""
    return BillPress(seal=await _seal(mark))


async def dismiss(mark: Mark) -> CallbackData:
    """The same, let go of."""
    return DismissPress(seal=await _seal(mark))


async def _seal(mark: Mark) -> str:
    view = await mark.talk.live.tenant(mark.person).ask(GetLeftOut(), deadline=SECONDS)
    return str(view.all_seal)


async def save_text(mark: Mark) -> CallbackData:
    """A text that was changed."""
    await mark.talk.press(f"xo:{BILLING}:1")
    return (await mark.talk.say("Oi, {primeiro_nome}: {valor}.")).first(SavePress)


async def restore_text(mark: Mark) -> CallbackData:
    """A text of one's own, in place of the one that everybody begins with."""
    await mark.talk.press(await save_text(mark))
    return RestorePress(key=BILLING)


async def write_now(mark: Mark) -> CallbackData:
    """A message by hand, all but sent."""
    return await _written(mark, FormPress.__name__)


async def schedule_one(mark: Mark) -> CallbackData:
    """A message by hand, all but scheduled."""
    return await _written(mark, "amanhã 9h")


async def _written(mark: Mark, when: str) -> CallbackData:
    await mark.talk.press(f"bw:{mark.ids.numbers['billed_id']}:")
    asked = await mark.talk.say("Oi, {primeiro_nome}!")
    now = asked.first(FormPress, act=Act.PICK, step="when", index=0)
    shown = await (mark.talk.press(now) if when == FormPress.__name__ else mark.talk.say(when))
    return shown.first(FormPress, act=Act.FINISH)


ACTS: Mapping[str, AtOnce] = {
    "send now": AtOnce(on_message(QueueAct.NOW)),
    "cancel one": AtOnce(on_message(QueueAct.CANCEL), {"undos": 1}),
    "cancel all of a client": AtOnce(on_message(QueueAct.CANCEL_ALL), {"undos": 1}),
    "try again": AtOnce(retry),
    "pause": AtOnce(plain(lambda _: PausePress(paused=True))),
    "bill the unbilled": AtOnce(bill, {"messages": 1}),
    "dismiss the unbilled": AtOnce(dismiss, {"messages": 1, "undos": 1}),
    "save a text": AtOnce(save_text, {"templates": 1, "undos": 1}),
    "restore a text": AtOnce(restore_text, {"templates": -1, "undos": 1}),
    "switch a text off": AtOnce(
        plain(lambda _: SwitchTextPress(key=BILLING, on=False)), {"undos": 1}
    ),
    "write to a client": AtOnce(write_now, {"messages": 1, "scheduled_messages": 1, "undos": 1}),
    "schedule a message": AtOnce(schedule_one, {"scheduled_messages": 1, "undos": 1}),
    "cancel a scheduled one": AtOnce(
        plain(lambda ids: CancelHand(message_id=ids["hand_id"])), {"undos": 1}
    ),
    "done with a reply": AtOnce(plain(lambda ids: DonePress(talk_id=ids["talk_id"]))),
    "set a time": AtOnce(plain(lambda _: PutTime(which=Timed.SEND, minutes=14 * 60)), {"undos": 1}),
    "turn a kind on": AtOnce(plain(lambda _: TurnKind(kind=Kind.DUE_TODAY, on=True)), {"undos": 1}),
    "the code inside": AtOnce(plain(lambda _: CodeAlone(on=False))),
    "pin the board": AtOnce(plain(lambda _: PinBoard(on=True))),
    "reconnect": AtOnce(plain(lambda _: Go(to="wa_again"))),
    "disconnect": AtOnce(plain(lambda _: Go(to="wa_unlink"))),
    "test message": AtOnce(plain(lambda _: Go(to="wa_test"))),
}
