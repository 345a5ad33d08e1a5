"""The only way to PostgreSQL: `Database.tenant` for one tenant's rows, `dispatcher` across tenants.

A tenant's statements run inside one transaction, as a role that row-level security binds (B1).
Every wait has an end. A write that fails with StorageUnavailable may have been written or not:
whatever is written here must be safe to write again.
"""

import asyncio
import random as randomness
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from errors import StorageError, StorageUnavailable
from storage import values
from storage.migrate import migrate
from telemetry import logger

RETRY_FIRST_SECONDS = 0.2
RETRY_MOST_SECONDS = 15.0
CLOSE_SECONDS = 5.0
# asyncpg speaks of a dead or dying server in all these ways; 40xxx is a lost race for a lock.
# A TimeoutError is an OSError.
UNAVAILABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,
)

log = logger("database")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of PostgreSQL this process takes, and how long it waits."""

    app_connections: int = 10
    dispatcher_connections: int = 2
    connect_seconds: float = 5.0
    acquire_seconds: float = 10.0
    command_seconds: float = 10.0


class Connection:
    """A borrowed connection; every operation ends within the limit or raises.

    Raises:
        StorageUnavailable: from every method, when PostgreSQL is gone or too slow.
        asyncpg.PostgresError: when it refuses the statement.
    """

    __slots__ = ("_raw",)

    def __init__(self, raw: PoolConnectionProxy) -> None:
        self._raw = raw

    async def execute(self, sql: str, *arguments: object) -> str:
        """Run a statement; returns PostgreSQL's tag, as in "UPDATE 1"."""
        with _unavailable(self._raw):
            return await self._raw.execute(sql, *arguments)

    async def executemany(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement once per row, in one go."""
        with _unavailable(self._raw):
            await self._raw.executemany(sql, rows)

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Return all rows."""
        with _unavailable(self._raw):
            return await self._raw.fetch(sql, *arguments)

    async def fetchrow(self, sql: str, *arguments: object) -> asyncpg.Record | None:
        """Return the first row, or None."""
        with _unavailable(self._raw):
            return await self._raw.fetchrow(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: object) -> Any:
        """Return the first column of the first row, or None."""
        with _unavailable(self._raw):
            return await self._raw.fetchval(sql, *arguments)


class TenantConnection(Connection):
    """A transaction that sees and touches the rows of `tenant_id` only."""

    __slots__ = ("tenant_id",)

    def __init__(self, raw: PoolConnectionProxy, tenant_id: int) -> None:
        super().__init__(raw)
        self.tenant_id = tenant_id


class DispatcherConnection(Connection):
    """May call the functions of schema `dispatch` and nothing else; each call stands alone."""

    __slots__ = ()


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
        with _unavailable():
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

    async def close(self) -> None:
        """Close both pools; what is still in use after a moment is cut off."""
        for pool in (self._app, self._dispatcher):
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await pool.close()
            pool.terminate()

    @asynccontextmanager
    async def _borrowed(self, pool: asyncpg.Pool) -> AsyncIterator[PoolConnectionProxy]:
        with _unavailable():
            raw = await pool.acquire(timeout=self._limits.acquire_seconds)
        try:
            yield raw
        except Exception as error:
            if isinstance(error, StorageUnavailable):
                _cut(raw)
            raise
        except BaseException:
            # Cancelled in the middle of a statement: asking it to stop may hang, so cut it off.
            _cut(raw)
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
        server_settings={
            # A setting of the connection itself, so the pool's RESET ALL comes back to it.
            "role": role,
            "application_name": "emdia",
            "search_path": "public",
            # PostgreSQL gives up with us, so that a cut connection does not keep its locks.
            "statement_timeout": f"{limits.command_seconds * 1000:.0f}ms",
            "idle_in_transaction_session_timeout": "60s",
        },
    )


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
        _cut(raw)  # PostgreSQL undoes what it loses sight of


def _cut(raw: PoolConnectionProxy) -> None:
    with suppress(asyncpg.InterfaceError):  # lost by itself, and taken back by the pool
        raw.terminate()


def _is_lost(raw: PoolConnectionProxy) -> bool:
    try:
        return raw.is_closed()
    except asyncpg.InterfaceError:
        return True


@contextmanager
def _unavailable(raw: PoolConnectionProxy | None = None) -> Iterator[None]:
    """Turn what asyncpg raises when PostgreSQL is gone into StorageUnavailable."""
    try:
        yield
    except UNAVAILABLE as error:
        raise StorageUnavailable(f"{type(error).__name__}: {error}") from error
    except asyncpg.InterfaceError as error:
        # Also raised for a wrong call, which stays as it is.
        if raw is not None and not _is_lost(raw):
            raise
        raise StorageUnavailable(f"{type(error).__name__}: {error}") from error


def _backoff(give_up_seconds: float, random: randomness.Random) -> Iterator[float]:
    """Full jitter under a doubling ceiling, until the delays add up to `give_up_seconds`."""
    ceiling, waited = RETRY_FIRST_SECONDS, 0.0
    while waited < give_up_seconds:
        delay = random.uniform(ceiling / 2, ceiling)
        yield delay
        waited += delay
        ceiling = min(ceiling * 2, RETRY_MOST_SECONDS)
