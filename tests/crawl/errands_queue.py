"""The queue as it stands when things lack, failed or wait: states the town never comes to."""

import asyncpg

from bot.screens.clients.buttons import OWN_FIELDS, ShowField
from bot.screens.rehearsal.buttons import TOMORROW, ShowForeseen
from bot.screens.replies.buttons import REPLIES, ShowReply
from bot.screens.today.buttons import TODAY, ShowMessage
from bot.ui.buttons import Go
from domain.rehearsal import Fate
from tests.crawl.chat import Chat

LACKING = (
    "DELETE FROM templates WHERE tenant_id = $1 AND kind = 'cobranca'",
    """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
       VALUES ($1, 'cobranca', 'Cobrança', 'Oi! {suporte} {informacoes}', true, now(), now())""",
    "UPDATE settings SET support = NULL WHERE tenant_id = $1",
    """UPDATE clients SET due_on = DATE '2026-11-25', notes = NULL, price = 35,
           archived_at = NULL, opted_out_at = NULL, receives_billing = true
       WHERE tenant_id = $1 AND id % 2 = 0""",
)
STATES = (
    ("waiting", "missing_values", 0),
    ("failed", "not_on_whatsapp", 0),
    ("failed", "attempts_exhausted", 5),
    ("expired", "away", 0),
    ("queued", None, 0),
)
OF_TODAY = """
    SELECT id FROM messages
    WHERE tenant_id = $1 AND kind = 'cobranca' AND day = DATE '2026-11-25' ORDER BY id LIMIT 2
"""
IN_STATE = """
    UPDATE messages SET state = $2, reason = $3, attempt = $4, body = NULL, second_body = NULL,
        owner_epoch = NULL, first_mark = 0, second_mark = 0, first_attempts = 0,
        not_before = TIMESTAMPTZ '2026-11-25 13:00Z', expires_at = TIMESTAMPTZ '2026-11-25 23:00Z'
    WHERE tenant_id = $1 AND id = ANY ($5)
"""
BOTH_ON_ONE_PHONE = """
    INSERT INTO reply_people (tenant_id, talk_id, client_id)
    SELECT $1, (SELECT min(id) FROM reply_talks WHERE tenant_id = $1), id FROM clients
    WHERE tenant_id = $1 ORDER BY id DESC LIMIT 2 ON CONFLICT DO NOTHING
"""
MANY_WROTE = """
    WITH talks AS (
        INSERT INTO reply_talks (tenant_id, phone, since, last_at, version, told_version)
        SELECT $1, '+55118765400' || n, TIMESTAMPTZ '2026-11-25 13:00Z',
               TIMESTAMPTZ '2026-11-25 13:00Z', 1, 1
        FROM generate_series(10, 18) AS n RETURNING id
    )
    INSERT INTO reply_people (tenant_id, talk_id, client_id)
    SELECT $1, id, (SELECT min(id) FROM clients WHERE tenant_id = $1) FROM talks
"""


async def look_at_what_is_odd(chat: Chat, console: asyncpg.Pool) -> None:
    """Messages that lack something, failed or ended; people of one phone; many who wrote."""
    for statement in LACKING:
        await console.execute(statement, chat.chat_id)
    await _go(chat, Go(to=TOMORROW).pack())
    await _go(chat, ShowForeseen(fate=Fate.NOT).pack())
    ids = [row["id"] for row in await console.fetch(OF_TODAY, chat.chat_id)]
    for state, reason, attempt in STATES:
        await console.execute(IN_STATE, chat.chat_id, state, reason, attempt, ids)
        await _go(chat, Go(to=TODAY).pack())
        for message_id in ids:
            await _go(chat, ShowMessage(message_id=message_id).pack())
    await console.execute(BOTH_ON_ONE_PHONE, chat.chat_id)
    await console.execute(MANY_WROTE, chat.chat_id)
    talk = await console.fetchval(
        "SELECT min(id) FROM reply_talks WHERE tenant_id = $1", chat.chat_id
    )
    await _go(chat, ShowReply(talk_id=talk).pack())
    await _go(chat, Go(to=REPLIES).pack())
    await _go(chat, Go(to=OWN_FIELDS).pack())
    field = await console.fetchval(
        "SELECT min(id) FROM own_fields WHERE tenant_id = $1 AND dropped_at IS NULL", chat.chat_id
    )
    await _go(chat, ShowField(field_id=field).pack())


async def _go(chat: Chat, data: str) -> None:
    """Press a button of another screen as if it stood on this one."""
    assert chat.live is not None
    await chat.press(chat.live, data)
