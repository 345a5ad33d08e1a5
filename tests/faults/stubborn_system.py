"""The whole system with one more part, whose task will not be cancelled (for test_stubborn)."""

import asyncio

import settings
import supervisor
import telemetry
from actors.runtime import Actor, ChildSpec, Watchdog
from wiring import Parts

STAYS = "here to stay"


class StubbornActor(Actor):
    """Has a task that swallows every cancellation."""

    async def started(self) -> None:
        """Say so once everybody else has started."""
        self.context.spawn(self._stay(), name="stay")
        telemetry.logger("stubborn").info(STAYS)

    async def _stay(self) -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue


def tree(parts: Parts) -> list[ChildSpec]:
    """The tree of the product, and one more at its end."""
    return [*supervisor.tree(parts), ChildSpec("stubborn", StubbornActor)]


if __name__ == "__main__":
    telemetry.configure()
    asyncio.run(supervisor.run(settings.load(), Watchdog(), tree))
