"""The whole system as one supervision tree; `python supervisor.py` starts it and stays up.

Children start in the order of `tree` and stop in reverse: what takes work in ends first, then who
finishes it, then the sockets, the leases, the database. What must last is in PostgreSQL, so any
part may fall and be started again alone. `--tree` prints the tree and starts nothing.
"""

import asyncio
import gc
import logging
import os
import random
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import settings as environment
import telemetry
from actors.runtime import Actor, Budget, ChildSpec, Restart, Supervisor, System, Watchdog
from errors import EmDiaError, MigrationRefused, SettingsError
from settings import LogTo, Settings
from storage import home
from web.address import probe
from wiring import Parts

LOG = telemetry.logger("supervisor")
SHUTDOWN_SECONDS = 25.0  # in all, from the signal to the end of the process
DATABASE_SECONDS = 3.0  # of these, for the pools and the server
TREE_SECONDS = SHUTDOWN_SECONDS - DATABASE_SECONDS
WARM_UP_SECONDS = 60.0
SETTINGS_EXIT = 2
CRASH_EXIT = 1
INTERRUPTED_EXIT = 130
# Who listens everywhere is also found here; nothing can be opened under these names.
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not where to listen
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
PARENT_SECONDS = 0.5  # between two looks at whether it is still there
TREE, WITH_PARENT = "--tree", "--with-parent"
USAGE = (
    "Uso: supervisor.py [--tree | --with-parent]\n"
    "  --tree         mostra a árvore de supervisão e sai\n"
    "  --with-parent  termina também quando quem ligou o processo termina\n"
)
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
        child("quarantine", parts.quarantine, stops=0.25),
        child("tenants", parts.directory.supervisor, stops=9.0, below=(TENANT,)),
        child("payments", parts.payments, stops=0.25),
        child("telegram", parts.telegram, stops=3.0),
        child("admin", parts.admin, stops=1.25),
        child("scheduler", parts.scheduler, stops=0.75),
        child("web", parts.web, stops=1.5),
    ]


async def run(
    settings: Settings,
    watchdog: Watchdog,
    tree: Callable[[Parts], list[ChildSpec]] = tree,
    *,
    with_parent: bool = False,
) -> None:
    """Run the tree until a signal asks it to stop; raises what it failed of.

    `with_parent`: also stop when whoever started this process is gone.
    """
    parts = Parts(settings, TENANT, WHATSAPP)
    system = parts.system = System(
        clock=parts.clock, random=random.SystemRandom(), on_event=parts.observe
    )
    telemetry.identify(commit=settings.revision, replica=str(parts.replica))
    watchdog.start()
    asked_to_stop = asyncio.Event()
    listen(asked_to_stop)
    root = ChildSpec("emdia", lambda: Supervisor(tree(parts)))
    running = asyncio.create_task(system.run(root, total_seconds=TREE_SECONDS))
    ends: list[asyncio.Task[Any]] = [
        asyncio.create_task(end.wait()) for end in (asked_to_stop, parts.refused)
    ]
    if with_parent:
        ends.append(asyncio.create_task(until_orphaned()))
    warm = asyncio.get_running_loop().call_later(WARM_UP_SECONDS, freeze)
    try:
        await asyncio.wait({running, *ends}, return_when=asyncio.FIRST_COMPLETED)
        failed = running.done()
    finally:
        # Whatever hangs from here on (a thread, a task deaf to its cancellation) is left behind.
        watchdog.end_within(SHUTDOWN_SECONDS)
        warm.cancel()
        left = await system.stop(total_seconds=TREE_SECONDS)
        await parts.holder.close(DATABASE_SECONDS)
        if left:  # the loop would wait for them without end
            LOG.error("tasks left behind", tasks=left)
            watchdog.end_within(0.0)
    for end in ends:
        end.cancel()
    # A start that our own stop interrupted fails too, and that is no news.
    (outcome,) = await asyncio.gather(running, return_exceptions=True)
    if parts.refusal is not None:
        raise parts.refusal
    if failed and outcome is not None:
        raise outcome


def listen(asked_to_stop: asyncio.Event) -> None:
    """Let every signal that means "end" mean an orderly one, however often it comes."""
    loop = asyncio.get_running_loop()

    def ask(number: signal.Signals) -> None:
        LOG.info("asked to stop", signal=number.name, again=asked_to_stop.is_set())
        asked_to_stop.set()

    for number in STOP_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup: a closed terminal is no end
            loop.add_signal_handler(number, ask, number)


async def until_orphaned() -> None:
    """Return once the process that started this one is gone: no signal tells of a kill -9."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(PARENT_SECONDS)
    LOG.info("whoever started us is gone")


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
    if arguments not in ([], [TREE], [WITH_PARENT]):
        sys.stderr.write(USAGE)
        return SETTINGS_EXIT
    try:
        settings = environment.load()
        if arguments == [TREE]:
            lines = described(tree(Parts(settings, TENANT, WHATSAPP)))
            sys.stdout.write("\n".join([HEADINGS, *lines, ""]))
            return 0
        if keeps_here(settings):
            home.prepare(settings.home)
        probe(settings.host, settings.port)
        telemetry.configure(settings.log_level, log_file(settings), settings.secrets)
        logging.captureWarnings(capture=True)
        announce(settings)
        return serve(settings, with_parent=arguments == [WITH_PARENT])
    except SettingsError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return SETTINGS_EXIT
    except KeyboardInterrupt:  # before the loop listens, or after
        return INTERRUPTED_EXIT


def serve(settings: Settings, *, with_parent: bool) -> int:
    """Run the system to its end; returns the exit code."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(ValueError, OSError):  # some systems name a limit that they do not grant
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    watchdog = Watchdog(on_lag=telemetry.LOOP_LAG_SECONDS.observe)
    try:
        asyncio.run(run(settings, watchdog, with_parent=with_parent))
    except SettingsError as error:
        LOG.error("refused", reason=error.sentence)  # noqa: TRY400 - a setting has no traceback
        raise
    except Exception as error:
        LOG.exception("the system ended")
        sys.stderr.write(f"O EmDia parou. {reason_of(error)}\n")
        return SETTINGS_EXIT if isinstance(error, MigrationRefused) else CRASH_EXIT
    finally:
        watchdog.stop()
    return 0


def reason_of(error: BaseException) -> str:
    """The most telling sentence among what led to `error`; the details are in the log."""
    found = "Os detalhes estão no log."
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, EmDiaError) and cause.sentence != EmDiaError.sentence:
            found = cause.sentence
        cause = cause.__cause__
    return found


def keeps_here(settings: Settings) -> bool:
    """Whether this machine has to keep anything: a container's disk may be read-only."""
    return settings.playground or settings.log_to is LogTo.FILE


def log_file(settings: Settings) -> Path | None:
    """Where the log is kept; None is stderr."""
    return settings.home / home.LOG if settings.log_to is LogTo.FILE else None


def announce(settings: Settings) -> None:
    """Tell the person at the terminal, if there is one, what to open, how to stop, and the log."""
    if settings.log_to is LogTo.FILE:
        sys.stderr.write(
            f"EmDia ligando: abra {page(settings)} para ver o estado de tudo; para parar, Ctrl+C; "
            f"o log fica em {log_file(settings)}.\n"
        )


def page(settings: Settings) -> str:
    """What a person opens in the browser of this machine."""
    host = ANYWHERE.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/status"


if __name__ == "__main__":
    sys.exit(main())
