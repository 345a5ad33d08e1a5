"""Guarantee 1: one task and one mailbox per actor, and nobody else touches its state.

A message is handled to its end before the next, also across restarts. Messages are typed, and the
type of an answer follows from its message (mypy reads this file too).
"""

import asyncio
from typing import assert_type

import pytest

from actors.runtime import Actor, Budget, ChildSpec, Ref, on
from tests.guarantees.support import SEEDS, watch
from tests.unit.actors.support import Add, Broken, Do, Note, Puppet, Stage, Tree, outcome, puppet
from tests.virtual_time import run_virtual, seeded


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_1_a_message_is_handled_to_its_end_before_the_next(seed: int) -> None:
    log: list[str] = []

    async def slowly(_: Puppet) -> None:
        log.append("in")
        await asyncio.sleep(1.0)
        log.append("out")

    async def main() -> None:
        tree = await Tree().start(puppet("a"))
        await asyncio.gather(*(tree["a"].ask(Do(slowly), deadline=60.0) for _ in range(5)))

    run_virtual(main, seed=seed)

    assert ["in", "out"] * 5 == log


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_1_a_signal_waits_for_the_end_of_the_message_too(seed: int) -> None:
    async def main() -> list[str]:
        stage = Stage()
        tree = await Tree().start(puppet("a", stage))

        async def slowly(actor: Puppet) -> None:
            actor.context.after(0.5, Note("timer"))
            stage.log.append("in")
            await asyncio.sleep(1.0)
            stage.log.append("out")

        await tree["a"].ask(Do(slowly), deadline=60.0)
        await asyncio.sleep(1.0)
        return list(stage.log)

    assert ["started", "in", "out", "timer"] == run_virtual(main, seed=seed)


class Room:
    """A place for one: counts how many are in it together."""

    def __init__(self, seed: int) -> None:
        self.random = seeded(seed)
        self.inside = self.most = self.visits = 0

    async def visit(self) -> None:
        """Stay for a while; the visit may be interrupted, or end badly."""
        self.inside += 1
        self.visits += 1
        self.most = max(self.most, self.inside)
        try:
            await asyncio.sleep(self.random.random())
            if self.random.random() < 0.2:
                raise Broken
        finally:
            self.inside -= 1


class Visitor(Puppet):
    """Is in its room whenever its code runs, from its start to its last words."""

    def __init__(self, room: Room) -> None:
        super().__init__(Stage())
        self.room = room

    async def started(self) -> None:
        """Begin in the room; something will crash beside it, sooner or later."""
        await self.room.visit()
        self.context.spawn(self.fall(), name="fall")

    async def fall(self) -> None:
        """Take the actor along in the middle of whatever it does."""
        await asyncio.sleep(self.room.random.uniform(0.0, 5.0))
        raise Broken

    async def stopping(self) -> None:
        """End in the room."""
        await self.room.visit()


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_1_two_lives_of_one_actor_never_overlap(seed: int) -> None:
    room = Room(seed)

    async def main() -> None:
        visitor = ChildSpec("a", lambda: Visitor(room), budget=Budget(restarts=1000))
        tree = await Tree(seed=seed).start(visitor, puppet("b"))
        await tree["b"].ask(watch(tree, "a"), deadline=1.0)
        for _ in range(60):
            await outcome(tree["a"].ask(Do(lambda _: room.visit()), deadline=600.0))
        await tree.system.stop()

    run_virtual(main, seed=seed)

    assert (0, 1, True) == (room.inside, room.most, room.visits > 60)


def test_guarantee_1_a_restart_inherits_the_mailbox_and_none_of_the_state() -> None:
    actors: list[Puppet] = []

    def make() -> Puppet:
        actors.append(Puppet(Stage()))
        return actors[-1]

    async def fall(_: Puppet) -> None:
        await asyncio.sleep(1.0)
        raise Broken

    async def main() -> list[tuple[int, list[str]]]:
        tree = await Tree().start(ChildSpec("a", make))
        await tree["a"].ask(Add(5), deadline=1.0)
        await tree["a"].tell(Do(fall))
        await tree["a"].tell(Note("for the next"))
        await asyncio.sleep(5.0)
        return [(actor.sum, actor.words) for actor in actors]

    assert [(5, []), (0, ["for the next"])] == run_virtual(main)


def test_guarantee_1_the_type_of_an_answer_follows_from_its_message() -> None:
    async def main() -> int:
        tree = await Tree().start(puppet("a"))
        answer = await tree["a"].ask(Add(3), deadline=1.0)
        return assert_type(answer, int)

    assert 3 == run_virtual(main)


async def refused_by_mypy(ref: Ref) -> None:
    """Never run: mypy --strict would report an `ignore` that nothing needs."""
    _wrong: str = await ref.ask(Add(), deadline=1.0)  # type: ignore[arg-type]  # it is an int
    await ref.ask(Note("told, never asked"), deadline=1.0)  # type: ignore[arg-type]  # no Request


class RefusedByMypy(Actor):
    """A handler must answer with what its message promises."""

    @on(Add)  # type: ignore[arg-type]  # Add promises an int
    async def add(self, message: Add) -> str:
        """Answer with something else."""
        return str(message)
