-- name: ask
-- The same press is the same test.
INSERT INTO whatsapp_tests (tenant_id, nonce, whatsapp_id, phone, own, state, created_at)
VALUES (:tenant_id, :nonce, :whatsapp_id, :phone, :own, 'waiting', :now)
ON CONFLICT (tenant_id, nonce) DO NOTHING;

-- name: of_press
SELECT nonce, whatsapp_id, phone, own, state, reason, created_at, sent_at, delivered_at
FROM whatsapp_tests WHERE tenant_id = :tenant_id AND nonce = :nonce;

-- name: asked_since
SELECT created_at FROM whatsapp_tests WHERE tenant_id = :tenant_id AND created_at > :since;

-- name: next
SELECT nonce, whatsapp_id, phone, own, state, reason, created_at, sent_at, delivered_at
FROM whatsapp_tests WHERE tenant_id = :tenant_id AND state = 'waiting' AND created_at > :since
ORDER BY created_at, nonce LIMIT 1;

-- name: begin
UPDATE whatsapp_tests SET state = 'sending'
WHERE tenant_id = :tenant_id AND nonce = :nonce AND state = 'waiting'
RETURNING 1;

-- name: settle
-- What became of it; a receipt may have been faster, and never goes backwards (F7).
UPDATE whatsapp_tests SET state = :state, reason = :reason, sent_at = coalesce(sent_at, :sent_at)
WHERE tenant_id = :tenant_id AND nonce = :nonce AND state IN ('waiting', 'sending', 'unknown')
RETURNING 1;

-- name: receipt
UPDATE whatsapp_tests
SET state = CASE WHEN state = 'read' THEN state ELSE :state END, reason = NULL,
    sent_at = coalesce(sent_at, :at), delivered_at = coalesce(delivered_at, :at)
WHERE tenant_id = :tenant_id AND whatsapp_id = :whatsapp_id AND state <> 'waiting'
RETURNING nonce, whatsapp_id, phone, own, state, reason, created_at, sent_at, delivered_at;

-- name: late_ack
UPDATE whatsapp_tests SET state = 'sent', reason = NULL, sent_at = :at
WHERE tenant_id = :tenant_id AND whatsapp_id = :whatsapp_id AND state IN ('sending', 'unknown')
RETURNING nonce, whatsapp_id, phone, own, state, reason, created_at, sent_at, delivered_at;

-- name: left_open
-- What a process that ended had begun: it may have left.
UPDATE whatsapp_tests SET state = 'unknown' WHERE tenant_id = :tenant_id AND state = 'sending';

-- name: is_ours
SELECT EXISTS (SELECT FROM whatsapp_tests WHERE tenant_id = :tenant_id AND whatsapp_id = :whatsapp_id);

-- name: client_with
-- Whose number it is, in whichever form it was written.
SELECT c.name FROM clients c
WHERE c.tenant_id = :tenant_id AND c.phone = ANY (:phones::text[])
ORDER BY c.archived_at IS NOT NULL, c.id LIMIT 1;
