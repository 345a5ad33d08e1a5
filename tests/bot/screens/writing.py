"""A client who writes on WhatsApp to an owner whose bot runs, and what stands in the database."""

from datetime import timedelta
from itertools import count
from typing import Any

from actors.messages.replies import RepliesCame
from domain.replies import ReplyKind
from storage import receipts, whatsapp_incoming
from storage.sql import Statement
from storage.whatsapp_incoming import Incoming
from tests.bot.chat import Shop, Shown, press, say
from tests.bot.live import Live

PHONE = "5511988880001"
_IDS = count(1)


async def writes(  # noqa: PLR0913 - what WhatsApp tells of a message, each with its default
    shop: Shop,
    *texts: str,
    kind: ReplyKind = ReplyKind.TEXT,
    phone: str = PHONE,
    lid: str | None = None,
    message_id: str | None = None,
    about: str | None = None,
    name: str | None = None,
) -> None:
    """Somebody writes to the owner's WhatsApp; the worker keeps it, and says so."""
    async with shop.live.database.tenant(shop.owner.chat_id) as tx:
        for text in texts:
            number = next(_IDS)
            incoming = Incoming(
                message_id=message_id or f"M{9_999 - number}",
                from_jid=lid or f"{phone}@s.whatsapp.net",
                from_phone=None if lid else phone,
                kind=kind,
                text=text or None,
                at=shop.live.clock.now().replace(microsecond=0),
                name=name,
                size_bytes=48_213 if name else None,
                about=about,
            )
            await whatsapp_incoming.keep_incoming(tx, incoming)
    # So long after the last card that nothing waits for its turn to be drawn.
    shop.live.clock.move_to(shop.live.clock.now() + timedelta(seconds=3))
    await shop.live.tenant(shop.owner).tell(RepliesCame())


async def shop_of(live: Live) -> Shop:
    """An owner with Roberto, two days late."""
    shop = Shop(live, await live.owner())
    await say(shop.owner, "/menu")
    await shop.client(phone=f"+{PHONE}")
    return shop


async def rows(shop: Shop, what: str, table: str) -> list[tuple[Any, ...]]:
    """What stands in a table of the tenant."""
    text = f"SELECT {what} FROM {table} WHERE tenant_id = $1"  # noqa: S608 - the test's own
    async with shop.live.database.tenant(shop.owner.chat_id) as tx:
        return [tuple(row) for row in await tx.fetch(Statement("test", text, ("tenant_id",)))]


async def sent(shop: Shop, whatsapp_id: str) -> None:
    """A message went, arrived and was read."""
    text = "UPDATE messages SET attempt = 1 WHERE tenant_id = $1"
    async with shop.live.database.tenant(shop.owner.chat_id) as tx:
        await tx.execute(Statement("test", text, ("tenant_id",)))
        await receipts.receipt(tx, whatsapp_id, "read", shop.live.clock.now())


async def settings(shop: Shop) -> Shown:
    """The settings."""
    menu = await press(shop.owner, await say(shop.owner, "/menu"), "🏠 Ver o menu")
    return await press(shop.owner, menu, "⚙️ Configurações")


async def outbox(shop: Shop) -> list[tuple[Any, ...]]:
    """What is to go: kind, state, and whether the opt-out does not stop it."""
    return sorted(await rows(shop, "kind, state, farewell", "messages"))
