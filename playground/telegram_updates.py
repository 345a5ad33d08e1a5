"""How updates reach the bot: by long polling or by webhook, never both."""

import asyncio
import contextlib
import re
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from playground.telegram_call import Call
from playground.telegram_refusals import bad_request, conflict
from playground.telegram_world import UPDATES_KEPT_BY_DEFAULT, Json, TelegramWorld

MOST_UPDATES = 100
MOST_WAIT_SECONDS = 50
WEBHOOK_RETRY_SECONDS = 0.5
WEBHOOK_TIMEOUT = ClientTimeout(total=30)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


class UpdateFeed:
    """Who gets the updates, and up to which one they have them."""

    def __init__(self, world: TelegramWorld) -> None:
        self._world = world
        self._poller: object = None
        self._allowed = UPDATES_KEPT_BY_DEFAULT
        self._webhook: dict[str, str] | None = None
        self._delivery: asyncio.Task[None] | None = None
        self._last_error = ""

    async def close(self) -> None:
        """Stop delivering."""
        if self._delivery is not None:
            self._delivery.cancel()
            await asyncio.wait([self._delivery])
            self._delivery = None

    async def polled(self, seconds: float) -> bool:
        """Whether somebody polls, or begins to in time."""
        return await self._world.pulse.until(lambda: self._poller is not None, seconds)

    async def get_updates(self, call: Call) -> list[Json]:
        """Long polling: what is new from `offset` on, waiting up to `timeout` seconds."""
        if self._webhook is not None:
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
        if self._poller is not me:
            raise conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        most = min(max(call.integer("limit", MOST_UPDATES), 1), MOST_UPDATES)
        return self._handed_over(most)

    async def set_webhook(self, call: Call) -> bool:
        """Deliver by POST from now on; an empty address means no webhook."""
        if not call.text("url"):
            return await self.delete_webhook(call)
        if not re.match(r"https?://[^\s/]+", call.text("url")):
            raise bad_request("bad webhook: invalid URL specified")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", call.text("secret_token")):
            raise bad_request("secret token contains unallowed characters")
        await self.close()
        self._set_allowed(call)
        self._drop_pending(call)
        self._webhook = {"url": call.text("url"), "secret": call.text("secret_token")}
        self._delivery = asyncio.create_task(self._deliver(self._webhook))
        return True

    async def delete_webhook(self, call: Call) -> bool:
        """Back to long polling."""
        await self.close()
        self._webhook = None
        self._drop_pending(call)
        return True

    async def get_webhook_info(self, _call: Call) -> Json:
        """Where updates go."""
        info: Json = {
            "url": self._webhook["url"] if self._webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.updates),
        }
        return {**info, "last_error_message": self._last_error} if self._last_error else info

    def _set_allowed(self, call: Call) -> None:
        allowed = call.json("allowed_updates")
        if allowed is not None:
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

    async def _deliver(self, webhook: dict[str, str]) -> None:
        headers = {SECRET_HEADER: webhook["secret"]} if webhook["secret"] else {}
        async with ClientSession(timeout=WEBHOOK_TIMEOUT, headers=headers) as session:
            while True:
                await self._world.pulse.until(lambda: bool(self._wanted()), MOST_WAIT_SECONDS)
                for update in self._handed_over(MOST_UPDATES):
                    await self._deliver_one(session, webhook["url"], update)

    async def _deliver_one(self, session: ClientSession, url: str, update: Json) -> None:
        """Post until taken: an update refused comes again before any later one."""
        while True:
            with contextlib.suppress(ClientError, TimeoutError):
                async with session.post(url, json=update) as answer:
                    if answer.ok:
                        self._world.confirm_before(update["update_id"] + 1)
                        return
                    self._last_error = f"Wrong response from the webhook: {answer.status}"
            await asyncio.sleep(WEBHOOK_RETRY_SECONDS)
