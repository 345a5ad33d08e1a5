-- name: keep
-- A null `jid`: the number has no WhatsApp.
INSERT INTO whatsapp_numbers (tenant_id, phone, jid, lid, checked_at) VALUES (:tenant_id, :phone, :jid, :lid, :now)
ON CONFLICT (tenant_id, phone) DO UPDATE
SET jid = excluded.jid, lid = excluded.lid, checked_at = excluded.checked_at;

-- name: find
SELECT jid, lid, checked_at FROM whatsapp_numbers WHERE tenant_id = :tenant_id AND phone = :phone;
