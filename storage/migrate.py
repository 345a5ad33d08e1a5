"""Brings a database up to the numbered files of `migrations/`, all of them or none.

Runs as the user of DATABASE_URL, under an advisory lock, so that processes starting together take
turns. What was applied is kept with its checksum: a file that changed afterwards is refused.
`python -m storage.migrate` does it by hand and tells what it did.
"""

import asyncio
import hashlib
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

import settings
from errors import DatabaseRefused, EmDiaError, MigrationRefused, SettingsError
from settings import Mode
from storage import installation
from storage.connections import unavailable
from storage.embedded import EmbeddedPostgres
from storage.refusals import check_files, refused

MIGRATIONS = Path(__file__).parent / "migrations"
FILE_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
LOCK = int.from_bytes(b"EmDia/db", "big")
MIGRATION_SECONDS = 300.0
CLOSE_SECONDS = 5.0
WRONG_SETTING = 2
FAILED = 1
OLDEST_POSTGRESQL = 16  # the first in which membership of a role and becoming it are two things
# An upgrade that cannot have a table soon gives way to the traffic and is tried again.
PREPARE = f"""
    SET LOCAL search_path = public;
    SET LOCAL lock_timeout = '10s';
    SELECT pg_advisory_xact_lock({LOCK});
    CREATE TABLE IF NOT EXISTS schema_migrations (
        number integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    );
    {installation.TABLE}
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, the same for either line ending."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read(folder: Path = MIGRATIONS) -> list[Migration]:
    """The migrations of `folder` in order.

    Raises:
        MigrationRefused: a file has a strange name, or the numbers are not 1, 2, 3, …
    """
    migrations = [_migration(path) for path in sorted(folder.glob("*.sql"))]
    if [migration.number for migration in migrations] != [*range(1, len(migrations) + 1)]:
        raise MigrationRefused(f"{folder.name}: the numbers do not run from 1 without a gap")
    return migrations


async def migrate(
    dsn: str,
    migrations: Sequence[Migration] | None = None,
    *,
    mode: Mode | None = None,
    own: bool = False,
    keyless: bool = False,
) -> list[Migration]:
    """Apply what is missing, in one transaction; returns what was applied.

    `mode`, `own` and `keyless` are agreed on first: see `installation.settle`.

    Raises:
        DatabaseRefused: the database is in the other mode, or PostgreSQL is too old.
        MigrationRefused: an applied file was changed.
        OSError, asyncpg.PostgresError: as they come; nothing was applied.
    """
    wanted = read() if migrations is None else migrations
    check_files(dsn)
    with refused(connecting=True):
        connection = await asyncpg.connect(dsn, timeout=10.0, command_timeout=MIGRATION_SECONDS)
    try:
        if (version := connection.get_server_version().major) < OLDEST_POSTGRESQL:
            raise DatabaseRefused(
                f"O banco de DATABASE_URL é um PostgreSQL {version}; o EmDia precisa do "
                f"{OLDEST_POSTGRESQL} ou mais novo."
            )
        async with connection.transaction():
            await connection.execute(PREPARE)
            await installation.settle(connection, mode, own=own, keyless=keyless)
            pending = _pending(
                wanted, await connection.fetch("SELECT number, checksum FROM schema_migrations")
            )
            for migration in pending:
                await _apply(connection, migration)
    finally:
        await connection.close(timeout=CLOSE_SECONDS)
    return pending


async def _apply(connection: asyncpg.Connection, migration: Migration) -> None:
    await connection.execute(migration.sql)
    # A file chooses its role; the next begins again as the user of DATABASE_URL.
    await connection.execute("SET LOCAL ROLE NONE; SET LOCAL search_path = public")
    await connection.execute(
        "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
        migration.number,
        migration.name,
        migration.checksum,
    )


def _pending(wanted: Sequence[Migration], rows: Sequence[asyncpg.Record]) -> list[Migration]:
    applied = {row["number"]: row["checksum"] for row in rows}
    for migration in wanted:
        if applied.get(migration.number, migration.checksum) != migration.checksum:
            raise MigrationRefused(
                f"{migration.number:04}_{migration.name} was changed after it had been applied; "
                "restore it and put the change in a new file"
            )
    # Numbers above ours are left alone: during a deploy the older program meets the newer schema.
    return [migration for migration in wanted if migration.number not in applied]


def _migration(path: Path) -> Migration:
    found = FILE_NAME.fullmatch(path.name)
    if found is None:
        raise MigrationRefused(f"{path.name}: a migration is named 0001_what_it_does.sql")
    return Migration(int(found[1]), found[2], path.read_text(encoding="utf-8"))


async def _by_hand() -> None:
    known = settings.load(command=True)
    server = None
    if known.database_url is None:
        server = await EmbeddedPostgres.start(known.home)
    dsn = server.dsn if server is not None else known.address
    try:
        with unavailable(), refused():
            applied = await migrate(dsn, mode=known.mode_said, own=server is not None)
    finally:
        if server is not None:
            await server.stop()
    for migration in applied:
        sys.stdout.write(f"aplicada: {migration.number:04}_{migration.name}\n")
    if not applied:
        sys.stdout.write("nada a fazer: o banco já está em dia\n")


def main() -> int:
    """Migrate by hand; returns the exit code."""
    try:
        asyncio.run(_by_hand())
    except SettingsError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return WRONG_SETTING
    except EmDiaError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
