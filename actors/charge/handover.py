"""Lets go of all that this process has in hand, in the order in which nothing is done twice."""

import asyncio
from collections.abc import Callable, Sequence

from actors.messages.charge import DropLines, LetGo
from actors.runtime import Directory, Ref
from errors import ActorError
from telemetry import logger

LOG = logger("leases")
IN_HAND_SECONDS = 3.0
"""For updates and jobs at work; the tenants have deadlines of their own."""


class Handover:
    """What ends with a charge. `ref` finds a child of the tree by its name."""

    def __init__(
        self, ref: Callable[[str], Ref], directory: Directory, sidecars: Sequence[str]
    ) -> None:
        self._ref = ref
        self._directory = directory
        self._sidecars = sidecars

    async def let_go(self) -> None:
        """Finish what is in hand, then stop the tenants: sends in flight end, lines close."""
        await asyncio.gather(self._ends("telegram"), self._ends("scheduler"))
        await self._directory.stop_all()

    async def drop_lines(self) -> None:
        """End the WhatsApp lines at once, without PostgreSQL."""
        for name in self._sidecars:
            try:
                await self._ref(name).tell(DropLines())
            except ActorError as error:
                LOG.warning("lines not dropped", actor=name, error=repr(error))

    async def _ends(self, name: str) -> None:
        try:
            await self._ref(name).ask(LetGo(), deadline=IN_HAND_SECONDS)
        except ActorError as error:
            LOG.warning("not all was finished", actor=name, error=repr(error))
