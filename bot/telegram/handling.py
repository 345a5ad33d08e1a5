"""Kept updates handled in order per chat, whoever kept them: this process, or another beside it.

What is told here of an update is a mere wake-up, up to which the chat is worked off. Its turn is
always its oldest open update, which is claimed in storage, so two processes never handle one chat
at once. What was handled stays open until its answer is taken (`Closing`); the chat's next one does
not wait for that. What nobody here was told of is found by a sweep.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

from actors.runtime import Clock
from bot.telegram.answered import Handled
from bot.telegram.chats import Chats
from bot.telegram.closing import ONE_IN_HAND_ONE_TO_COME, Books, Closing, Persist
from domain.chats import ChatState
from errors import UpdateSetAside
from guards.keyed_queue import KeyedQueue, Spawn
from telemetry import correlated, logger

LOG = logger("telegram")
UPDATES_IN_HAND = 1_000
UNHANDLED_AT_ONCE = 500
SWEEP_SECONDS = 1.0
TAKEN_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 0.25
"""Between two looks at a chat whose turn another process has."""


class OpenUpdate(Protocol):
    """An update that is kept and not handled; `tried` before, it may have ended a process."""

    @property
    def update_id(self) -> int:
        """Telegram's number for it."""
        ...

    @property
    def chat_id(self) -> int:
        """Whose order it keeps."""
        ...

    @property
    def tried(self) -> bool:
        """Whether it was under way before."""
        ...


class Turn(Protocol):
    """A chat's oldest open update; without a `payload` another process is at it."""

    @property
    def update_id(self) -> int:
        """Telegram's number for it."""
        ...

    @property
    def payload(self) -> Mapping[str, Any] | None:
        """What Telegram sent."""
        ...

    @property
    def chat(self) -> ChatState:
        """How the chat stood when it was stored last."""
        ...


class Turns(Books, Protocol):
    """The durable side. Any call may raise `StorageUnavailable`."""

    async def unhandled(self, most: int) -> Sequence[OpenUpdate]:
        """Return the oldest that are open and in no other process's hand, in Telegram's order."""
        ...

    async def begin(self, chat_id: int, latest: int, in_hand: Sequence[int]) -> Turn | None:
        """Claim the chat's oldest open update up to `latest` and count an attempt; None: no more.

        Those `in_hand` are passed over. Raises `UpdateSetAside` when it had its attempts, and is
        closed by this.
        """
        ...


class Handling:
    """The updates in hand.

    `handle(payload, chat_id)` returns what became of one, with the chat recalled in `chats`;
    `on_set_aside` hears of those that had too many tries. Nothing is begun unless `may_begin()`.
    """

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        turns: Turns,
        handle: Callable[[Mapping[str, Any], int], Awaitable[Handled]],
        *,
        chats: Chats,
        may_begin: Callable[[], bool],
        on_set_aside: Callable[[UpdateSetAside], Awaitable[None]],
        persist: Persist,
        spawn: Spawn,
        clock: Clock,
    ) -> None:
        self._turns = turns
        self._handle = handle
        self._may_begin = may_begin
        self._on_set_aside = on_set_aside
        self._persist = persist
        self._clock = clock
        self._chats = chats
        self._closing = Closing(turns, chats, persist, spawn)
        self._lines = KeyedQueue(self._work_off, spawn, most_waiting=UPDATES_IN_HAND)
        self._latest: dict[int, int] = {}  # told of each chat that has something in hand
        self._is_closed = False

    async def add(self, chat_id: int, update_id: int) -> None:
        """Work the chat off up to this update, which was kept. Waits for room.

        Updates of one chat are told in Telegram's order: what was told later may have come before
        another one that is still on its way.
        """
        if not self._begins():
            return
        self._latest[chat_id] = max(update_id, self._latest.get(chat_id, update_id))
        # Whoever has not begun to look yet will see this one, too.
        if self._lines.depth(chat_id) < ONE_IN_HAND_ONE_TO_COME:
            await self._lines.add(chat_id, update_id)

    async def take_up(self) -> None:
        """Handle what an earlier process left, before anything new: each chat's order spans it."""
        while self._begins():
            found = await self._persist(partial(self._turns.unhandled, UNHANDLED_AT_ONCE))
            batch = [one for one in found if not self._closing.has(one.chat_id, one.update_id)]
            for update in batch:
                if update.tried:  # it may have ended the process: nobody else goes with it
                    await self._until_alone()
                await self.add(update.chat_id, update.update_id)
                if update.tried:
                    await self._until_alone()
            await self._lines.drained()
            if not batch and len(found) < UNHANDLED_AT_ONCE:
                return
            if not batch:  # nothing but what waits for its answer to be taken
                await self._clock.sleep(LOOK_AGAIN_SECONDS)

    async def sweep(self) -> None:
        """Find, for ever, what another process kept and nobody here was told of."""
        unhandled = partial(self._turns.unhandled, UNHANDLED_AT_ONCE)
        seen: set[tuple[int, int]] = set()
        while True:
            await self._clock.sleep(SWEEP_SECONDS)
            # At the second sight: of a new one somebody here may be about to be told.
            before, seen = seen, set()
            for update in await self._persist(unhandled):
                key = (update.chat_id, update.update_id)
                if self._closing.has(*key):
                    continue
                seen.add(key)
                if key in before and not self._lines.depth(update.chat_id):
                    await self.add(update.chat_id, update.update_id)

    def close(self) -> None:
        """Begin nothing more."""
        self._is_closed = True

    async def drained(self, seconds: float) -> None:
        """Wait until nothing is in hand, answers on their way included, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._lines.drained()
                await self._closing.drained()

    def cancel(self) -> None:
        """Leave what is in hand to whoever comes next: it was counted as tried."""
        self._lines.cancel()
        self._closing.cancel()
        self._chats.forget()

    async def _until_alone(self) -> None:
        """Wait until nothing is in hand; for answers on their way, as long as Telegram may take."""
        await self._lines.drained()
        with suppress(TimeoutError):
            async with asyncio.timeout(TAKEN_SECONDS):
                await self._closing.drained()

    def _begins(self) -> bool:
        return self._may_begin() and not self._is_closed

    async def _work_off(self, chat_id: int, told: int) -> None:
        """Handle the chat's updates until none is left of those that were told."""
        latest = told
        while self._begins():
            latest = max(latest, self._latest.get(chat_id, told))
            in_hand = self._closing.in_hand(chat_id)
            try:
                begin = partial(self._turns.begin, chat_id, latest, in_hand)
                turn = await self._persist(begin)
            except UpdateSetAside as error:
                await self._on_set_aside(error)
                continue
            if turn is None:
                break
            if turn.payload is None:
                await self._clock.sleep(LOOK_AGAIN_SECONDS)
                continue
            await self._take(turn, turn.payload, chat_id)
            # It was the oldest, so of those up to it none is left.
            if turn.update_id >= max(latest, self._latest.get(chat_id, told)):
                break
        if self._lines.depth(chat_id) < ONE_IN_HAND_ONE_TO_COME:
            self._latest.pop(chat_id, None)

    async def _take(self, turn: Turn, payload: Mapping[str, Any], chat_id: int) -> None:
        with correlated(f"telegram-{turn.update_id}"):
            self._chats.recall(chat_id, turn.chat)
            handled = await self._handle(payload, chat_id)
            if handled.fault is not None:
                LOG.error("update not handled", error=handled.fault)
            self._closing.add(chat_id, turn.update_id, handled)
