"""The only way to PostgreSQL: `Database.tenant` for one tenant's rows, `dispatcher` across tenants.

A tenant's statements run inside one transaction, as a role that row-level security binds (B1).
Every wait has an end. A write that fails with StorageUnavailable may have been written or not:
whatever is written here must be safe to write again.
"""

import asyncio
import math
import random as randomness
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Self

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from domain.backoff import DATABASE
from domain.figures import PoolFigures
from errors import DatabaseRefused, StorageError, StorageUnavailable
from settings import Mode
from storage.connections import (
    UNAVAILABLE,
    DispatcherConnection,
    TenantConnection,
    cut,
    unavailable,
)
from storage.migrate import Migration, migrate
from storage.pools import make_pool
from storage.refusals import UNKNOWN_HOST, refused
from telemetry import logger

__all__ = ["Database", "DispatcherConnection", "Limits", "TenantConnection"]

UNKNOWN_HOST_SECONDS = 15.0  # a private network may name its hosts a little late
CLOSE_SECONDS = 5.0
GRACE_SECONDS = 0.2  # between cutting a pool off and leaving it
APP, DISPATCHER = "emdia_app", "emdia_dispatcher"
# The role is the transaction's own: whatever became of the connection's, row-level security binds.
BEGIN = f"BEGIN; SELECT set_config('role', '{APP}', true), set_config('row_security', 'on', true),"
log = logger("database")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of PostgreSQL this process takes, and how long it waits."""

    app_connections: int = 10
    dispatcher_connections: int = 2
    connect_seconds: float = 5.0
    acquire_seconds: float = 10.0
    command_seconds: float = 10.0
    lease_seconds: float = 3.0  # for the same of the lease's connection: its answers cannot wait


class Database:
    """The pools. Made by `open`, ended by `close`."""

    def __init__(
        self, app: asyncpg.Pool, dispatcher: asyncpg.Pool, lease: asyncpg.Pool, limits: Limits
    ) -> None:
        self._app = app
        self._dispatcher = dispatcher
        self._lease = lease
        self._limits = limits
        self._waiting = Counter[asyncpg.Pool]()

    @classmethod
    async def open(  # noqa: PLR0913 - all but the address have their defaults
        cls,
        dsn: str,
        *,
        limits: Limits | None = None,
        give_up_seconds: float = 120.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: randomness.Random | None = None,
        mode: Mode | None = None,
        own: bool = False,
        keyless: bool = False,
    ) -> Self:
        """Migrate the database and connect, trying again while PostgreSQL is away (I5).

        `mode`, `own` and `keyless` are agreed on with it first: see `installation.settle`.

        Raises:
            StorageUnavailable: it stayed away for about `give_up_seconds`.
            DatabaseRefused: it is there, and will not do; or nobody knows its host.
            MigrationRefused: the database does not belong to these migrations.
        """
        limits = limits or Limits()
        random = random or randomness.Random()  # noqa: S311 - spreads retries, guards nothing
        agree = partial(migrate, dsn, mode=mode, own=own, keyless=keyless)
        delays, waited = _backoff(give_up_seconds, random), 0.0
        while True:
            try:
                return await cls._open_once(dsn, limits, agree)
            except StorageUnavailable as error:
                delay = next(delays, None)
                if isinstance(error.__cause__, socket.gaierror) and waited >= UNKNOWN_HOST_SECONDS:
                    raise DatabaseRefused(UNKNOWN_HOST) from None
                if delay is None:
                    raise
                waited += delay
                log.warning("PostgreSQL is away", retry_in=round(delay, 2), error=str(error))
                await sleep(delay)

    @classmethod
    async def _open_once(
        cls, dsn: str, limits: Limits, agree: Callable[[], Awaitable[list[Migration]]]
    ) -> Self:
        async def make(role: str, size: int, most_seconds: float = math.inf) -> asyncpg.Pool:
            return await make_pool(
                dsn,
                role,
                size,
                connect_seconds=min(most_seconds, limits.connect_seconds),
                command_seconds=min(most_seconds, limits.command_seconds),
            )

        with unavailable(), refused():
            applied = await agree()
            if applied:
                log.info("schema migrated", applied=[migration.name for migration in applied])
            else:
                log.info("the schema exists: skipping initialisation")
            made: list[asyncpg.Pool] = []
            try:
                made.append(await make(APP, limits.app_connections))
                made.append(await make(DISPATCHER, limits.dispatcher_connections))
                made.append(await make(DISPATCHER, 1, limits.lease_seconds))
            except BaseException:
                for pool in made:
                    pool.terminate()
                raise
        app, dispatcher, lease = made
        return cls(app, dispatcher, lease, limits)

    @asynccontextmanager
    async def tenant(self, tenant_id: int) -> AsyncIterator[TenantConnection]:
        """One transaction of one tenant: committed at the end of the block, undone by an error.

        Raises:
            StorageUnavailable: also when the commit's answer was lost; it may have happened.
        """
        async with self._borrowed(self._app) as raw:
            tx = TenantConnection(raw, tenant_id)
            # A simple query carries both statements in one round trip; it takes no parameters.
            await tx.execute(f"{BEGIN} set_config('app.tenant_id', '{tenant_id:d}', true)")
            try:
                yield tx
            except StorageUnavailable:
                raise
            except Exception:
                await _roll_back(raw)
                raise
            # After an error that the block swallowed PostgreSQL answers COMMIT with ROLLBACK.
            if await tx.execute("COMMIT") != "COMMIT":
                raise StorageError("the transaction had failed before its end")

    @asynccontextmanager
    async def alone(self, tenant_id: int) -> AsyncIterator[TenantConnection]:
        """A connection whose every statement stands alone, for functions that set the tenant.

        All else finds no row there: without a transaction of a tenant, row-level security hides
        them all (B1).
        """
        async with self._borrowed(self._app) as raw:
            yield TenantConnection(raw, tenant_id)

    @asynccontextmanager
    async def dispatcher(self) -> AsyncIterator[DispatcherConnection]:
        """A connection for the questions asked across tenants."""
        async with self._borrowed(self._dispatcher) as raw:
            yield DispatcherConnection(raw)

    def pools(self) -> dict[str, PoolFigures]:
        """How each pool stands at this moment."""
        return {
            name: PoolFigures(
                most=pool.get_max_size(),
                size=pool.get_size(),
                in_use=pool.get_size() - pool.get_idle_size(),
                waiting=self._waiting[pool],
            )
            for name, pool in self._pools()
        }

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[DispatcherConnection]:
        """The one connection that is kept for the lease: no herd of others stands before it."""
        async with self._borrowed(self._lease, self._limits.lease_seconds) as raw:
            yield DispatcherConnection(raw)

    async def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Close the pools inside `seconds`; what is still in use then is cut off."""
        await asyncio.gather(*(_close(pool, seconds) for _, pool in self._pools()))

    def _pools(self) -> Sequence[tuple[str, asyncpg.Pool]]:
        return ("app", self._app), ("dispatcher", self._dispatcher), ("lease", self._lease)

    @asynccontextmanager
    async def _borrowed(
        self, pool: asyncpg.Pool, most_seconds: float = math.inf
    ) -> AsyncIterator[PoolConnectionProxy]:
        self._waiting[pool] += 1
        try:
            with unavailable():
                raw = await pool.acquire(timeout=min(most_seconds, self._limits.acquire_seconds))
        finally:
            self._waiting[pool] -= 1
        try:
            yield raw
        except Exception as error:
            if isinstance(error, StorageUnavailable):
                cut(raw)
            raise
        except BaseException:
            # Cancelled in the middle of a statement: asking it to stop may hang, so cut it off.
            cut(raw)
            raise
        finally:
            # The work is done or undone by now; a connection that fails here is simply dropped.
            with suppress(*UNAVAILABLE, asyncpg.InterfaceError):
                await pool.release(raw, timeout=self._limits.command_seconds)


async def _close(pool: asyncpg.Pool, seconds: float) -> None:
    """Close a pool; a server that does not answer can hold even the cancellation of that."""
    closing = asyncio.create_task(pool.close())
    closing.add_done_callback(_hear)
    await asyncio.wait({closing}, timeout=seconds)
    pool.terminate()
    closing.cancel()
    await asyncio.wait({closing}, timeout=GRACE_SECONDS)


def _hear(closing: "asyncio.Task[None]") -> None:
    """Take note of how it ended: with whatever error, the pool is gone."""
    if not closing.cancelled():
        closing.exception()


async def _roll_back(raw: PoolConnectionProxy) -> None:
    try:
        await raw.execute("ROLLBACK")
    except (*UNAVAILABLE, asyncpg.InterfaceError):
        cut(raw)  # PostgreSQL undoes what it loses sight of


def _backoff(give_up_seconds: float, random: randomness.Random) -> Iterator[float]:
    """Ever longer delays, until they add up to `give_up_seconds`."""
    failures, waited = 0, 0.0
    while waited < give_up_seconds:
        failures += 1
        delay = DATABASE.delay(failures, random)
        yield delay
        waited += delay
