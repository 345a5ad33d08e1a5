"""Guarantee 4: each actor has a restart budget of its own; who spends it is set aside, alone.

Backoff doubles under full jitter, a stable minute forgets, a slow probe tries again, and the root's
budget ends the process. OTP shares one budget among siblings: in rabbitmq-server 834 a pool of 128
workers that lost the network took its supervisor, and all authentication, down for good. That a
quarantine is persisted and told to the admin: tests/system/test_quarantine.py.
"""

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest

import supervisor
from actors.runtime import Budget, ChildSpec, EventKind, Supervisor, System
from actors.runtime.cell import PROBE_SECONDS
from errors import BudgetExhausted, Quarantined, StartFailed
from tests.guarantees.forked import Forked
from tests.guarantees.support import SEEDS, crash_times
from tests.unit.actors.support import Add, Broken, Do, Puppet, Stage, Tree, crash, outcome, puppet
from tests.virtual_time import VirtualClock, run_virtual, seeded


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_4_five_crashes_are_borne_and_the_sixth_is_quarantine(seed: int) -> None:
    async def main() -> Any:
        tree = await Tree(seed=seed).start(puppet("a"))
        await crash_times(tree, "a", 5)
        alive = await tree["a"].ask(Add(1), deadline=60.0)
        await crash_times(tree, "a", 1)
        return alive, await outcome(tree["a"].ask(Add(), deadline=1.0)), tree.quarantined

    assert run_virtual(main, seed=seed) == (1, Quarantined, ["a"])


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_4_the_siblings_of_a_failing_actor_never_notice(seed: int) -> None:
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


@pytest.mark.parametrize("seed", range(5))
def test_guarantee_4_siblings_do_not_share_a_budget(seed: int) -> None:
    # rabbitmq-server 834: a tenth of 128 workers fail five times each, well over any shared budget.
    async def main() -> Any:
        tree = await Tree(seed=seed).start(*(puppet(str(number)) for number in range(128)))
        await asyncio.gather(*(crash_times(tree, str(number), 5) for number in range(12)))
        asks = (tree[str(number)].ask(Add(1), deadline=60.0) for number in range(128))
        return await asyncio.gather(*asks), tree.quarantined, tree.states()["home"]

    assert run_virtual(main, seed=seed) == ([1] * 128, [], "running")


def test_guarantee_4_a_stable_minute_forgets_the_failures_before_it() -> None:
    async def main() -> list[str]:
        tree = await Tree().start(puppet("a"))
        for _ in range(4):
            await crash_times(tree, "a", 5)
            await tree["a"].ask(Add(), deadline=60.0)
            await asyncio.sleep(60.0)
        return tree.quarantined

    assert run_virtual(main) == []


def test_guarantee_4_a_minute_that_is_not_wholly_stable_forgets_nothing() -> None:
    async def main() -> list[str]:
        tree = await Tree().start(puppet("a"))
        for _ in range(6):
            await crash_times(tree, "a", 1)
            await outcome(tree["a"].ask(Add(), deadline=60.0))
            await asyncio.sleep(11.0)
        return tree.quarantined

    assert run_virtual(main) == ["a"]


def test_guarantee_4_who_always_fails_to_start_is_set_aside_however_slowly_it_fails() -> None:
    class SlowToFail(Puppet):
        async def started(self) -> None:
            await asyncio.sleep(45.0)
            raise Broken

    async def main() -> list[str]:
        tree = Tree()
        await tree.start(ChildSpec("a", lambda: SlowToFail(Stage())), puppet("b"))
        return tree.quarantined

    assert run_virtual(main) == ["a"]


def test_guarantee_4_the_backoff_doubles_with_full_jitter() -> None:
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


def test_guarantee_4_a_quarantined_actor_is_probed_and_recovers_after_a_stable_minute() -> None:
    async def main() -> Any:
        stage = Stage(failing_starts=7)
        tree = await Tree().start(puppet("a", stage))
        await asyncio.sleep(3600.0)
        await tree["a"].ask(Add(), deadline=1.0)
        return tree.kinds(), tree.states()["a"]

    assert run_virtual(main) == (
        [EventKind.CRASHED] * 6
        + [EventKind.QUARANTINED, EventKind.PROBED, EventKind.CRASHED]
        + [EventKind.PROBED, EventKind.RECOVERED],
        "running",
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_guarantee_4_the_probe_is_slow_and_told_to_the_admin_once(seed: int) -> None:
    async def main() -> Any:
        tree = await Tree(seed=seed).start(puppet("a", Stage(failing_starts=1000)))
        await asyncio.sleep(24 * 3600.0)
        most = 24 * 3600.0 / (0.5 * PROBE_SECONDS)
        least = 24 * 3600.0 / (1.5 * PROBE_SECONDS)
        probes = tree.kinds().count(EventKind.PROBED)
        return least - 1 <= probes <= most, tree.quarantined, tree.states()["a"]

    assert run_virtual(main, seed=seed) == (True, ["a"], "quarantined")


def test_guarantee_4_a_child_of_the_root_over_budget_ends_the_system_with_an_error() -> None:
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


def test_guarantee_4_a_root_that_cannot_start_says_so() -> None:
    async def main() -> Any:
        system = System(clock=VirtualClock(), random=seeded(), on_event=lambda _: None)
        return await outcome(system.run(puppet("root", Stage(failing_starts=1))))

    assert run_virtual(main) is StartFailed


async def test_guarantee_4_the_roots_budget_ends_the_process_with_a_non_zero_code(
    tmp_path: Path,
) -> None:
    # Where the folder of the embedded server should be is a file: its first child cannot start.
    (tmp_path / "postgres").touch()
    nowhere = {
        "EMDIA_LOG": "json",
        "EMDIA_TELEGRAM_API": "http://127.0.0.1:9",
        "EMDIA_WHATSAPP_URL": "ws://127.0.0.1:9",
        "EMDIA_WHATSAPP_ROOT_KEY": base64.b64encode(bytes(32)).decode(),
    }
    environment = nowhere | {"EMDIA_HOME": str(tmp_path), "PORT": "0"}
    async with Forked(supervisor.main, log=tmp_path / "log", environment=environment) as process:
        code = await process.end()

    assert (1, 6) == (code, process.said().count('"kind":"crashed","actor":"database"'))
