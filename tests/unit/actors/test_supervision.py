"""Guarantees 4 and 6: budgets per actor, strategies, failed starts, one shutdown deadline."""

import asyncio
from typing import Any

import pytest

from actors.events import EventKind
from actors.supervision import Budget, ChildSpec, Restart, Strategy, Supervisor, System
from errors import ActorCrashed, ActorStopped, BudgetExhausted, Quarantined, StartFailed
from tests.unit.actors.support import (
    Add,
    Broken,
    Do,
    Note,
    Puppet,
    Stage,
    Tree,
    crash,
    hang,
    ignore_cancellation,
    outcome,
    puppet,
    stop_yourself,
)
from tests.virtual_time import VirtualClock, run_virtual, seeded

SEEDS = range(20)


async def crash_times(tree: Tree, actor_id: str, times: int) -> None:
    """Crash an actor so many times, each as soon as it runs again."""
    for _ in range(times):
        await outcome(tree[actor_id].ask(Do(crash), deadline=120.0))


@pytest.mark.parametrize("seed", SEEDS)
def test_five_crashes_are_borne_and_the_sixth_is_quarantine(seed: int) -> None:
    async def main() -> Any:
        tree = await Tree(seed=seed).start(puppet("a"))
        await crash_times(tree, "a", 5)
        alive = await tree["a"].ask(Add(1), deadline=60.0)
        await crash_times(tree, "a", 1)
        return alive, await outcome(tree["a"].ask(Add(), deadline=1.0)), tree.quarantined

    assert run_virtual(main, seed=seed) == (1, Quarantined, ["a"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_failing_actor_costs_its_siblings_nothing(seed: int) -> None:
    async def main() -> Any:
        good = Stage()
        tree = await Tree(seed=seed).start(puppet("good", good), puppet("bad"), puppet("good too"))
        await tree["good"].ask(Add(1), deadline=1.0)
        await crash_times(tree, "bad", 6)
        await crash_times(tree, "good too", 5)
        sums = [await tree[name].ask(Add(1), deadline=60.0) for name in ("good", "good too")]
        return sums, good.lives, tree.states()

    assert run_virtual(main, seed=seed) == (
        [2, 1],
        1,
        {
            "root": "running",
            "home": "running",
            "good": "running",
            "bad": "quarantined",
            "good too": "running",
        },
    )


def test_a_stable_minute_forgets_the_failures_before_it() -> None:
    async def main() -> list[str]:
        tree = await Tree().start(puppet("a"))
        for _ in range(4):
            await crash_times(tree, "a", 5)
            await tree["a"].ask(Add(), deadline=60.0)
            await asyncio.sleep(60.0)
        return tree.quarantined

    assert run_virtual(main) == []


def test_the_backoff_doubles_with_full_jitter() -> None:
    async def gaps(seed: int) -> list[float]:
        tree = await Tree(seed=seed).start(puppet("a", budget=Budget(8, 60.0)))
        found = []
        for _ in range(8):
            await crash_times(tree, "a", 1)
            crashed = tree.system.clock.monotonic()
            await tree["a"].ask(Add(), deadline=60.0)
            found.append(tree.system.clock.monotonic() - crashed)
        return found

    runs = [run_virtual(lambda seed=seed: gaps(seed)) for seed in range(100)]  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    for attempt, waits in enumerate(zip(*runs, strict=True)):
        ceiling = 0.1 * 2**attempt
        assert max(waits) <= ceiling
        assert min(waits) < 0.2 * ceiling
        assert ceiling * 0.35 < sum(waits) / len(waits) < ceiling * 0.65


def test_a_quarantined_actor_is_probed_and_recovers_after_a_stable_minute() -> None:
    async def main() -> Any:
        stage = Stage(failing_starts=7)
        tree = await Tree().start(puppet("a", stage))
        await asyncio.sleep(3600.0)
        await tree["a"].ask(Add(), deadline=1.0)
        return tree.quarantined, tree.kinds(), tree.states()["a"]

    assert run_virtual(main) == (
        ["a"],
        [EventKind.CRASHED] * 6
        + [EventKind.QUARANTINED, EventKind.PROBED, EventKind.CRASHED]
        + [EventKind.PROBED, EventKind.RECOVERED],
        "running",
    )


def test_a_failed_start_counts_as_a_failure_and_reaches_who_waits() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))

        async def start_bad(actor: Puppet) -> Any:
            bad = puppet("bad", Stage(failing_starts=2))
            with pytest.raises(StartFailed) as caught:
                await actor.context.start_child(bad)
            return caught.value.actor_id, type(caught.value.__cause__)

        async def ask_bad(actor: Puppet) -> Any:
            return await outcome(actor.context.children()["bad"].ask(Add(3), deadline=60.0))

        return [
            await tree["a"].ask(Do(start_bad), deadline=1.0),
            await tree["a"].ask(Do(ask_bad), deadline=60.0),
            await tree["a"].ask(Do(ask_bad), deadline=60.0),
        ]

    assert run_virtual(main) == [("bad", Broken), StartFailed, 3]


def test_a_start_that_always_fails_however_slowly_ends_in_quarantine() -> None:
    class SlowToFail(Puppet):
        async def started(self) -> None:
            await asyncio.sleep(45.0)
            raise Broken

    async def main() -> list[str]:
        tree = Tree()
        await tree.start(ChildSpec("a", lambda: SlowToFail(Stage())), puppet("b"))
        return tree.quarantined

    assert run_virtual(main) == ["a"]


@pytest.mark.parametrize(
    ("restart", "work", "lives"),
    [
        pytest.param(Restart.PERMANENT, crash, 2, id="permanent comes back after a crash"),
        pytest.param(Restart.PERMANENT, stop_yourself, 2, id="and after a normal end"),
        pytest.param(Restart.TRANSIENT, crash, 2, id="transient comes back after a crash"),
        pytest.param(Restart.TRANSIENT, stop_yourself, 1, id="but not after a normal end"),
        pytest.param(Restart.TEMPORARY, crash, 1, id="temporary never"),
        pytest.param(Restart.TEMPORARY, stop_yourself, 1, id="never ever"),
    ],
)
def test_the_restart_kind_decides_who_comes_back(restart: Restart, work: Any, lives: int) -> None:
    async def main() -> tuple[int, bool]:
        stage = Stage()
        tree = await Tree().start(puppet("a", stage, restart=restart))
        await outcome(tree["a"].ask(Do(work), deadline=1.0))
        await asyncio.sleep(10.0)
        return stage.lives, "a" in tree.states()

    assert run_virtual(main) == (lives, lives == 2)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("strategy", "lives"),
    [
        pytest.param(Strategy.ONE_FOR_ONE, [1, 2, 1], id="one_for_one"),
        pytest.param(Strategy.ONE_FOR_ALL, [2, 2, 2], id="one_for_all"),
        pytest.param(Strategy.REST_FOR_ONE, [1, 2, 2], id="rest_for_one"),
    ],
)
def test_the_strategy_decides_whom_a_crash_takes_along(
    strategy: Strategy, lives: list[int], seed: int
) -> None:
    async def main() -> list[int]:
        stages = [Stage(), Stage(), Stage()]
        specs = [puppet(str(number), stage) for number, stage in enumerate(stages)]
        tree = await Tree(seed=seed).start(*specs, strategy=strategy)
        await crash_times(tree, "1", 1)
        await asyncio.sleep(10.0)
        await asyncio.gather(*(tree[str(number)].ask(Add(), deadline=1.0) for number in range(3)))
        return [stage.lives for stage in stages]

    assert lives == run_virtual(main, seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_group_stops_in_reverse_and_starts_in_order(seed: int) -> None:
    class Named(Puppet):
        def __init__(self, name: str, log: list[str]) -> None:
            super().__init__(Stage())
            self.name, self.shared = name, log

        async def started(self) -> None:
            await asyncio.sleep(1.0)
            self.shared.append(f"+{self.name}")

        async def stopping(self) -> None:
            await asyncio.sleep(1.0)
            self.shared.append(f"-{self.name}")

    async def main() -> list[str]:
        log: list[str] = []
        specs = [ChildSpec(name, lambda n=name: Named(n, log)) for name in "abcd"]  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        tree = await Tree(seed=seed).start(*specs, strategy=Strategy.REST_FOR_ONE)
        await crash_times(tree, "b", 1)
        await asyncio.sleep(60.0)
        await tree.system.stop()
        return log

    log = run_virtual(main, seed=seed)

    assert [
        *["+a", "+b", "+c", "+d", "-b", "-d", "-c", "+b", "+c", "+d", "-d", "-c", "-b", "-a"]
    ] == log


@pytest.mark.parametrize(
    ("children", "strategy"),
    [
        pytest.param([puppet("a", significant=True)], Strategy.ONE_FOR_ONE, id="significant"),
        pytest.param([puppet("a"), puppet("b")], Strategy.ONE_FOR_ALL, id="one_for_all"),
        pytest.param([puppet("a"), puppet("b")], Strategy.REST_FOR_ONE, id="rest_for_one"),
    ],
)
def test_who_shares_the_fate_of_others_takes_the_supervisor_down(
    children: list[ChildSpec], strategy: Strategy
) -> None:
    async def main() -> Any:
        tree = await Tree().start(*children, strategy=strategy)
        for _ in range(6):
            await crash_times(tree, "a", 1)
            await asyncio.sleep(2.0)
        await asyncio.sleep(5.0)
        errors = [type(event.error) for event in tree.events if event.actor_id == "home"]
        return errors, await tree["a"].ask(Add(1), deadline=1.0), tree.quarantined

    assert run_virtual(main) == ([BudgetExhausted], 1, [])


def test_a_significant_child_that_ends_normally_ends_its_supervisor() -> None:
    async def main() -> float:
        system = System(clock=VirtualClock(), random=seeded())
        child = puppet("a", restart=Restart.TRANSIENT, significant=True)
        supervisor = Supervisor([child])
        await system.start(ChildSpec("root", lambda: supervisor))
        await supervisor.context.children()["a"].tell(Do(stop_yourself))
        await system.wait()
        return system.clock.monotonic()

    assert run_virtual(main) == 0.0


def test_a_child_of_the_root_over_budget_ends_the_system_with_an_error() -> None:
    async def main() -> Any:
        stage = Stage(failing_starts=1)
        system = System(clock=VirtualClock(), random=seeded(), on_event=lambda _: None)

        class Fragile(Puppet):
            async def started(self) -> None:
                await super().started()
                self.context.after(1.0, Do(crash))

        root = ChildSpec("root", lambda: Supervisor([ChildSpec("a", lambda: Fragile(stage))]))
        error = await outcome(system.run(root))
        return error, stage.lives, len(asyncio.all_tasks())

    assert run_virtual(main) == (BudgetExhausted, 6, 1)


def test_a_root_that_cannot_start_says_so() -> None:
    async def main() -> Any:
        system = System(clock=VirtualClock(), random=seeded(), on_event=lambda _: None)
        return await outcome(system.run(puppet("root", Stage(failing_starts=1))))

    assert run_virtual(main) is StartFailed


def test_children_end_before_their_parent_and_in_reverse() -> None:
    async def main() -> list[str]:
        tree = await Tree().start(puppet("a"))
        log: list[str] = []

        class Child(Puppet):
            async def stopping(self) -> None:
                log.append(self.context.me.id)

        async def parent(actor: Puppet) -> None:
            for name in ("first", "second"):
                await actor.context.start_child(ChildSpec(name, lambda: Child(Stage())))

        await tree["a"].ask(Do(parent), deadline=1.0)
        await tree.system.stop()
        return log

    assert run_virtual(main) == ["second", "first"]


@pytest.mark.parametrize("seed", SEEDS)
def test_shutdown_keeps_its_total_deadline_whoever_ignores_cancellation(seed: int) -> None:
    async def main() -> Any:
        tree = await Tree(seed=seed).start(
            *(puppet(str(number), Stage(hang_in_stopping=number % 2 == 0)) for number in range(20))
        )
        await tree["1"].tell(Do(ignore_cancellation))
        await tree["3"].tell(Do(hang))
        await asyncio.sleep(1.0)
        began = tree.system.clock.monotonic()
        left = await tree.system.stop(total_seconds=8.0)
        took = tree.system.clock.monotonic() - began
        return took <= 8.0, set(left) <= {str(number) for number in range(20)}, "0" in left

    assert run_virtual(main, seed=seed) == (True, True, True)


def test_an_abandoned_task_is_reported_and_its_place_can_live_again() -> None:
    async def main() -> Any:
        stage = Stage()
        tree = await Tree().start(
            puppet("a"), puppet("b", stage, shutdown_seconds=5.0), strategy=Strategy.ONE_FOR_ALL
        )
        zombie = asyncio.create_task(
            outcome(tree["b"].ask(Do(ignore_cancellation), deadline=3000.0))
        )
        await asyncio.sleep(1.0)
        await crash_times(tree, "a", 1)
        answer = await tree["b"].ask(Add(2), deadline=30.0)
        await asyncio.sleep(1200.0)
        await tree["b"].tell(Note("for the living"))
        await tree["b"].ask(Add(), deadline=1.0)
        abandoned = [e.actor_id for e in tree.events if e.kind is EventKind.ABANDONED]
        return abandoned, answer, stage.lives, stage.log[-1], (await zombie).__name__

    assert run_virtual(main) == (["b"], 2, 2, "for the living", "ActorStopped")


def test_a_message_under_way_is_finished_before_the_actor_stops() -> None:
    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))

        async def slowly(_: Puppet) -> str:
            await asyncio.sleep(2.0)
            return "finished"

        under_way = asyncio.create_task(outcome(tree["a"].ask(Do(slowly), deadline=60.0)))
        await asyncio.sleep(1.0)
        await tree.system.stop()
        return [await under_way, tree.system.clock.monotonic()]

    assert run_virtual(main) == ["finished", pytest.approx(2.0)]


def test_a_thousand_starts_and_stops_leave_no_task_behind() -> None:
    async def main() -> int:
        for _ in range(1000):
            tree = await Tree().start(puppet("a"), puppet("b"))
            await tree["a"].ask(Add(), deadline=1.0)
            await tree.system.stop()
        return len(asyncio.all_tasks())

    assert run_virtual(main) == 1


def test_a_background_task_that_ignores_its_cancellation_is_reported_by_name() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))

        async def work(actor: Puppet) -> None:
            actor.context.spawn(ignore_cancellation(actor), name="stubborn")

        await tree["a"].ask(Do(work), deadline=1.0)
        await asyncio.sleep(1.0)
        left = await tree.system.stop(total_seconds=8.0)
        abandoned = [e.actor_id for e in tree.events if e.kind is EventKind.ABANDONED]
        return left, abandoned

    assert run_virtual(main) == (["a: stubborn"], ["a: stubborn"])


def test_a_listener_that_fails_harms_nobody() -> None:
    async def main() -> Any:
        complaints: list[str] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))

        def fail(_: object) -> None:
            raise Broken

        async with System(clock=VirtualClock(), random=seeded(), on_event=fail) as system:
            await system.start(ChildSpec("root", lambda: Supervisor([puppet("a")])))
            await outcome(system.ref("a").ask(Do(crash), deadline=1.0))
            return await system.ref("a").ask(Add(1), deadline=1.0), complaints

    assert run_virtual(main) == (1, ["listener failed"])


class Stubborn(Puppet):
    """Goes on starting, whoever cancels."""

    async def started(self) -> None:
        """Start for ten minutes."""
        await ignore_cancellation(self)


class Hanging(Puppet):
    """Never gets to run."""

    async def started(self) -> None:
        """Wait for nothing."""
        await hang(self)


@pytest.mark.parametrize("kind", [Hanging, Stubborn])
def test_a_start_that_takes_too_long_is_a_failed_start(kind: type[Puppet]) -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))
        hanging = puppet("b", factory=lambda: kind(Stage()), start_seconds=10.0)

        async def start_child(actor: Puppet) -> None:
            await actor.context.start_child(hanging)

        with pytest.raises(StartFailed) as caught:
            await tree["a"].ask(Do(start_child), deadline=60.0)
        return type(caught.value.__cause__), tree.system.clock.monotonic() <= 15.0

    assert run_virtual(main) == (TimeoutError, True)


def test_a_crash_that_is_ignored_ends_in_abandonment_and_a_new_life() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))

        async def dies() -> None:
            raise Broken

        async def work(actor: Puppet) -> None:
            actor.context.spawn(dies(), name="dies")
            await ignore_cancellation(actor)

        first = await outcome(tree["a"].ask(Do(work), deadline=60.0))
        at = tree.system.clock.monotonic()
        return first, at, await tree["a"].ask(Add(1), deadline=30.0)

    assert run_virtual(main) == (ActorCrashed, 0.0, 1)


def test_stopping_interrupts_a_start_and_ends_well_whoever_was_started_before() -> None:
    async def main() -> Any:
        stage = Stage()
        tree = Tree()
        hanging = puppet("b", factory=lambda: Hanging(Stage()))
        starting = asyncio.create_task(outcome(tree.start(puppet("a", stage), hanging)))
        await asyncio.sleep(1.0)
        left = await tree.system.stop()
        return left, await starting, stage.log, tree.system.clock.monotonic(), tree.events

    assert run_virtual(main) == ([], ActorStopped, ["started", "stopping"], pytest.approx(1.0), [])


def test_stopping_does_not_wait_longer_for_who_is_crashing_already() -> None:
    class SlowEnd(Puppet):
        async def stopping(self) -> None:
            await hang(self)

    async def main() -> Any:
        tree = await Tree().start(puppet("a", factory=lambda: SlowEnd(Stage())))
        await outcome(tree["a"].ask(Do(crash), deadline=1.0))
        await asyncio.sleep(2.0)
        left = await tree.system.stop()
        return left, tree.system.clock.monotonic() <= 5.0

    assert run_virtual(main) == ([], True)


def test_a_significant_temporary_child_that_crashes_takes_its_supervisor_along() -> None:
    async def main() -> list[tuple[str, type]]:
        child = puppet("a", restart=Restart.TEMPORARY, significant=True)
        tree = await Tree().start(child)
        await crash_times(tree, "a", 1)
        await asyncio.sleep(1.0)
        return [(event.actor_id, type(event.error)) for event in tree.events]

    assert run_virtual(main) == [("a", Broken), ("home", Broken)]


def test_two_children_of_one_name_are_a_defect_of_the_parent() -> None:
    async def main() -> Any:
        tree = await Tree().start(puppet("a"))

        async def twice(actor: Puppet) -> None:
            await actor.context.start_child(puppet("twin"))
            await actor.context.start_child(puppet("twin"))

        with pytest.raises(ActorCrashed) as caught:
            await tree["a"].ask(Do(twice), deadline=1.0)
        return type(caught.value.__cause__)

    assert run_virtual(main) is ValueError


def test_what_an_abandoned_life_still_tries_is_refused() -> None:
    async def main() -> list[Any]:
        tree = await Tree().start(puppet("a"))
        found: list[Any] = []

        async def zombie(actor: Puppet) -> None:
            await ignore_cancellation(actor)
            found.append(await outcome(actor.context.start_child(puppet("child"))))
            with pytest.raises(ActorStopped):
                actor.context.spawn(hang(actor), name="late")
            actor.context.after(1.0, Note("late"))

        await tree["a"].tell(Do(zombie))
        await asyncio.sleep(1.0)
        await tree.system.stop()
        await asyncio.sleep(1000.0)
        return found

    assert run_virtual(main) == [ActorStopped]
