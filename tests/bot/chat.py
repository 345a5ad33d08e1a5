"""What a person does in the chat, and the screen that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from actors.messages.clients import ClientCard, RegisterClient
from domain.clients import NewClient
from tests.bot.live import SECONDS, Live
from tests.bot.support import Person, buttons

Shown = dict[str, Any]
TODAY = date(2026, 11, 25)
_DRAFTS = count(-900_000_000_000)


async def say(person: Person, text: str) -> Shown:
    """Write, and wait for the screen that answers."""
    person.say(text)
    return await screen(person)


async def press(person: Person, shown: Mapping[str, Any], label: str) -> Shown:
    """Press the button that reads so, or begins so, and wait for the screen that answers."""
    await person.press(shown, label_like(shown, label))
    return await screen(person)


async def toast(person: Person, shown: Mapping[str, Any], label: str) -> str:
    """Press a button; what is said over the screen."""
    answered = await person.press(shown, label_like(shown, label))
    return str((answered or {}).get("text") or "")


async def screen(person: Person) -> Shown:
    """The next thing with buttons."""
    while True:
        shown = await person.read()
        if shown["buttons"]:
            return shown


def labels(shown: Mapping[str, Any]) -> list[list[str]]:
    """The labels of a screen, row by row."""
    return [[button["text"] for button in row] for row in shown["buttons"]]


def label_like(shown: Mapping[str, Any], label: str) -> str:
    """The one label that reads so, or begins so."""
    known = buttons(shown)
    if label in known:
        return label
    [found] = [one for one in known if one.startswith(label)]
    return found


def styles(shown: Mapping[str, Any]) -> dict[str, str]:
    """The coloured buttons of a screen."""
    return {
        button["text"]: button["style"]
        for row in shown["buttons"]
        for button in row
        if button.get("style")
    }


@dataclass(frozen=True, slots=True)
class Shop:
    """A signed-up owner and the business behind them."""

    live: Live
    owner: Person

    async def ask(self, message: Any) -> Any:
        """Ask the business itself."""
        return await self.live.tenant(self.owner).ask(message, deadline=SECONDS)

    async def client(self, name: str = "Roberto Souza", days: int = -2, **more: Any) -> ClientCard:
        """Register a client who falls due in `days`."""
        facts = {
            "name": name,
            "phone": "+5511955500187",
            "plan": "30 dias",
            "price": Decimal("79.90"),
            "due_on": TODAY + timedelta(days=days),
            **more,
        }
        registered = await self.ask(RegisterClient(next(_DRAFTS), NewClient(**facts)))
        card: ClientCard = registered.card
        return card
