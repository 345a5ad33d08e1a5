-- name: plan_day
-- One set-based statement for the whole day; what was planned before is left as it is (E6). Each of `kinds` speaks
-- about the due date at its place in `due_dates`.
WITH planned AS (
    INSERT INTO messages (
        tenant_id, client_id, kind, due_on, day, state, phone, whatsapp_id, correlation_id,
        not_before, expires_at, created_at)
    SELECT c.tenant_id, c.id, k.kind, c.due_on, :day, 'queued', c.phone,
           whatsapp_message_id(t.message_salt, c.id, k.kind, c.due_on),
           'm-' || left(replace(gen_random_uuid()::text, '-', ''), 16),
           :send_from, :send_until, :now
    FROM tenants t
    CROSS JOIN unnest(:kinds::text[], :due_dates::date[]) AS k (kind, due_on)
    JOIN clients c ON c.tenant_id = t.tenant_id AND c.due_on = k.due_on
    WHERE t.tenant_id = :tenant_id
      AND c.archived_at IS NULL
      AND c.opted_out_at IS NULL
      AND jsonb_typeof(c.preferences) = 'object'
      AND coalesce(c.preferences -> k.kind, 'true') = 'true'
      AND CASE k.kind WHEN 'cobranca' THEN c.receives_billing ELSE c.receives_notices END
    ON CONFLICT (tenant_id, client_id, kind, due_on) DO NOTHING
    RETURNING 1
)
SELECT count(*) FROM planned;

-- name: next_ready
-- The oldest message that may go, with its client as it is at this moment, both held, and WhatsApp's kept answer
-- about the number. The version of the rules is asked for last: a change that was committed while this waited for
-- the client counts already.
WITH ready AS MATERIALIZED (
    SELECT m.id AS message_id, m.kind, m.due_on AS about_due_on, m.day, m.state, m.body, m.phone AS to_phone,
           m.whatsapp_id, m.correlation_id, m.attempt, m.expires_at, c.*, n.checked_at, n.jid
    FROM messages m
    JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
    LEFT JOIN whatsapp_numbers n ON n.tenant_id = c.tenant_id AND n.phone = c.phone AND n.checked_at > :numbers_since
    WHERE m.tenant_id = :tenant_id
      AND m.state IN ('queued', 'retry', 'unknown')
      AND m.not_before <= :now
      AND m.expires_at > :now
    ORDER BY m.not_before, m.id
    LIMIT 1
    FOR UPDATE OF m SKIP LOCKED
    FOR SHARE OF c
)
SELECT ready.*, rules_version(:tenant_id) AS rules_version FROM ready;

-- name: pending_of_day
-- What is still to go, with the clients as they are now, for the second check (E2).
SELECT m.id AS message_id, m.kind, m.due_on AS about_due_on, m.day, m.state, m.body, m.phone AS to_phone,
       m.whatsapp_id, m.correlation_id, m.attempt, m.expires_at, c.*
FROM messages m
JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
WHERE m.tenant_id = :tenant_id
  AND m.day = :day
  AND m.state IN ('waiting', 'queued')
ORDER BY m.id
FOR UPDATE OF m SKIP LOCKED;

-- name: begin_attempt
-- Committed before the frame leaves; the attempt counts from here. The share lock on the owner makes a takeover
-- wait for this commit, so its recovery sees the row.
WITH begun AS (
    UPDATE messages m
    SET state = 'sending', attempt = m.attempt + 1, owner_epoch = :epoch, phone = :phone, body = :body, reason = NULL
    WHERE m.tenant_id = :tenant_id
      AND m.id = :message_id
      AND m.state IN ('queued', 'retry', 'unknown')
      AND EXISTS (SELECT 1 FROM tenant_owners o WHERE o.tenant_id = :tenant_id AND o.epoch = :epoch FOR SHARE)
    RETURNING m.tenant_id, m.id, m.attempt
), logged AS (
    INSERT INTO message_events (tenant_id, message_id, at, state, attempt)
    SELECT tenant_id, id, :now, 'sending', attempt FROM begun
)
SELECT attempt FROM begun;

-- name: settle
-- Only the attempt that is under way can be settled, once, by its owner.
WITH settled AS (
    UPDATE messages m
    SET state = :state, reason = :reason, not_before = coalesce(:next_try, m.not_before), owner_epoch = NULL,
        sent_at = CASE WHEN :state = 'sent' THEN :now ELSE m.sent_at END
    WHERE m.tenant_id = :tenant_id
      AND m.id = :message_id
      AND m.state = 'sending'
      AND m.attempt = :attempt
      AND m.owner_epoch = :epoch
    RETURNING m.tenant_id, m.id, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, :state, attempt, :reason FROM settled
RETURNING message_id;

-- name: rest
-- Messages that do not go, or not yet, each with its reason.
WITH verdict AS (
    SELECT * FROM unnest(:message_ids::bigint[], :states::text[], :reasons::text[]) AS v (id, state, reason)
), rested AS (
    UPDATE messages m
    SET state = v.state, reason = v.reason
    FROM verdict v
    WHERE m.tenant_id = :tenant_id
      AND m.id = v.id
      AND m.state IN ('waiting', 'queued', 'retry', 'unknown')
      AND (m.state, m.reason) IS DISTINCT FROM (v.state, v.reason)
    RETURNING m.tenant_id, m.id, m.state, m.attempt, m.reason
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, state, attempt, reason FROM rested
RETURNING message_id;

-- name: recover
-- Sends that an earlier owner left open: nobody knows whether they arrived, so they go again under the same
-- WhatsApp id, behind all others: at once the first time, at `next_try` from the second interruption on. One that
-- was open at every crash is set aside, and kept.
WITH recovered AS (
    UPDATE messages m
    SET state = CASE WHEN m.attempt >= :most_attempts THEN 'failed' ELSE 'unknown' END,
        reason = CASE WHEN m.attempt >= :most_attempts THEN 'unconfirmed' ELSE 'interrupted' END,
        not_before = CASE WHEN m.attempt > 1 THEN :next_try::timestamptz ELSE :now::timestamptz END,
        owner_epoch = NULL
    WHERE m.tenant_id = :tenant_id AND m.state = 'sending' AND m.owner_epoch < :epoch
    RETURNING m.tenant_id, m.id, m.state, m.attempt, m.reason
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, state, attempt, reason FROM recovered
RETURNING message_id;

-- name: receipt
-- `delivered` or `read`; receipts never go backwards (F7). One is proof of arrival, so it also ends an attempt whose
-- answer was lost.
WITH received AS (
    UPDATE messages m
    SET state = :state, reason = NULL, owner_epoch = NULL,
        sent_at = coalesce(m.sent_at, :at),
        delivered_at = coalesce(m.delivered_at, :at),
        read_at = CASE WHEN :state = 'read' THEN coalesce(m.read_at, :at) ELSE m.read_at END
    WHERE m.tenant_id = :tenant_id
      AND m.whatsapp_id = :whatsapp_id
      AND m.attempt > 0
      AND m.state <> 'read'
      AND m.state <> :state
    RETURNING m.tenant_id, m.id, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt)
SELECT tenant_id, id, :at, :state, attempt FROM received
RETURNING message_id;

-- name: acknowledge_late
-- The server's ack for a send whose wait had already ended.
WITH acknowledged AS (
    UPDATE messages m
    SET state = 'sent', reason = NULL, owner_epoch = NULL, sent_at = coalesce(m.sent_at, :at)
    WHERE m.tenant_id = :tenant_id
      AND m.whatsapp_id = :whatsapp_id
      AND m.attempt > 0
      AND m.state IN ('sending', 'unknown', 'retry', 'failed', 'expired')
    RETURNING m.tenant_id, m.id, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt)
SELECT tenant_id, id, :at, 'sent', attempt FROM acknowledged
RETURNING message_id;

-- name: expire
-- The day's window is over (E5). One that may have arrived says so instead of "expired".
WITH expired AS (
    UPDATE messages m
    SET state = CASE WHEN m.state = 'unknown' THEN 'failed' ELSE 'expired' END,
        reason = CASE WHEN m.state = 'unknown' THEN 'unconfirmed' ELSE coalesce(m.reason, 'window_closed') END
    WHERE m.tenant_id = :tenant_id
      AND m.state IN ('waiting', 'queued', 'retry', 'unknown')
      AND m.expires_at <= :now
    RETURNING m.tenant_id, m.id, m.state, m.attempt, m.reason
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, state, attempt, reason FROM expired
RETURNING message_id;

-- name: cancel_pending
-- Everything of the client that has not gone (C7, decision 4).
WITH cancelled AS (
    UPDATE messages m
    SET state = 'cancelled', reason = :reason
    WHERE m.tenant_id = :tenant_id AND m.client_id = :client_id AND m.state IN ('waiting', 'queued', 'retry', 'unknown')
    RETURNING m.tenant_id, m.id, m.kind, m.day, m.attempt
), logged AS (
    INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
    SELECT tenant_id, id, :now, 'cancelled', attempt, :reason FROM cancelled
)
SELECT id, kind, day FROM cancelled ORDER BY id;

-- name: next_wake
-- When the next message becomes ready.
SELECT min(not_before) FROM messages
WHERE tenant_id = :tenant_id AND state IN ('queued', 'retry', 'unknown');

-- name: day
-- Today's messages with their state (E7).
SELECT m.id, m.client_id, c.name, m.phone, m.kind, m.due_on, m.state, m.reason, m.attempt, m.whatsapp_id,
       m.sent_at, m.delivered_at, m.read_at
FROM messages m
JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
WHERE m.tenant_id = :tenant_id AND m.day = :day
ORDER BY m.id;

-- name: counts_of_day
SELECT state, count(*) FROM messages WHERE tenant_id = :tenant_id AND day = :day GROUP BY state;

-- name: text_of
-- What was sent, for a phone that asks for it again.
SELECT body FROM messages WHERE tenant_id = :tenant_id AND whatsapp_id = :whatsapp_id AND attempt > 0;
