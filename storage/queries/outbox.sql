-- name: plan_day
-- $1 tenant, $2 day, $3 kinds, $4 the due date each kind speaks about, $5 send from, $6 send until, $7 now.
-- One set-based statement for the whole day; what was planned before is left as it is (E6).
WITH planned AS (
    INSERT INTO messages (
        tenant_id, client_id, kind, due_on, day, state, phone, whatsapp_id, correlation_id,
        not_before, expires_at, created_at)
    SELECT c.tenant_id, c.id, k.kind, c.due_on, $2, 'queued', c.phone,
           whatsapp_message_id(t.message_salt, c.id, k.kind, c.due_on),
           'm-' || left(replace(gen_random_uuid()::text, '-', ''), 16),
           $5, $6, $7
    FROM tenants t
    CROSS JOIN unnest($3::text[], $4::date[]) AS k (kind, due_on)
    JOIN clients c ON c.tenant_id = t.tenant_id AND c.due_on = k.due_on
    WHERE t.tenant_id = $1
      AND c.archived_at IS NULL
      AND c.opted_out_at IS NULL
      AND jsonb_typeof(c.preferences) = 'object'
      AND coalesce(c.preferences -> k.kind, 'true') = 'true'
      AND CASE k.kind WHEN 'cobranca' THEN c.receives_billing ELSE c.receives_notices END
    ON CONFLICT (tenant_id, client_id, kind, due_on) DO NOTHING
    RETURNING 1
)
SELECT count(*) FROM planned;

-- name: enqueue
-- $1 tenant, $2 client, $3 kind, $4 day, $5 text, $6 WhatsApp id, $7 correlation id, $8 send from, $9 until, $10 now.
INSERT INTO messages (
    tenant_id, client_id, kind, day, state, phone, body, whatsapp_id, correlation_id,
    not_before, expires_at, created_at)
SELECT c.tenant_id, c.id, $3, $4, 'queued', c.phone, $5, $6, $7, $8, $9, $10
FROM clients c
WHERE c.tenant_id = $1 AND c.id = $2
RETURNING id;

-- name: next_ready
-- $1 tenant, $2 now, $3 numbers asked since. The oldest message that may go, with its client as it is at this
-- moment, both held, and WhatsApp's kept answer about the number. The version of the rules is asked for last: a
-- change that was committed while this waited for the client counts already.
WITH ready AS MATERIALIZED (
    SELECT m.id AS message_id, m.kind, m.due_on AS about_due_on, m.day, m.state, m.body, m.phone AS to_phone,
           m.whatsapp_id, m.correlation_id, m.attempt, m.expires_at, c.*, n.checked_at, n.jid
    FROM messages m
    JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
    LEFT JOIN whatsapp_numbers n ON n.tenant_id = c.tenant_id AND n.phone = c.phone AND n.checked_at > $3
    WHERE m.tenant_id = $1
      AND m.state IN ('queued', 'retry', 'unknown')
      AND m.not_before <= $2
      AND m.expires_at > $2
    ORDER BY m.not_before, m.id
    LIMIT 1
    FOR UPDATE OF m SKIP LOCKED
    FOR SHARE OF c
)
SELECT ready.*, rules_version($1) AS rules_version FROM ready;

-- name: pending_of_day
-- $1 tenant, $2 day. What is still to go, with the clients as they are now, for the second check (E2).
SELECT m.id AS message_id, m.kind, m.due_on AS about_due_on, m.day, m.state, m.body, m.phone AS to_phone,
       m.whatsapp_id, m.correlation_id, m.attempt, m.expires_at, c.*
FROM messages m
JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
WHERE m.tenant_id = $1
  AND m.day = $2
  AND m.state IN ('waiting', 'queued')
ORDER BY m.id
FOR UPDATE OF m SKIP LOCKED;

-- name: begin_attempt
-- $1 tenant, $2 id, $3 epoch, $4 phone, $5 body, $6 now. Committed before the frame leaves; the attempt counts
-- from here. The share lock on the owner makes a takeover wait for this commit, so its recovery sees the row.
WITH begun AS (
    UPDATE messages m
    SET state = 'sending', attempt = m.attempt + 1, owner_epoch = $3, phone = $4, body = $5, reason = NULL
    WHERE m.tenant_id = $1
      AND m.id = $2
      AND m.state IN ('queued', 'retry', 'unknown')
      AND EXISTS (SELECT 1 FROM tenant_owners o WHERE o.tenant_id = $1 AND o.epoch = $3 FOR SHARE)
    RETURNING m.tenant_id, m.id, m.attempt
), logged AS (
    INSERT INTO message_events (tenant_id, message_id, at, state, attempt)
    SELECT tenant_id, id, $6, 'sending', attempt FROM begun
)
SELECT attempt FROM begun;

-- name: settle
-- $1 tenant, $2 id, $3 attempt, $4 epoch, $5 state, $6 reason, $7 next try, $8 now.
-- Only the attempt that is under way can be settled, once, by its owner.
WITH settled AS (
    UPDATE messages m
    SET state = $5, reason = $6, not_before = coalesce($7, m.not_before), owner_epoch = NULL,
        sent_at = CASE WHEN $5 = 'sent' THEN $8 ELSE m.sent_at END
    WHERE m.tenant_id = $1 AND m.id = $2 AND m.state = 'sending' AND m.attempt = $3 AND m.owner_epoch = $4
    RETURNING m.tenant_id, m.id, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, $8, $5, attempt, $6 FROM settled
RETURNING message_id;

-- name: rest
-- $1 tenant, $2 ids, $3 states, $4 reasons, $5 now. Messages that do not go, or not yet, each with its reason.
WITH verdict AS (
    SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[]) AS v (id, state, reason)
), rested AS (
    UPDATE messages m
    SET state = v.state, reason = v.reason
    FROM verdict v
    WHERE m.tenant_id = $1
      AND m.id = v.id
      AND m.state IN ('waiting', 'queued', 'retry', 'unknown')
      AND (m.state, m.reason) IS DISTINCT FROM (v.state, v.reason)
    RETURNING m.tenant_id, m.id, m.state, m.attempt, m.reason
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, $5, state, attempt, reason FROM rested
RETURNING message_id;

-- name: recover
-- $1 tenant, $2 epoch, $3 most attempts, $4 next try from the second interruption on, $5 now. Sends that an
-- earlier owner left open: nobody knows whether they arrived, so they go again under the same WhatsApp id,
-- behind all others. One that was open at every crash is set aside, and kept.
WITH recovered AS (
    UPDATE messages m
    SET state = CASE WHEN m.attempt >= $3 THEN 'failed' ELSE 'unknown' END,
        reason = CASE WHEN m.attempt >= $3 THEN 'unconfirmed' ELSE 'interrupted' END,
        not_before = CASE WHEN m.attempt > 1 THEN $4::timestamptz ELSE $5::timestamptz END,
        owner_epoch = NULL
    WHERE m.tenant_id = $1 AND m.state = 'sending' AND m.owner_epoch < $2
    RETURNING m.tenant_id, m.id, m.state, m.attempt, m.reason
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, $5, state, attempt, reason FROM recovered
RETURNING message_id;

-- name: receipt
-- $1 tenant, $2 WhatsApp id, $3 state (delivered or read), $4 when. Receipts never go backwards (F7). One is
-- proof of arrival, so it also ends an attempt whose answer was lost.
WITH received AS (
    UPDATE messages m
    SET state = $3, reason = NULL, owner_epoch = NULL,
        sent_at = coalesce(m.sent_at, $4),
        delivered_at = coalesce(m.delivered_at, $4),
        read_at = CASE WHEN $3 = 'read' THEN coalesce(m.read_at, $4) ELSE m.read_at END
    WHERE m.tenant_id = $1
      AND m.whatsapp_id = $2
      AND m.attempt > 0
      AND m.state <> 'read'
      AND m.state <> $3
    RETURNING m.tenant_id, m.id, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt)
SELECT tenant_id, id, $4, $3, attempt FROM received
RETURNING message_id;

-- name: acknowledge_late
-- $1 tenant, $2 WhatsApp id, $3 when. The server's ack for a send whose wait had already ended.
WITH acknowledged AS (
    UPDATE messages m
    SET state = 'sent', reason = NULL, owner_epoch = NULL, sent_at = coalesce(m.sent_at, $3)
    WHERE m.tenant_id = $1
      AND m.whatsapp_id = $2
      AND m.attempt > 0
      AND m.state IN ('sending', 'unknown', 'retry', 'failed', 'expired')
    RETURNING m.tenant_id, m.id, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt)
SELECT tenant_id, id, $3, 'sent', attempt FROM acknowledged
RETURNING message_id;

-- name: expire
-- $1 tenant, $2 now. The day's window is over (E5). One that may have arrived says so instead of "expired".
WITH expired AS (
    UPDATE messages m
    SET state = CASE WHEN m.state = 'unknown' THEN 'failed' ELSE 'expired' END,
        reason = CASE WHEN m.state = 'unknown' THEN 'unconfirmed' ELSE coalesce(m.reason, 'window_closed') END
    WHERE m.tenant_id = $1
      AND m.state IN ('waiting', 'queued', 'retry', 'unknown')
      AND m.expires_at <= $2
    RETURNING m.tenant_id, m.id, m.state, m.attempt, m.reason
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, $2, state, attempt, reason FROM expired
RETURNING message_id;

-- name: cancel_pending
-- $1 tenant, $2 client, $3 reason, $4 now. Everything of the client that has not gone (C7, decision 4).
WITH cancelled AS (
    UPDATE messages m
    SET state = 'cancelled', reason = $3
    WHERE m.tenant_id = $1 AND m.client_id = $2 AND m.state IN ('waiting', 'queued', 'retry', 'unknown')
    RETURNING m.tenant_id, m.id, m.kind, m.day, m.attempt
), logged AS (
    INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
    SELECT tenant_id, id, $4, 'cancelled', attempt, $3 FROM cancelled
)
SELECT id, kind, day FROM cancelled ORDER BY id;

-- name: next_wake
-- $1 tenant. When the next message becomes ready.
SELECT min(not_before) FROM messages
WHERE tenant_id = $1 AND state IN ('queued', 'retry', 'unknown');

-- name: day
-- $1 tenant, $2 day. Today's messages with their state (E7).
SELECT m.id, m.client_id, c.name, m.phone, m.kind, m.due_on, m.state, m.reason, m.attempt, m.whatsapp_id,
       m.sent_at, m.delivered_at, m.read_at
FROM messages m
JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
WHERE m.tenant_id = $1 AND m.day = $2
ORDER BY m.id;

-- name: counts_of_day
-- $1 tenant, $2 day.
SELECT state, count(*) FROM messages WHERE tenant_id = $1 AND day = $2 GROUP BY state;

-- name: text_of
-- $1 tenant, $2 WhatsApp id. What was sent, for a phone that asks for it again.
SELECT body FROM messages WHERE tenant_id = $1 AND whatsapp_id = $2 AND attempt > 0;
