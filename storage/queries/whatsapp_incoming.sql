-- name: keep
-- The same message is kept once.
INSERT INTO whatsapp_incoming (
    tenant_id, from_jid, whatsapp_id, from_phone, kind, body, name, size_bytes, seconds, about_id, at)
VALUES (:tenant_id, :from_jid, :message_id, :from_phone, :kind, :body, :name, :size_bytes, :seconds, :about, :at)
ON CONFLICT (tenant_id, from_jid, whatsapp_id) DO NOTHING
RETURNING 1;

-- name: unhandled
SELECT whatsapp_id AS message_id, from_jid, from_phone, kind, body AS text, name, size_bytes, seconds, about_id AS about, at
FROM whatsapp_incoming
WHERE tenant_id = :tenant_id AND handled_at IS NULL ORDER BY at, whatsapp_id LIMIT :most;

-- name: handled
UPDATE whatsapp_incoming SET handled_at = :now
WHERE tenant_id = :tenant_id AND from_jid = :from_jid AND whatsapp_id = :message_id AND handled_at IS NULL
RETURNING 1;
