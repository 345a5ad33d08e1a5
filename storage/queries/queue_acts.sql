-- name: waiting
-- The day's messages that are on their way, in the order of their turns, a page of them; a page that is not there is
-- the nearest that is. A turn is :pace after the one before it, never before a message's own time, nor before :first.
WITH ready AS (
    SELECT m.id, m.client_id, m.kind, m.state, m.reason, m.not_before, c.name, c.due_on, c.archived_at IS NOT NULL AS archived,
           row_number() OVER (ORDER BY m.state = 'sending' DESC, m.not_before, m.id) AS place, count(*) OVER () AS total
    FROM messages m
    JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
    WHERE m.tenant_id = :tenant_id AND m.day = :day AND m.state IN ('queued', 'retry', 'unknown', 'sending')
), turns AS (
    SELECT r.*, (max(greatest(r.not_before, :first::timestamptz) - (r.place - 1) * :pace::interval) OVER (ORDER BY r.place))
                + (r.place - 1) * :pace::interval AS turn
    FROM ready r
)
SELECT t.*, max(t.turn) OVER () AS last_turn FROM turns t
WHERE t.place > (least(:page::bigint, (t.total + :rows - 1) / :rows) - 1) * :rows
ORDER BY t.place LIMIT :rows;

-- name: turn_of
-- When the turn of one message comes, among those of its day.
WITH ready AS (
    SELECT m.id, m.not_before, row_number() OVER (ORDER BY m.state = 'sending' DESC, m.not_before, m.id) AS place
    FROM messages m
    WHERE m.tenant_id = :tenant_id AND m.day = :day AND m.state IN ('queued', 'retry', 'unknown', 'sending')
), turns AS (
    SELECT r.id, (max(greatest(r.not_before, :first::timestamptz) - (r.place - 1) * :pace::interval) OVER (ORDER BY r.place))
                 + (r.place - 1) * :pace::interval AS turn
    FROM ready r
)
SELECT turn FROM turns WHERE id = :message_id;

-- name: held
-- The day's messages that wait for the owner, the first of them.
SELECT m.id FROM messages m
WHERE m.tenant_id = :tenant_id AND m.day = :day AND m.state = 'waiting'
ORDER BY m.not_before, m.id LIMIT :most;

-- name: since
-- Since when the owner has stopped the queue, when the day begins in its turn (E13), and the last try.
SELECT s.paused_at, p.begins_at,
       (SELECT max(m.begun_at) FROM messages m WHERE m.tenant_id = :tenant_id AND m.day = :day) AS tried_at
FROM settings s
LEFT JOIN planned_days p ON p.tenant_id = s.tenant_id AND p.day = :day
WHERE s.tenant_id = :tenant_id;

-- name: message
-- One message, with its client as it is now.
SELECT m.id AS message_id, m.kind, m.due_on AS about_due_on, m.day, m.state, m.body, m.phone AS to_phone,
       m.whatsapp_id, m.correlation_id, m.attempt, m.expires_at, m.on_request, m.faults, m.postponed,
       m.second_body, m.second_whatsapp_id, m.first_mark > 0 AS first_is_out, m.first_attempts, m.farewell,
       m.reason, m.not_before, m.sent_at, m.delivered_at, m.read_at, c.*
FROM messages m
JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
WHERE m.tenant_id = :tenant_id AND m.id = :message_id;

-- name: log
-- What happened to a message, the latest first.
SELECT at, state, attempt, detail FROM message_events
WHERE tenant_id = :tenant_id AND message_id = :message_id ORDER BY id DESC LIMIT :most;

-- name: others_pending
-- How many messages of the same client have not gone, this one among them.
SELECT count(*) FROM messages
WHERE tenant_id = :tenant_id AND client_id = :client_id AND state IN ('waiting', 'queued', 'retry', 'unknown');

-- name: hurry
-- Before all that may go, but not before the window opens; a plan made anew leaves it there, as it does with what has
-- stepped aside.
WITH front AS (
    SELECT min(m.not_before) - interval '1 microsecond' AS at FROM messages m
    WHERE m.tenant_id = :tenant_id AND m.state IN ('queued', 'retry', 'unknown') AND m.id <> :message_id
), hurried AS (
    UPDATE messages m
    SET not_before = greatest(:opens::timestamptz, least(:now::timestamptz, front.at)), postponed = greatest(m.postponed, 1)
    FROM front
    WHERE m.tenant_id = :tenant_id AND m.id = :message_id AND m.state IN ('queued', 'retry', 'unknown') AND m.expires_at > :now
    RETURNING m.tenant_id, m.id, m.state, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, state, attempt, 'to the front' FROM hurried
RETURNING message_id;

-- name: cancel
-- One message, or (without one) all of a client, that have not gone (E7): each with what it was.
WITH pending AS (
    SELECT m.id, m.state, m.attempt FROM messages m
    WHERE m.tenant_id = :tenant_id AND m.state IN ('waiting', 'queued', 'retry', 'unknown')
      AND (m.id = :message_id::bigint OR m.client_id = :client_id::bigint)
    ORDER BY m.id
    FOR UPDATE
), cancelled AS (
    UPDATE messages m SET state = 'cancelled', reason = :reason
    FROM pending
    WHERE m.tenant_id = :tenant_id AND m.id = pending.id
    RETURNING m.tenant_id, m.id, m.kind, m.day, m.not_before, m.attempt, pending.state AS was
), logged AS (
    INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
    SELECT tenant_id, id, :now, 'cancelled', attempt, :reason FROM cancelled
)
SELECT id, kind, day, not_before, attempt, was FROM cancelled ORDER BY id;

-- name: put_back
-- What was cancelled by hand: the same rows with their ids, each as it was, unless something moved it on since or its
-- hour is over (E6). What was written by hand goes on its own day only, which may be another by now.
WITH verdict AS (
    SELECT * FROM unnest(:message_ids::bigint[], :states::text[], :attempts::integer[]) AS v (id, state, attempt)
), resting AS (
    SELECT m.id FROM messages m JOIN verdict v ON v.id = m.id
    WHERE m.tenant_id = :tenant_id AND m.state = 'cancelled' AND m.reason = :reason AND m.attempt = v.attempt
      AND m.expires_at > :now
      AND (m.schedule_id IS NULL OR EXISTS (
          SELECT FROM scheduled_messages s
          WHERE s.tenant_id = m.tenant_id AND s.id = m.schedule_id AND s.day = m.occurs_on AND s.state = 'made'))
    ORDER BY m.id
    FOR UPDATE OF m
), back AS (
    UPDATE messages m SET state = v.state, reason = NULL, faults = 0
    FROM resting JOIN verdict v ON v.id = resting.id
    WHERE m.tenant_id = :tenant_id AND m.id = resting.id
    RETURNING m.tenant_id, m.id, m.state, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, state, attempt, 'brought back' FROM back
RETURNING message_id;

-- name: retry
-- One that rests as failed, once more and under its ids (E8, F6).
WITH again AS (
    UPDATE messages m
    SET state = :state, reason = NULL, faults = 0, not_before = :at,
        phone = CASE WHEN m.attempt = 0 THEN c.phone ELSE m.phone END
    FROM clients c
    WHERE m.tenant_id = :tenant_id AND m.id = :message_id AND m.state = 'failed' AND m.attempt = :attempt
      AND m.expires_at > :now AND c.tenant_id = m.tenant_id AND c.id = m.client_id
      -- What was moved to another day goes on that one.
      AND NOT EXISTS (SELECT FROM scheduled_messages s
          WHERE s.tenant_id = m.tenant_id AND s.id = m.schedule_id AND s.day <> m.occurs_on)
    RETURNING m.tenant_id, m.id, m.state, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, state, attempt, 'asked for' FROM again
RETURNING message_id;

-- name: pause
-- Stop the whole queue, or let it go on; said twice, it stands since the first time.
UPDATE settings SET queue_paused = :paused, paused_at = CASE WHEN :paused THEN :now::timestamptz END
WHERE tenant_id = :tenant_id AND queue_paused IS DISTINCT FROM :paused
RETURNING 1;

-- name: undismiss
-- What was dismissed by one act is listed again; a row that only said so goes, since the next has its ids.
WITH dismissed AS (
    SELECT m.id, m.reason IS NOT DISTINCT FROM 'dismissed' AND m.attempt = 0 AS only_that FROM messages m
    WHERE m.tenant_id = :tenant_id AND m.dismissed_at = :at
    ORDER BY m.id
    FOR UPDATE
), gone AS (
    DELETE FROM messages m USING dismissed d WHERE m.tenant_id = :tenant_id AND m.id = d.id AND d.only_that
), back AS (
    UPDATE messages m SET dismissed_at = NULL
    FROM dismissed d WHERE m.tenant_id = :tenant_id AND m.id = d.id AND NOT d.only_that
)
SELECT count(*) FROM dismissed;

-- name: marks
SELECT answers FROM drafts WHERE tenant_id = :tenant_id AND form = :form;

-- name: put_marks
INSERT INTO drafts (tenant_id, form, number, step, answers, update_id, updated_at)
VALUES (:tenant_id, :form, 0, 'marks', :answers, 0, :now)
ON CONFLICT (tenant_id, form) DO UPDATE SET answers = excluded.answers, updated_at = excluded.updated_at;
