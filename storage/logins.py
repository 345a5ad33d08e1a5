"""Users of PostgreSQL's that can do what one pool needs, and nothing else.

A connection that became a role by SET ROLE can also become again what it was: the user of
DATABASE_URL, often all-powerful. Where that user may make others, each pool connects as one of
its own, which can become its role and nobody besides. Where it may not, SET ROLE has to do.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

from telemetry import logger

LOG = logger("database")
ITERATIONS = 4096  # PostgreSQL's own default
SALT_BYTES = 16
CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Login:
    """Who a pool connects as; the password is None where the address has none either."""

    role: str
    password: str | None

    @classmethod
    def of(cls, dsn: str, role: str) -> "Login":
        """The login of `role`: every process with the same address comes to the same password."""
        parts = urlsplit(dsn)
        known = unquote(parts.password or "") or parse_qs(parts.query).get("password", [""])[-1]
        if not known:
            return cls(role, None)
        return cls(
            role, hmac.digest(known.encode(), f"emdia login {role}".encode(), "sha256").hex()
        )

    @property
    def user(self) -> str:
        """Its name."""
        return f"login_of_{self.role}"

    async def make(self, dsn: str) -> bool:
        """Make it, or give it its password again; whether the user of `dsn` could."""
        connection = await asyncpg.connect(
            dsn, timeout=CONNECT_SECONDS, command_timeout=CONNECT_SECONDS
        )
        secret = f"'{_verifier(self.password)}'" if self.password else "NULL"
        try:
            if not await connection.fetchval(
                "SELECT true FROM pg_roles WHERE rolname = $1", self.user
            ):
                await connection.execute(
                    f"CREATE ROLE {self.user} LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS; "
                    f"GRANT {self.role} TO {self.user}"
                )
            await connection.execute(f"ALTER ROLE {self.user} PASSWORD {secret}")
        except asyncpg.PostgresError as error:
            # Not allowed, or another process of the same server was quicker.
            LOG.info("no login of its own", role=self.role, error=type(error).__name__)
            return False
        finally:
            await connection.close(timeout=CONNECT_SECONDS)
        return True


def _verifier(password: str) -> str:
    """What PostgreSQL keeps of a password (RFC 5803), so that none stands in a log of its own."""
    salt = os.urandom(SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt_text, stored_text, server_text = (
        base64.b64encode(x).decode() for x in (salt, stored, server)
    )
    return f"SCRAM-SHA-256${ITERATIONS}:{salt_text}${stored_text}:{server_text}"
