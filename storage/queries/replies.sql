-- name: clients_at
-- Whose phone wrote, most likely first: those whose number WhatsApp answered for with this very account, and those
-- registered with just this number. Its other form (with or without the ninth digit) counts only where neither is.
WITH answered AS (
    SELECT n.phone FROM whatsapp_numbers n
    WHERE n.tenant_id = :tenant_id AND (n.jid = :from_jid OR n.lid = :from_jid OR n.jid = :phone_jid)
), sure AS (
    SELECT c.id FROM clients c
    WHERE c.tenant_id = :tenant_id
      AND (c.phone IN (SELECT phone FROM answered) OR c.phone = :phone)
)
SELECT c.* FROM clients c
WHERE c.tenant_id = :tenant_id
  AND (c.id IN (SELECT id FROM sure)
    OR NOT EXISTS (SELECT FROM sure) AND c.phone = ANY (:other_forms::text[]))
ORDER BY c.archived_at IS NOT NULL, c.id;

-- name: next_unhandled
-- The oldest that nobody dealt with, held; what another transaction has in hand is passed over.
SELECT whatsapp_id AS message_id, from_jid, from_phone, kind, body AS text, name, size_bytes, seconds, about_id AS about, at
FROM whatsapp_incoming
WHERE tenant_id = :tenant_id AND handled_at IS NULL
ORDER BY place LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: forget
-- What a stranger wrote, and what only changed another message, is not kept.
DELETE FROM whatsapp_incoming
WHERE tenant_id = :tenant_id AND from_jid = :from_jid AND whatsapp_id = :message_id;

-- name: set_aside
-- What cannot be dealt with at all: kept without its content.
UPDATE whatsapp_incoming SET handled_at = :now, body = NULL, name = NULL, kind = 'other'
WHERE tenant_id = :tenant_id AND from_jid = :from_jid AND whatsapp_id = :message_id;

-- name: talk_of
SELECT id FROM reply_talks WHERE tenant_id = :tenant_id AND phone = :phone FOR UPDATE;

-- name: open_talk
-- The talk of a phone, with one message more. Where nothing waited any more, a new wait begins, and what was written
-- before it is no part of it.
INSERT INTO reply_talks AS t (tenant_id, phone, since, last_at, version) VALUES (:tenant_id, :phone, :now, :now, 1)
ON CONFLICT (tenant_id, phone) DO UPDATE
SET since = CASE WHEN :waits THEN t.since ELSE :now END,
    last_at = greatest(t.last_at, :now), version = t.version + 1
RETURNING id;

-- name: set_people
WITH gone AS (
    DELETE FROM reply_people p
    WHERE p.tenant_id = :tenant_id AND p.talk_id = :talk_id AND p.client_id <> ALL (:client_ids::bigint[])
)
INSERT INTO reply_people (tenant_id, talk_id, client_id)
SELECT :tenant_id, :talk_id, c.id FROM unnest(:client_ids::bigint[]) AS c (id)
ON CONFLICT DO NOTHING;

-- name: put_in_talk
-- A clock that is ahead, whosever it is, is not the client's future.
UPDATE whatsapp_incoming SET handled_at = :now, talk_id = :talk_id, at = least(at, :now)
WHERE tenant_id = :tenant_id AND from_jid = :from_jid AND whatsapp_id = :message_id;

-- name: change
-- What an earlier message says from now on; only who wrote it can change it.
WITH changed AS (
    UPDATE whatsapp_incoming SET body = :text, kind = CASE WHEN :deleted THEN 'deleted' ELSE kind END,
        name = CASE WHEN :deleted THEN NULL ELSE name END
    WHERE tenant_id = :tenant_id AND from_jid = :from_jid AND whatsapp_id = :about AND talk_id IS NOT NULL
      AND (kind, body) IS DISTINCT FROM (CASE WHEN :deleted THEN 'deleted' ELSE kind END, :text)
    RETURNING talk_id
)
UPDATE reply_talks t SET version = t.version + 1 FROM changed
WHERE t.tenant_id = :tenant_id AND t.id = changed.talk_id
RETURNING t.id;

-- name: opt_out
-- Whoever was not out before.
UPDATE clients SET opted_out_at = :now, updated_at = :now
WHERE tenant_id = :tenant_id AND id = ANY (:client_ids::bigint[]) AND opted_out_at IS NULL
RETURNING id;

-- name: opt_in
UPDATE clients SET opted_out_at = NULL, updated_at = :now
WHERE tenant_id = :tenant_id AND id = ANY (:client_ids::bigint[]) AND opted_out_at IS NOT NULL
RETURNING id;

-- name: confirm
-- The one answer to who leaves or comes back; its id follows from the message it answers, so it is one for ever.
WITH put AS (
    INSERT INTO messages (
        tenant_id, client_id, kind, day, state, phone, body, whatsapp_id, correlation_id, not_before, expires_at,
        created_at, farewell)
    SELECT c.tenant_id, c.id, 'geral', :day, 'queued', c.phone, :body,
           '3EB0' || upper(left(encode(sha256(convert_to(t.message_salt::text || '|saida|' || :nonce, 'UTF8')), 'hex'), 18)),
           'm-' || left(replace(gen_random_uuid()::text, '-', ''), 16), :now, :until, :now, true
    FROM clients c
    JOIN tenants t ON t.tenant_id = c.tenant_id
    WHERE c.tenant_id = :tenant_id AND c.id = :client_id
    ON CONFLICT (tenant_id, whatsapp_id) DO NOTHING
    RETURNING tenant_id, id, attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, 'queued', attempt, 'farewell' FROM put
RETURNING message_id;

-- name: claim_untold
-- Told by one process at a time, as notices are. With it, what the owner's answer has come to meanwhile.
WITH claimed AS (
    UPDATE reply_talks t SET claimed_by = :replica
    WHERE t.tenant_id = :tenant_id AND t.version > t.told_version
      AND (t.claimed_by IS NULL OR t.claimed_by = :replica OR NOT is_live(t.claimed_by)) AND NOT superseded(:replica)
    RETURNING t.id AS talk_id, t.version, t.told_at, t.since, t.last_at, coalesce(t.seen_at < t.last_at, true) AS has_news
)
SELECT * FROM claimed ORDER BY last_at, talk_id;

-- name: is_anything_untold
SELECT EXISTS (SELECT FROM reply_talks WHERE tenant_id = :tenant_id AND version > told_version);

-- name: is_anything_left
-- What a process that ended may have left: a message that nobody dealt with, a talk whose owner was not told.
SELECT EXISTS (SELECT FROM whatsapp_incoming WHERE tenant_id = :tenant_id AND handled_at IS NULL)
    OR EXISTS (SELECT FROM reply_talks WHERE tenant_id = :tenant_id AND version > told_version);

-- name: told
-- What Telegram took; `at` where it came as a message of its own.
UPDATE reply_talks
SET told_version = greatest(told_version, :version), told_at = coalesce(:at, told_at), shown_state = :shown_state,
    seen_at = greatest(seen_at, :seen_at), claimed_by = NULL
WHERE tenant_id = :tenant_id AND id = :talk_id;

-- name: ticks_changed
-- Talks whose card shows less of the owner's answer than has come of it.
WITH latest AS (
    SELECT DISTINCT ON (p.talk_id) p.talk_id, m.state
    FROM reply_talks t
    JOIN reply_people p ON p.tenant_id = t.tenant_id AND p.talk_id = t.id
    JOIN messages m ON m.tenant_id = p.tenant_id AND m.client_id = p.client_id
    WHERE t.tenant_id = :tenant_id AND t.last_at > :not_before
      AND m.kind = 'geral' AND NOT m.farewell AND m.created_at >= t.since
    ORDER BY p.talk_id, m.id DESC
)
UPDATE reply_talks t SET version = t.version + 1, shown_state = latest.state
FROM latest
WHERE t.tenant_id = :tenant_id AND t.id = latest.talk_id AND t.shown_state IS DISTINCT FROM latest.state
RETURNING latest.state;

-- name: done
UPDATE reply_talks SET done_at = greatest(last_at, :now)
WHERE tenant_id = :tenant_id AND id = :talk_id RETURNING 1;

-- name: find
SELECT id, phone, since, last_at, done_at, told_at FROM reply_talks WHERE tenant_id = :tenant_id AND id = :talk_id;

-- name: people
SELECT c.* FROM reply_people p
JOIN clients c ON c.tenant_id = p.tenant_id AND c.id = p.client_id
WHERE p.tenant_id = :tenant_id AND p.talk_id = :talk_id
ORDER BY c.archived_at IS NOT NULL, c.id;

-- name: said
-- The last of what was written from that phone, the latest first.
SELECT kind, body AS text, name, size_bytes, seconds, at FROM whatsapp_incoming
WHERE tenant_id = :tenant_id AND talk_id = :talk_id AND handled_at >= :since
ORDER BY place DESC LIMIT :most;

-- name: count_said
SELECT count(*) FROM whatsapp_incoming WHERE tenant_id = :tenant_id AND talk_id = :talk_id AND handled_at >= :since;

-- name: answer
-- The last that the owner wrote to any of them since they wait, for now or for a day to come.
SELECT a.* FROM reply_people p
CROSS JOIN LATERAL (
    SELECT m.state, m.reason, m.body AS text, m.farewell, m.created_at,
           coalesce(m.read_at, m.delivered_at, m.sent_at, greatest(m.not_before, m.created_at)) AS at
    FROM messages m
    WHERE m.tenant_id = p.tenant_id AND m.client_id = p.client_id AND m.kind = 'geral' AND m.created_at >= :since
    UNION ALL
    SELECT 'queued', NULL, s.text, false, s.created_at, s.at FROM scheduled_messages s
    WHERE s.tenant_id = p.tenant_id AND s.client_id = p.client_id AND s.state = 'waiting' AND s.created_at >= :since
) AS a
WHERE p.tenant_id = :tenant_id AND p.talk_id = :talk_id
ORDER BY a.created_at DESC LIMIT 1;

-- name: waiting
-- Talks that wait for the owner, the longest first: nothing was written, recorded or ticked off since the last message.
WITH waiting AS (
    SELECT t.* FROM reply_talks t
    WHERE t.tenant_id = :tenant_id AND t.id = coalesce(:talk_id, t.id)
      AND (t.done_at IS NULL OR t.done_at < t.last_at)
      AND NOT EXISTS (
        SELECT FROM reply_people p JOIN messages m ON m.tenant_id = p.tenant_id AND m.client_id = p.client_id
        WHERE p.tenant_id = t.tenant_id AND p.talk_id = t.id AND m.kind = 'geral' AND m.created_at >= t.last_at
          AND m.state NOT IN ('cancelled', 'failed', 'expired'))
      AND NOT EXISTS (
        SELECT FROM reply_people p
        JOIN scheduled_messages s ON s.tenant_id = p.tenant_id AND s.client_id = p.client_id
        WHERE p.tenant_id = t.tenant_id AND p.talk_id = t.id AND s.created_at >= t.last_at
          AND s.state = 'waiting')
      AND NOT EXISTS (
        SELECT FROM reply_people p JOIN client_payments c ON c.tenant_id = p.tenant_id AND c.client_id = p.client_id
        WHERE p.tenant_id = t.tenant_id AND p.talk_id = t.id AND c.recorded_at >= t.last_at)
)
SELECT w.id, w.since, count(*) OVER () AS total, c.*
FROM waiting w
JOIN LATERAL (
    SELECT c.id AS client_id, c.name, c.due_on, c.archived_at IS NOT NULL AS archived
    FROM reply_people p JOIN clients c ON c.tenant_id = p.tenant_id AND c.id = p.client_id
    WHERE p.tenant_id = w.tenant_id AND p.talk_id = w.id
    ORDER BY c.archived_at IS NOT NULL, c.id LIMIT 1) AS c ON true
ORDER BY w.since, w.id
LIMIT :most OFFSET :skipped;

-- name: quiet_hours
SELECT quiet_on, quiet_from, quiet_until, time_zone FROM settings WHERE tenant_id = :tenant_id;

-- name: set_quiet_hours
-- A null leaves what stands there.
UPDATE settings SET
    quiet_on = coalesce(:quiet_on, quiet_on),
    quiet_from = coalesce(:quiet_from, quiet_from),
    quiet_until = coalesce(:quiet_until, quiet_until)
WHERE tenant_id = :tenant_id;
