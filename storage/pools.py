"""How a pool is made: as a user of its own where it may, every connection proven before use."""

import asyncpg
import orjson

from storage import values
from storage.connections import UNAVAILABLE
from storage.logins import Login
from storage.proof import Demands, refuse_shared
from telemetry import logger

LOG = logger("database")


async def make_pool(
    dsn: str, role: str, size: int, *, connect_seconds: float, command_seconds: float
) -> asyncpg.Pool:
    """A pool of `size` whose connections are `role` and nothing more.

    Raises:
        DatabaseRefused: a connection is not what was asked for.
    """
    login = Login.of(dsn, role)
    demands = Demands(role, command_seconds)

    async def connect(user: str | None, *, ask: bool) -> asyncpg.Pool:
        return await asyncpg.create_pool(
            dsn,
            user=user,
            password=login.password if user is not None else None,
            min_size=1,
            max_size=size,
            timeout=connect_seconds,
            command_timeout=command_seconds,
            init=lambda raw: _prepare(raw, demands),
            reset=_nothing_to_reset,
            server_settings=dict(demands.settings) if ask else None,
        )

    for attempt in range(2):
        try:
            return await connect(login.user, ask=True)
        except (*UNAVAILABLE, asyncpg.PostgresError) as error:
            # A pooler says so of a user it does not know, as of all it does not understand.
            if isinstance(error, UNAVAILABLE) and type(error) is not asyncpg.ProtocolViolationError:
                raise
            if attempt == 0:
                await login.make(dsn)
    LOG.warning("no user of its own for the pool: it becomes its role by SET ROLE", role=role)
    try:
        pool = await connect(None, ask=True)
    except asyncpg.ProtocolViolationError:
        # A pooler that does not know these settings of a connection: ask by SQL.
        pool = await connect(None, ask=False)
    if demands.dropped and size > 1:
        try:
            await _refuse_shared(pool)
        except BaseException:
            pool.terminate()
            raise
    return pool


async def _refuse_shared(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as one, pool.acquire() as other:
        await refuse_shared(one, other)


async def _prepare(raw: asyncpg.Connection, demands: Demands) -> None:
    await demands.prove(raw)
    await _read_json(raw)


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
