"""The queue as it stands when things lack, failed or wait: states the town never comes to."""

from collections.abc import Sequence

from bot.screens.clients.buttons import OWN_FIELDS, ShowField
from bot.screens.rehearsal.buttons import TOMORROW, ShowForeseen
from bot.screens.replies.buttons import REPLIES, ShowReply
from bot.screens.today.buttons import TODAY, ShowMessage
from bot.ui.buttons import Go
from domain.rehearsal import Fate
from tests.crawl.errand import Errand

LACKING = (
    "DELETE FROM templates WHERE tenant_id = $1 AND kind = 'cobranca'",
    """INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
       VALUES ($1, 'cobranca', 'Cobrança', 'Oi! {suporte} {informacoes}', true, now(), now())""",
    """UPDATE settings SET support = NULL, pix_city = pix_key, pix_key = NULL
       WHERE tenant_id = $1""",
    """UPDATE clients SET due_on = DATE '2026-11-25', notes = NULL, price = 35,
           archived_at = NULL, opted_out_at = NULL, receives_billing = true
       WHERE tenant_id = $1 AND id % 2 = 0""",
)
COMPLETE = "UPDATE settings SET pix_key = pix_city, pix_city = NULL WHERE tenant_id = $1"
NOTHING_GOES = "DELETE FROM messages WHERE tenant_id = $1"  # nobody is told of what lacks
# What a text lacks: of the business, of its key, of the client.
BODIES = ("Oi! {suporte} {informacoes}", "Oi! {pix_chave}", "Oi! {informacoes}", "Oi! {ponto}")
SAYS = "UPDATE templates SET body = $2 WHERE tenant_id = $1 AND kind = 'cobranca'"
STATES = (
    ("failed", "not_on_whatsapp", 0),
    ("failed", "attempts_exhausted", 5),
    ("expired", "away", 0),
    ("queued", None, 0),
)
# Two for each of two people, so that all of one's can be cancelled at once.
OF_TODAY = """
    WITH those AS (
        UPDATE clients SET due_on = DATE '2026-11-24' WHERE tenant_id = $1 AND id IN (
            SELECT id FROM clients WHERE tenant_id = $1 AND due_on = DATE '2026-11-25'
            ORDER BY id LIMIT 2)
        RETURNING *, TIMESTAMPTZ '2026-11-25 13:00Z' AS at
    )
    INSERT INTO messages (
        tenant_id, client_id, kind, due_on, day, state, phone, whatsapp_id, correlation_id,
        not_before, expires_at, created_at)
    SELECT tenant_id, id, 'cobranca', due_on - n, DATE '2026-11-25', 'waiting', phone,
           '3EB0ODD' || id || 'N' || n, 'errand', at, at + interval '8 hours', at
    FROM those, generate_series(0, 1) AS n
    RETURNING id
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


async def look_at_what_is_odd(errand: Errand) -> None:
    """Messages that lack something, failed or ended; people of one phone; many who wrote."""
    await errand.make(*LACKING)
    await errand.go(Go(to=TOMORROW).pack())
    await errand.go(ShowForeseen(fate=Fate.NOT).pack())
    ids = [row["id"] for row in await errand.console.fetch(OF_TODAY, errand.chat_id)]
    for body in BODIES:
        await errand.console.execute(SAYS, errand.chat_id, body)
        await _look(errand, ids, ("waiting", "missing_values", 0))
    for state in STATES:
        await _look(errand, ids, state)
    await errand.make(NOTHING_GOES, COMPLETE)
    await _look_at_replies(errand)
    await errand.go(Go(to=OWN_FIELDS).pack())
    field = await errand.console.fetchval(
        "SELECT min(id) FROM own_fields WHERE tenant_id = $1 AND dropped_at IS NULL",
        errand.chat_id,
    )
    await errand.go(ShowField(field_id=field).pack())


async def _look(errand: Errand, ids: Sequence[int], stands: tuple[str, str | None, int]) -> None:
    """See the queue and each message where all of them stand so."""
    await errand.console.execute(IN_STATE, errand.chat_id, *stands, ids)
    await errand.go(Go(to=TODAY).pack())
    for message_id in ids:
        await errand.go(ShowMessage(message_id=message_id).pack())


async def _look_at_replies(errand: Errand) -> None:
    await errand.make(BOTH_ON_ONE_PHONE, MANY_WROTE)
    talk = await errand.console.fetchval(
        "SELECT min(id) FROM reply_talks WHERE tenant_id = $1", errand.chat_id
    )
    await errand.go(ShowReply(talk_id=talk, page=1).pack())
    await errand.go(Go(to=REPLIES).pack())
