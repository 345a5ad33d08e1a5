"""Tenant id → actor: woken by its first message, put to rest when idle.

A passive tenant is a small record without a task. The first message gives it a cell and has it
started, so whoever comes while it starts finds it there (one flight); the mailbox stays open while
it goes to rest: what arrives then wakes it again. An actor with a timer, a background task, a
message or a child that has any of these is not idle.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from actors.runtime.actor import Actor, Request, on
from actors.runtime.cell import Cell
from actors.runtime.children import Family
from actors.runtime.context import Context
from actors.runtime.ref import CURRENT, TELL_SECONDS, Ref
from actors.runtime.specs import ChildSpec, Restart
from errors import ActorStopped

R = TypeVar("R")

IDLE_SECONDS = 600.0
START_SECONDS = 30.0
SWEEPS_PER_IDLE = 4
NO_HOME = "no tenant lives here now"
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
        self.factory = factory
        self.idle_seconds = idle_seconds
        self.tenant = tenant
        self.on_trial: set[int] = set()  # set aside in an earlier process, not known to be well yet
        self.family: _TenantFamily | None = None
        self._refs: dict[int, TenantRef] = {}

    def supervisor(self) -> Actor:
        """Make the actor below which all tenants live."""
        return _Tenants(self)

    def spec(self, actor_id: str = "tenants", *, shutdown_seconds: float = 20.0) -> ChildSpec:
        """Return the place of all tenants in the tree."""
        return ChildSpec(actor_id, self.supervisor, shutdown_seconds=shutdown_seconds)

    @property
    def known(self) -> int:
        """How many tenants have a record, the passive included."""
        return len(self._refs)

    def ref(self, tenant_id: int) -> Ref:
        """Return the way to the tenant's actor, which sleeps until a message comes; good for ever.

        Raises on use `ActorStopped` while no tenant can live here.
        """
        ref = self._refs.get(tenant_id)
        if ref is None:
            ref = self._refs[tenant_id] = TenantRef(self, tenant_id)
        return ref

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
        cells = self.family.cells if self.family is not None else {}
        if cell := cells.get(self.ref(tenant_id).id):
            asker = CURRENT.get()
            with asker.waiting_for(cell) if asker else contextlib.nullcontext():
                await cell.stop(self.tenant.shutdown_seconds)

    async def stop_all(self) -> None:
        """Stop every actor that is awake, side by side; a later message wakes any of them again."""
        cells = tuple(self.family.cells.values()) if self.family is not None else ()
        await asyncio.gather(*(cell.stop(self.tenant.shutdown_seconds) for cell in cells))

    def sweep(self) -> None:
        """Put to rest who had nothing to do for `idle_seconds`."""
        for cell in tuple(self.family.cells.values()) if self.family is not None else ():
            if cell.monotonic() - cell.idle_since >= self.idle_seconds:
                cell.rest()


class TenantRef(Ref):
    """The small record that a passive tenant is: whoever looks for its cell wakes it."""

    __slots__ = ("_directory", "tenant_id")

    def __init__(self, directory: Directory, tenant_id: int) -> None:
        super().__init__(f"tenant {tenant_id}")
        self.tenant_id = tenant_id
        self._directory = directory

    def __getattr__(self, name: str) -> Cell:
        """Make the cell, which is there only as long as the tenant is awake."""
        if name != "cell":
            raise AttributeError(name)
        if self._directory.family is None:
            raise ActorStopped(self.id, NO_HOME)
        return self._directory.family.wake(self)


class _TenantFamily(Family):
    """Tenants know nothing of each other: they end together, and rest one by one."""

    def __init__(self, directory: Directory, home: Context) -> None:
        super().__init__(home.cell.system, home)
        self._directory = directory

    def wake(self, ref: TenantRef) -> Cell:
        """Give a tenant its cell and, when it is its turn, a life."""
        if self._owner.ending:
            raise ActorStopped(ref.id, NO_HOME)
        spec = replace(
            self._directory.tenant, factory=partial(self._directory.factory, ref.tenant_id)
        )
        cell = self.hold(Cell(self._system, spec, self, ref))
        cell.probing = ref.tenant_id in self._directory.on_trial
        self.admit(cell.start)
        return cell

    def forget(self, cell: Cell) -> None:
        """Leave only the record."""
        if self.cells.get(cell.id) is cell:
            super().forget(cell)
            del cell.ref.cell

    def finished(self, cell: Cell, error: BaseException | None) -> None:
        """Let a rested tenant go, or start it again if something came meanwhile."""
        if len(cell.mailbox):
            self.admit(cell.start)
        else:
            super().finished(cell, error)

    async def stop_all(self, deadline: float) -> None:
        """Stop all at once before the monotonic instant `deadline`."""
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
        family = _TenantFamily(self._directory, self.context)
        self.context.family = self._directory.family = family
        await self.sweep(_Sweep())

    @on(_Sweep)
    async def sweep(self, message: _Sweep) -> None:
        self._directory.sweep()
        self.context.after(self._directory.idle_seconds / SWEEPS_PER_IDLE, message)
