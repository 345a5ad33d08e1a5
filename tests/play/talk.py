"""One person at the other end of a chat, who waits until the bot is done with each thing."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiogram.filters.callback_data import CallbackData

from bot.ui.form import Act, FormPress
from tests.bot.live import SECONDS, Live

B = TypeVar("B", bound=CallbackData)
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Screen:
    """A message as it is seen: its words, and its buttons (label, data)."""

    message_id: int
    text: str
    buttons: tuple[tuple[str, str], ...] = ()

    def all(self, kind: type[B]) -> list[tuple[str, B]]:
        """The buttons of a kind, with what each reads, in reading order."""
        return [
            (label, kind.unpack(data))
            for label, data in self.buttons
            if data.partition(":")[0] == kind.__prefix__
        ]

    @property
    def forms(self) -> list[FormPress]:
        """The buttons that belong to a form."""
        return [one for _, one in self.all(FormPress)]

    @property
    def picks(self) -> list[FormPress]:
        """The answers that a touch gives."""
        return [one for one in self.forms if one.act in {Act.PICK, Act.SKIP, Act.FINISH}]

    def first(self, kind: type[B], **fields: object) -> B:
        """The first button of a kind that has these `fields`."""
        found = (
            one
            for _, one in self.all(kind)
            if all(getattr(one, name) == value for name, value in fields.items())
        )
        one = next(found, None)
        assert one is not None, f"no {kind.__name__} {fields} on: {self.text} {self.buttons}"
        return one


@dataclass(slots=True)
class Talk:
    """A chat with the bot that `live` runs; a restart gives it another one."""

    live: Live
    chat_id: int
    name: str = "Rita"
    handled: int = 0
    faults: list[str | None] = field(default_factory=list)

    # Acts

    async def say(self, text: str) -> Screen:
        """Write; the screen after that."""
        self.live.stand_in.control.say(self.chat_id, text, self.name)
        return await self.after(1)

    async def share(self, phone: str, name: str) -> Screen:
        """Share somebody out of the address book."""
        self.live.stand_in.control.share_contact(self.chat_id, phone, name)
        return await self.after(1)

    async def send_sheet(self, text: str) -> Screen:
        """Send a CSV file."""
        control = self.live.stand_in.control
        control.send_file(self.chat_id, text.encode(), kind="document", name="clientes.csv")
        return await self.after(1)

    async def send(self, content: Mapping[str, Any]) -> Screen:
        """Send a message of any content."""
        person = {"id": self.chat_id, "is_bot": False, "first_name": self.name}
        chat = {"id": self.chat_id, "type": "private", "first_name": self.name}
        head = {"message_id": 10**9 + self.handled, "date": 1_795_000_000}
        message = {**head, "chat": chat, "from": person, **content}
        self.live.stand_in.control.push_raw({"message": message})
        return await self.after(1)

    async def press(self, button: CallbackData | str) -> Screen:
        """Press a button on the live screen, whether it is there or not."""
        screen, toast = await self.pressed(button)
        assert toast is not None, f"{button!r} was not answered"
        return screen

    async def pressed(
        self, button: CallbackData | str, times: int = 1
    ) -> tuple[Screen, str | None]:
        """Press so often before anything happens; the screen, and the last toast, None without.

        The toast is None when any of the presses got no answer at all.
        """
        data = button if isinstance(button, str) else button.pack()
        control, at = self.live.stand_in.control, self.screen.message_id
        queries = [control.press(self.chat_id, at, data, force=True) for _ in range(times)]
        screen = await self.after(times)
        answers = [await control.answered(query, SECONDS) for query in queries]
        toast = None if None in answers else str((answers[-1] or {}).get("text") or "")
        return screen, toast

    async def after(self, updates: int) -> Screen:
        """Wait until so many more updates are done with; the screen then."""
        self.handled += updates
        self.faults = await self.live.inbox.all_closed(self.chat_id, self.handled)
        await self.live.bot.drawn()
        return self.screen

    # Sees

    @property
    def screen(self) -> Screen:
        """The chat's live one: what comes by itself, at any moment and below it, is no answer.

        Until the bot has answered anything, the last that has buttons, else the last one.
        """
        ours = {
            one["message_id"]: one
            for one in self.live.stand_in.control.record(self.chat_id)
            if one["from"] == "bot"
        }
        last = max(ours, key=lambda at: (bool(ours[at]["buttons"]), at))
        return _screen(ours.get(self.live.bot.live_screen(self.chat_id), ours[last]))


def _screen(message: Mapping[str, Any]) -> Screen:
    buttons = tuple(
        (one["text"], one["callback_data"])
        for row in message["buttons"] or ()
        for one in row
        if "callback_data" in one
    )
    source = message["html"] or message["text"] or message["caption"] or ""
    return Screen(message["message_id"], html.unescape(TAG.sub("", source)), buttons)
