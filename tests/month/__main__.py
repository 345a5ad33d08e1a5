"""`make month`: thirty days of one business under a clock that is moved, drawn from a seed.

Its last line is JSON. Exit 0 only if every message that a small model expects was heard once, at an
hour of its window, everybody else was told the true reason, and each morning's numbers add up.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import orjson

import telemetry
from domain import schedule
from domain.clients import NewClient
from errors import EmDiaError
from storage import clients, tenants
from storage.tenants import CompanyDetails
from tests.month import story
from tests.month.days import Day, Month
from tests.month.house import OWNER, moved_in
from tests.month.model import Shop
from tests.month.verdict import Figures, check_summary, judge

MOST_TOLD = 20


async def run(seed: int, days: int, home: Path, say: Callable[[str], None]) -> Figures:
    """Live so many days; returns the figures."""
    figures = Figures()
    first = schedule.instant(story.FIRST, story.DAWN, schedule.DEFAULT_ZONE)
    async with moved_in(home, first) as house:
        month = Month(house, Shop(story.invent()), {}, seed)
        await register(month)
        for number in range(days):
            day = Day(month, story.FIRST + timedelta(days=number))
            before = len(figures.notes)
            told = await day.live(partial(check_summary, figures=figures))
            await judge(month, told, figures)
            say(f"{day.day:%d/%m}: {len(told.expected)} esperadas, {figures.heard_once} ouvidas")
            for note in figures.notes[before:][:MOST_TOLD]:
                say(f"  ! {note}")
    return figures


async def register(month: Month) -> None:
    """The clients, their phones, and where they pay."""
    people = month.shop.people
    new = [
        NewClient(name=one.name, phone=one.phone, plan="30 dias", price=one.price, due_on=one.due)
        for one in people
    ]
    async with month.house.database.tenant(OWNER) as tx:
        made = await clients.add_many(tx, new, month.house.clock.now())
        await tenants.set_company(
            tx, CompanyDetails(company="TV", pix_key="rita@tv.example", pix_beneficiary="Rita")
        )
        # A month is longer than the trial.
        await tx.execute(
            "UPDATE tenants SET paid_until = trial_ends_at + interval '90 days' "
            "WHERE tenant_id = $1",
            OWNER,
        )
    month.ids.update(zip((one.number for one in people), made, strict=True))
    await month.house.phones.add_phones([one.phone[1:] for one in people if one.reachable])


@contextmanager
def lodging() -> Iterator[Path]:
    """A folder for everything, as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="emdia-mes-") as name:
        home = Path(name)
        home.chmod(0o755)  # started by root, PostgreSQL runs as another user
        yield home


def is_clean(figures: Figures) -> bool:
    """Whether all that must be zero is."""
    return not (figures.lost or figures.doubled or figures.wrong_reason or figures.wrong_summary)


def last_line(figures: Figures, seconds: float) -> str:
    """The figures as JSON."""
    names = ("days", "expected", "heard_once", "lost", "doubled", "wrong_reason", "wrong_summary")
    found = {name: getattr(figures, name) for name in names}
    return orjson.dumps({**found, "seconds": round(seconds, 1)}).decode()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run a month; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make month", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=story.DAYS)
    options = parser.parse_args()
    telemetry.configure("error")
    began = time.monotonic()
    with lodging() as home:
        figures = asyncio.run(run(options.seed, options.days, home, _say))
    seconds = time.monotonic() - began
    _say(f"{figures.days} dias em {seconds:.0f} s")
    _say(last_line(figures, seconds))
    return 0 if is_clean(figures) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EmDiaError as error:
        sys.exit(f"O mês parou: {error}")
