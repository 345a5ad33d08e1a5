"""Guarantee 8: a tenant is woken by its first message, once, and rests when idle; nothing is lost.

What comes while it goes to rest wakes it again. It never rests with a timer due, a task (a send) in
flight, a message to read, or a child that has any of these.
"""

import asyncio
from typing import Any

import pytest

from tests.guarantees.support import SEEDS, House, Slow
from tests.unit.actors.support import Add, Do, Note, Puppet, outcome, puppet
from tests.virtual_time import run_virtual, seeded


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_8_all_who_come_at_once_find_one_actor(seed: int) -> None:
    async def main() -> Any:
        house = await House(Slow).start()
        sums = await asyncio.gather(*(house.tenants.ask(7, Add(), deadline=5.0) for _ in range(50)))
        return sorted(sums), house.stages[7].lives, house.awake()

    assert run_virtual(main, seed=seed) == ([*range(1, 51)], 1, ["tenant 7"])


@pytest.mark.parametrize("seed", range(200))
def test_guarantee_8_no_message_is_lost_while_tenants_rest_and_wake(seed: int) -> None:
    async def main() -> list[str]:
        rng = seeded(seed)
        house = await House(Slow, idle_seconds=2.0).start()
        for number in range(30):
            await house.tenants.tell(1, Note(str(number)))
            await asyncio.sleep(rng.choice([0.0, 0.5, 2.0, 2.5, 3.0, 3.5]))
        await house.tenants.ask(1, Add(), deadline=10.0)
        return [word for word in house.stages[1].log if word.isdigit()]

    assert [str(number) for number in range(30)] == run_virtual(main, seed=seed)


def test_guarantee_8_what_comes_while_an_actor_goes_to_rest_wakes_it_again() -> None:
    async def main() -> Any:
        house = await House(Slow, idle_seconds=4.0).start()
        await house.tenants.ask(1, Add(5), deadline=5.0)
        await asyncio.sleep(4.5)
        answer = await house.tenants.ask(1, Add(1), deadline=10.0)
        return answer, list(house.stages[1].log)

    assert run_virtual(main) == (1, ["started", "stopping", "started"])


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_8_a_wave_of_messages_wakes_each_tenant_once(seed: int) -> None:
    async def main() -> list[tuple[int, int]]:
        house = await House(Slow).start()
        rng = seeded(seed)

        async def come(tenant_id: int) -> None:
            await asyncio.sleep(rng.uniform(0.0, 3.0))
            await house.tenants.tell(tenant_id, Note("x"))

        await asyncio.gather(*(come(number % 20) for number in range(200)))
        await asyncio.sleep(5.0)
        return [(stage.lives, stage.log.count("x")) for stage in house.stages.values()]

    assert [(1, 10)] * 20 == run_virtual(main, seed=seed)


async def a_timer(actor: Puppet) -> None:
    """Have something to do later."""
    actor.context.after(5000.0, Note("later"))


async def a_send(actor: Puppet) -> None:
    """Have something in flight."""
    actor.context.spawn(asyncio.sleep(5000.0), name="send")


async def a_child_with_a_timer(actor: Puppet) -> None:
    """Have a child that has something to do later."""
    await (await actor.context.start_child(puppet("child"))).tell(Do(a_timer))


async def a_child_with_a_send(actor: Puppet) -> None:
    """Have a child that has something in flight."""
    await (await actor.context.start_child(puppet("child"))).tell(Do(a_send))


async def a_long_message(_: Puppet) -> None:
    """Be at it for a while."""
    await asyncio.sleep(5000.0)


@pytest.mark.parametrize(
    "work", [a_timer, a_send, a_child_with_a_timer, a_child_with_a_send, a_long_message]
)
def test_guarantee_8_a_tenant_with_something_to_come_does_not_rest(work: Any) -> None:
    async def main() -> Any:
        house = await House().start()
        await house.tenants.tell(1, Do(work))
        await asyncio.sleep(4900.0)
        early = house.awake(), house.stages[1].lives
        await asyncio.sleep(1000.0)
        return early, house.awake(), house.stages[1].log[-1]

    assert ((["tenant 1"], 1), [], "stopping") == run_virtual(main)


def test_guarantee_8_a_restless_tenant_does_not_rest() -> None:
    async def restless(actor: Puppet) -> None:
        actor.restless = True

    async def main() -> list[str]:
        house = await House().start()
        await house.tenants.tell(1, Do(restless))
        await asyncio.sleep(100_000.0)
        return house.awake()

    assert ["tenant 1"] == run_virtual(main)


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_8_the_state_of_a_rested_tenant_is_that_of_a_new_life(seed: int) -> None:
    async def main() -> Any:
        house = await House(idle_seconds=10.0).start()
        first = await house.tenants.ask(1, Add(5), deadline=1.0)
        await asyncio.sleep(60.0)
        asleep = house.awake()
        return first, asleep, await house.tenants.ask(1, Add(5), deadline=1.0)

    assert (5, [], 5) == run_virtual(main, seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_8_a_tenant_that_rests_during_a_burst_answers_all_of_it(seed: int) -> None:
    async def main() -> Any:
        house = await House(Slow, idle_seconds=4.0).start()
        await house.wake(1)
        await asyncio.sleep(4.2)  # on its way to rest, for a second
        asks = (outcome(house.tenants.ask(0, Add(), deadline=10.0)) for _ in range(100))
        return sorted(await asyncio.gather(*asks)), house.stages[0].lives

    assert ([*range(1, 101)], 2) == run_virtual(main, seed=seed)
