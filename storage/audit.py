"""Who did what: written, never rewritten (I9). No name, phone or text goes in here."""

from collections.abc import Mapping
from datetime import datetime

from storage.database import TenantConnection
from storage.sql import load

SQL = load("audit")
OWNER = "owner"


async def note(  # noqa: PLR0913 - who did what to whom, when
    tx: TenantConnection,
    action: str,
    subject: str,
    now: datetime,
    detail: Mapping[str, object] | None = None,
    *,
    actor: str = OWNER,
) -> None:
    """Note an act of `actor`, in its own transaction; `subject` is as in "client 12"."""
    await tx.execute(
        SQL["note"],
        actor=actor,
        action=action,
        subject=subject,
        detail=dict(detail or {}),
        now=now,
    )
