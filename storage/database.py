"""The only way to PostgreSQL: `Database.tenant` for one tenant's rows, `dispatcher` across tenants.

A tenant's statements run inside one transaction, as a role that row-level security binds (B1).
Every wait has an end. A write that fails with StorageUnavailable may have been written or not:
whatever is written here must be safe to write again.
"""

import asyncio
import random as randomness
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Self

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from domain.backoff import DATABASE
from errors import StorageError, StorageUnavailable
from storage import values
from storage.connections import (
    UNAVAILABLE,
    DispatcherConnection,
    TenantConnection,
    cut,
    unavailable,
)
from storage.migrate import migrate
from telemetry import logger

__all__ = ["Database", "DispatcherConnection", "Limits", "TenantConnection"]

CLOSE_SECONDS = 5.0
GRACE_SECONDS = 0.2  # between cutting a pool off and leaving it
log = logger("database")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of PostgreSQL this process takes, and how long it waits."""

    app_connections: int = 10
    dispatcher_connections: int = 2
    connect_seconds: float = 5.0
    acquire_seconds: float = 10.0
    command_seconds: float = 10.0


class Database:
    """Both pools. Made by `open`, ended by `close`."""

    def __init__(self, app: asyncpg.Pool, dispatcher: asyncpg.Pool, limits: Limits) -> None:
        self._app = app
        self._dispatcher = dispatcher
        self._limits = limits

    @classmethod
    async def open(
        cls,
        dsn: str,
        *,
        limits: Limits | None = None,
        give_up_seconds: float = 120.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: randomness.Random | None = None,
    ) -> Self:
        """Migrate the database and connect, trying again while PostgreSQL is away (I5).

        Raises:
            StorageUnavailable: it stayed away for about `give_up_seconds`.
            MigrationRefused: the database does not belong to these migrations.
        """
        limits = limits or Limits()
        random = random or randomness.Random()  # noqa: S311 - spreads retries, guards nothing
        delays = _backoff(give_up_seconds, random)
        while True:
            try:
                return await cls._open_once(dsn, limits)
            except StorageUnavailable as error:
                delay = next(delays, None)
                if delay is None:
                    raise
                log.warning("PostgreSQL is away", retry_in=round(delay, 2), error=str(error))
                await sleep(delay)

    @classmethod
    async def _open_once(cls, dsn: str, limits: Limits) -> Self:
        with unavailable():
            applied = await migrate(dsn)
            if applied:
                log.info("schema migrated", applied=[migration.name for migration in applied])
            else:
                log.info("the schema exists: skipping initialisation")
            app = await _pool(dsn, "emdia_app", limits.app_connections, limits)
            try:
                dispatcher = await _pool(
                    dsn, "emdia_dispatcher", limits.dispatcher_connections, limits
                )
            except BaseException:
                app.terminate()
                raise
        return cls(app, dispatcher, limits)

    @asynccontextmanager
    async def tenant(self, tenant_id: int) -> AsyncIterator[TenantConnection]:
        """One transaction of one tenant: committed at the end of the block, undone by an error.

        Raises:
            StorageUnavailable: also when the commit's answer was lost; it may have happened.
        """
        async with self._borrowed(self._app) as raw:
            tx = TenantConnection(raw, tenant_id)
            # A simple query carries both statements in one round trip; it takes no parameters.
            await tx.execute(f"BEGIN; SELECT set_config('app.tenant_id', '{tenant_id:d}', true)")
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
    async def dispatcher(self) -> AsyncIterator[DispatcherConnection]:
        """A connection for the questions asked across tenants."""
        async with self._borrowed(self._dispatcher) as raw:
            yield DispatcherConnection(raw)

    async def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Close both pools inside `seconds`; what is still in use then is cut off."""
        await asyncio.gather(*(_close(pool, seconds) for pool in (self._app, self._dispatcher)))

    @asynccontextmanager
    async def _borrowed(self, pool: asyncpg.Pool) -> AsyncIterator[PoolConnectionProxy]:
        with unavailable():
            raw = await pool.acquire(timeout=self._limits.acquire_seconds)
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


async def _pool(dsn: str, role: str, size: int, limits: Limits) -> asyncpg.Pool:
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        timeout=limits.connect_seconds,
        command_timeout=limits.command_seconds,
        init=_read_json,
        reset=_nothing_to_reset,
        server_settings={
            # A setting of the connection itself, so even RESET ALL comes back to it.
            "role": role,
            "application_name": "emdia",
            "search_path": "public",
            # PostgreSQL gives up with us, so that a cut connection does not keep its locks.
            "statement_timeout": f"{limits.command_seconds * 1000:.0f}ms",
            "idle_in_transaction_session_timeout": "60s",
        },
    )


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


async def _nothing_to_reset(_raw: asyncpg.Connection) -> None:
    """Save the round trip: whoever borrows ends the transaction, or the connection is cut.

    Nothing here sets anything beyond a transaction's end.
    """


async def _read_json(raw: asyncpg.Connection) -> None:
    """Hand jsonb out as Python values instead of text."""
    await raw.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        # The binary form is the text after a version byte.
        encoder=lambda value: b"\x01" + values.json(value),
        decoder=lambda data: orjson.loads(data[1:]),
    )


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
