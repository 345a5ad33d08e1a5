"""Every way in, found by walking the screens, is shut once access is over (A6, A8)."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from datetime import date
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.types import Update

from actors.messages.account import Access, AccountView, GetAccess, GetAccount
from actors.runtime import Request, SystemClock
from bot.screens import find_screens
from bot.screens.clients.buttons import fitted
from bot.screens.home import words
from bot.telegram.answered import Sheet
from bot.telegram.delivery import Delivery
from bot.telegram.dispatch import Screens
from bot.telegram.progress import Progress
from bot.ui.buttons import Back, Go
from bot.ui.form import Act, FormPress
from bot.ui.screen import Audience, Screen
from bot.ui.view import Spot, View
from domain.subscription import Area, Standing, is_open
from errors import AccessEnded
from tests.bot.test_buttons import largest

CHAT = 7
MARIA = {"id": CHAT, "is_bot": False, "first_name": "Maria"}
HOME_CHAT = {"id": CHAT, "type": "private"}
OVER = (Standing.ENDED, Standing.ERASABLE, Standing.BLOCKED)
Way = tuple[str, Update, str | None]
"""What it is called, what comes, and the question that stood open."""


def account(standing: Standing) -> AccountView:
    return AccountView(
        name="Maria",
        email=None,
        phone=None,
        standing=standing,
        ends_on=date(2026, 11, 10),
        days_left=0,
        since=date(2026, 11, 3),
    )


class Tenant:
    """One whose access is over: it notes what it is asked beyond that, and refuses it."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.heard: list[object] = []

    async def ask(self, _tenant_id: int, message: Request[Any], *, deadline: float) -> Any:  # noqa: ARG002 - it answers at once
        """Answer where it stands, and nothing else."""
        match message:
            case GetAccess():
                return Access(self.standing)
            case GetAccount():
                return account(self.standing)
            case _:
                self.heard.append(message)
                raise AccessEnded("over")

    async def tell(self, _tenant_id: int, message: object, *, deadline: float = 5.0) -> None:  # noqa: ARG002 - it answers at once
        """Note it."""
        self.heard.append(message)


class Paper:
    """Where answers go that nobody sends on."""

    def __init__(self) -> None:
        self.views: list[View] = []
        self.found: list[Any] = []

    def progress(self, _chat_id: int, at: Spot | None) -> Progress:
        """Draw on here."""
        return Progress(self._draw, at, clock=SystemClock(), spawn=_spawn)

    def answer(self, _query_id: str, _toast: str | None) -> None:
        """A toast stays for a moment only."""

    def answer_inline(self, _query_id: str, results: Sequence[Any]) -> None:
        """Keep what was found."""
        self.found += results

    async def _draw(self, view: View, _sheet: Sheet) -> "asyncio.Future[None]":
        self.views.append(view)
        return asyncio.get_running_loop().create_future()


def _spawn(work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
    return asyncio.create_task(work, name=name)


def message(**said: Any) -> Update:
    body = {"message_id": 5, "date": 0, "chat": HOME_CHAT, "from": MARIA, **said}
    return Update.model_validate({"update_id": 1, "message": body})


def press(data: str) -> Update:
    under = {"message_id": 5, "date": 0, "chat": HOME_CHAT, "text": "antes"}
    query = {"id": "1", "from": MARIA, "chat_instance": "1", "data": data, "message": under}
    return Update.model_validate({"update_id": 1, "callback_query": query})


CARD = {"phone_number": "11955500142", "first_name": "Rita"}
FILE = {"file_id": "f", "file_unique_id": "f", "file_name": "clientes.csv", "file_size": 9}
SAID = {
    "text": message(text="Rita 11955500142 35 10/12"),
    "contact": message(contact=CARD),
    "file": message(document=FILE),
}


def ways_into(screen: Screen) -> Iterator[Way]:
    """All that leads to a screen."""
    for name in screen.places:
        yield f"go {name}", press(Go(to=name).pack()), None
    for kind in screen.presses:
        yield f"press {kind.__name__}", press(fitted(largest(kind)).pack()), None
    for command in screen.commands:
        for name in command.names:
            yield f"/{name}", message(text=f"/{name} 12"), None
    for letter in screen.origins:
        yield f"back {letter}", press(Back(to=f"{letter}1").pack()), None
    for key in screen.forms:
        for act in Act:
            data = FormPress(form=key, number=1, act=act).pack()
            yield f"form {key} {act}", press(data), None
    for key in screen.questions:
        yield f"asked {key}", message(text="12"), key
        yield f"asked {key}, a card", message(contact=CARD), key
    for said in screen.anywhere:
        yield f"said {said}", SAID[said], None


def is_shut(screen: Screen, standing: Standing) -> bool:
    """Whether none of it may answer an owner who stands there."""
    if screen.audience is Audience.ANYBODY:
        return False
    return screen.audience is Audience.ADMINS or not is_open(screen.area, standing)


UNKNOWN: list[Way] = [
    ("no button of ours", press("nothing:1"), None),
    ("no place of ours", press("go:nowhere"), None),
    ("no command of ours", message(text="/nada"), None),
    ("a question of long ago", message(text="12"), "gone"),
    ("what nobody can read", message(), None),
]


async def answered(way: Way, standing: Standing) -> tuple[str, list[object]]:
    """What was shown last, and what the tenant was asked on the way."""
    tenant, paper = Tenant(standing), Paper()
    screens = Screens(cast("Bot", None), tenant, cast("Delivery", paper))
    _, update, asks = way
    await screens.handle(update, asks)
    return paper.views[-1].text, tenant.heard


@pytest.mark.parametrize("standing", OVER)
async def test_no_way_leads_past_the_door_and_nothing_is_asked_behind_it(
    standing: Standing,
) -> None:
    shut = [way for one in find_screens() if is_shut(one, standing) for way in ways_into(one)]
    found = {way[0]: await answered(way, standing) for way in (*shut, *UNKNOWN)}

    assert len(shut) > 200, "the walk saw little of the bot"
    assert dict.fromkeys(found, (words.ended(account(standing)), [])) == found


@pytest.mark.parametrize("standing", OVER)
async def test_nobody_is_found_from_the_typing_box(standing: Standing) -> None:
    tenant, paper = Tenant(standing), Paper()
    screens = Screens(cast("Bot", None), tenant, cast("Delivery", paper))
    query = {"id": "1", "from": MARIA, "query": "rita", "offset": "", "chat_type": "sender"}
    await screens.handle(Update.model_validate({"update_id": 1, "inline_query": query}))

    assert ([], []) == (paper.found, tenant.heard)


async def test_who_is_blocked_is_led_to_no_payment() -> None:
    pay = [one for one in find_screens() if one.area is Area.PAYMENT]
    found = [await answered(way, Standing.BLOCKED) for one in pay for way in ways_into(one)]

    assert {words.ended(account(Standing.BLOCKED))} == {text for text, _ in found}
