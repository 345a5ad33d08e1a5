"""A long piece of work says how far it is by one message that changes every two seconds at most."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.telegram.answered import Sheet
from bot.telegram.progress import Progress
from bot.ui.view import Spot, View
from tests.virtual_time import VirtualClock, run_virtual

Drawn = list[tuple[float, str]]
"""When each view was lined up, in seconds, and what it says."""


class Line:
    """Takes what is lined up at once."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.drawn: Drawn = []
        self.sheets = set[Sheet]()
        self.progress = Progress(
            self._draw,
            Spot(7),
            clock=self.clock,
            spawn=lambda work, name: asyncio.create_task(work, name=name),
        )

    async def _draw(self, view: View, sheet: Sheet) -> asyncio.Future[None]:
        self.drawn.append((round(self.clock.monotonic(), 3), view.text))
        self.sheets.add(sheet)
        taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        taken.set_result(None)
        return taken

    async def count(self, upto: int) -> None:
        """Say how far it is, every 0.3 seconds."""
        for number in range(upto):
            await self.progress.show(View(str(number)))
            await self.clock.sleep(0.3)


def drawn_by(work: Callable[[Line], Awaitable[object]]) -> Drawn:
    """What is lined up in the course of some work."""

    async def main() -> Drawn:
        line = Line()
        await work(line)
        assert len(line.sheets) <= 1
        return line.drawn

    return run_virtual(main)


def test_what_changes_often_is_drawn_every_two_seconds_and_the_result_at_once() -> None:
    async def work(line: Line) -> None:
        await line.count(10)
        await line.progress.end(View("pronto"))

    assert [(0.0, "0"), (2.0, "6"), (3.0, "pronto")] == drawn_by(work)


def test_what_was_said_last_is_drawn_where_no_result_comes() -> None:
    async def work(line: Line) -> None:
        await line.count(3)
        await line.progress.end(None)

    assert [(0.0, "0"), (0.9, "2")] == drawn_by(work)


def test_what_was_said_last_is_drawn_while_the_work_goes_on() -> None:
    async def work(line: Line) -> None:
        await line.count(2)
        await line.clock.sleep(60.0)
        await line.progress.end(View("pronto"))

    assert [(0.0, "0"), (2.0, "1"), (60.6, "pronto")] == drawn_by(work)


def test_nothing_said_is_nothing_taken() -> None:
    async def work(line: Line) -> None:
        assert await line.progress.end(None) is None

    assert [] == drawn_by(work)
