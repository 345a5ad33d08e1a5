"""The whole system, and an update that Telegram brings comes only so far in it.

`KEPT`: it is kept, and before Telegram knows the process dies. `ANSWERED`: Telegram knows, and
nobody begins to handle it.
"""

import asyncio
import os
import signal
from collections.abc import Mapping
from typing import Any

import supervisor
import wiring
from storage.telegram_inbox import StoredInbox

KEPT, ANSWERED, HANDLED = "kept", "answered", "handled"


class DeadlyInbox(StoredInbox):
    """The real inbox, and an end before its end."""

    furthest = HANDLED

    async def store_update(self, update_id: int, chat_id: int, payload: Mapping[str, Any]) -> bool:
        """Keep it, and perhaps die as a process dies that the kernel kills: no last words."""
        new = await super().store_update(update_id, chat_id, payload)
        if self.furthest == KEPT:
            os.kill(os.getpid(), signal.SIGKILL)
        return new

    async def begin(self, *given: Any, **named: Any) -> Any:
        """Begin with it, or never."""
        if self.furthest == ANSWERED:
            await asyncio.Event().wait()
        return await super().begin(*given, **named)


def main(furthest: str) -> int:
    """Run until killed."""
    DeadlyInbox.furthest = furthest
    vars(wiring)["StoredInbox"] = DeadlyInbox  # the one part that is different
    return supervisor.main([])
