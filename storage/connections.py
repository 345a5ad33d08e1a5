"""A borrowed PostgreSQL connection, and what asyncpg says when it is gone, put in one way.

A write that fails with StorageUnavailable may have been written or not: whatever is written must
be safe to write again.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from errors import StorageUnavailable
from storage.sql import Statement

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
    # A newer program changed the schema beside us, as in a deploy: the next connection knows it.
    asyncpg.InvalidCachedStatementError,
)

Query = Statement | str


class Connection:
    """A borrowed connection; every operation ends within the limit or raises.

    A statement out of `queries/` takes its arguments by name, plain SQL by position.

    Raises:
        TypeError: the arguments are not those of the statement; nothing was sent.
        StorageUnavailable: from every method, when PostgreSQL is gone or too slow.
        asyncpg.PostgresError: when it refuses the statement.
    """

    __slots__ = ("_raw",)

    def __init__(self, raw: PoolConnectionProxy) -> None:
        self._raw = raw

    async def execute(self, sql: Query, /, *values: object, **named: object) -> str:
        """Run a statement; returns PostgreSQL's tag, as in "UPDATE 1"."""
        text, arguments = self._ready(sql, values, named)
        with unavailable(self._raw):
            return await self._raw.execute(text, *arguments)

    async def executemany(self, sql: Statement, rows: Iterable[Mapping[str, object]], /) -> None:
        """Run a statement once per row of arguments, in one go."""
        ready = [self._arguments(sql, dict(row)) for row in rows]
        with unavailable(self._raw):
            await self._raw.executemany(sql.text, ready)

    async def fetch(self, sql: Query, /, *values: object, **named: object) -> list[asyncpg.Record]:
        """Return all rows."""
        text, arguments = self._ready(sql, values, named)
        with unavailable(self._raw):
            return await self._raw.fetch(text, *arguments)

    async def fetchrow(
        self, sql: Query, /, *values: object, **named: object
    ) -> asyncpg.Record | None:
        """Return the first row, or None."""
        text, arguments = self._ready(sql, values, named)
        with unavailable(self._raw):
            return await self._raw.fetchrow(text, *arguments)

    async def fetchval(self, sql: Query, /, *values: object, **named: object) -> Any:
        """Return the first column of the first row, or None."""
        text, arguments = self._ready(sql, values, named)
        with unavailable(self._raw):
            return await self._raw.fetchval(text, *arguments)

    def _ready(
        self, sql: Query, values: tuple[object, ...], named: dict[str, object]
    ) -> tuple[str, tuple[object, ...]]:
        if isinstance(sql, Statement):
            if values:
                raise TypeError(f"{sql.name}: its arguments go by name")
            return sql.text, self._arguments(sql, named)
        if named:
            raise TypeError(f"plain SQL has no named arguments, but got {sorted(named)}")
        return sql, values

    def _arguments(self, sql: Statement, named: dict[str, object]) -> tuple[object, ...]:
        return sql.arguments(named)


class TenantConnection(Connection):
    """A transaction that sees and touches the rows of `tenant_id` only.

    Its statements are all about this tenant, which they call `:tenant_id`.
    """

    __slots__ = ("tenant_id",)

    def __init__(self, raw: PoolConnectionProxy, tenant_id: int) -> None:
        super().__init__(raw)
        self.tenant_id = tenant_id

    def _arguments(self, sql: Statement, named: dict[str, object]) -> tuple[object, ...]:
        # One transaction, one tenant: nobody can name another, or forget to name it.
        if "tenant_id" in named:
            raise TypeError(f"{sql.name}: the tenant is the transaction's own")
        named["tenant_id"] = self.tenant_id
        return sql.arguments(named)


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
