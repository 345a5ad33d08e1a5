"""A small actor that does as it is told, and a tree to put it in."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from actors.runtime import (
    Actor,
    ChildSpec,
    Down,
    Event,
    EventKind,
    Ref,
    Request,
    Strategy,
    Supervisor,
    System,
    on,
)
from errors import InvalidInput
from tests.virtual_time import VirtualClock


class Broken(Exception):
    """A defect of an actor: not one of the errors EmDia raises on purpose."""


@dataclass(frozen=True, slots=True)
class Add(Request[int]):
    """Add to the sum and answer it."""

    amount: int = 1


@dataclass(frozen=True, slots=True)
class Do(Request[Any]):
    """Run something inside the actor."""

    work: Callable[["Puppet"], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Note:
    """Remember a word."""

    word: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody handles this."""


@dataclass(slots=True)
class Stage:
    """What outlives the lives of a puppet: what they did, and what they shall do."""

    log: list[str] = field(default_factory=list)
    lives: int = 0
    failing_starts: int = 0
    hang_in_stopping: bool = False


class Puppet(Actor):
    """An actor under the test's control."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.sum = 0
        self.words: list[str] = []
        self.downs: list[Down] = []
        self.restless = False

    async def started(self) -> None:
        """Start, unless the stage says no."""
        self.stage.lives += 1
        if self.stage.lives <= self.stage.failing_starts:
            raise Broken
        self.stage.log.append("started")

    async def stopping(self) -> None:
        """Say last words, perhaps without end."""
        self.stage.log.append("stopping")
        if self.stage.hang_in_stopping:
            await ignore_cancellation(self)

    def may_rest(self) -> bool:
        """Rest unless told to be restless."""
        return not self.restless

    @on(Add)
    async def add(self, message: Add) -> int:
        """Add up."""
        self.sum += message.amount
        return self.sum

    @on(Do)
    async def do(self, message: Do) -> Any:
        """Do as told."""
        return await message.work(self)

    @on(Note)
    async def note(self, message: Note) -> None:
        """Remember."""
        self.words.append(message.word)
        self.stage.log.append(message.word)

    @on(Down)
    async def down(self, message: Down) -> None:
        """Remember who died."""
        self.downs.append(message)


class Tree:
    """A system with a supervisor below its root, where the puppets live."""

    def __init__(self, *, seed: int = 0) -> None:
        self.events: list[Event] = []
        self.system = System(
            clock=VirtualClock(),
            random=random.Random(seed),  # noqa: S311 -- a schedule, not a secret
            on_event=self.events.append,
        )
        self.home: Supervisor | None = None

    async def start(
        self, *children: ChildSpec, strategy: Strategy = Strategy.ONE_FOR_ONE
    ) -> "Tree":
        """Start the tree with `children` in it."""

        def make() -> Supervisor:
            self.home = Supervisor(children, strategy)
            return self.home

        below = ChildSpec("home", make, shutdown_seconds=20.0)
        await self.system.start(ChildSpec("root", lambda: Supervisor([below])))
        return self

    def __getitem__(self, actor_id: str) -> Ref:
        """Return the reference of a child."""
        assert self.home is not None
        return self.home.context.children()[actor_id]

    @property
    def quarantined(self) -> list[str]:
        """Return who was set aside, in order."""
        return [e.actor_id for e in self.events if e.kind is EventKind.QUARANTINED]

    def kinds(self) -> list[EventKind]:
        """Return what happened, in order."""
        return [event.kind for event in self.events]

    def states(self) -> dict[str, str]:
        """Return the state of every actor."""
        return {status.id: status.state for status in self.system.snapshot()}


def puppet(actor_id: str, stage: Stage | None = None, **changes: Any) -> ChildSpec:
    """Return the spec of a puppet, with `changes` to the defaults."""
    own = stage or Stage()
    return replace(ChildSpec(actor_id, lambda: Puppet(own)), **changes)


async def crash(_: Puppet) -> None:
    """Die of a defect."""
    raise Broken


async def refuse(_: Puppet) -> None:
    """Answer with an error on purpose."""
    raise InvalidInput("assim não")


async def hang(_: Puppet) -> None:
    """Never end."""
    await asyncio.Event().wait()


async def stop_yourself(actor: Puppet) -> None:
    """End normally."""
    actor.context.stop()


async def ignore_cancellation(_: Puppet) -> None:
    """Go on, whoever cancels, for ten virtual minutes."""
    ends_at = asyncio.get_running_loop().time() + 600.0
    while (left := ends_at - asyncio.get_running_loop().time()) > 0:
        try:
            await asyncio.sleep(left)
        except asyncio.CancelledError:
            continue


async def outcome(answer: Awaitable[Any]) -> Any:
    """Return the answer, or the type of the error in its place."""
    try:
        return await answer
    except Exception as error:  # noqa: BLE001 -- the error is the value under test
        return type(error)
