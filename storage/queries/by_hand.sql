-- name: add
-- The same nonce again is the same message.
INSERT INTO scheduled_messages (
    tenant_id, client_id, nonce, kind, text, text_id, at, day, monthly_day, state, created_at, changed_at)
SELECT c.tenant_id, c.id, :nonce, :kind, :text, :text_id, :at, :day, :monthly_day, 'waiting', :now, :now
FROM clients c WHERE c.tenant_id = :tenant_id AND c.id = :client_id
ON CONFLICT (tenant_id, nonce) DO NOTHING
RETURNING id;

-- name: of_nonce
SELECT id FROM scheduled_messages WHERE tenant_id = :tenant_id AND nonce = :nonce AND client_id = :client_id;

-- name: hold
-- Before its message and its client: the order of all who touch them.
SELECT 1 FROM scheduled_messages WHERE tenant_id = :tenant_id AND id = :schedule_id FOR UPDATE;

-- name: find
-- A scheduled message, and how far the message of its day came.
SELECT s.id, s.client_id, s.kind, s.text, s.at, s.day, s.monthly_day, s.state, s.reason,
       m.id AS message_id, m.state AS message_state, m.reason AS message_reason, m.attempt
FROM scheduled_messages s
LEFT JOIN messages m ON m.tenant_id = s.tenant_id AND m.schedule_id = s.id AND m.occurs_on = s.day
WHERE s.tenant_id = :tenant_id AND s.id = :schedule_id;

-- name: page
-- A page of what did not go in the last days and waits for the owner, then of what is to come, the next first, then of
-- what a renewal or the client stopped; of one client where `client_id` is given. What the owner cancelled is not
-- listed, nor what went. A page that is not there is the nearest.
WITH listed AS (
    SELECT s.id, s.client_id, s.kind, s.text, s.at, s.day, s.monthly_day, s.state, s.reason,
           m.id AS message_id, m.state AS message_state, m.reason AS message_reason, m.attempt,
           CASE WHEN s.state = 'cancelled' THEN 2
                WHEN s.state = 'missed' THEN 0
                WHEN s.state = 'made' AND s.monthly_day IS NULL AND m.state IN ('failed', 'expired', 'cancelled') THEN 0
                ELSE 1 END AS rank
    FROM scheduled_messages s
    LEFT JOIN messages m ON m.tenant_id = s.tenant_id AND m.schedule_id = s.id AND m.occurs_on = s.day
    WHERE s.tenant_id = :tenant_id
      AND s.client_id = coalesce(:client_id, s.client_id)
      AND (s.state = 'waiting'
        OR s.state = 'made' AND s.monthly_day IS NOT NULL
        OR s.state = 'made' AND m.state IN ('waiting', 'queued', 'retry', 'unknown', 'sending')
        OR s.state = 'made' AND m.state IN ('failed', 'expired', 'cancelled') AND s.at > :since
           AND m.reason IS DISTINCT FROM 'cancelled'
        OR s.state = 'missed' AND s.changed_at > :since
        OR s.state = 'cancelled' AND s.reason NOT IN ('cancelled', 'archived') AND s.changed_at > :since)
), counted AS (
    SELECT l.*, count(*) OVER () AS total,
           row_number() OVER (ORDER BY l.rank, CASE WHEN l.rank = 1 THEN l.at END, l.at DESC, l.id) AS position
    FROM listed l
), place AS (
    SELECT greatest(1, least(:page::bigint, (coalesce(max(total), 0) + :rows - 1) / :rows)) AS page FROM counted
)
SELECT counted.*, place.page FROM counted CROSS JOIN place
WHERE counted.position > (place.page - 1) * :rows ORDER BY counted.position LIMIT :rows;

-- name: due
-- What is to be made into messages by the end of today, what comes back after its month, and what only a clock that
-- was ahead has given up, or has taken past its next month (E14).
SELECT s.id, s.client_id, s.kind, s.text, s.at, s.day, s.monthly_day, s.state, s.reason,
       m.id AS message_id, m.state AS message_state, m.reason AS message_reason, m.attempt,
       c.name, c.archived_at IS NOT NULL AS archived, c.opted_out_at IS NOT NULL AS opted_out,
       s.changed_at > :now AS is_ahead
FROM scheduled_messages s
JOIN clients c ON c.tenant_id = s.tenant_id AND c.id = s.client_id
LEFT JOIN messages m ON m.tenant_id = s.tenant_id AND m.schedule_id = s.id AND m.occurs_on = s.day
WHERE s.tenant_id = :tenant_id
  AND (s.state = 'waiting' AND s.day <= :today
    OR s.state = 'missed' AND s.day >= :today
    OR s.state = 'made' AND s.monthly_day IS NOT NULL AND s.day < :today
    OR s.state IN ('waiting', 'made') AND s.monthly_day IS NOT NULL AND s.day > :today AND s.changed_at > :now)
ORDER BY s.id
FOR UPDATE OF s;

-- name: save
UPDATE scheduled_messages
SET text_id = CASE WHEN text = :text THEN text_id END, text = :text, at = :at, day = :day, monthly_day = :monthly_day, state = :state, reason = :reason, changed_at = :now
WHERE tenant_id = :tenant_id AND id = :schedule_id;

-- name: queue
-- The message of one day of a scheduled one, its identity fixed by what it is. Where it was made before and never
-- tried, the same row goes again (E6).
WITH made AS (
    INSERT INTO messages AS m (
        tenant_id, client_id, kind, due_on, day, state, phone, body, whatsapp_id, correlation_id,
        not_before, expires_at, created_at, schedule_id, occurs_on, text_id)
    SELECT s.tenant_id, s.client_id, 'geral', NULL, s.day, 'queued', c.phone, s.text,
           whatsapp_message_id(t.message_salt, s.id, 'agendada', s.day),
           coalesce(left(:cause::text, 44) || '.' || c.id, 'm-' || left(replace(gen_random_uuid()::text, '-', ''), 16)),
           :not_before, :expires_at, :now, s.id, s.day, s.text_id
    FROM scheduled_messages s
    JOIN clients c ON c.tenant_id = s.tenant_id AND c.id = s.client_id
    JOIN tenants t ON t.tenant_id = s.tenant_id
    WHERE s.tenant_id = :tenant_id AND s.id = :schedule_id
    ON CONFLICT (tenant_id, schedule_id, occurs_on) DO UPDATE
    SET state = 'queued', reason = NULL, body = excluded.body, text_id = excluded.text_id, phone = excluded.phone, faults = 0, postponed = 0,
        not_before = excluded.not_before, expires_at = excluded.expires_at
    WHERE m.attempt = 0 AND m.state IN ('waiting', 'queued', 'cancelled', 'expired', 'failed')
    RETURNING m.tenant_id, m.id, m.attempt
), logged AS (
    INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
    SELECT tenant_id, id, :now, 'queued', attempt, 'by hand' FROM made
)
UPDATE scheduled_messages s SET state = 'made', reason = NULL, changed_at = :now
WHERE s.tenant_id = :tenant_id AND s.id = :schedule_id
RETURNING (SELECT id FROM made);

-- name: withdraw
-- The message of a day, if it was never tried; nothing where it is on its way.
WITH withdrawn AS (
    UPDATE messages m SET state = 'cancelled', reason = :reason
    WHERE m.tenant_id = :tenant_id AND m.id = :message_id AND m.attempt = 0 AND m.state IN ('waiting', 'queued')
    RETURNING m.tenant_id, m.id, m.attempt
), logged AS (
    INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
    SELECT tenant_id, id, :now, 'cancelled', attempt, :reason FROM withdrawn
)
SELECT id FROM withdrawn;

-- name: cancel_of_client
-- All that is still to go to a client (C7, decision 4): those that repeat, too. What is in the outbox already is
-- cancelled there.
WITH pending AS (
    SELECT s.id, s.state AS before,
           EXISTS (SELECT FROM messages m
                   WHERE m.tenant_id = :tenant_id AND m.schedule_id = s.id AND m.occurs_on = s.day
                     AND m.state IN ('waiting', 'queued', 'retry', 'unknown')) AS is_queued
    FROM scheduled_messages s
    WHERE s.tenant_id = :tenant_id AND s.client_id = :client_id AND s.state IN ('waiting', 'made')
    ORDER BY s.id
    FOR UPDATE OF s
)
UPDATE scheduled_messages s SET state = 'cancelled', reason = :reason, changed_at = :now
FROM pending p
WHERE s.tenant_id = :tenant_id AND s.id = p.id
  AND (p.before = 'waiting' OR s.monthly_day IS NOT NULL OR p.is_queued)
RETURNING s.id, s.at, s.monthly_day, p.before, p.is_queued;

-- name: bring_back
-- What was cancelled for a reason that has gone: on its way again, or to come. What the owner itself cancelled of its
-- day stays cancelled (E6).
UPDATE scheduled_messages s
SET state = CASE WHEN EXISTS (
        SELECT FROM messages m
        WHERE m.tenant_id = :tenant_id AND m.schedule_id = s.id AND m.occurs_on = s.day
          AND (m.attempt > 0 OR m.state IN ('waiting', 'queued') OR m.reason = 'cancelled')) THEN 'made' ELSE 'waiting' END,
    reason = NULL, changed_at = :now
WHERE s.tenant_id = :tenant_id AND s.id = ANY (:schedule_ids::bigint[]) AND s.state = 'cancelled' AND s.reason = :reason
RETURNING s.id;

-- name: own_texts
-- What the tenant wrote to be sent by hand.
SELECT id, name, body FROM templates WHERE tenant_id = :tenant_id AND kind = 'geral' AND active AND dropped_at IS NULL ORDER BY id;
