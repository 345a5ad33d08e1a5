"""Kept updates handled in order per chat, whoever kept them: this process, or another beside it.

What is told here of an update is a mere wake-up, up to which the chat is worked off. Its turn is
always its oldest open update, which is claimed in storage, so two processes never handle one chat
at once. What nobody here was told of is found by a sweep.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from actors.runtime import Clock
from errors import UpdateSetAside
from guards.keyed_queue import KeyedQueue, Spawn
from telemetry import correlated, logger

R = TypeVar("R")

LOG = logger("telegram")
UPDATES_IN_HAND = 1_000
UNHANDLED_AT_ONCE = 500
SWEEP_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 0.25
"""Between two looks at a chat whose turn another process has."""
ONE_IN_HAND_ONE_TO_COME = 2


class Persist(Protocol):
    """Repeats an idempotent call while PostgreSQL is away."""

    async def __call__(self, write: Callable[[], Awaitable[R]]) -> R:
        """Return what `write` returns in the end."""
        ...


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


class Turns(Protocol):
    """The durable side. Any call may raise `StorageUnavailable`."""

    async def unhandled(self, most: int) -> Sequence[OpenUpdate]:
        """Return the oldest that are open and in no other process's hand, in Telegram's order."""
        ...

    async def begin(self, chat_id: int, latest: int) -> Turn | None:
        """Claim the chat's oldest open update up to `latest` and count an attempt; None: no more.

        Raises `UpdateSetAside` when it had its attempts, and is closed by this.
        """
        ...

    async def close(self, update_id: int, chat_id: int, fault: str | None) -> None:
        """Be done with an update, keeping what was wrong with it if anything was."""
        ...


class Handling:
    """The updates in hand.

    `handle(payload, chat_id)` returns what was wrong with one, if anything was; `on_set_aside`
    hears of those that had too many tries. Nothing is begun unless `may_begin()`.
    """

    def __init__(  # noqa: PLR0913 - its parts, all injected
        self,
        turns: Turns,
        handle: Callable[[Mapping[str, Any], int], Awaitable[str | None]],
        *,
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
        self._chats = KeyedQueue(self._work_off, spawn, most_waiting=UPDATES_IN_HAND)
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
        if self._chats.depth(chat_id) < ONE_IN_HAND_ONE_TO_COME:
            await self._chats.add(chat_id, update_id)

    async def take_up(self) -> None:
        """Handle what an earlier process left, before anything new: each chat's order spans it."""
        unhandled = partial(self._turns.unhandled, UNHANDLED_AT_ONCE)
        while self._begins() and (batch := await self._persist(unhandled)):
            for update in batch:
                if update.tried:  # it may have ended the process: nobody else goes with it
                    await self._chats.drained()
                await self.add(update.chat_id, update.update_id)
                if update.tried:
                    await self._chats.drained()
            await self._chats.drained()

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
                seen.add(key)
                if key in before and not self._chats.depth(update.chat_id):
                    await self.add(update.chat_id, update.update_id)

    def close(self) -> None:
        """Begin nothing more."""
        self._is_closed = True

    async def drained(self, seconds: float) -> None:
        """Wait until nothing is in hand, at most so long."""
        await self._chats.drained(seconds)

    def cancel(self) -> None:
        """Leave what is in hand to whoever comes next: it was counted as tried."""
        self._chats.cancel()

    def _begins(self) -> bool:
        return self._may_begin() and not self._is_closed

    async def _work_off(self, chat_id: int, told: int) -> None:
        """Handle the chat's updates until none is open of those that were told."""
        while self._begins():
            latest = max(told, self._latest.get(chat_id, told))
            try:
                turn = await self._persist(partial(self._turns.begin, chat_id, latest))
            except UpdateSetAside as error:
                await self._on_set_aside(error)
                continue
            if turn is None:
                break
            if turn.payload is None:
                await self._clock.sleep(LOOK_AGAIN_SECONDS)
                continue
            with correlated(f"telegram-{turn.update_id}"):
                fault = await self._handle(turn.payload, chat_id)
                if fault is not None:
                    LOG.error("update not handled", error=fault)
                close = partial(self._turns.close, turn.update_id, chat_id, fault)
                await self._persist(close)
        if self._chats.depth(chat_id) < ONE_IN_HAND_ONE_TO_COME:
            self._latest.pop(chat_id, None)
