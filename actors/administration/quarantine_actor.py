"""Keeps which tenants are set aside after too many failures, and alerts the admin.

A new process reads them back: such a tenant gets another try, and is struck off after a stable
minute. The admin hears of it only once.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from actors.messages.notices import Alert
from actors.runtime import Actor, Directory, Ref, on
from errors import ActorError, StorageUnavailable
from storage import leases
from storage.database import Database
from telemetry import logger

LOG = logger("quarantine")
OF_TENANT = re.compile(r"(?:tenant|whatsapp) (-?\d+)")


@dataclass(frozen=True, slots=True)
class SetAside:
    """An actor spent its restart budget; `error` is the kind of its last error."""

    actor_id: str
    error: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """A probe found the actor well again."""

    actor_id: str


class QuarantineActor(Actor):
    """Writes it down, and tells the admin where there is one."""

    def __init__(
        self,
        database: Database,
        telegram: Callable[[], Ref],
        tenants: Directory,
        admins: Collection[int],
    ) -> None:
        self._database = database
        self._telegram = telegram
        self._tenants = tenants
        self._admins = admins

    async def started(self) -> None:
        """Have those whom an earlier process set aside watched."""
        async with self._database.dispatcher() as connection:
            self._tenants.on_trial.update(await leases.quarantined(connection))

    @on(SetAside)
    async def set_aside(self, message: SetAside) -> None:
        """Keep it and raise the alarm."""
        await self._keep(message.actor_id, message.error)
        await self._alert(message.actor_id)

    @on(Recovered)
    async def recovered(self, message: Recovered) -> None:
        """Strike it off."""
        await self._keep(message.actor_id, None)
        if found := OF_TENANT.fullmatch(message.actor_id):
            self._tenants.on_trial.discard(int(found[1]))

    async def _keep(self, actor_id: str, error: str | None) -> None:
        found = OF_TENANT.fullmatch(actor_id)
        if found is None:
            return
        since = None if error is None else self.context.clock.now()
        try:
            async with self._database.tenant(int(found[1])) as tx:
                await leases.quarantine(tx, since, error)
        except StorageUnavailable as away:
            LOG.warning("quarantine not kept", actor=actor_id, error=repr(away))

    async def _alert(self, actor_id: str) -> None:
        for admin in self._admins:
            try:
                await self._telegram().tell(Alert(admin, actor_id))
            except ActorError as error:
                LOG.warning("admin not alerted", actor=actor_id, error=repr(error))
