"""`make bench-actors`: the actor runtime next to its peers and to the least asyncio could do.

Contenders take turns within each round, in an order that rotates; a ratio is the median of the
rounds' ratios, so that a slow moment of the machine hurts both sides of it.
"""

import asyncio
import gc
import json
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from time import perf_counter

from actors.runtime import (
    Actor,
    Budget,
    ChildSpec,
    Directory,
    Event,
    Ref,
    Request,
    Supervisor,
    System,
    log_event,
    on,
)
from bench.actor_peers import BareQueue, Contender, EmDia, Pykka, Xoscar
from bench.adder import Add, Adder
from errors import ActorError
from telemetry import configure
from tests.virtual_time import seeded

ROUNDS = 15
TELLS = 20_000
ASKS = 4_000
SLOW_ASKS = 400  # of a peer that takes ten times as long
CRASHED_ACTORS = 60
WELL_ACTORS = 400
NEIGHBOURS = 999
FAILING = 0  # the tenant that fails; the neighbours are 1 … 999
ASKERS = 50
NEIGHBOUR_ASKS = 20_000
NEIGHBOUR_ROUNDS = 9
MEMORY_RUNS = 3
DEADLINE_SECONDS = 30.0
MICROSECONDS = 1e6
MILLISECONDS = 1e3

Measures = dict[str, float]


class NoBackoff(random.Random):
    """Makes every restart follow at once."""

    def uniform(self, _least: float, _most: float) -> float:
        """Never wait."""
        return 0.0


class Crash(Request[int]):
    """Die."""


class Fragile(Adder):
    """Dies when told to, and notes how long it was gone."""

    died_at = 0.0
    gaps: list[float]

    async def started(self) -> None:
        """Note when it is back."""
        if Fragile.died_at:
            Fragile.gaps.append(perf_counter() - Fragile.died_at)

    @on(Crash)
    async def crash(self, _message: Crash) -> int:
        """Die."""
        Fragile.died_at = perf_counter()
        raise ZeroDivisionError


@contextmanager
def contenders(runner: asyncio.Runner) -> Iterator[list[Contender]]:
    """All of them, EmDia first, ready to be told and asked."""
    actor = Adder()

    async def start() -> tuple[System, Ref]:
        system = System()
        return system, await system.start(ChildSpec("adder", lambda: actor))

    system, ref = runner.run(start())
    pykka, xoscar = Pykka(), Xoscar.start(runner)
    try:
        yield [EmDia(runner, ref, actor), BareQueue(runner), pykka, xoscar]
    finally:
        xoscar.close()
        pykka.close()
        runner.run(system.stop())


def race(sides: Sequence[Callable[[int], float]], times: Sequence[int]) -> list[list[float]]:
    """Seconds per message of each side in each round."""
    found: list[list[float]] = [[] for _ in sides]
    for round_number in range(ROUNDS + 1):
        for turn in range(len(sides)):
            side = (turn + round_number) % len(sides)
            gc.collect()
            took = sides[side](times[side]) / times[side]
            if round_number:  # the first round warms up
                found[side].append(took)
    return found


def against(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """How many times as fast we are, as the median of the rounds."""
    return statistics.median(them / us for us, them in zip(ours, theirs, strict=True))


def measure_messages() -> Measures:
    """Tell and ask."""
    with asyncio.Runner() as runner, contenders(runner) as found:
        emdia, bare, pykka, xoscar = found
        tells = race([emdia.tell, bare.tell, pykka.tell], [TELLS] * 3)
        asks = race([emdia.ask, bare.ask, pykka.ask, xoscar.ask], [ASKS, ASKS, ASKS, SLOW_ASKS])
    measures = {
        f"{what}_us_{name}": statistics.median(took) * MICROSECONDS
        for what, all_took in (("tell", tells), ("ask", asks))
        for name, took in zip(("emdia", "queue", "pykka", "xoscar"), all_took, strict=False)
    }
    return measures | {
        "tell_vs_queue": against(tells[0], tells[1]),
        "tell_vs_pykka": against(tells[0], tells[2]),
        "ask_vs_queue": against(asks[0], asks[1]),
        "ask_vs_pykka": against(asks[0], asks[2]),
        "ask_vs_xoscar": against(asks[0], asks[3]),
    }


async def measure_restarts() -> Measures:
    """From the crash to the end of the next start, with every backoff drawn as zero."""
    Fragile.gaps, budget = [], Budget()
    specs = [ChildSpec(f"fragile {n}", Fragile, budget=budget) for n in range(CRASHED_ACTORS)]
    # Enough others are well, or so many crashes would be taken for a failure of something shared.
    well = [ChildSpec(f"well {n}", Adder) for n in range(WELL_ACTORS)]
    home = ChildSpec("home", lambda: Supervisor([*well, *specs]))
    async with System(random=NoBackoff(), on_event=log_event) as system:
        await system.start(ChildSpec("root", lambda: Supervisor([home])))
        for spec in specs:
            for _ in range(budget.restarts):
                Fragile.died_at = 0.0
                try:
                    await system.ref(spec.id).ask(Crash(), deadline=DEADLINE_SECONDS)
                except ActorError:
                    await system.ref(spec.id).ask(Add(1), deadline=DEADLINE_SECONDS)
    gaps = sorted(gap * MILLISECONDS for gap in Fragile.gaps)
    assert len(gaps) == CRASHED_ACTORS * budget.restarts  # noqa: S101 -- every crash was mended
    return {
        "restart_ms_median": statistics.median(gaps),
        "restart_ms_p99": gaps[int(len(gaps) * 0.99)],
    }


def make(tenant_id: int) -> Actor:
    """A neighbour, or the one who fails."""
    return Fragile() if tenant_id == FAILING else Adder()


async def p99_of_neighbours(tenants: Directory, rng: random.Random) -> float:
    """The 99th percentile of an ask, with so many askers at once, in seconds."""
    took: list[float] = []

    async def ask_on_and_on() -> None:
        while len(took) < NEIGHBOUR_ASKS:
            tenant_id = rng.randint(1, NEIGHBOURS)
            began = perf_counter()
            await tenants.ask(tenant_id, Add(1), deadline=DEADLINE_SECONDS)
            took.append(perf_counter() - began)

    await asyncio.gather(*(ask_on_and_on() for _ in range(ASKERS)))
    return sorted(took)[int(len(took) * 0.99)]


async def fail_without_end(tenants: Directory) -> None:
    """Send the failing tenant to its death whenever it lives."""
    while True:
        try:
            await tenants.ask(FAILING, Crash(), deadline=DEADLINE_SECONDS)
        except ActorError:
            await asyncio.sleep(0)


async def nothing() -> None:
    """Leave the failing tenant alone."""


async def measure_neighbours(budget: Budget, rng: random.Random) -> tuple[float, int]:
    """How many times as slow the neighbours are while one fails; and how often it failed."""
    crashes = 0

    def count(event: Event) -> None:
        nonlocal crashes
        crashes += event.actor_id == f"tenant {FAILING}"
        log_event(event)

    ratios = []
    for number in range(NEIGHBOUR_ROUNDS):
        tenants = Directory(make, tenant=ChildSpec("tenant", Actor, budget=budget))
        Fragile.gaps = []
        async with System(random=rng, on_event=count) as system:
            await system.start(ChildSpec("root", partial(Supervisor, [tenants.spec()])))
            await p99_of_neighbours(tenants, seeded(number))  # wakes them, and warms up
            found = {}
            for fails in (False, True) if number % 2 else (True, False):
                failing = asyncio.create_task(fail_without_end(tenants) if fails else nothing())
                found[fails] = await p99_of_neighbours(tenants, seeded(number))
                failing.cancel()
                await asyncio.wait({failing})
            ratios.append(found[True] / found[False])
    return statistics.median(ratios), crashes


def measure_memory() -> Measures:
    """Each run in a process of its own; medians."""
    runs = [
        json.loads(
            subprocess.run(
                [sys.executable, "-m", "bench.actor_memory"], check=True, capture_output=True
            ).stdout
        )
        for _ in range(MEMORY_RUNS)
    ]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def measure() -> Measures:
    """Everything, in one run."""
    measures = measure_messages()
    measures |= asyncio.run(measure_restarts())
    supervised = asyncio.run(measure_neighbours(Budget(), seeded(7)))
    endless = asyncio.run(measure_neighbours(Budget(restarts=10**9), NoBackoff()))
    measures["neighbours_p99_ratio"], measures["failing_crashes"] = supervised
    measures["neighbours_p99_ratio_unbounded"], measures["failing_crashes_unbounded"] = endless
    return measures | measure_memory()


ROWS = (
    ("tell_vs_queue", "tell, vezes a velocidade de uma asyncio.Queue(1000)", "≥ 0,6"),
    ("tell_vs_pykka", "tell, vezes a velocidade do pykka", "≥ 2"),
    ("ask_vs_queue", "ask com prazo, vezes a de Queue + Future + timeout", "≥ 0,8"),
    ("ask_vs_pykka", "ask com prazo, vezes a do pykka", "≥ 1,2"),
    ("ask_vs_xoscar", "ask com prazo, vezes a do xoscar", "≥ 3"),
    ("passive_bytes", "negócio passivo, bytes", "≤ 1200"),
    ("register_100000_seconds", "registrar 100.000 negócios, s", "≤ 1"),
    ("active_bytes", "negócio ativo e parado, bytes", "≤ 7000"),
    ("wake_and_rest_us", "acordar, responder e descansar, 100.000 em dez levas, µs cada", ""),
    ("growth_after_waves_bytes", "o que sobra das levas na memória, bytes por negócio", ""),
    ("gc_pause_frozen_ms", "coleta completa com 10.000 ativos, depois de gc.freeze(), ms", "≤ 20"),
    ("gc_pause_frozen_worked_ms", "o mesmo, depois de cada um trabalhar mais uma vez, ms", ""),
    ("gc_pause_ms", "a mesma coleta sem gc.freeze(), ms", ""),
    ("restart_ms_median", "da queda à volta, fora a espera, ms (mediana)", "≤ 5"),
    ("restart_ms_p99", "da queda à volta, fora a espera, ms (p99)", ""),
    ("neighbours_p99_ratio", "p99 de 999 vizinhos enquanto um falha sem parar, vezes", "≤ 1,2"),
    ("neighbours_p99_ratio_unbounded", "o mesmo, sem limite nem espera entre reinícios", ""),
    ("stop_seconds", "parar 100.000 negócios, 10.000 deles ativos, s", ""),
)


def report(measures: Measures) -> None:
    """A table for people, then one JSON object for everybody else."""
    for what in ("tell", "ask"):
        for name in ("emdia", "queue", "pykka", "xoscar"):
            if (key := f"{what}_us_{name}") in measures:
                print(f"{what:5} {name:8} {measures[key]:9.2f} µs por mensagem")
    for key, label, bar in ROWS:
        print(f"{label:62} {measures[key]:11.3f}  {bar}")
    print(json.dumps({name: round(value, 4) for name, value in measures.items()}))


if __name__ == "__main__":
    configure("error")  # the events of crashes are made up, and not written
    report(measure())
