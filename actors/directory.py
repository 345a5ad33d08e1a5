"""Tenant id → actor: woken by its first message, put to rest when idle.

A passive tenant is a small record without a task. The first message opens its mailbox and has it
started, so whoever comes while it starts finds it there (one flight); the mailbox stays open while
it goes to rest: what arrives then wakes it again. An actor with a timer, a background task, a
message or a child that has any of these is not idle.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from actors.actor import Actor, Request, on
from actors.cell import Cell, State
from actors.family import Family
from actors.life import Context
from actors.ref import CURRENT, TELL_SECONDS, Ref
from actors.specs import ChildSpec, Restart
from errors import ActorStopped

R = TypeVar("R")

IDLE_SECONDS = 600.0
START_SECONDS = 30.0
SWEEPS_PER_IDLE = 4
TENANT_PREFIX = "tenant "
TENANT = ChildSpec("tenant", Actor, Restart.TRANSIENT, start_seconds=START_SECONDS)


class Directory:
    """The tenants of this process. Its `spec` goes into the tree; the object may be shared.

    `factory` makes the actor of one tenant; what its `started` raises reaches those who wait.
    `tenant` says all else about each: its budget, deadlines and mailbox.
    """

    def __init__(
        self,
        factory: Callable[[int], Actor],
        *,
        idle_seconds: float = IDLE_SECONDS,
        tenant: ChildSpec = TENANT,
    ) -> None:
        self.idle_seconds = idle_seconds
        self._factory = factory
        self._tenant = tenant
        self._on_trial: frozenset[int] = frozenset()
        self._family: _TenantFamily | None = None
        self._cells: dict[str, Cell] = {}

    def supervisor(self) -> Actor:
        """Make the actor below which all tenants live."""
        return _Tenants(self)

    def spec(self, actor_id: str = "tenants", *, shutdown_seconds: float = 20.0) -> ChildSpec:
        """Return the place of all tenants in the tree."""
        return ChildSpec(actor_id, self.supervisor, shutdown_seconds=shutdown_seconds)

    @property
    def known(self) -> int:
        """How many tenants there is a record of, the passive included."""
        return len(self._cells)

    def ref(self, tenant_id: int) -> Ref:
        """Return the way to the tenant's actor; it sleeps until a message comes.

        Good until the tenants' home ends or the tenant is stopped: look it up anew each time.
        """
        name = TENANT_PREFIX + str(tenant_id)
        if cell := self._cells.get(name):
            return cell.ref
        if self._family is None:
            raise ActorStopped(name, "no tenant lives here now")
        return self._family.settle(name).ref

    async def tell(
        self, tenant_id: int, message: object, *, deadline: float = TELL_SECONDS
    ) -> None:
        """Leave `message` with the tenant's actor, as `Ref.tell` does."""
        await self.ref(tenant_id).tell(message, deadline=deadline)

    def try_tell(self, tenant_id: int, message: object) -> None:
        """Leave `message` with the tenant's actor or raise `MailboxFull` at once."""
        self.ref(tenant_id).try_tell(message)

    async def ask(self, tenant_id: int, message: Request[R], *, deadline: float) -> R:
        """Return the answer of the tenant's actor, as `Ref.ask` does."""
        return await self.ref(tenant_id).ask(message, deadline=deadline)

    async def stop(self, tenant_id: int) -> None:
        """Stop the tenant's actor, now (its lease is lost, say); a later message wakes it again.

        Raises `AskCycle` for an actor that would wait for its own end.
        """
        if cell := self._cells.get(TENANT_PREFIX + str(tenant_id)):
            asker = CURRENT.get()
            with asker.waiting_for(cell) if asker else contextlib.nullcontext():
                await cell.stop(self._tenant.shutdown_seconds)

    def attach(self, home: Context) -> None:
        """Let tenants live, from now on, as children of `home`."""
        home.family = self._family = _TenantFamily(home, self._factory, self._tenant)
        self._cells = self._family.cells
        for tenant_id in self._on_trial:
            self._try(tenant_id)

    def try_again(self, tenant_ids: Iterable[int]) -> None:
        """Take those who were set aside in an earlier process as being on trial."""
        self._on_trial = frozenset(tenant_ids)
        if self._family is not None:
            for tenant_id in self._on_trial:
                self._try(tenant_id)

    def _try(self, tenant_id: int) -> None:
        self.ref(tenant_id).cell.probing = True

    def sweep(self) -> None:
        """Put to rest who had nothing to do for `idle_seconds`."""
        for cell in tuple(self._cells.values()):
            if cell.monotonic() - cell.idle_since >= self.idle_seconds:
                cell.rest()


class _TenantFamily(Family):
    """Tenants know nothing of each other: they end together, and rest one by one."""

    def __init__(self, home: Context, factory: Callable[[int], Actor], tenant: ChildSpec) -> None:
        super().__init__(home.cell.system, home)
        self._factory = factory
        self._tenant = tenant

    def make(self, cell: Cell) -> Actor:
        """Return the actor of a tenant's new life."""
        return self._factory(int(cell.id.removeprefix(TENANT_PREFIX)))

    def settle(self, name: str) -> Cell:
        """Make room for a tenant, which sleeps."""
        if self._owner.ending:
            raise ActorStopped(name, "no tenant lives here now")
        cell = self._hold(Cell(self._system, self._tenant, self, name))
        cell.passivate()
        return cell

    def finished(self, cell: Cell, _error: BaseException | None) -> None:
        """Let a rested tenant sleep, or start it again if something came meanwhile."""
        if len(cell.mailbox):
            self.admit(cell.start)
        else:
            cell.passivate()

    async def stop_all(self, deadline: float) -> None:
        """Stop all at once before the monotonic instant `deadline`."""
        for cell in tuple(self.cells.values()):
            if cell.state is State.PASSIVE:
                cell.retire()
        stops = (cell.stop(self._time_for(cell, deadline)) for cell in tuple(self.cells.values()))
        await asyncio.gather(*stops)


@dataclass(frozen=True, slots=True)
class _Sweep:
    """Look who is idle."""


class _Tenants(Actor):
    """The supervisor of the tenants: it sweeps the idle away."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def started(self) -> None:
        self._directory.attach(self.context)
        await self.sweep(_Sweep())

    @on(_Sweep)
    async def sweep(self, message: _Sweep) -> None:
        self._directory.sweep()
        self.context.after(self._directory.idle_seconds / SWEEPS_PER_IDLE, message)
