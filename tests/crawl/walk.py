"""People who walk through the bot until nothing is left that nobody has tried.

Each has a chat of its own; together they press every kind of button on every screen, write what
fits and what does not, and go back and home from everywhere. Destructive buttons come last.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from tests.crawl.atlas import MOST_STEPS, Aim, Atlas, Step
from tests.crawl.chat import Chat, Happened, of_kind
from tests.crawl.findings import Tally
from tests.crawl.judge import Judge
from tests.crawl.seen import Button, Seen
from tests.crawl.typed import Typed

TWICE = 0.1  # of all presses are double ones
WAYS_HOME = frozenset({"go:home", "go:menu"})  # wherever they are pressed
START, MENU = "/start", "/menu"


@dataclass(slots=True)
class Crawl:
    """What the walkers share. `budget` is the most things that are done in all."""

    atlas: Atlas
    judge: Judge
    random: Random
    budget: int
    most_tried: int = 1_000  # of other people's buttons, and of old ones
    most_of_a_notice: int = 16
    busy: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether enough was done."""
        return self.judge.findings.done >= self.budget

    def tally(self, chat: Chat) -> Tally:
        """The figures of those of this chat's role."""
        return self.judge.findings.by_role[chat.role]

    async def press(
        self, chat: Chat, at: Seen, data: str, place: str, *, twice: bool | None = None
    ) -> Happened:
        """Press, count and judge; some presses are double ones unless `twice` says."""
        if twice is None:
            twice = self.random.random() < TWICE
        happened = await chat.press(at, data, twice=twice)
        self.tally(chat).pressed(happened.ms, place, 1 + twice)
        if data in WAYS_HOME or (at.home is not None and at.home.data == data):
            self.judge.found_home(happened.live)
        self.judge.press(chat, f"{place} ({chat.role})", at, data, happened)
        if at.picture and happened.changed:  # it cannot become text again: it is left
            await self.judge.left(chat, place, at, happened)
        self.note(chat, happened.live)
        return happened

    async def write(self, chat: Chat, before: Seen | None, typed: Typed, place: str) -> Happened:
        """Write or send, count and judge."""
        self.tally(chat).typed += 1
        happened = await chat.write(typed)
        if typed.text in {START, MENU}:
            self.judge.found_home(happened.live)
        self.judge.typed(chat, place, happened)
        await self.judge.left(chat, place, before, happened)
        self.note(chat, happened.live)
        return happened

    def note(self, chat: Chat, live: Seen | None) -> None:
        """Count what is on the screen."""
        if live is not None:
            self.tally(chat).screens.add(live.screen)
            self.tally(chat).buttons.update(button.kind for button in live.buttons)


async def crawl(shared: Crawl, chats: Sequence[Chat], careful: Collection[int] = ()) -> None:
    """Let everybody walk until nothing is left; those of the `careful` chats lose nothing."""
    shared.busy = len(chats)
    async with asyncio.TaskGroup() as walking:
        for chat in chats:
            walker = Walker(shared, chat, careful=chat.chat_id in careful)
            walking.create_task(walker.walk(), name=f"walker {chat.chat_id}")


class Walker:
    """One person on their way."""

    def __init__(self, shared: Crawl, chat: Chat, *, careful: bool) -> None:
        self._shared = shared
        self._atlas = shared.atlas
        self._chat = chat
        self._careful = careful
        self._at: Seen | None = None
        self._led: dict[str, str] = {}  # where the last press of some data led

    async def walk(self) -> None:
        """Begin as everybody does, then do what is left as long as there is anything."""
        await self._do(Step("command", START))
        while not self._shared.is_spent and await self._is_somewhere():
            assert self._at is not None
            aim = self._atlas.choose(self._chat.role, self._at.screen, careful=self._careful)
            if aim is not None:
                await self._go(aim)
            elif not await self._others_find_more():
                return
        self._shared.busy -= 1
        self._atlas.wake()

    async def _is_somewhere(self) -> bool:
        """Whether there is a screen to go on from, after a look at the menu if there is none."""
        if self._at is None:
            await self._do(Step("command", MENU))
        return self._at is not None

    async def _others_find_more(self) -> bool:
        """Wait for somebody else to change the map; False when nobody is left who could."""
        shared, version = self._shared, self._atlas.version
        shared.busy -= 1
        while shared.busy and version == self._atlas.version:
            await self._atlas.changed.wait()
        if version == self._atlas.version:
            self._atlas.wake()
            return False
        shared.busy += 1
        return True

    async def _go(self, aim: Aim) -> None:
        """Go to the screen of `aim` by the best way known, and do it there."""
        reached = False
        for _ in range(MOST_STEPS):
            if self._at is None or reached:
                break
            following = self._atlas.next_step(
                self._chat.role, self._at.screen, aim, careful=self._careful
            )
            if following is None:
                break
            step, there = following
            reached = (self._at.screen, step) == (aim.screen, aim.step)
            await self._do(step, there)
        self._atlas.release(aim, reached=reached)

    async def _do(self, step: Step, there: str = "") -> None:
        before = self._at
        happened = await (
            self._press(step, before, there)
            if before and step.verb == "press"
            else self._write(step)
        )
        self._at = happened.live
        if self._at is not None:
            self._atlas.arrive(self._at)
        after = self._at.screen if self._at else None
        self._atlas.note(self._chat.role, before.screen if before else "", step, after)

    async def _press(self, step: Step, at: Seen, there: str) -> Happened:
        button = self._likeliest(of_kind(at, step.what), there)
        place = f"{at.title} → {button.label} [{step.what}]"
        happened = await self._shared.press(self._chat, at, button.data or "", place)
        if happened.live is not None:
            self._led[button.data or ""] = happened.live.screen
        return happened

    def _likeliest(self, buttons: Sequence[Button], there: str) -> Button:
        """One that led `there` before; else one that nobody knows; else any."""
        led = [button for button in buttons if there and self._led.get(button.data or "") == there]
        new = [button for button in buttons if button.data not in self._led]
        return self._shared.random.choice(led or new or list(buttons))

    async def _write(self, step: Step) -> Happened:
        place = f"{self._at.title if self._at else 'o começo'} → {step} ({self._chat.role})"
        typed = step.typed or Typed(step.what, step.what)
        return await self._shared.write(self._chat, self._at, typed, place)
