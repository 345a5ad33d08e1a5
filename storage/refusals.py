"""What PostgreSQL says when trying again changes nothing, as a sentence for whoever set it up."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import asyncpg

from errors import DatabaseRefused

UNREADABLE = (
    "DATABASE_URL tem um parâmetro que não serve. Confira o que vem depois de ? "
    "(como sslmode=require) e tire o que não for do PostgreSQL."
)
WITHOUT_TLS = (
    "O servidor de DATABASE_URL não aceita conexão cifrada. Tire sslmode do endereço, ou ligue "
    "o TLS no servidor."
)
BAD_CERTIFICATE = (
    "O certificado do servidor de DATABASE_URL não pôde ser conferido. Confira o nome do servidor, "
    "ou use sslmode=require."
)
SHARED = (
    "DATABASE_URL passa por um intermediário (pooler) que troca de conexão a cada transação, e o "
    "EmDia não pode trabalhar assim. Use o endereço direto do banco, ou o modo “session”."
)
UNREADABLE_FILE = (
    "DATABASE_URL diz {name}=…, e esse arquivo não existe ou não pode ser lido. Corrija o caminho, "
    "ou tire esse parâmetro."
)
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
UNKNOWN_HOST = "Não encontro o servidor de DATABASE_URL: confira o nome dele no endereço."
SENTENCES: dict[type[Exception], str] = {
    asyncpg.InvalidPasswordError: (
        "O PostgreSQL não aceitou a senha de DATABASE_URL. Confira o usuário e a senha; sinais na "
        "senha se escrevem em código (@ vira %40, / vira %2F)."
    ),
    asyncpg.InvalidAuthorizationSpecificationError: (
        "O PostgreSQL não deixa entrar o usuário de DATABASE_URL daqui. Confira o nome do usuário "
        "e o que o servidor permite (talvez só com sslmode=require)."
    ),
    asyncpg.InvalidCatalogNameError: (
        "O banco que DATABASE_URL nomeia não existe nesse servidor. Crie o banco ou corrija o nome."
    ),
    asyncpg.InsufficientPrivilegeError: (
        "O usuário de DATABASE_URL não pode preparar o banco: ele precisa ser o dono do banco e "
        "poder criar papéis (ALTER ROLE … CREATEROLE)."
    ),
    # What was prepared on one connection is asked of another.
    asyncpg.InvalidSQLStatementNameError: SHARED,
    asyncpg.DuplicatePreparedStatementError: SHARED,
    asyncpg.ReadOnlySQLTransactionError: (
        "O servidor de DATABASE_URL só deixa ler: é uma cópia. Use o endereço do principal."
    ),
}
# Only of an address: the same errors of a statement are faults of ours.
OF_AN_ADDRESS: dict[type[Exception], str] = {
    asyncpg.ClientConfigurationError: UNREADABLE,
    asyncpg.UndefinedObjectError: UNREADABLE,
    asyncpg.CantChangeRuntimeParamError: UNREADABLE,
    asyncpg.InvalidParameterValueError: UNREADABLE,
}


def check_files(dsn: str) -> None:
    """Refuse an address that names a file which is not there: a driver takes that for a server's.

    Raises:
        DatabaseRefused: one of its certificates or keys cannot be read.
    """
    for name, path in parse_qsl(urlsplit(dsn).query):
        if name in FILES and not os.access(path, os.R_OK):
            raise DatabaseRefused(UNREADABLE_FILE.format(name=name))


@contextmanager
def refused(*, connecting: bool = False) -> Iterator[None]:
    """Turn what will not pass by itself into DatabaseRefused.

    Quotes nothing of the address: a driver's words may hold a piece of the password.
    """
    known = SENTENCES | OF_AN_ADDRESS if connecting else SENTENCES
    try:
        yield
    except ssl.SSLError:
        raise DatabaseRefused(BAD_CERTIFICATE) from None
    except ConnectionError as error:
        if "rejected SSL upgrade" in str(error):
            raise DatabaseRefused(WITHOUT_TLS) from None
        raise
    except UnicodeError:
        raise DatabaseRefused(UNKNOWN_HOST) from None
    except tuple(known) as error:
        kind = next(one for one in type(error).__mro__ if one in known)
        raise DatabaseRefused(known[kind]) from None
