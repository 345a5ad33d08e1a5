"""What is known of the bot: its screens, what can be done on each, where that led, what is left.

All who walk share one atlas, so nobody tries what another has tried. It knows no Telegram: a step
is a kind of button, something typed, or a command.
"""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from zlib import crc32

from tests.crawl.seen import BACK, HOME, Button, Seen
from tests.crawl.typed import ANYWHERE, HOSTILE, Typed, inputs_for

MOST_TRIES = 3
MOST_STEPS = 8  # on the way to one thing that is left to do
TIER_STEPS = 4  # a step of urgency is worth so many steps of way
LOSES = re.compile(
    r"apag|exclu|encerr|desconect|bloque|remov|descart|dar dias|avisar \d", re.IGNORECASE
)


class Tier(IntEnum):
    """How urgent something is that was not done yet."""

    NEW_KIND = 0  # nobody has pressed such a button anywhere
    NEW_HERE = 1
    TYPED = 2  # what the question is for
    WAYS = 2  # back and home, from everywhere
    HOSTILE = 4
    NEW_TO_ROLE = 8  # done, but not by somebody like this
    LOSES = 1  # added: what deletes or stops comes later


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a person can do: press a kind of button, write, or give a command."""

    verb: str
    what: str
    typed: Typed | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """How a report names it."""
        return f"{self.verb} {self.what}"


STATUS = re.compile("[🔴🟡🟢] ")
HOMEWARD = frozenset({Step("press", "go:home"), Step("press", "go:menu")})


@dataclass(frozen=True, slots=True)
class Aim:
    """Something left to do, and on which screen."""

    screen: str
    step: Step


@dataclass(slots=True)
class _Page:
    """One screen: an example of it, and its steps with what each is worth at best."""

    example: Seen
    steps: dict[Step, Tier]
    loses: set[Step]


class Atlas:
    """The map, with `commands` to begin from."""

    def __init__(self, commands: tuple[str, ...]) -> None:
        self.pages: dict[str, _Page] = {}
        self.kinds: set[str] = set()
        self.pressed: Counter[str] = Counter()
        self.changed = asyncio.Event()
        self.version = 0
        self.given_up: Counter[Aim] = Counter()
        self.commands = [Step("command", one) for one in commands]
        self._done: set[tuple[str, Step]] = set()
        self._done_by: set[tuple[str, str, Step]] = set()
        self._aims: set[Aim] = set()
        self._ways: dict[str, dict[str, dict[Step, Counter[str]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(Counter))
        )

    def arrive(self, seen: Seen) -> None:
        """Note a screen that somebody stands on."""
        self.kinds.update(seen.presses)
        if seen.screen not in self.pages:
            steps, loses = dict(_steps(seen)), {Step("press", b.kind) for b in _losing(seen)}
            self.pages[seen.screen] = _Page(seen, steps, loses)
            self._beat()

    def note(self, role: str, before: str, step: Step, after: str | None) -> None:
        """Note that `step` was done on `before`, and where it led."""
        self._done.add((self._where(before, step), step))
        self._done_by.add((role, self._where(before, step), step))
        if step.verb == "press":
            self.pressed[step.what] += 1
        if after is not None:
            start = "" if step.verb == "command" else before
            led = self._ways[role][start][step]
            led[after] += 1
            if led[after] == 1:
                self._beat()

    def choose(self, role: str, at: str, *, careful: bool = False) -> Aim | None:
        """Take the best thing left to do for somebody who stands on `at`; None: nothing is left.

        It is theirs until `release`.
        """
        left = [
            (distance + TIER_STEPS * tier, Aim(screen, step))
            for screen, distance in self._reach(role, at, careful=careful).items()
            for step, tier in self._left(role, screen, careful=careful)
        ]
        left += [
            (TIER_STEPS * Tier.NEW_HERE, Aim(at, command))
            for command in self.commands
            if (role, "", command) not in self._done_by
        ]
        free = [(cost, aim) for cost, aim in left if self._is_free(aim)]
        if not free:
            return None
        _, aim = min(free, key=lambda one: one[0])
        self._aims.add(aim)
        return aim

    def release(self, aim: Aim, *, reached: bool) -> None:
        """Be done with `aim`; what cannot be reached is given up in the end."""
        self._aims.discard(aim)
        if not reached:
            self.given_up[aim] += 1
            self._beat()

    def next_step(
        self, role: str, at: str, aim: Aim, *, careful: bool = False
    ) -> tuple[Step, str] | None:
        """The first step from `at` to `aim`, and where it should lead; None: no way is known."""
        if at == aim.screen:
            return aim.step, ""
        came: dict[str, tuple[str, Step]] = {}
        line = [at]
        for here in line:
            for step, there in self._from(role, here, first=here == at, careful=careful):
                if there not in came and there != at:
                    came[there] = (here, step)
                    line.append(there)
        if aim.screen not in came:
            return None
        here = aim.screen
        while True:
            there = here
            here, step = came[here]
            if here == at:
                return step, there

    def left(self) -> set[tuple[str, Step]]:
        """What nobody has pressed, and where, on screens that were seen."""
        presses = (
            (self._where(screen, step), step)
            for screen, page in self.pages.items()
            for step in page.steps
            if step.verb == "press"
        )
        return set(presses) - self._done

    def _left(self, role: str, screen: str, *, careful: bool) -> Iterator[tuple[Step, int]]:
        if screen not in self.pages:
            return
        page = self.pages[screen]
        for step, tier in page.steps.items():
            where = self._where(screen, step)
            loses = step in page.loses
            if (role, where, step) in self._done_by or (loses and careful):
                continue
            urgency = tier
            if (where, step) in self._done:
                urgency = Tier.NEW_TO_ROLE
            elif step.verb == "press" and not self.pressed[step.what]:
                urgency = min(tier, Tier.NEW_KIND)
            yield step, urgency + (Tier.LOSES if loses else 0)

    def _is_free(self, aim: Aim) -> bool:
        return aim not in self._aims and self.given_up[aim] < MOST_TRIES

    def _where(self, screen: str, step: Step) -> str:
        """Where something counts as done, which is how much of it is done.

        The way home counts for all titles that begin with the same sign.

        A press counts for all screens with that title and question, whatever their other buttons;
        what is typed for its question.
        """
        page = self.pages.get(screen)
        if step.verb == "command" or page is None:
            return ""
        if step.verb == "write" and step.typed not in ANYWHERE:
            return f"? {page.example.question}"
        if step.verb == "write" and step.typed is not _chosen(screen):
            return "anywhere"
        title = STATUS.sub("", page.example.title).partition(":")[0]
        if step in HOMEWARD:
            return title.partition(" ")[0]
        return f"{title} {page.example.question}".strip()

    def _reach(self, role: str, at: str, *, careful: bool) -> dict[str, int]:
        """All screens that can be reached, and in how many steps."""
        reach, line = {at: 0}, [at]
        for here in line:
            for _, there in self._from(role, here, first=here == at, careful=careful):
                if there not in reach:
                    reach[there] = reach[here] + 1
                    line.append(there)
        return reach

    def _from(
        self, role: str, here: str, *, first: bool, careful: bool
    ) -> Iterator[tuple[Step, str]]:
        known = self._ways[role]
        page = self.pages.get(here)
        for step, led in known[here].items():
            if page is None or not careful or step not in page.loses:
                for there, _ in led.most_common():
                    yield step, there
        if first:
            for step, led in known[""].items():
                for there in led:
                    yield step, there

    def _beat(self) -> None:
        self.version += 1
        self.wake()

    def wake(self) -> None:
        """Have those look again who wait."""
        changed, self.changed = self.changed, asyncio.Event()
        changed.set()


def _steps(seen: Seen) -> Iterator[tuple[Step, Tier]]:
    for kind, button in seen.presses.items():
        way = button.label.startswith((HOME, BACK))
        yield Step("press", kind), Tier.WAYS if way else Tier.NEW_HERE
    for one in inputs_for(seen.question):
        yield Step("write", one.what, one), Tier.TYPED
    for one in HOSTILE:
        yield Step("write", one.what, one), Tier.HOSTILE


def _chosen(screen: str) -> Typed:
    """Of what fits anywhere, the one that is written on this screen, whoever wrote it elsewhere."""
    return ANYWHERE[crc32(screen.encode()) % len(ANYWHERE)]


def _losing(seen: Seen) -> Iterator[Button]:
    for button in seen.presses.values():
        if button.style == "danger" or LOSES.search(button.label):
            yield button
