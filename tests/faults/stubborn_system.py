"""The whole system with one more part, whose task will not be cancelled (for test_stubborn)."""

import asyncio
import sys
from unittest.mock import patch

import supervisor
from actors.runtime import Actor
from actors.supervision import ChildSpec
from telemetry import logger
from wiring import Parts

STAYS = "here to stay"
WITHOUT = supervisor.tree


class StubbornActor(Actor):
    """Has a task that swallows every cancellation."""

    async def started(self) -> None:
        """Say so once everybody else has started."""
        self.context.spawn(self._stay(), name="stay")
        logger("stubborn").info(STAYS)

    async def _stay(self) -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue


def tree(parts: Parts) -> list[ChildSpec]:
    """The tree of the product, and one more at its end."""
    return [*WITHOUT(parts), ChildSpec("stubborn", StubbornActor)]


if __name__ == "__main__":
    with patch.object(supervisor, "tree", tree):
        sys.exit(supervisor.main())
