"""A borrowed PostgreSQL connection, and what asyncpg says when it is gone, put in one way.

A write that fails with StorageUnavailable may have been written or not: whatever is written must
be safe to write again.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from errors import StorageUnavailable

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
        with unavailable(self._raw):
            return await self._raw.execute(sql, *arguments)

    async def executemany(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement once per row, in one go."""
        with unavailable(self._raw):
            await self._raw.executemany(sql, rows)

    async def fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Return all rows."""
        with unavailable(self._raw):
            return await self._raw.fetch(sql, *arguments)

    async def fetchrow(self, sql: str, *arguments: object) -> asyncpg.Record | None:
        """Return the first row, or None."""
        with unavailable(self._raw):
            return await self._raw.fetchrow(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: object) -> Any:
        """Return the first column of the first row, or None."""
        with unavailable(self._raw):
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


def cut(raw: PoolConnectionProxy) -> None:
    """Drop the connection without a word; PostgreSQL undoes what it was doing."""
    with suppress(asyncpg.InterfaceError):  # lost by itself, and taken back by the pool
        raw.terminate()


def is_lost(raw: PoolConnectionProxy) -> bool:
    """Whether nothing can be asked of the connection any more."""
    try:
        return raw.is_closed()
    except asyncpg.InterfaceError:
        return True


@contextmanager
def unavailable(raw: PoolConnectionProxy | None = None) -> Iterator[None]:
    """Turn what asyncpg raises when PostgreSQL is gone into StorageUnavailable."""
    try:
        yield
    except UNAVAILABLE as error:
        raise StorageUnavailable(f"{type(error).__name__}: {error}") from error
    except asyncpg.InterfaceError as error:
        # Also raised for a wrong call, which stays as it is.
        if raw is not None and not is_lost(raw):
            raise
        raise StorageUnavailable(f"{type(error).__name__}: {error}") from error
