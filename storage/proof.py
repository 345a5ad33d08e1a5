"""What a connection proves before it is used: that it is bound by row-level security, and patient.

Both are asked for when it is made. A pooler between us and PostgreSQL may drop that in silence,
and would leave us the all-powerful user of DATABASE_URL. So role and time-outs are read back;
where they are missing they are set by SQL and read again; what still is not bound is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from errors import DatabaseRefused
from storage.refusals import SHARED
from telemetry import logger

LOG = logger("database")
READ = """
    SELECT current_user::text AS role, own.rolsuper OR own.rolbypassrls AS unbound,
           login.rolsuper OR login.rolbypassrls AS mighty,
           current_setting('row_security') AS row_security,
           current_setting('search_path') AS search_path,
           current_setting('statement_timeout')::interval AS statement_timeout,
           current_setting('idle_in_transaction_session_timeout')::interval AS idle_timeout,
           pg_backend_pid() AS backend
    FROM pg_roles own, pg_roles login
    WHERE own.rolname = current_user AND login.rolname = session_user
"""
UNBOUND = (
    "O PostgreSQL de DATABASE_URL não deixa o EmDia trabalhar com o papel {role}, preso às regras "
    "de cada negócio, então o EmDia não começa. Se há um intermediário (pooler) no caminho, use o "
    "endereço direto do banco."
)


@dataclass(slots=True)
class Demands:
    """What every connection of one pool must be; `dropped` tells whether one came without it."""

    role: str
    command_seconds: float
    idle_seconds: float = 60.0
    dropped: bool = field(default=False, init=False)

    @property
    def settings(self) -> Mapping[str, str]:
        """What to ask for, in PostgreSQL's names."""
        return {
            # Settings of the connection itself, so even RESET ALL comes back to them.
            "role": self.role,
            "application_name": "emdia",
            "row_security": "on",
            "search_path": "public",
            # PostgreSQL gives up with us, so that a cut connection does not keep its locks.
            "statement_timeout": f"{self.command_seconds * 1000:.0f}ms",
            "idle_in_transaction_session_timeout": f"{self.idle_seconds * 1000:.0f}ms",
        }

    async def prove(self, raw: asyncpg.Connection) -> None:
        """Let `raw` be what is demanded.

        Raises:
            DatabaseRefused: it is not, and could not be made so.
        """
        found = await raw.fetchrow(READ)
        if self._are_met(found):
            return
        if not self.dropped:
            LOG.warning("a pooler dropped what was asked of the connection: asking by SQL")
        self.dropped = True
        words = ", ".join(
            f"set_config('{name}', '{value}', false)" for name, value in self.settings.items()
        )
        try:
            await raw.execute(f"SELECT {words}")
        except (asyncpg.InsufficientPrivilegeError, asyncpg.InvalidParameterValueError):
            raise DatabaseRefused(UNBOUND.format(role=self.role)) from None
        again = await raw.fetchrow(READ)
        if found is None or again is None or found["backend"] != again["backend"]:
            raise DatabaseRefused(SHARED)
        if not self._are_met(again):
            raise DatabaseRefused(UNBOUND.format(role=self.role))

    def _are_met(self, found: asyncpg.Record | None) -> bool:
        return found is not None and (
            self.role,
            False,
            "on",
            "public",
            timedelta(seconds=self.command_seconds),
            timedelta(seconds=self.idle_seconds),
        ) == (
            found["role"],
            found["unbound"],
            found["row_security"],
            found["search_path"],
            found["statement_timeout"],
            found["idle_timeout"],
        )


async def refuse_shared(one: PoolConnectionProxy, other: PoolConnectionProxy) -> None:
    """Refuse two connections that a pooler lets take turns at the same ones of PostgreSQL.

    Whichever it hands out first, the last let go or the longest free, one of the three rounds
    gives a connection another backend than it had.

    Raises:
        DatabaseRefused: they do.
    """
    seen: dict[int, set[int]] = {0: set(), 1: set()}
    for order in (((0, one), (1, other)), ((1, other), (0, one)), ((1, other), (0, one))):
        for number, raw in order:
            await raw.execute("BEGIN")
            seen[number].add(await raw.fetchval("SELECT pg_backend_pid()"))
        for _, raw in reversed(order):
            await raw.execute("COMMIT")
    if any(len(backends) > 1 for backends in seen.values()):
        raise DatabaseRefused(SHARED)
