"""The pinned message of the day's figures: whether it is wanted, where it is, what it says (J8)."""

from dataclasses import dataclass
from datetime import date

from domain.scoreboard import Scoreboard
from storage.database import TenantConnection
from storage.sql import load

SQL = load("scoreboard")


@dataclass(frozen=True, slots=True)
class Board:
    """A board that is wanted; `message_id` is None until Telegram took it."""

    message_id: int | None


async def put_up(tx: TenantConnection) -> None:
    """Want a board from now on."""
    await tx.execute(SQL["put_up"])


async def take_down(tx: TenantConnection) -> int | None:
    """Want none any more; returns the message to take away, if there is one."""
    row = await tx.fetchrow(SQL["take_down"])
    return None if row is None else row["message_id"]


async def find(tx: TenantConnection) -> Board | None:
    """The board, if one is wanted."""
    row = await tx.fetchrow(SQL["find"])
    return None if row is None else Board(row["message_id"])


async def shown(tx: TenantConnection, message_id: int) -> None:
    """Note which message it is."""
    await tx.execute(SQL["shown"], message_id=message_id)


async def figures(tx: TenantConnection, day: date) -> Scoreboard:
    """How `day` stands."""
    row = await tx.fetchrow(SQL["figures"], day=day)
    assert row is not None  # noqa: S101 - counts are one row
    return Scoreboard(day=day, **dict(row))
