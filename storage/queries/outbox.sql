-- name: hold_day
-- Whoever touches many messages of a tenant at once takes its settings first, so that two of them never meet
-- halfway. After it what clients wrote and paid, then always messages (of one client, or in the order of their ids),
-- then the client.
SELECT 1 FROM settings WHERE tenant_id = :tenant_id FOR NO KEY UPDATE;

-- name: plan_day
-- One set-based statement for the whole day. Each of `kinds` speaks about the due date at its place in `due_dates`.
-- What was planned before keeps its row and its ids (E6): new hours count for what has not gone, and what came to
-- its end today without ever being tried is queued again, since here its reason is gone; not what the owner
-- cancelled by hand. What ended before its time was ended by a clock that was ahead (E14), tried or not: it goes on
-- under its own id, as unsure as it was. The log calls each message after `cause`, the job or update that planned it.
WITH planned AS (
    INSERT INTO messages AS m (
        tenant_id, client_id, kind, due_on, day, state, phone, whatsapp_id, correlation_id,
        not_before, expires_at, created_at)
    SELECT c.tenant_id, c.id, k.kind, c.due_on, :day, 'queued', c.phone,
           whatsapp_message_id(t.message_salt, c.id, k.kind, c.due_on),
           coalesce(left(:cause::text, 44) || '.' || c.id, 'm-' || left(replace(gen_random_uuid()::text, '-', ''), 16)),
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
    ORDER BY c.id
    ON CONFLICT (tenant_id, client_id, kind, due_on) DO UPDATE
    SET state = CASE
            WHEN m.state = 'failed' AND m.attempt > 0 THEN 'unknown'
            WHEN m.state IN ('cancelled', 'expired', 'failed') THEN 'queued'
            ELSE m.state END,
        reason = CASE WHEN m.state IN ('cancelled', 'expired', 'failed') THEN NULL ELSE m.reason END,
        faults = CASE WHEN m.state IN ('cancelled', 'expired', 'failed') THEN 0 ELSE m.faults END,
        phone = CASE WHEN m.attempt = 0 THEN excluded.phone ELSE m.phone END,
        not_before = CASE
            WHEN m.attempt = 0 AND m.postponed = 0 AND m.faults = 0 THEN excluded.not_before
            ELSE greatest(m.not_before, excluded.not_before) END,
        expires_at = excluded.expires_at
    WHERE m.day = excluded.day
      AND NOT m.on_request
      AND (m.state IN ('waiting', 'queued', 'retry', 'unknown') AND m.expires_at <> excluded.expires_at
        OR m.attempt = 0 AND m.state IN ('waiting', 'queued') AND m.postponed = 0 AND m.faults = 0
           AND m.not_before <> excluded.not_before
        OR m.attempt = 0 AND m.state IN ('cancelled', 'expired')
           AND m.reason IS DISTINCT FROM 'cancelled' AND m.dismissed_at IS NULL
        OR m.attempt = 0 AND m.state = 'failed' AND m.reason = 'not_on_whatsapp' AND m.phone <> excluded.phone
        OR m.attempt > 0 AND m.expires_at > :now AND m.dismissed_at IS NULL
           AND (m.state = 'expired'
             OR m.state = 'failed' AND m.reason = 'unconfirmed' AND m.faults = 0
                AND m.attempt - m.first_attempts < :most_attempts))
    RETURNING m.tenant_id, m.id, m.state, m.attempt, m.created_at
), logged AS (
    INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
    SELECT tenant_id, id, :now, state, attempt, 'planned again' FROM planned WHERE created_at < :now
)
SELECT count(*) FILTER (WHERE state IN ('queued', 'unknown')) FROM planned;

-- name: note_day
-- That a day was planned, and what kept it from billing anybody.
INSERT INTO planned_days AS p (tenant_id, day, planned_at, obstacle) VALUES (:tenant_id, :day, :now, :obstacle)
ON CONFLICT (tenant_id, day) DO UPDATE SET planned_at = excluded.planned_at, obstacle = excluded.obstacle
RETURNING begins_at;

-- name: next_ready
-- The oldest message that may go (`message_id`, where it was taken up before), with its client as it is at this
-- moment, both held, and WhatsApp's kept answer about the number. The version of the rules is asked for last: a
-- change that was committed while this waited for the client counts already.
WITH ready AS MATERIALIZED (
    SELECT m.id AS message_id, m.kind, m.due_on AS about_due_on, m.day, m.state, m.body, m.phone AS to_phone,
           m.whatsapp_id, m.correlation_id, m.attempt, m.expires_at, m.on_request, m.faults, m.postponed, m.farewell,
           m.second_body, m.second_whatsapp_id, m.first_mark > 0 AS first_is_out, m.first_attempts,
           c.*, n.checked_at, n.jid, n.lid
    FROM messages m
    JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
    LEFT JOIN whatsapp_numbers n ON n.tenant_id = c.tenant_id AND n.phone = c.phone
    WHERE m.tenant_id = :tenant_id
      AND m.state IN ('queued', 'retry', 'unknown')
      AND m.not_before <= :now
      AND m.expires_at > :now
      AND m.id = coalesce(:message_id, m.id)
    ORDER BY m.not_before, m.id
    LIMIT 1
    FOR UPDATE OF m SKIP LOCKED
    FOR SHARE OF c
)
SELECT ready.*, rules_version(:tenant_id) AS rules_version FROM ready;

-- name: postpone
-- Steps aside for the others until `until`, without having been tried.
WITH postponed AS (
    UPDATE messages m
    SET not_before = :until, postponed = m.postponed + 1, faults = 0,
        reason = CASE WHEN m.state = 'queued' THEN :reason ELSE m.reason END
    WHERE m.tenant_id = :tenant_id AND m.id = :message_id AND m.state IN ('queued', 'retry', 'unknown')
    RETURNING m.tenant_id, m.id, m.state, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, state, attempt, :reason FROM postponed
RETURNING message_id;

-- name: hold
-- What holds the whole queue is the reason of each message that would go otherwise; null where nothing does any
-- more, which leaves what held it for long.
WITH held AS MATERIALIZED (
    SELECT m.id FROM messages m
    WHERE m.tenant_id = :tenant_id
      AND m.state = 'queued'
      AND m.not_before <= :now
      AND m.expires_at > :now
      AND m.reason IS DISTINCT FROM :reason
      AND (m.reason IS NULL OR m.reason = ANY (:holding::text[]))
      AND (:reason::text IS NOT NULL OR coalesce(m.held_since, '-infinity') > :long_ago)
    ORDER BY m.id
    FOR UPDATE
)
UPDATE messages m
SET reason = :reason,
    held_since = CASE WHEN :reason::text IS NULL THEN NULL ELSE :since::timestamptz END
FROM held
WHERE m.tenant_id = :tenant_id AND m.id = held.id;

-- name: pending_of_day
-- What is still to go, with the clients as they are now, for the second check (E2).
SELECT m.id AS message_id, m.kind, m.due_on AS about_due_on, m.day, m.state, m.body, m.phone AS to_phone,
       m.whatsapp_id, m.correlation_id, m.attempt, m.expires_at, m.on_request, m.faults, m.postponed, m.farewell,
       m.second_body, m.second_whatsapp_id, m.first_mark > 0 AS first_is_out, m.first_attempts, c.*
FROM messages m
JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
WHERE m.tenant_id = :tenant_id
  AND m.day = :day
  AND m.state IN ('waiting', 'queued')
ORDER BY m.id
FOR UPDATE OF m SKIP LOCKED;

-- name: begin_attempt
-- Committed before the frame leaves; the attempt counts from here, and the first fixes the words of both parts. The
-- share lock on the owner makes a takeover wait for this commit, so its recovery sees the row.
WITH begun AS (
    UPDATE messages m
    SET state = 'sending', attempt = m.attempt + 1, owner_epoch = :epoch, phone = :phone, body = :body,
        second_body = CASE WHEN m.body IS NULL THEN :second_body ELSE m.second_body END,
        reason = NULL, faults = 0, held_since = NULL, begun_at = :now
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

-- name: take_back
-- An attempt that was begun, whose frame surely never left: as if it had not been. Whether its begin was committed
-- need not be known.
WITH back AS (
    UPDATE messages m
    SET state = CASE WHEN m.attempt - m.first_attempts > 1 THEN 'retry' ELSE 'queued' END,
        reason = CASE WHEN m.attempt - m.first_attempts > 1 THEN 'interrupted' END,
        body = CASE WHEN m.attempt > 1 THEN m.body END,
        second_body = CASE WHEN m.attempt > 1 THEN m.second_body END,
        attempt = m.attempt - 1, owner_epoch = NULL
    WHERE m.tenant_id = :tenant_id AND m.id = :message_id AND m.state = 'sending' AND m.owner_epoch = :epoch
    RETURNING m.tenant_id, m.id, m.state, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, state, attempt, 'taken back' FROM back
RETURNING message_id;

-- name: settle
-- Only the attempt that is under way can be settled, once, by its owner. What is `sent` of two parts is the one under
-- way: after the first the message is queued for the second.
WITH settled AS (
    UPDATE messages m
    SET state = CASE WHEN :state = 'sent' AND m.second_body IS NOT NULL AND m.first_mark = 0 THEN 'queued' ELSE :state END,
        reason = :reason, not_before = coalesce(:next_try, m.not_before), owner_epoch = NULL,
        first_mark = CASE WHEN :state = 'sent' AND m.second_body IS NOT NULL THEN greatest(m.first_mark, 1) ELSE m.first_mark END,
        second_mark = CASE WHEN :state = 'sent' AND m.first_mark > 0 THEN 1 ELSE m.second_mark END,
        first_attempts = CASE WHEN :state = 'sent' AND m.second_body IS NOT NULL AND m.first_mark = 0 THEN m.attempt
                              ELSE m.first_attempts END,
        sent_at = CASE WHEN :state = 'sent' AND (m.second_body IS NULL OR m.first_mark > 0) THEN :now ELSE m.sent_at END
    WHERE m.tenant_id = :tenant_id
      AND m.id = :message_id
      AND m.state = 'sending'
      AND m.attempt = :attempt
      AND m.owner_epoch = :epoch
    RETURNING m.tenant_id, m.id, m.state, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, state, attempt, coalesce(:reason, CASE WHEN state = 'queued' THEN 'first part sent' END)
FROM settled
RETURNING message_id;

-- name: rest
-- Messages that do not go, or not yet, each with its reason.
WITH verdict AS (
    SELECT * FROM unnest(:message_ids::bigint[], :states::text[], :reasons::text[]) AS v (id, state, reason)
), rested AS (
    UPDATE messages m
    SET state = v.state, reason = v.reason, faults = 0
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

-- name: left_open
-- Sends that were open when their owner's life, or its connection to PostgreSQL, ended.
SELECT id, attempt, state, reason, expires_at, first_mark > 0 AS first_is_out, first_attempts FROM messages
WHERE tenant_id = :tenant_id AND state = 'sending' AND owner_epoch <= :epoch
ORDER BY id
FOR UPDATE;

-- name: is_any_over
SELECT EXISTS (
    SELECT FROM messages
    WHERE tenant_id = :tenant_id AND state IN ('waiting', 'queued', 'retry', 'unknown') AND expires_at <= :now);

-- name: past_window
-- What the day's window left behind (E5); a send only when nobody can be waiting for it any more.
SELECT id, attempt, state, reason, expires_at, first_mark > 0 AS first_is_out, first_attempts FROM messages
WHERE tenant_id = :tenant_id
  AND expires_at <= :now
  AND (state IN ('waiting', 'queued', 'retry', 'unknown')
    OR state = 'sending' AND coalesce(begun_at, '-infinity') <= :stale)
ORDER BY id
FOR UPDATE;

-- name: conclude
-- Messages that were held before, each to where the rules want it, unless its attempt is another by now.
WITH verdict AS (
    SELECT * FROM unnest(:message_ids::bigint[], :attempts::integer[], :states::text[], :reasons::text[],
                         :next_tries::timestamptz[]) AS v (id, attempt, state, reason, next_try)
), concluded AS (
    UPDATE messages m
    SET state = v.state, reason = v.reason, not_before = coalesce(v.next_try, m.not_before), owner_epoch = NULL
    FROM verdict v
    WHERE m.tenant_id = :tenant_id
      AND m.id = v.id
      AND m.attempt = v.attempt
      AND m.state IN ('waiting', 'queued', 'retry', 'unknown', 'sending')
    RETURNING m.tenant_id, m.id, m.state, m.attempt, m.reason
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, state, attempt, reason FROM concluded
RETURNING message_id;

-- name: rebound
-- What was put off while the clock was wrong is put off no further than anything is (E14).
WITH late AS MATERIALIZED (
    SELECT id FROM messages
    WHERE tenant_id = :tenant_id AND not_before > :latest
      AND (state IN ('retry', 'unknown') OR state = 'queued' AND (postponed > 0 OR faults > 0))
    ORDER BY id
    FOR UPDATE
)
UPDATE messages m SET not_before = :now FROM late WHERE m.tenant_id = :tenant_id AND m.id = late.id;

-- name: cancel_pending
-- Everything of the client that has not gone (C7, decision 4). What confirms to it that it left goes all the same, as
-- it does to who is archived (F8), unless its own newer word contradicts it.
WITH pending AS (
    SELECT m.id FROM messages m
    WHERE m.tenant_id = :tenant_id AND m.client_id = :client_id AND m.state IN ('waiting', 'queued', 'retry', 'unknown')
      AND (NOT m.farewell OR :reason = 'opted_out')
    ORDER BY m.id
    FOR UPDATE
), cancelled AS (
    UPDATE messages m
    SET state = 'cancelled', reason = :reason
    FROM pending
    WHERE m.tenant_id = :tenant_id AND m.id = pending.id
    RETURNING m.tenant_id, m.id, m.kind, m.day, m.attempt, m.not_before
), logged AS (
    INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
    SELECT tenant_id, id, :now, 'cancelled', attempt, :reason FROM cancelled
)
SELECT id, kind, day, not_before FROM cancelled ORDER BY id;

-- name: next_wake
-- When the next message becomes ready, or is over, of those that can still go. One that is ready and was not found
-- is held by somebody else for a moment: never before `soonest`, so that waiting for it costs nothing.
SELECT min(greatest(CASE WHEN not_before < expires_at THEN not_before ELSE expires_at END, :soonest)) FROM messages
WHERE tenant_id = :tenant_id AND state IN ('queued', 'retry', 'unknown') AND expires_at > :now;

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
