"""Guarantee 2: mailboxes are bounded. `tell` waits for room, `try_tell` refuses, signals pass.

A full mailbox is the receiver's trouble: actor-ts 919 fails and restarts the actor that sent.
"""

import asyncio
from typing import Any

import pytest

from actors.runtime import EventKind, Ref
from errors import MailboxFull
from tests.guarantees.support import SEEDS, downs, watch
from tests.unit.actors.support import (
    Add,
    Do,
    Note,
    Puppet,
    Stage,
    Tree,
    crash,
    hang,
    outcome,
    puppet,
)
from tests.virtual_time import run_virtual

A_WHILE = Do(lambda _: asyncio.sleep(100.0))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("how", ["tell", "try_tell"])
def test_guarantee_2_overflow_never_crashes_the_sender(how: str, seed: int) -> None:
    # actor-ts 919: the MailboxFullError escapes the sender's handler, and the sender is restarted.
    async def main() -> Any:
        sender = Stage()
        tree = await Tree(seed=seed).start(puppet("sender", sender), puppet("slow", mailbox_size=3))

        async def flood(_: Puppet) -> None:
            for number in range(10):
                sent = {"tell": tell, "try_tell": try_tell}[how](tree["slow"], Note(str(number)))
                await sent

        await tree["sender"].ask(Add(41), deadline=1.0)
        await tree["slow"].tell(A_WHILE)
        await tree["sender"].tell(Do(flood))
        total = await tree["sender"].ask(Add(1), deadline=60.0)
        return total, sender.lives, [(e.kind, e.actor_id, type(e.error)) for e in tree.events]

    assert (42, 1, [(EventKind.REFUSED, "sender", MailboxFull)]) == run_virtual(main, seed=seed)


async def tell(ref: Ref, message: object) -> None:
    """Wait for room."""
    await ref.tell(message)


async def try_tell(ref: Ref, message: object) -> None:
    """Do not."""
    ref.try_tell(message)


def test_guarantee_2_try_tell_refuses_at_once() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a", mailbox_size=1))
        await tree["a"].tell(A_WHILE)
        await asyncio.sleep(1.0)
        tree["a"].try_tell(Note("the only place"))
        with pytest.raises(MailboxFull):
            tree["a"].try_tell(Note("no place"))
        return tree.system.clock.monotonic()

    assert 1.0 == run_virtual(main)


def test_guarantee_2_tell_waits_for_room_until_its_deadline() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a", mailbox_size=1))
        busy = asyncio.create_task(outcome(tree["a"].ask(Do(hang), deadline=60.0)))
        await asyncio.sleep(1.0)
        await tree["a"].tell(Note("the only place"))
        began = tree.system.clock.monotonic()
        result = await outcome(tree["a"].tell(Note("no place"), deadline=3.0))
        waited = tree.system.clock.monotonic() - began
        await busy
        return result, waited

    assert run_virtual(main) == (MailboxFull, pytest.approx(3.0))


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_2_a_fast_sender_is_slowed_to_the_pace_of_the_receiver(seed: int) -> None:
    async def main() -> Any:
        stage = Stage()
        tree = await Tree().start(puppet("a", stage, mailbox_size=2))
        deepest = 0
        for number in range(30):
            await tree["a"].tell(Do(lambda _: asyncio.sleep(1.0)), deadline=5.0)
            await tree["a"].tell(Note(str(number)), deadline=5.0)
            deepest = max(deepest, tree.system.snapshot()[-1].mailbox_depth)
        await tree["a"].ask(Add(), deadline=60.0)
        took = round(tree.system.clock.monotonic(), 6)
        return [word for word in stage.log if word.isdigit()], deepest, took

    assert ([str(n) for n in range(30)], 2, 30.0) == run_virtual(main, seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_2_a_sender_is_heard_in_order_and_wholly_also_without_room(seed: int) -> None:
    async def main() -> list[list[str]]:
        stage = Stage()
        tree = await Tree().start(puppet("a", stage, mailbox_size=2))

        async def send(name: str) -> None:
            for number in range(20):
                await tree["a"].tell(Note(f"{name} {number}"), deadline=60.0)

        await asyncio.gather(send("x"), send("y"), send("z"))
        await tree["a"].ask(Add(), deadline=1.0)
        return [[word for word in stage.log if word.startswith(name)] for name in "xyz"]

    expected = [[f"{name} {number}" for number in range(20)] for name in "xyz"]
    assert expected == run_virtual(main, seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_2_timers_and_deaths_pass_a_full_mailbox(seed: int) -> None:
    async def main() -> Any:
        stage = Stage()
        tree = await Tree(seed=seed).start(puppet("a", stage, mailbox_size=2), puppet("victim"))

        async def set_timer(actor: Puppet) -> None:
            actor.context.after(2.0, Note("timer"))
            actor.context.after(2.0, Do(tell_downs))

        async def tell_downs(actor: Puppet) -> None:
            stage.log.append(str(await downs(actor)))

        await tree["a"].ask(watch(tree, "victim"), deadline=1.0)
        await tree["a"].ask(Do(set_timer), deadline=1.0)
        await tree["a"].tell(Do(lambda _: asyncio.sleep(10.0)))
        await asyncio.sleep(1.0)
        await tree["a"].tell(Note("ordinary"))
        await tree["a"].tell(Note("the last place"))
        await outcome(tree["victim"].ask(Do(crash), deadline=1.0))
        await asyncio.sleep(20.0)
        return sorted(stage.log[1:3]), stage.log[3:]

    assert (
        ["[('victim', <class 'tests.unit.actors.support.Broken'>)]", "timer"],
        ["ordinary", "the last place"],
    ) == run_virtual(main, seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_2_the_order_to_stop_passes_a_full_mailbox(seed: int) -> None:
    async def main() -> Any:
        stage = Stage()
        tree = await Tree(seed=seed).start(puppet("a", stage, mailbox_size=5))
        await tree["a"].tell(Do(lambda _: asyncio.sleep(1.0)))
        await asyncio.sleep(0.5)
        for number in range(5):
            tree["a"].try_tell(Note(str(number)))
        left = await tree.system.stop()
        return left, stage.log, tree.system.clock.monotonic()

    assert ([], ["started", "stopping"], pytest.approx(1.0)) == run_virtual(main, seed=seed)
