"""What WhatsApp answers in these tests, and how time passes in them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from actors.messages.notices import WhatsAppLost
from domain.reasons import Reason
from domain.whatsapp import Loss
from tests.whatsapp.outside import NINE
from tests.whatsapp.world import GAP_SECONDS, MILLISECONDS, World, phone

HOUR_SECONDS = 3_600.0
PAIRED_AT = "UPDATE whatsapp_sessions SET paired_at = $1"
SOMEBODY = {"ok": {"answer": "found", "jid": "5511955554444@s.whatsapp.net", "lid": "9@lid"}}
ACKED = {"ok": {"outcome": "acked", "at_ms": int(NINE.timestamp() * MILLISECONDS)}}
RESTRICTED = {"ok": {"outcome": "refused", "error": 463}}
ABSENT = {"ok": {"answer": "not_found"}}
SILENT = {"ok": {"answer": "no_answer", "reason": "empty"}}
SENT, QUEUED = ("sent", None, 1), ("queued", None, 0)
REFUSED = ("failed", Reason.RESTRICTED, 1)
UNANSWERED = ("queued", Reason.NUMBER_UNANSWERED, 0)
NOBODY = ("failed", Reason.NOT_ON_WHATSAPP, 0)


@asynccontextmanager
async def nothing_is_written(console: asyncpg.Connection) -> AsyncIterator[None]:
    """Somebody holds the table of messages."""
    async with console.transaction():
        await console.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
        yield


async def is_waited_for(shop: World) -> None:
    """Wait until a statement of the session hangs."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"

    async def hangs() -> bool:
        return bool(await shop.console.fetchval(waiting))

    await shop.until_true(hangs)


def digits(number: int) -> str:
    """The phone of a client as a jid begins."""
    return phone(number).removeprefix("+")


def jid(number: int) -> str:
    """The account of a client."""
    return f"{digits(number)}@s.whatsapp.net"


def found(number: int, *, lid: str | None = None) -> dict[str, Any]:
    """WhatsApp's yes."""
    return {"ok": {"answer": "found", "jid": jid(number), "lid": lid}}


def for_each(count: int, answers: dict[int, object]) -> dict[str, Any]:
    """WhatsApp's answers about clients' numbers: these, and else a yes."""
    all_of = {digits(n): answers.get(n, found(n)) for n in range(count)}
    return {"by": all_of, "otherwise": SILENT}


async def live(shop: World, seconds: float, *, step: float = GAP_SECONDS) -> None:
    """Let so much time pass, each gap of it."""
    for _ in range(round(seconds / step)):
        await shop.pass_time(step)
        await shop.settle()


async def addresses(shop: World) -> list[tuple[str, str | None]]:
    """Whom a message was sent to: jid and LID."""
    return [(order["args"]["jid"], order["args"]["lid"]) for order in await shop.orders("send")]


async def openings(world: World) -> int:
    """How often a line was opened."""
    return len(await world.orders("open"))


async def losses(world: World) -> list[Loss]:
    """What the owner was told of ends."""
    await world.settle()
    return [notice.reason for notice in world.kept() if isinstance(notice, WhatsAppLost)]
