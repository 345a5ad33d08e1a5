"""What a database is for: written down in it at its first opening, and for good.

A playground may move its clock, lose its keys and talk to stand-ins. So a database that is in
production, or may be, is never opened by one; nor a playground's by a production.
"""

import asyncpg

from errors import DatabaseRefused
from settings import Mode

# Made before any migration is applied: a database that is refused is left as it was.
TABLE = """
    CREATE TABLE IF NOT EXISTS installation (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        mode text NOT NULL CHECK (mode IN ('production', 'playground')),
        since timestamptz NOT NULL DEFAULT now()
    );
"""
# Row-level security would hide the rows from the owner of the database; the size of the table not.
HOLDS_TENANTS = """
    SELECT coalesce(pg_relation_size(to_regclass('public.tenants')), 0) > 0
"""
REFUSALS = {
    Mode.PLAYGROUND: (
        "O banco de DATABASE_URL é de produção, e a demonstração não mexe nele. Aponte "
        "DATABASE_URL para um banco só da demonstração, ou tire-a: ela tem um banco próprio."
    ),
    Mode.PRODUCTION: (
        "O banco de DATABASE_URL é de uma demonstração (EMDIA_MODE=playground), e a produção não "
        "começa nele. Aponte DATABASE_URL para um banco novo."
    ),
}
# Nobody pairs without keys being sealed. What was erased may still count: better so than lost.
HOLDS_SEALED = """
    SELECT coalesce(pg_relation_size(to_regclass('public.whatsapp_keys')), 0) > 0
"""
KEYLESS = (
    "As chaves que abrem o que o banco guarda (o arquivo vault.keys da pasta EMDIA_HOME) sumiram "
    "ou estragaram. Traga o arquivo de volta de uma cópia, ou apague a pasta inteira para começar "
    "do zero (a demonstração perde tudo)."
)
UNSAID = (
    "O banco já tem negócios e não diz que são de demonstração, então a demonstração não mexe "
    "nele. Aponte DATABASE_URL para um banco vazio, ou tire-a: a demonstração tem um banco próprio."
)


async def settle(
    connection: asyncpg.Connection, mode: Mode | None, *, own: bool, keyless: bool
) -> None:
    """Agree with the database on the mode, inside the transaction that migrates it.

    `mode` None neither asks nor tells. `own` says that it is the server of the home itself;
    `keyless`, that whoever asks has no keys and would make new ones.

    Raises:
        DatabaseRefused: it is for something else.
    """
    if mode is None:
        return
    if keyless and await connection.fetchval(HOLDS_SEALED):
        raise DatabaseRefused(KEYLESS)
    kept = await connection.fetchval("SELECT mode FROM installation")
    if kept is None:
        if mode is Mode.PLAYGROUND and not own and await connection.fetchval(HOLDS_TENANTS):
            raise DatabaseRefused(UNSAID)
        await connection.execute("INSERT INTO installation (mode) VALUES ($1)", mode.value)
    elif kept != mode:
        raise DatabaseRefused(REFUSALS[mode])
