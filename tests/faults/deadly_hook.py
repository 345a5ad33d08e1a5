"""The whole system, which dies at one chosen moment of an update that Telegram brings.

`KEPT`: it is kept, and Telegram does not know yet. `ANSWERED`: Telegram knows, and nobody has begun
to handle it.
"""

import asyncio
import os
import signal
from collections.abc import Mapping
from typing import Any

import supervisor
import wiring
from storage.telegram_inbox import StoredInbox

KEPT, ANSWERED, NEVER = "kept", "answered", "never"
ANSWER_SECONDS = 0.3  # for an answer to leave, once an update is kept


class DeadlyInbox(StoredInbox):
    """The real inbox, which is the end of the process."""

    moment = NEVER

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._kept = asyncio.Event()

    async def store_update(self, update_id: int, chat_id: int, payload: Mapping[str, Any]) -> bool:
        """Keep it."""
        new = await super().store_update(update_id, chat_id, payload)
        if self.moment == KEPT:
            die()
        self._kept.set()
        return new

    async def begin(self, update_id: int, chat_id: int) -> Mapping[str, Any] | None:
        """Begin with it, unless that is the moment."""
        if self.moment == ANSWERED:
            await self._kept.wait()
            await asyncio.sleep(ANSWER_SECONDS)
            die()
        return await super().begin(update_id, chat_id)


def die() -> None:
    """Die as a process dies that the kernel kills: no last words."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(moment: str) -> int:
    """Run until killed."""
    DeadlyInbox.moment = moment
    vars(wiring)["StoredInbox"] = DeadlyInbox  # the one part that is different
    return supervisor.main([])
