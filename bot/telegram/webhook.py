"""Updates in, by webhook: Telegram is told where to bring them, and is watched doing so.

`take` is the door's side: it returns once an update is safe. `run` is our side: it has the address
set and keeps it so, and wakes the chats in Telegram's order. The address outlives the process:
another may serve it by then, and what nobody takes waits at Telegram.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from math import isinf
from random import Random
from typing import Any

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import WebhookInfo

import telemetry
from actors.runtime import Clock
from bot.telegram.intake import Dispatch, Telegram
from bot.telegram.keeping import Keeper
from bot.telegram.order import InOrder
from bot.ui import words
from domain.backoff import TELEGRAM
from domain.updates import chat_of
from errors import MailboxFull, StorageUnavailable, WebhookRefused
from guards.keyed_queue import Spawn

LOG = telemetry.logger("telegram")
# As many as PostgreSQL is written to at once, twice over: more would only wait.
MAX_CONNECTIONS = 20
LOOK_SECONDS = 60.0
KEEP_SECONDS = 8.0  # Telegram hangs up after about 60, the door after 10
MOST_NOT_WOKEN = 5_000
# Who does not run (yet, or any more) only keeps; whoever takes up what is open finds the rest.
MOST_REMEMBERED = 500
# What may pass: the name of a host that is being set up.
RESOLVING = "resolve host"
MOST_RESOLVING = 6
BAD_WEBHOOK = "bad webhook: "
# What our own door says to whoever does not know the secret.
OUR_REFUSAL = "403"


@dataclass(frozen=True, slots=True)
class Place:
    """Where Telegram is to bring the updates, and what it must show there."""

    address: str
    secret: str = field(repr=False)


class Webhook:
    """The bot's updates, as Telegram brings them."""

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        place: Place,
        telegram: Telegram,
        keeper: Keeper,
        dispatch: Dispatch,
        *,
        spawn: Spawn,
        clock: Clock,
        random: Random,
    ) -> None:
        self._place = place
        self._telegram = telegram
        self._keeper = keeper
        self._dispatch = dispatch
        self._spawn = spawn
        self._clock = clock
        self._random = random
        self._order = InOrder()
        self._runs = False
        self._changed = asyncio.Event()
        self._last_error: datetime | None = None

    async def take(self, update_id: int, payload: Mapping[str, Any]) -> None:
        """Keep an update that was brought; its chat is woken soon after.

        Raises:
            StorageUnavailable: it is not safe, and must be brought again.
            MailboxFull: too many wait to be handled; the same.
        """
        if self._runs and len(self._order) >= MOST_NOT_WOKEN:
            raise MailboxFull("telegram", "too many updates wait to be handled")
        if not self._runs and len(self._order) >= MOST_REMEMBERED:
            self._order = InOrder()
        chat_id, is_new = chat_of(payload), False
        self._order.expect(update_id, chat_id, self._clock.monotonic())
        try:
            is_new = await self._keep(update_id, payload)
        finally:
            self._order.settle(update_id, chat_id, self._clock.monotonic(), new=is_new)
            self._changed.set()

    async def _keep(self, update_id: int, payload: Mapping[str, Any]) -> bool:
        try:
            async with asyncio.timeout(KEEP_SECONDS):
                return (await self._keeper.keep(update_id, payload)).new
        except TimeoutError:
            raise StorageUnavailable("not kept in time") from None

    async def run(self) -> None:
        """Have Telegram bring them, for ever; a refusal at the beginning ends it, by an error."""
        waking = self._spawn(self._wake(), "wake-ups")
        self._runs = True
        try:
            await self._register()
            await self._telegram.insist(self._telegram.offer_commands)
            await self._look(first=True)
            while True:
                await self._clock.sleep(LOOK_SECONDS)
                await self._look()
        finally:
            self._runs = False
            waking.cancel()

    # Waking

    async def _wake(self) -> None:
        """Have each update handled in its turn."""
        while True:
            self._changed.clear()
            for arrival in self._order.ready(self._clock.monotonic()):
                await self._dispatch(arrival.chat_id, arrival.update_id)
            wait = self._order.until - self._clock.monotonic()
            with suppress(TimeoutError):
                async with asyncio.timeout(None if isinf(wait) else wait):
                    await self._changed.wait()

    # Where Telegram brings them

    async def _register(self) -> None:
        """Set the address.

        Raises:
            WebhookRefused: Telegram finds it wrong.
        """
        failures = 0
        while True:
            try:
                await self._telegram.insist(self._set)
            except TelegramBadRequest as refusal:
                failures += 1
                reason = reason_of(refusal)
                if RESOLVING not in reason or failures > MOST_RESOLVING:
                    raise WebhookRefused(words.webhook_refused(reason)) from None
                LOG.warning("webhook not set", reason=reason)
                await self._clock.sleep(TELEGRAM.delay(failures, self._random))
            else:
                return

    async def _set(self) -> None:
        await self._telegram.bot.set_webhook(
            self._place.address,
            secret_token=self._place.secret,
            max_connections=MAX_CONNECTIONS,
            allowed_updates=list(self._telegram.kinds),
            drop_pending_updates=False,
        )
        LOG.info("webhook set", address=self._place.address)

    async def _look(self, *, first: bool = False) -> None:
        """See how it goes, and set the address again if another process took it away."""
        info = await self._telegram.insist(self._telegram.bot.get_webhook_info)
        telemetry.WEBHOOK_PENDING.set(info.pending_update_count)
        failed = self._tell_error(info)
        # At the first look it failed before we set the address.
        unknown = failed and not first and OUR_REFUSAL in (info.last_error_message or "")
        if info.url == self._place.address and not unknown:
            return
        LOG.warning("webhook is not ours: set again", secret_unknown=unknown)
        try:
            await self._telegram.insist(self._set)
        except TelegramBadRequest as refusal:
            # It was taken before: what does not pass by itself is seen at the next look, too.
            LOG.error("webhook not set", reason=reason_of(refusal))  # noqa: TRY400 - nothing to trace

    def _tell_error(self, info: WebhookInfo) -> bool:
        """Tell of each of Telegram's failures once; whether there is a new one."""
        at = info.last_error_date
        if at is None or at == self._last_error:
            return False
        self._last_error = at
        telemetry.WEBHOOK_LAST_ERROR.set(at.timestamp())
        LOG.warning(
            "telegram failed to bring an update",
            reason=info.last_error_message,
            pending=info.pending_update_count,
        )
        return True


def reason_of(refusal: TelegramBadRequest) -> str:
    """What Telegram finds wrong, without what every such refusal begins with."""
    return refusal.message.removeprefix("Bad Request: ").removeprefix(BAD_WEBHOOK)
