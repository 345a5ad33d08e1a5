"""What every part of the administration has: what it works with, and who may ask."""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid4

from actors.administration.lines_kept import LinesKept
from actors.charge.standing import Charge
from actors.runtime import Actor, ActorStatus, Later, Ref
from domain.figures import Figures
from domain.schedule import DEFAULT_ZONE, local
from domain.subscription import Terms
from errors import ActorStopped, NotFound
from storage.database import Database, DispatcherConnection

R = TypeVar("R")


class Tenants(Protocol):
    """The tenants, by chat id. Errors are those of `Ref.tell`."""

    async def tell(self, tenant_id: int, message: object, *, deadline: float = 5.0) -> None:
        """Leave a message with the tenant."""
        ...


def _no_telegram() -> Ref:
    """Nobody can be told."""
    raise ActorStopped("telegram", "there is none here")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminPorts:
    """What the administration works with. `admins` are the chats of those who administer.

    `checks`, `figures`, `actors` and `versions` tell how the system is. What takes long to count is
    kept for `kept_seconds`. At most `broadcasts_per_second` owners are told of what all are told.
    """

    database: Database
    tenants: Tenants
    admins: Collection[int]
    terms: Terms
    checks: Callable[[], Awaitable[Mapping[str, bool]]]
    figures: Callable[[], Awaitable[Figures]]
    actors: Callable[[], Sequence[ActorStatus]]
    telegram: Callable[[], Ref] = _no_telegram
    replica: UUID = field(default_factory=uuid4)
    charge: Charge = field(default_factory=Charge)
    broadcasts_per_second: float = 10.0
    versions: Mapping[str, str] = field(default_factory=dict)
    kept_seconds: float = 10.0


class AdminPart(Actor):
    """The base of the parts."""

    def __init__(self, ports: AdminPorts) -> None:
        self._ports = ports

    async def started(self) -> None:
        """Begin with nothing seen."""
        await super().started()
        self._lines_kept = LinesKept(self.context.clock, self._ports.kept_seconds)

    def _answer(
        self,
        by: int,
        look: Callable[[DispatcherConnection, datetime], Coroutine[Any, Any, R]],
    ) -> Later[R]:
        """What `look` sees across tenants; nobody waits for another's look.

        Raises:
            NotFound: the asker does not administer.
        """
        self._check(by)
        return self.context.later(self._look(look))

    async def _look(
        self, look: Callable[[DispatcherConnection, datetime], Coroutine[Any, Any, R]]
    ) -> R:
        async with self._ports.database.dispatcher() as connection:
            return await look(connection, self._now)

    def _check(self, by: int) -> None:
        if by not in self._ports.admins:
            raise NotFound(f"chat {by} does not administer")

    @property
    def _now(self) -> datetime:
        return self.context.clock.now()

    @property
    def _today(self) -> date:
        """The platform's own day: São Paulo's."""
        return local(self._now, DEFAULT_ZONE).date()
