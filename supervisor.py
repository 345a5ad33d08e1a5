"""The whole system as one supervision tree; `python supervisor.py` starts it and stays up.

Children start in the order of `tree` and stop in reverse: what takes work in ends first, then who
finishes it, then the sockets, the leases, the database. What must last is in PostgreSQL, so any
part may fall and be started again alone. `--tree` prints the tree and starts nothing.
"""

import asyncio
import gc
import random
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import settings as environment
import telemetry
from actors.runtime import Actor, Budget, ChildSpec, Restart, Supervisor, System, Watchdog
from errors import EmDiaError, SettingsError
from settings import Settings
from wiring import Parts

LOG = telemetry.logger("supervisor")
SHUTDOWN_SECONDS = 25.0  # in all, from the signal to the end of the process
DATABASE_SECONDS = 3.0  # of these, for the pools and the server
TREE_SECONDS = SHUTDOWN_SECONDS - DATABASE_SECONDS
WARM_UP_SECONDS = 60.0
SETTINGS_EXIT = 2
CRASH_EXIT = 1
USAGE = "Uso: supervisor.py [--tree]\n  --tree  mostra a árvore de supervisão e sai\n"
HEADINGS = f"{'emdia':34}{'reinício':12}{'orçamento':12}{'para':>7}"

FIVE_A_MINUTE = Budget(restarts=5, seconds=60.0)

# What comes and goes with the tenants; the directory and the tenant fill in who it is.
WHATSAPP = ChildSpec("whatsapp <id>", Actor, Restart.PERMANENT, 8.0, FIVE_A_MINUTE)
TENANT = ChildSpec(
    "tenant <id>", Actor, Restart.TRANSIENT, 8.5, FIVE_A_MINUTE,
    start_seconds=30.0, below=(WHATSAPP,),
)  # fmt: skip


def tree(parts: Parts) -> list[ChildSpec]:
    """The children of the root; the process ends, with a code, over whose budget is spent."""

    def child(name: str, make: Callable[[], Actor], stops: float, **more: Any) -> ChildSpec:
        return ChildSpec(name, make, Restart.PERMANENT, stops, FIVE_A_MINUTE, **more)

    workers = range(parts.settings.sidecar_workers)
    return [
        *([child("clouds", parts.stand_ins, stops=2.0)] if parts.settings.playground else []),
        child("database", parts.database, stops=1.0, significant=True),
        child("leases", parts.leases, stops=1.0),
        *(child(f"sidecar {number}", parts.sidecar, stops=4.0) for number in workers),
        child("quarantine", parts.quarantine, stops=1.0),
        child("tenants", parts.directory.supervisor, stops=9.0, below=(TENANT,)),
        child("telegram", parts.telegram, stops=3.0),
        child("scheduler", parts.scheduler, stops=1.0),
        child("web", parts.web, stops=2.0),
    ]


async def run(
    settings: Settings, watchdog: Watchdog, tree: Callable[[Parts], list[ChildSpec]] = tree
) -> None:
    """Run the tree until SIGTERM or SIGINT; raises what it failed of."""
    parts = Parts(settings, TENANT, WHATSAPP)
    system = parts.system = System(
        clock=parts.clock, random=random.SystemRandom(), on_event=parts.observe
    )
    watchdog.start()
    loop = asyncio.get_running_loop()
    asked_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_stop.set)
    root = ChildSpec("emdia", lambda: Supervisor(tree(parts)))
    running = asyncio.create_task(system.run(root, total_seconds=TREE_SECONDS))
    stopping = asyncio.create_task(asked_to_stop.wait())
    warm = loop.call_later(WARM_UP_SECONDS, freeze)
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        # Whatever hangs from here on (a thread, a task deaf to its cancellation) is left behind.
        watchdog.end_within(SHUTDOWN_SECONDS)
        warm.cancel()
        left = await system.stop(total_seconds=TREE_SECONDS)
        await parts.holder.close(DATABASE_SECONDS)
        if left:  # the loop would wait for them without end
            LOG.error("tasks left behind", tasks=left)
            watchdog.end_within(0.0)


def freeze() -> None:
    """Take what is there after warming up out of the collector's sight: it stays anyway."""
    gc.collect()
    gc.freeze()


def described(specs: Sequence[ChildSpec], indent: str = "") -> Iterator[str]:
    """One line for each spec: restart kind, budget, deadline."""
    for spec in specs:
        last = spec is specs[-1]
        name = f"{indent}{'└── ' if last else '├── '}{spec.id}"
        budget = f"{spec.budget.restarts} em {spec.budget.seconds:.0f} s"
        fatal = "  encerra tudo ao esgotar" if not indent else ""
        yield f"{name:34}{spec.restart.value:12}{budget:12}{spec.shutdown_seconds:5.1f} s{fatal}"
        yield from described(spec.below, indent + ("    " if last else "│   "))


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the system, or print its tree; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments not in ([], ["--tree"]):
        sys.stderr.write(USAGE)
        return SETTINGS_EXIT
    try:
        settings = environment.load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return SETTINGS_EXIT
    if arguments:
        lines = described(tree(Parts(settings, TENANT, WHATSAPP)))
        sys.stdout.write("\n".join([HEADINGS, *lines, ""]))
        return 0
    telemetry.configure(settings.log_level)
    watchdog = Watchdog(on_lag=telemetry.LOOP_LAG_SECONDS.observe)
    try:
        asyncio.run(run(settings, watchdog))
    except EmDiaError:
        LOG.exception("the system ended")
        return CRASH_EXIT
    finally:
        watchdog.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
