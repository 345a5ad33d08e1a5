"""Somebody with a way written down: what they press and write is judged as a walk is."""

from dataclasses import dataclass

import asyncpg

from tests.crawl.chat import Chat
from tests.crawl.house import House
from tests.crawl.seen import Seen
from tests.crawl.typed import Typed
from tests.crawl.walk import Crawl

SOMEBODY = """
    SELECT min(id) FROM clients
    WHERE tenant_id = $1 AND archived_at IS NULL AND opted_out_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Errand:
    """`chat` is theirs alone while they are about; `house` tells what no chat shows."""

    shared: Crawl
    chat: Chat
    house: House

    @property
    def chat_id(self) -> int:
        """Whose chat it is."""
        return self.chat.chat_id

    @property
    def console(self) -> asyncpg.Pool:
        """The database as nobody of the bot sees it."""
        return self.house.console

    async def somebody(self) -> int:
        """The first client who gets messages."""
        return int(await self.console.fetchval(SOMEBODY, self.chat_id))

    async def make(self, *statements: str) -> None:
        """Bring about what nobody brings about with a thumb; `$1` is whose it is."""
        for statement in statements:
            await self.console.execute(statement, self.chat_id)

    async def say(self, text: str) -> None:
        """Write `text`."""
        await self.send(Typed(text, text))

    async def send(self, typed: Typed) -> None:
        """Write, or send a file."""
        await self.shared.write(self.chat, self.chat.live, typed, f"recado {typed.what!r}")

    async def tap(self, *labels: str) -> None:
        """Press one after the other the lowest button that holds each label.

        Raises LookupError where there is none, and none comes.
        """
        for label in labels:
            at, data = await self._found(label)
            await self._press(at, data, label)

    async def tap_if_there(self, label: str) -> None:
        """Press a button that is there only where things stand so."""
        if self.chat.live and any(label in one.label for one in self.chat.live.buttons):
            await self.tap(label)

    async def go(self, data: str) -> None:
        """Press a button of another screen as if it stood on this one."""
        assert self.chat.live is not None
        await self._press(self.chat.live, data, data)

    async def menu(self) -> None:
        """The whole menu, also where a first step was undone."""
        await self.say("/menu")
        await self.tap_if_there("Ver o menu")

    async def _press(self, at: Seen, data: str, label: str) -> None:
        place = f"recado: {at.title} → {label}"
        await self.shared.press(self.chat, at, data, place, twice=False)

    async def _found(self, label: str) -> tuple[Seen, str]:
        """The lowest button with it: what comes by itself may stand below the screen."""
        while True:
            for number in sorted(self.chat.alive, reverse=True):
                shown = self.chat.shown(number)
                for one in shown.buttons:
                    if label in one.label and one.data is not None:
                        return shown, one.data
            if await self.chat.read_on() is None:
                live = self.chat.live
                raise LookupError(f"no button {label!r} on {live.title if live else 'no screen'}")
