-- name: keep
-- $1 tenant, $2 sender, $3 WhatsApp id, $4 phone, $5 kind, $6 text, $7 when. The same message is kept once.
INSERT INTO whatsapp_incoming (tenant_id, from_jid, whatsapp_id, from_phone, kind, body, at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, from_jid, whatsapp_id) DO NOTHING
RETURNING 1;

-- name: unhandled
-- $1 tenant, $2 at most.
SELECT whatsapp_id AS message_id, from_jid, from_phone, kind, body AS text, at FROM whatsapp_incoming
WHERE tenant_id = $1 AND handled_at IS NULL ORDER BY at, whatsapp_id LIMIT $2;

-- name: handled
-- $1 tenant, $2 sender, $3 WhatsApp id, $4 now.
UPDATE whatsapp_incoming SET handled_at = $4
WHERE tenant_id = $1 AND from_jid = $2 AND whatsapp_id = $3 AND handled_at IS NULL
RETURNING 1;
