-- name: keep
-- $1 tenant, $2 phone, $3 jid or null, $4 lid, $5 now.
INSERT INTO whatsapp_numbers (tenant_id, phone, jid, lid, checked_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, phone) DO UPDATE
SET jid = excluded.jid, lid = excluded.lid, checked_at = excluded.checked_at;
