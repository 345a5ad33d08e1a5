"""What one owner's buttons do in another's hands (B2), and old ones in their owner's (H2)."""

import asyncio
import hashlib
from collections.abc import Sequence

import asyncpg

from tests.crawl.chat import Chat
from tests.crawl.seen import kind_of
from tests.crawl.walk import Crawl

# Where a chat's updates are kept, and who serves it: they change by being asked at all.
OF_THE_MACHINE = frozenset({"telegram_updates", "tenant_owners", "schedules"})
# What changes whenever the bank is asked, whoever presses what.
LOOKED_AT = ["check_at", "checks"]
TABLES = """
    SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t
        USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id' AND t.table_type = 'BASE TABLE'
    ORDER BY 1
"""


async def fingerprint(console: asyncpg.Pool, tenant_id: int) -> dict[str, str]:
    """For every table a digest of all rows that are `tenant_id`'s."""
    prints = {}
    for (table,) in await console.fetch(TABLES):
        if table not in OF_THE_MACHINE:
            rows = await console.fetch(
                f"""SELECT (to_jsonb(t) - $2::text[])::text FROM {table} t
                    WHERE tenant_id = $1 ORDER BY 1""",  # noqa: S608 - a name of the catalogue
                tenant_id,
                LOOKED_AT,
            )
            prints[table] = hashlib.sha256("\n".join(row[0] for row in rows).encode()).hexdigest()
    return prints


async def try_the_buttons_of(
    victim: Chat, strangers: Sequence[Chat], shared: Crawl, console: asyncpg.Pool
) -> None:
    """Have strangers press every kind of button that `victim` was ever shown."""
    before = await fingerprint(console, victim.chat_id)
    async with asyncio.TaskGroup() as pressing:
        for stranger in strangers:
            pressing.create_task(_press_all(victim, stranger, shared, "another's"))
    after = await fingerprint(console, victim.chat_id)
    for table in before:
        if before[table] != after[table]:
            shared.judge.findings.fault("leaks", f"another's buttons changed {table}")


async def try_old_buttons(chats: Sequence[Chat], shared: Crawl) -> None:
    """Have each press every kind of button that it was ever shown, on whatever it sees now."""
    async with asyncio.TaskGroup() as pressing:
        for chat in chats:
            pressing.create_task(_press_all(chat, chat, shared, "an old"))


async def _press_all(owner: Chat, chat: Chat, shared: Crawl, whose: str) -> None:
    # Those that are about somebody or something come first.
    kept = sorted(owner.kept.values(), key=lambda data: not any(map(str.isdigit, data)))
    for data in kept[: shared.most_tried]:
        await _press(chat, data, shared, f"{whose} {kind_of(data)}")


async def _press(chat: Chat, data: str, shared: Crawl, what: str) -> None:
    at = chat.live
    if at is None:
        at = (await chat.say("/menu")).live
    if at is not None:
        await shared.press(chat, at, data, what)
