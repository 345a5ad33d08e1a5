"""Faults that hit the whole system: its processes, its database, its Telegram."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping

from tests.soak.house import House
from tests.soak.plan import Planned
from tests.soak.proxy import At, Stage, Trap

BEGIN = "begin_attempt"
SETTLE = "settle"
PLAN = "plan_day"
# Nothing may be on its way just now: so long a trap waits for its statement.
TRAP_SECONDS = 12.0
DAWN_TRAP_SECONDS = 40.0  # the system may have fallen into another trap before
MOST_AWAY_SECONDS = 3.0
LONGEST_STOP_SECONDS = 20.0
LONGEST_WORKER_STOP_SECONDS = 30.0
LONGEST_HANG_SECONDS = 13.0
LONGEST_STORM_SECONDS = 8.0
LONGEST_TELEGRAM_SECONDS = 8.0
MOST_TELEGRAM_CALLS = 6

Apply = Callable[[House, Planned], Awaitable[bool]]


def ending(how: signal.Signals) -> Apply:
    """The system ends and is started again."""

    async def apply(house: House, fault: Planned) -> bool:
        await house.end(how, fault.strength * MOST_AWAY_SECONDS)
        return True

    return apply


async def stop_system(house: House, fault: Planned) -> bool:
    """The whole process stands still, past its lease when it is long."""
    for process in house.itself():
        house.stop_process(process)
        await asyncio.sleep(1.0 + fault.strength * LONGEST_STOP_SECONDS)
        house.resume_process(process)
    return True


async def kill_worker(house: House, fault: Planned) -> bool:
    """A Node worker dies."""
    workers = house.workers()
    if workers:
        workers[fault.seed % len(workers)].kill()
    return bool(workers)


def stopping_worker(*, kill: bool) -> Apply:
    """A Node worker hangs, and goes on or is killed."""

    async def apply(house: House, fault: Planned) -> bool:
        workers = house.workers()
        for worker in workers[fault.seed % 2 :][:1]:
            house.stop_process(worker)
            await asyncio.sleep(2.0 + fault.strength * LONGEST_WORKER_STOP_SECONDS)
            if kill and worker.is_running():
                worker.kill()
            house.resume_process(worker)
        return bool(workers)

    return apply


async def kill_postgres(house: House, fault: Planned) -> bool:
    """PostgreSQL dies and comes back."""
    await house.postgres.kill(fault.strength * MOST_AWAY_SECONDS)
    return True


async def stop_postgres(house: House, fault: Planned) -> bool:
    """PostgreSQL stands still: connections stay open and nothing answers."""
    house.postgres.stop()
    await asyncio.sleep(1.0 + fault.strength * LONGEST_HANG_SECONDS)
    house.postgres.resume()
    return True


async def hang_postgres(house: House, fault: Planned) -> bool:
    """The way to PostgreSQL stands still; sometimes it is cut in the end."""
    house.proxy.hang()
    await asyncio.sleep(1.0 + fault.strength * LONGEST_HANG_SECONDS)
    if fault.seed % 2:
        house.proxy.cut_all()
    house.proxy.go_on()
    return True


async def storm(house: House, fault: Planned) -> bool:
    """Every connection is terminated, again and again."""
    await house.postgres.storm(1.0 + fault.strength * LONGEST_STORM_SECONDS)
    return True


def cutting(statement: str, at: At, stage: Stage) -> Apply:
    """The line to PostgreSQL ends at one statement, before it is heard or before it is answered."""

    async def apply(house: House, fault: Planned) -> bool:
        return await _trapped(house, Trap(statement, at, stage, skip=fault.seed % 3))

    return apply


def killing_postgres(statement: str) -> Apply:
    """PostgreSQL dies at one statement."""

    async def apply(house: House, fault: Planned) -> bool:
        async def kill() -> None:
            await house.postgres.kill(fault.strength * MOST_AWAY_SECONDS)

        return await _trapped(house, _deadly(statement, fault, kill))

    return apply


def killing_system(statement: str) -> Apply:
    """The system dies at one statement."""

    async def apply(house: House, fault: Planned) -> bool:
        async def kill() -> None:
            await house.end(signal.SIGKILL, fault.strength * MOST_AWAY_SECONDS)

        return await _trapped(house, _deadly(statement, fault, kill))

    return apply


def _deadly(statement: str, fault: Planned, deed: Callable[[], Awaitable[None]]) -> Trap:
    at: At = "statement" if fault.seed % 2 else "commit"
    stage: Stage = "before" if fault.seed % 4 > 1 else "after"
    return Trap(statement, at, stage, and_then=deed)


async def _trapped(house: House, trap: Trap) -> bool:
    house.proxy.arm(trap)
    try:
        async with asyncio.timeout(DAWN_TRAP_SECONDS if trap.statement == PLAN else TRAP_SECONDS):
            await trap.fired.wait()
    except TimeoutError:
        if trap.springing.is_set():  # what follows takes its time
            await trap.fired.wait()
            return True
        return False
    finally:
        house.proxy.disarm(trap)
    return True


def telegram(order: Mapping[str, object]) -> Apply:
    """Telegram misbehaves for a while, and owners ask things meanwhile."""

    async def apply(house: House, fault: Planned) -> bool:
        control = house.rig.telegram.control
        count = 1 + int(fault.strength * MOST_TELEGRAM_CALLS)
        control.order({**order, "count": count})
        business = house.cast.businesses[fault.business]
        control.say(business.chat, "/hoje", business.name)
        await asyncio.sleep(1.0 + fault.strength * LONGEST_TELEGRAM_SECONDS)
        control.order({"kind": "clear"})
        return True

    return apply


KINDS: Mapping[str, Apply] = {
    "kill_system": ending(signal.SIGKILL),
    "term_system": ending(signal.SIGTERM),
    "stop_system": stop_system,
    "kill_worker": kill_worker,
    "stop_worker": stopping_worker(kill=False),
    "stop_and_kill_worker": stopping_worker(kill=True),
    "kill_postgres": kill_postgres,
    "stop_postgres": stop_postgres,
    "hang_postgres": hang_postgres,
    "storm": storm,
    "cut_begin_before": cutting(BEGIN, "statement", "before"),
    "cut_begin_after": cutting(BEGIN, "statement", "after"),
    "cut_begin_commit_before": cutting(BEGIN, "commit", "before"),
    "cut_begin_commit_after": cutting(BEGIN, "commit", "after"),
    "cut_settle_before": cutting(SETTLE, "statement", "before"),
    "cut_settle_after": cutting(SETTLE, "statement", "after"),
    "cut_settle_commit_before": cutting(SETTLE, "commit", "before"),
    "cut_settle_commit_after": cutting(SETTLE, "commit", "after"),
    "kill_postgres_at_begin": killing_postgres(BEGIN),
    "kill_postgres_at_settle": killing_postgres(SETTLE),
    "kill_system_at_begin": killing_system(BEGIN),
    "kill_system_at_settle": killing_system(SETTLE),
    "cut_plan_commit_before": cutting(PLAN, "commit", "before"),
    "cut_plan_commit_after": cutting(PLAN, "commit", "after"),
    "kill_system_at_plan": killing_system(PLAN),
    "telegram_429": telegram({"kind": "flood", "retry_after": 2}),
    "telegram_502": telegram({"kind": "error", "code": 502, "description": "Bad Gateway"}),
    "telegram_409": telegram(
        {
            "kind": "error", "code": 409, "method": "getUpdates",
            "description": "Conflict: terminated by other getUpdates request",
        }
    ),
    "telegram_hang": telegram({"kind": "slow", "seconds": 6.0}),
    "telegram_lost_answers": telegram({"kind": "lose_answer"}),
}  # fmt: skip
