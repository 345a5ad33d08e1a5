"""Keeps this process registered as alive, and says whether it is in charge of the work.

It looks once a second whether a newer process lives, and renews its lease every five. Without a
renewal for ten it takes itself for lost, by its own monotonic clock: nothing is begun any more and
the WhatsApp lines are dropped, before the lease ends and another may begin.
"""

import asyncio
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from actors.charge.database_actor import DatabaseHolder
from actors.charge.standing import Charge
from actors.runtime import Actor, Timer, on
from domain.charge import (
    COMING_LOOK_SECONDS,
    FENCE_SECONDS,
    LOOK_SECONDS,
    RENEW_SECONDS,
    Seen,
    Standing,
    next_standing,
)
from errors import EmDiaError, StorageUnavailable
from storage import leases
from telemetry import logger

LOG = logger("leases")


class Hands(Protocol):
    """What this process has in hand (see `Handover`)."""

    async def let_go(self) -> None:
        """Finish it and stop."""
        ...

    async def drop_lines(self) -> None:
        """Stop what must stop at once."""
        ...


@dataclass(frozen=True, slots=True)
class _Fence:
    """So long after the renewal at `renewed_at` there should have been another one."""

    renewed_at: float


class LeaseActor(Actor):
    """Holds the lease of `replica`; the first renewal registers it, once all parts are up."""

    def __init__(
        self,
        holder: DatabaseHolder,
        replica: UUID,
        charge: Charge,
        hands: Hands | None = None,
    ) -> None:
        self._holder = holder
        self._replica = replica
        self._charge = charge
        self._hands = hands
        self._keeping: asyncio.Task[None] | None = None
        self._coming_since: float | None = None
        self._fence: Timer | None = None
        self._letting_go: asyncio.Task[None] | None = None

    async def started(self) -> None:
        """Keep the lease in a task beside: what it waits for must not hold up the fence."""
        self._keeping = self.context.spawn(self._keep(), name="keep")
        if self._charge.renewed_at is not None:  # by an earlier life of ours
            self._fence_after(self._charge.renewed_at)
        if self._charge.standing is Standing.SUPERSEDED:  # that life may not have let go of all
            self._letting_go = self.context.spawn(self._let_go(), name="let go")

    async def stopping(self) -> None:
        """Let go, so that another process need not wait for the lease to end."""
        if self._keeping is not None:
            self._keeping.cancel()
        if self._charge.renewed_at is not None:
            async with self._holder.database.lease() as connection:
                await leases.release(connection, self._replica)

    @on(_Fence)
    async def fence(self, message: _Fence) -> None:
        """Stop what others might do by now, unless there was a renewal since."""
        if message.renewed_at != self._charge.renewed_at:
            return
        LOG.warning("lease lost", standing=self._charge.standing)
        if self._charge.standing is not Standing.SUPERSEDED:
            self._charge.becomes(Standing.LOST)
        if self._hands is not None:
            self.context.spawn(self._hands.drop_lines(), name="drop lines")

    async def _keep(self) -> None:
        await self._charge.until_parts_are_up()
        while True:
            try:
                self._stand(await self._ask())
            except StorageUnavailable as error:
                LOG.warning("lease not looked after", error=repr(error))
            coming = self._charge.standing is Standing.COMING
            await self.context.clock.sleep(COMING_LOOK_SECONDS if coming else LOOK_SECONDS)

    async def _ask(self) -> Seen:
        """Renew where it is time, or where the charge is about to be taken; else only look."""
        charge, began = self._charge, self.context.clock.monotonic()
        async with self._holder.database.lease() as connection:
            if charge.renewed_at is not None and began - charge.renewed_at < RENEW_SECONDS:
                seen = await leases.look(connection, self._replica)
                if charge.is_ours or seen.superseded:
                    return seen
            seen = await leases.renew(connection, self._replica)
        charge.renewed_at = began
        self._fence_after(began)
        return seen

    def _fence_after(self, renewed_at: float) -> None:
        """Have the fence fall, unless there is another renewal until then."""
        if self._fence is not None:
            self._fence.cancel()
        left = renewed_at + FENCE_SECONDS - self.context.clock.monotonic()
        self._fence = self.context.after(max(0.0, left), _Fence(renewed_at))

    def _stand(self, seen: Seen) -> None:
        """Stand where that leaves us; what is being let go of is let go of first."""
        if self._letting_go is not None and not self._letting_go.done():
            return
        before, now = self._charge.standing, self.context.clock.monotonic()
        if before is not Standing.COMING or self._coming_since is None:
            self._coming_since = now
        standing = next_standing(before, seen, waited_seconds=now - self._coming_since)
        if standing is before:
            return
        LOG.info("standing", before=before, now=standing)
        self._charge.becomes(standing)
        if standing is Standing.SUPERSEDED:
            self._letting_go = self.context.spawn(self._let_go(), name="let go")

    async def _let_go(self) -> None:
        """Have everything end, then say so: the newer process waits for it, a little."""
        if self._hands is not None:
            await self._hands.let_go()
        while True:
            try:
                async with self._holder.database.lease() as connection:
                    await leases.let_go(connection, self._replica, self.context.clock.now())
            except EmDiaError as error:
                LOG.warning("not said that all is let go of", error=repr(error))
                await self.context.clock.sleep(LOOK_SECONDS)
            else:
                LOG.info("all is let go of")
                return
