"""How updates reach the bot: by long polling or by webhook, never both."""

import asyncio
from typing import Any

from playground.telegram_call import Call
from playground.telegram_entries import Json
from playground.telegram_faults import Faults
from playground.telegram_refusals import conflict
from playground.telegram_webhook import Delivery, Hook
from playground.telegram_world import UPDATES_KEPT_BY_DEFAULT, TelegramWorld

MOST_UPDATES = 100
MOST_WAIT_SECONDS = 50


class UpdateFeed:
    """Who gets the updates, and up to which one they have them."""

    def __init__(self, world: TelegramWorld, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._poller: object = None
        self._allowed = UPDATES_KEPT_BY_DEFAULT
        self._hook: Hook | None = None
        self._delivery: Delivery | None = None
        self._bringing: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Stop delivering."""
        if self._bringing is not None:
            self._bringing.cancel()
            await asyncio.wait([self._bringing])
            self._bringing = None

    async def hooked(self, seconds: float) -> bool:
        """Whether an address is set, or will be in time."""
        return await self._world.pulse.until(lambda: self._hook is not None, seconds)

    async def polled(self, seconds: float) -> bool:
        """Whether somebody polls, or begins to in time."""
        return await self._world.pulse.until(lambda: self._poller is not None, seconds)

    async def get_updates(self, call: Call) -> list[Json]:
        """Long polling: what is new from `offset` on, waiting up to `timeout` seconds."""
        if self._hook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        me = self._poller = object()
        # A newer poller takes over at once, as with Telegram: the older one is told so.
        self._world.pulse.beat()
        self._set_allowed(call)
        self._world.confirm_before(call.integer("offset", 0))
        wait = min(max(call.integer("timeout", 0), 0), MOST_WAIT_SECONDS)
        await self._world.pulse.until(lambda: bool(self._wanted()) or self._poller is not me, wait)
        if self._hook is not None:
            raise conflict("terminated by setWebhook request")
        if self._poller is not me:
            raise conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        most = min(max(call.integer("limit", MOST_UPDATES), 1), MOST_UPDATES)
        return self._handed_over(most)

    async def set_webhook(self, call: Call) -> bool:
        """Bring them there from now on; an empty address means no webhook."""
        if not call.text("url"):
            return await self.delete_webhook(call)
        hook = Hook.read(call)
        await self.close()
        self._set_allowed(call)
        self._drop_pending(call)
        # Whoever polls is sent away.
        self._hook, self._poller = hook, None
        self._delivery = Delivery(self._world, self._faults, hook, self._wanted)
        self._bringing = asyncio.create_task(self._delivery.run())
        self._world.pulse.beat()
        return True

    async def delete_webhook(self, call: Call) -> bool:
        """Back to long polling; what waits goes on waiting."""
        await self.close()
        self._hook = self._delivery = None
        self._drop_pending(call)
        self._world.pulse.beat()
        return True

    async def get_webhook_info(self, _call: Call) -> Json:
        """Where updates go, and how that goes."""
        info = self._hook.info() if self._hook else {"url": "", "has_custom_certificate": False}
        info["pending_update_count"] = len(self._world.updates)
        if self._allowed != UPDATES_KEPT_BY_DEFAULT:
            info["allowed_updates"] = sorted(self._allowed)
        if self._delivery is not None and self._delivery.last_error is not None:
            at, message = self._delivery.last_error
            info |= {"last_error_date": int(at.timestamp()), "last_error_message": message}
        return info

    def _set_allowed(self, call: Call) -> None:
        allowed = call.json("allowed_updates")
        if isinstance(allowed, list):  # anything else is passed over
            self._allowed = frozenset(allowed) or UPDATES_KEPT_BY_DEFAULT

    def _drop_pending(self, call: Call) -> None:
        if call.flag("drop_pending_updates"):
            self._world.updates.clear()

    def _wanted(self) -> list[Json]:
        return [update for update in self._world.pending() if self._is_wanted(update)]

    def _handed_over(self, most: int) -> list[Json]:
        updates = self._wanted()[:most]
        self._world.repeated()
        return updates

    def _is_wanted(self, update: Json) -> bool:
        kinds: set[Any] = update.keys() - {"update_id"}
        return not kinds or bool(kinds & self._allowed)
