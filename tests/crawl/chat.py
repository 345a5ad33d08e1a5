"""One person at the other end of a chat: acts, and looks until the bot is done with it."""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol

import orjson

from playground.telegram import TelegramStandIn
from tests.crawl.seen import Button, Seen, seen
from tests.crawl.typed import NAME, PHONE, Typed

# Of the loop's seconds, which pass faster.
PATIENCE_SECONDS = 40.0
GLANCE_SECONDS = 1.0  # where nothing need change: the button was not there
LOOK_SECONDS = 4.0  # for what is drawn after an update was done with
LATE_SECONDS = 10.0  # for the buttons under something that was told before them
STRIP_SECONDS = 15.0  # for old buttons to go, once the new ones are up: five real ones
_NUMBERS = count(500_000_000)


class Handled(Protocol):
    """Who knows when the bot is done with an update."""

    async def until(self, update_id: int) -> None:
        """Wait for it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What the bot did about one thing a person did.

    `answered` is whether it said anything at all, `ms` how long until then, in real milliseconds.
    """

    answered: bool
    ms: float
    toast: str = ""
    changed: tuple[Seen, ...] = ()
    live: Seen | None = None


@dataclass
class Chat:
    """A person named `first_name`, whose clients have names that `names` finds."""

    telegram: TelegramStandIn
    handled: Handled
    chat_id: int
    first_name: str
    role: str
    names: re.Pattern[str] | None = None
    own_name: str = "Juliana Prado"
    own_phones: str = "1195550"
    messages: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)  # the data of a button of each kind
    _seq: int = 0

    @property
    def live(self) -> Seen | None:
        """The screen that can be pressed: the newest message with buttons, else the newest."""
        ours = [one for one in self.messages.values() if one["from"] == "bot"]
        there = sorted((one["message_id"] for one in ours if not one["deleted"]), reverse=True)
        with_buttons = [number for number in there if self.messages[number]["buttons"]]
        number = next(iter(with_buttons or there), None)
        return None if number is None else self.shown(number)

    def shown(self, message_id: int) -> Seen:
        """What a message shows now."""
        return seen(self.messages[message_id], self.names)

    @property
    def alive(self) -> list[int]:
        """The messages that have buttons."""
        return [
            number
            for number, one in self.messages.items()
            if one["from"] == "bot" and not one["deleted"] and one["buttons"]
        ]

    async def press(self, at: Seen, data: str, *, twice: bool = False) -> Happened:
        """Press a button, there or not; `twice` before anything happened, as impatient people do.

        Both presses must be answered.
        """
        await self._look(0.0)
        if self.messages[at.message_id]["deleted"] and self.live is not None:
            at = self.live  # it went while we were on our way to it
        began, before = time.monotonic(), self._seq
        control = self.telegram.control
        queries = [
            (control.press(self.chat_id, at.message_id, data, force=True), self._last_update())
            for _ in range(2 if twice else 1)
        ]
        answers = [await control.answered(query, PATIENCE_SECONDS) for query, _ in queries]
        ms = (time.monotonic() - began) * 1000
        answered = all(answer is not None for answer in answers)
        toast = str((answers[-1] or {}).get("text") or "")
        if answered:
            for _, update_id in queries:
                await self._until_handled(update_id)
        there = data in {button.data for button in at.buttons}
        look = LOOK_SECONDS if there else GLANCE_SECONDS
        changed = await self._changes(before, seconds=look)
        return Happened(answered=answered, ms=ms, toast=toast, changed=changed, live=self.live)

    async def tap(self, label: str) -> Happened:
        """Press the first button of the live screen that says `label`."""
        live = self.live
        found = [one for one in live.buttons if label in one.label] if live else []
        if live is None or not found or found[0].data is None:
            raise LookupError(f"no button {label!r} on {live.text if live else 'an empty chat'}")
        return await self.press(live, found[0].data)

    async def write(self, typed: Typed) -> Happened:
        """Write, or send, something; the answer is a new message at the bottom."""
        began = time.monotonic()
        await self._look(0.0)
        before, last = self._seq, max(self.messages, default=0)
        await self._send(typed)
        await self._until_handled(self._last_update())
        changed = await self._changes(before, newer_than=last, seconds=PATIENCE_SECONDS)
        ms = (time.monotonic() - began) * 1000
        answered = any(one.message_id > last for one in changed)
        return Happened(answered=answered, ms=ms, changed=changed, live=self.live)

    async def say(self, text: str) -> Happened:
        """Write `text`."""
        return await self.write(Typed(text, text))

    async def read_on(self) -> Seen | None:
        """What the bot wrote last, once it is there; None when it wrote nothing."""
        changed = await self._changes(self._seq)
        return max(changed, key=lambda one: one.message_id, default=None)

    async def _send(self, typed: Typed) -> None:
        control, text = self.telegram.control, self._own(typed.text)
        if typed.content is not None:
            content = orjson.loads(self._own(orjson.dumps(typed.content).decode()))
            control.push_raw({"message": self._message(content)})
        elif typed.file:
            control.send_file(self.chat_id, text.encode(), name=typed.file)
        elif not (typed.search and await self._found(text)):
            control.say(self.chat_id, text, self.first_name)

    async def _found(self, text: str) -> bool:
        """Search after the bot's name, and send what is found first, if anything is."""
        control = self.telegram.control
        query = control.inline(self.chat_id, text)
        answer = await control.answered(query, PATIENCE_SECONDS)
        results = (answer or {}).get("results") or ()
        for result in results[:1]:
            control.choose(query, result["id"])
        return bool(results)

    def _own(self, text: str) -> str:
        return text.replace(NAME, self.own_name).replace(PHONE, self.own_phones)

    async def keeps_buttons(self, message_id: int) -> bool:
        """Whether a message that was left still has its buttons when they had time to go."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + STRIP_SECONDS
        while message_id in self.alive:
            left = deadline - loop.time()
            if left <= 0 or not await self._look(left):
                break
        return message_id in self.alive

    def _last_update(self) -> int:
        return int(self.telegram.world.updates[-1]["update_id"])

    async def _until_handled(self, update_id: int) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.handled.until(update_id)
        except TimeoutError:
            return  # what was to be seen of it is missing, and told as that

    async def _changes(
        self, before: int, *, newer_than: int = 0, seconds: float = LOOK_SECONDS
    ) -> tuple[Seen, ...]:
        """What the bot wrote or changed since; waits when that is nothing yet."""
        while True:
            changed = [
                one
                for one in self.messages.values()
                if one["seq"] > before and one["from"] == "bot" and not one["deleted"]
            ]
            new = [one for one in changed if one["message_id"] > newer_than]
            wait = LATE_SECONDS if new else seconds  # without buttons, it is to come yet
            if any(one["buttons"] for one in new) or not await self._look(wait):
                return tuple(seen(one, self.names) for one in changed)

    async def _look(self, seconds: float) -> bool:
        """Read what is new; whether there was anything."""
        seq, messages = await self.telegram.control.look(self.chat_id, self._seq, seconds)
        self._seq = seq
        for message in messages:
            self.messages[message["message_id"]] = message
        self._keep(self.live)
        return bool(messages)

    def _keep(self, live: Seen | None) -> None:
        for kind, button in (live.presses if live else {}).items():
            self.kept[kind] = button.data or ""

    def _message(self, content: dict[str, Any]) -> dict[str, Any]:
        person = {"id": self.chat_id, "is_bot": False, "first_name": self.first_name}
        chat = {"id": self.chat_id, "type": "private", "first_name": self.first_name}
        number = next(_NUMBERS)
        return {"message_id": number, "date": 1_795_000_000, "chat": chat, "from": person} | content


def of_kind(at: Seen, kind: str) -> list[Button]:
    """The buttons of that kind, in reading order."""
    return [button for button in at.buttons if button.data and button.kind == kind]
