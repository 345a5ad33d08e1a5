"""What the tests of the queue share: its messages, and how they stand."""

from datetime import datetime
from typing import Any

from actors.messages.queue import GetToday
from actors.messages.queue_acts import Acted, ActOn, GetMessage, MessageView
from domain.outbox import MessageState
from domain.queue_acts import QueueAct
from tests.clients.shop import TENANT, Shop

PHONES = [f"+55119555{number:05d}" for number in range(20)]


async def filled(shop: Shop, *names: str) -> list[int]:
    """Clients who are billed today, one message each; returns the messages in their order."""
    for name, phone in zip(names, PHONES, strict=False):
        await shop.register(name=name, phone=phone)
    return [message_id for message_id, _, _, _ in await shop.messages()]


async def act(shop: Shop, message_id: int, what: QueueAct) -> Acted:
    """Press a button of a message."""
    return await shop.ask(ActOn(message_id, what))


async def look(shop: Shop, message_id: int) -> MessageView:
    """The message as it stands."""
    return await shop.ask(GetMessage(message_id))


async def names_in_turn(shop: Shop) -> list[str]:
    """Whose turn comes, one after the other."""
    return [one.row.name for one in (await shop.ask(GetToday())).coming]


async def states(shop: Shop) -> list[MessageState]:
    """How each message stands."""
    return [MessageState(state) for _, _, state, _ in await shop.messages()]


async def put(shop: Shop, message_id: int, **columns: Any) -> None:
    """Have a message be as something on its way would have left it."""
    named = ", ".join(f"{name} = ${at}" for at, name in enumerate(columns, start=3))
    async with shop.database.tenant(TENANT) as tx:
        await tx.execute(
            f"UPDATE messages SET {named} WHERE tenant_id = $1 AND id = $2",  # noqa: S608 - names of ours
            TENANT,
            message_id,
            *columns.values(),
        )


async def ids(shop: Shop) -> list[tuple[int, str, str]]:
    """What must never change of a message: its number and both its names (E6, F6)."""
    async with shop.database.tenant(TENANT) as tx:
        rows = await tx.fetch(
            "SELECT id, whatsapp_id, correlation_id FROM messages WHERE tenant_id = $1 ORDER BY id",
            TENANT,
        )
    return [tuple(row) for row in rows]


def local(view: datetime | None) -> str | None:
    """A time of day as the owner reads it."""
    return None if view is None else f"{view:%H:%M}"
