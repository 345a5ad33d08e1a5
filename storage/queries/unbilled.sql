-- name: unbilled
-- Clients whose D+1 passed without their cobranca (E3b), with all that tells why. Who must not be billed by choice of
-- the owner or of its own is not left out by mistake.
SELECT c.id, c.name, c.phone, c.due_on, c.price, c.created_at, p.planned_at, p.obstacle,
       m.id IS NOT NULL AS has_message, m.reason, coalesce(m.first_mark, 0) > 0 AS first_is_out
FROM clients c
LEFT JOIN messages m
    ON m.tenant_id = c.tenant_id AND m.client_id = c.id AND m.kind = 'cobranca' AND m.due_on = c.due_on
LEFT JOIN planned_days p ON p.tenant_id = c.tenant_id AND p.day = c.due_on + :days_late::integer
WHERE c.tenant_id = :tenant_id
  AND c.due_on BETWEEN :first AND :last
  AND c.archived_at IS NULL
  AND c.opted_out_at IS NULL
  AND c.receives_billing
  AND jsonb_typeof(c.preferences) = 'object'
  AND coalesce(c.preferences -> 'cobranca', 'true') = 'true'
  AND (m.id IS NULL
    OR m.state IN ('failed', 'expired', 'cancelled')
       AND m.dismissed_at IS NULL AND m.reason IS DISTINCT FROM 'cancelled')
ORDER BY c.due_on, c.id;

-- name: bill
-- The owner wants these billed after all (decision 2): each has the one row of its due date, new or as it was, with
-- its ids, for today (E6).
WITH billed AS (
    INSERT INTO messages AS m (
        tenant_id, client_id, kind, due_on, day, state, phone, whatsapp_id, correlation_id,
        not_before, expires_at, created_at, on_request)
    SELECT c.tenant_id, c.id, 'cobranca', c.due_on, :day, 'queued', c.phone,
           whatsapp_message_id(t.message_salt, c.id, 'cobranca', c.due_on),
           coalesce(left(:cause::text, 44) || '.' || c.id, 'm-' || left(replace(gen_random_uuid()::text, '-', ''), 16)),
           :send_from, :send_until, :now, true
    FROM clients c
    JOIN tenants t ON t.tenant_id = c.tenant_id
    WHERE c.tenant_id = :tenant_id AND c.id = ANY (:client_ids::bigint[])
    ORDER BY c.id
    ON CONFLICT (tenant_id, client_id, kind, due_on) DO UPDATE
    SET state = CASE WHEN m.reason = 'unconfirmed' THEN 'unknown' ELSE 'queued' END,  -- as unsure as it was
        reason = NULL, day = excluded.day, on_request = true,
        -- A text that is out already has its code follow it, and to the same phone (D5).
        phone = CASE WHEN m.first_mark = 0 THEN excluded.phone ELSE m.phone END,
        not_before = excluded.not_before, expires_at = excluded.expires_at, faults = 0, postponed = 0
    WHERE m.state IN ('failed', 'expired', 'cancelled') AND m.dismissed_at IS NULL
    RETURNING m.tenant_id, m.id, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, 'queued', attempt, 'asked for' FROM billed
RETURNING message_id;

-- name: dismiss
-- The owner wants these not billed: the one row of their due date says so, and they are not listed again.
INSERT INTO messages AS m (
    tenant_id, client_id, kind, due_on, day, state, reason, phone, whatsapp_id, correlation_id,
    not_before, expires_at, created_at, dismissed_at)
SELECT c.tenant_id, c.id, 'cobranca', c.due_on, c.due_on + :days_late::integer, 'cancelled', 'dismissed', c.phone,
       whatsapp_message_id(t.message_salt, c.id, 'cobranca', c.due_on),
       'm-' || left(replace(gen_random_uuid()::text, '-', ''), 16),
       :now, :now, :now, :now
FROM clients c
JOIN tenants t ON t.tenant_id = c.tenant_id
WHERE c.tenant_id = :tenant_id AND c.id = ANY (:client_ids::bigint[])
ORDER BY c.id
ON CONFLICT (tenant_id, client_id, kind, due_on) DO UPDATE SET dismissed_at = excluded.dismissed_at
WHERE m.state IN ('failed', 'expired', 'cancelled') AND m.dismissed_at IS NULL
RETURNING id;
