"""WhatsApp: tried out on a phone, waited for, left, and come back to."""

from tests.crawl.errand import Errand

# Sent half an hour ago to somebody whose phone is off.
UNARRIVED = """
    INSERT INTO messages (
        tenant_id, client_id, kind, day, state, phone, whatsapp_id, correlation_id, attempt,
        not_before, expires_at, created_at, sent_at)
    SELECT tenant_id, id, 'geral', at::date, 'sent', phone, '3EB0UNARRIVED', 'errand', 1,
        at, at, at, at
    FROM clients, LATERAL (SELECT timestamptz '2026-11-25 13:12+00' AS at) sent
    WHERE tenant_id = $1 AND id = $2
"""


async def try_out_whatsapp(errand: Errand) -> None:
    """Look at it, try it out on a phone, wait for a slow line, leave it, and come back to it."""
    await errand.console.execute(UNARRIVED, errand.chat_id, await errand.somebody())
    await errand.say("/whatsapp")
    await errand.tap("O que aconteceu", "Voltar", "Novo código QR", "Voltar", "Mandar um teste")
    await errand.tap("outro celular")
    for typed in ("não sei", "11 95550-0199"):
        await errand.say(typed)
    with errand.house.slow_line(errand.chat_id):
        await errand.say("/whatsapp")
        await errand.tap("Reconectar")
        await errand.say("/fila")
        await errand.say("/whatsapp")
    await errand.say("/whatsapp")
    await errand.tap("Desconectar", "Sim, desconectar")
    await errand.say("/fila")
    await errand.tap("Conectar WhatsApp")
