"""Walking through the screens as an owner does: look, touch, type; always at what is shown last."""

from dataclasses import dataclass, field
from typing import Any

from aiogram.filters.callback_data import CallbackData

from tests.bot.support import Person, buttons

Shown = dict[str, Any]


@dataclass
class Walk:
    """An owner and the screen before them; `toast` is what the last touch was answered with."""

    person: Person
    shown: Shown = field(default_factory=dict)
    toast: str = ""

    @property
    def text(self) -> str:
        """What the screen says."""
        return str(self.shown["text"])

    @property
    def labels(self) -> list[str]:
        """Its buttons, in their order."""
        return [*buttons(self.shown)]

    async def say(self, text: str) -> "Walk":
        """Type something."""
        self.person.say(text)
        return await self.look()

    async def tap(self, label: str) -> "Walk":
        """Touch the button whose label begins like that."""
        full = next(one for one in self.labels if one.startswith(label))
        return await self.press(buttons(self.shown)[full])

    async def open(self, pressed: CallbackData) -> "Walk":
        """Touch a button of another screen, as if it stood on this one."""
        return await self.press(pressed.pack())

    async def press(self, data: str) -> "Walk":
        """Touch a button by what it says, also one that is gone."""
        answer = await self.person.press_old(self.shown, data)
        self.toast = (answer or {}).get("text") or ""
        return await self.look()

    async def press_again(self, data: str) -> "Walk":
        """Touch what was touched before: nothing new is shown."""
        answer = await self.person.press_old(self.shown, data)
        self.toast = (answer or {}).get("text") or ""
        return self

    async def look(self) -> "Walk":
        """Wait for the next screen with buttons."""
        while True:
            self.shown = await self.person.read()
            if self.shown["buttons"] and not self.shown["deleted"]:
                return self

    def button(self, label: str) -> str:
        """What a button says, for touching it later."""
        return next(data for one, data in buttons(self.shown).items() if one.startswith(label))


async def walk(person: Person) -> Walk:
    """At the home screen."""
    return await Walk(person).say("/menu")
