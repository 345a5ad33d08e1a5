-- name: bring_back
-- What was cancelled for a reason that has gone: the same rows, with their ids, unless they were tried or their hour is
-- over (E6), or what was written by hand has another day by now.
WITH resting AS (
    SELECT m.id FROM messages m
    WHERE m.tenant_id = :tenant_id AND m.id = ANY (:message_ids::bigint[])
      AND m.state = 'cancelled' AND m.reason = :reason AND m.attempt = 0 AND m.expires_at > :now
      AND (m.schedule_id IS NULL OR EXISTS (
          SELECT FROM scheduled_messages s
          WHERE s.tenant_id = m.tenant_id AND s.id = m.schedule_id AND s.day = m.occurs_on
            AND (s.state = 'made' OR s.state = 'cancelled' AND s.reason = :reason)))
    ORDER BY m.id
    FOR UPDATE
), back AS (
    UPDATE messages m SET state = 'queued', reason = NULL, faults = 0
    FROM resting
    WHERE m.tenant_id = :tenant_id AND m.id = resting.id
    RETURNING m.tenant_id, m.id, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, 'queued', attempt, 'brought back' FROM back
RETURNING message_id;

-- name: ask_for
-- A message the owner wants to one client, now: one for each kind and due date, and the same row if it never went (E6).
WITH asked AS (
    INSERT INTO messages AS m (
        tenant_id, client_id, kind, due_on, day, state, phone, whatsapp_id, correlation_id,
        not_before, expires_at, created_at)
    SELECT c.tenant_id, c.id, :kind, c.due_on, :day, 'queued', c.phone,
           whatsapp_message_id(t.message_salt, c.id, :kind, c.due_on),
           coalesce(left(:cause::text, 44) || '.' || c.id, 'm-' || left(replace(gen_random_uuid()::text, '-', ''), 16)),
           :send_from, :send_until, :now
    FROM clients c
    JOIN tenants t ON t.tenant_id = c.tenant_id
    WHERE c.tenant_id = :tenant_id AND c.id = :client_id
    ON CONFLICT (tenant_id, client_id, kind, due_on) DO UPDATE
    SET state = 'queued', reason = NULL, phone = excluded.phone, day = excluded.day,
        not_before = excluded.not_before, expires_at = excluded.expires_at, faults = 0, postponed = 0
    WHERE m.state IN ('failed', 'expired', 'cancelled') AND m.attempt = 0
    RETURNING m.tenant_id, m.id, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, 'queued', attempt, 'asked for' FROM asked
RETURNING message_id;

-- name: one_of
-- The message of a client about a due date.
SELECT id, state, reason, not_before, coalesce(read_at, delivered_at, sent_at) AS went_at FROM messages
WHERE tenant_id = :tenant_id AND client_id = :client_id AND kind = :kind AND due_on = :due_on;
