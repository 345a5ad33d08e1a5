"""`make soak`: days of business while everything goes wrong, drawn from a seed (E6, E8, F4, F11).

Its last line is JSON. Exit 0 only if nobody was lost, doubled or a stranger, no row was left in an
odd state, every reason is true and nothing went unhandled.
"""

import argparse
import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from errors import EmDiaError
from tests.soak import plan
from tests.soak.days import HOURS, Say, Story, live
from tests.soak.house import House, moved_in
from tests.soak.owners import sign_up
from tests.soak.people import invent
from tests.soak.recovery import Recovery

FAULTS = 200
FAULTS_A_DAY = 40
MOST_DAYS = 10
MESSAGES = 1500
BUSINESSES = 8
FEWEST_CLIENTS = 8
GAP_SECONDS = "1.2-2.4"
SHORTEST_HOUR_SECONDS = 6.0
EVENING_SECONDS = 20.0
MOST_TOLD = 20
TOTAL_SECONDS = 24 * 60.0  # signing up and ending take the rest of 25 minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything."""

    businesses: int
    days: int
    clients_a_day: int
    gap_seconds: str
    shortest_hour_seconds: float
    evening_seconds: float


def usual(faults: int, businesses: int) -> Size:
    """As many days as the faults need, and in proportion as many messages as 200 faults have."""
    days = min(MOST_DAYS, max(1, -(-faults // FAULTS_A_DAY)))
    messages = MESSAGES * faults / FAULTS
    return Size(
        businesses=businesses,
        days=days,
        clients_a_day=max(FEWEST_CLIENTS, int(messages / (businesses * days)) + 1),
        gap_seconds=GAP_SECONDS,
        shortest_hour_seconds=SHORTEST_HOUR_SECONDS,
        evening_seconds=EVENING_SECONDS,
    )


async def soak(
    size: Size, days: Sequence[Sequence[plan.Hour]], say: Say, keep: Path | None = None
) -> dict[str, object]:
    """Live the days; returns the figures."""
    cast = invent(size.businesses, size.days, size.clients_a_day)
    async with moved_in(cast, size.gap_seconds, keep) as house:
        await house.start()
        await sign_up(house)
        say(f"{len(cast.businesses)} negócios pareados, {len(cast.clients)} clientes.")
        story = Story(house, Recovery(house), say, size.shortest_hour_seconds, size.evening_seconds)
        async with _beside(house, story.recovery):
            try:
                async with asyncio.timeout(TOTAL_SECONDS):
                    await live(story, days)
            except Exception as error:  # noqa: BLE001 - the figures are told all the same
                house.unhandled.append(f"parou antes do fim: {error!r}")
    return _figures(story, house.unhandled)


@contextlib.asynccontextmanager
async def _beside(house: House, recovery: Recovery) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(house.keep_alive()), asyncio.create_task(recovery.look())]
    try:
        yield
    finally:
        await recovery.forget()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _figures(story: Story, unhandled: Sequence[str]) -> dict[str, object]:
    figures = story.figures
    for line in unhandled[:MOST_TOLD]:
        story.say(f"! {line}")
    if len(unhandled) > MOST_TOLD:
        story.say(f"! … e mais {len(unhandled) - MOST_TOLD}")
    if story.missed:
        story.say(
            f"Não aconteceram, e outra falha veio no lugar: {', '.join(sorted(story.missed))}"
        )
    story.say(f"A volta mais lenta foi depois de {story.recovery.worst_of or 'nada'}.")
    return {
        "faults": story.happened,
        "messages": figures.messages,
        "heard_once": figures.heard_once,
        "lost": figures.lost,
        "doubled": figures.doubled,
        "strangers": figures.strangers,
        "odd_rows": figures.odd_rows,
        "wrong_reasons": figures.wrong_reasons,
        "unhandled": len(unhandled),
        "worst_recovery_s": round(story.recovery.worst_seconds, 1),
    }


def is_clean(figures: dict[str, object]) -> bool:
    """Whether all that must be zero is."""
    zeros = ("lost", "doubled", "strangers", "odd_rows", "wrong_reasons", "unhandled")
    return not any(figures[name] for name in zeros)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _main(options: argparse.Namespace) -> int:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    size = usual(options.faults, options.businesses)
    days = plan.draw(options.seed, options.faults, size.days, len(HOURS), size.businesses)
    began = time.monotonic()
    _say(f"Semente {options.seed}: {options.faults} falhas em {size.days} dias.")
    figures = await soak(size, days, _say, options.keep)
    _say(f"{time.monotonic() - began:.0f} s")
    _say(orjson.dumps({"seed": options.seed, **figures}).decode())
    return 0 if is_clean(figures) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=int, default=FAULTS)
    parser.add_argument("--businesses", type=int, default=BUSINESSES)
    parser.add_argument("--keep", type=Path, help="a folder to leave everything in")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(_main(_options())))
    except (EmDiaError, TimeoutError) as error:
        sys.exit(f"O soak parou: {error!r}")
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit("O soak foi interrompido; nada ficou rodando.")
