"""Keeps this process registered as alive, on which the ownership of its tenants rests."""

from dataclasses import dataclass
from uuid import UUID

from actors.database_actor import DatabaseHolder
from actors.runtime import Actor, on
from errors import StorageUnavailable
from storage import leases
from telemetry import logger

LOG = logger("leases")
RENEW_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Renew:
    """Time to renew."""


class LeaseActor(Actor):
    """Renews the lease of `replica` every 5 s; the first renewal registers it."""

    def __init__(self, holder: DatabaseHolder, replica: UUID) -> None:
        self._holder = holder
        self._replica = replica

    async def started(self) -> None:
        """Register before anybody takes a tenant."""
        await self._renew()
        self.context.after(RENEW_SECONDS, _Renew())

    async def stopping(self) -> None:
        """Let go, so that another process need not wait for the lease to end."""
        async with self._holder.database.dispatcher() as connection:
            await leases.release(connection, self._replica, self.context.clock.now())

    @on(_Renew)
    async def renew(self, message: _Renew) -> None:
        """Renew, or try again at the next beat."""
        try:
            await self._renew()
        except StorageUnavailable as error:
            LOG.warning("lease not renewed", error=repr(error))
        self.context.after(RENEW_SECONDS, message)

    async def _renew(self) -> None:
        async with self._holder.database.dispatcher() as connection:
            await leases.renew(connection, self._replica, self.context.clock.now())
