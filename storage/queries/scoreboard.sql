-- name: put_up
INSERT INTO scoreboards (tenant_id) VALUES (:tenant_id) ON CONFLICT (tenant_id) DO NOTHING;

-- name: take_down
DELETE FROM scoreboards WHERE tenant_id = :tenant_id RETURNING message_id;

-- name: find
SELECT message_id FROM scoreboards WHERE tenant_id = :tenant_id;

-- name: shown
UPDATE scoreboards SET message_id = :message_id WHERE tenant_id = :tenant_id;

-- name: figures
-- Money from the ledger only (C9); what was cancelled was never to be delivered.
SELECT count(*) FILTER (WHERE state <> 'cancelled') AS total,
       count(*) FILTER (WHERE state IN ('delivered', 'read')) AS delivered,
       count(*) FILTER (WHERE state IN ('waiting', 'queued', 'sending', 'retry', 'unknown')) AS waiting,
       count(*) FILTER (WHERE state IN ('failed', 'expired')) AS failed,
       (SELECT coalesce(sum(p.amount), 0) FROM client_payments p
        WHERE p.tenant_id = :tenant_id AND p.paid_on = :day AND p.voided_at IS NULL) AS received
FROM messages WHERE tenant_id = :tenant_id AND day = :day;
