-- name: reached
-- How far a part of a message came, by its ack (mark 1) or a receipt (2 delivered, 3 read), in any order; it never goes
-- backwards (F7). It is proof of arrival, so it also ends an attempt whose answer was lost. Of a message with one part
-- the state itself is the mark; of two parts a sign of the second is proof of the first, and the message is what both
-- have come to (domain.parts).
WITH found AS MATERIALIZED (
    SELECT m.id, m.state AS was, m.first_mark, m.second_mark, m.second_body IS NOT NULL AS has_two,
           m.whatsapp_id = :whatsapp_id AS is_first,
           m.expires_at > :at AND m.dismissed_at IS NULL AS may_go_on,
           coalesce(array_position(ARRAY['sent', 'delivered', 'read'], m.state), 0) AS rank
    FROM messages m
    WHERE m.tenant_id = :tenant_id
      AND (m.whatsapp_id = :whatsapp_id OR m.second_whatsapp_id = :whatsapp_id AND m.second_body IS NOT NULL)
      AND m.attempt > 0
    FOR UPDATE
), marked AS (
    SELECT f.*,
           CASE WHEN has_two THEN greatest(first_mark, CASE WHEN is_first THEN :mark ELSE 1 END) ELSE 0 END AS first_now,
           CASE WHEN has_two AND NOT is_first THEN greatest(second_mark, :mark) ELSE second_mark END AS second_now
    FROM found f
), judged AS (
    SELECT k.*, CASE
               WHEN NOT has_two OR second_now > 0 THEN
                   (ARRAY['sent', 'delivered', 'read'])[CASE WHEN has_two THEN least(first_now, second_now) ELSE :mark END]
               WHEN first_mark = 0
                    AND (was IN ('sending', 'retry', 'unknown') OR was IN ('failed', 'expired') AND may_go_on) THEN 'queued'
               ELSE was
           END AS becomes
    FROM marked k
    WHERE CASE WHEN has_two THEN (first_now, second_now) <> (first_mark, second_mark)
               ELSE rank < :mark AND (:mark > 1 OR was NOT IN ('waiting', 'queued')) END
), reached AS (
    UPDATE messages m
    SET state = j.becomes, first_mark = j.first_now, second_mark = j.second_now,
        first_attempts = CASE WHEN j.has_two AND j.first_mark = 0 THEN m.attempt ELSE m.first_attempts END,
        reason = CASE WHEN j.becomes = j.was THEN m.reason END,
        owner_epoch = CASE WHEN j.becomes = j.was THEN m.owner_epoch END,
        faults = CASE WHEN j.becomes = j.was THEN m.faults ELSE 0 END,
        not_before = CASE WHEN j.becomes = 'queued' AND j.was <> 'queued' THEN least(m.not_before, :at) ELSE m.not_before END,
        sent_at = CASE WHEN j.becomes IN ('sent', 'delivered', 'read') THEN coalesce(m.sent_at, :at) ELSE m.sent_at END,
        delivered_at = CASE WHEN j.becomes IN ('delivered', 'read') THEN coalesce(m.delivered_at, :at) ELSE m.delivered_at END,
        read_at = CASE WHEN j.becomes = 'read' THEN coalesce(m.read_at, :at) ELSE m.read_at END
    FROM judged j
    WHERE m.tenant_id = :tenant_id AND m.id = j.id
    RETURNING m.tenant_id, m.id, m.state, m.attempt, m.kind, m.correlation_id, m.state <> j.was AS has_moved
), logged AS (
    INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
    SELECT tenant_id, id, :at, state, attempt, CASE WHEN state = 'queued' THEN 'first part sent' END
    FROM reached WHERE has_moved
)
SELECT kind, state, correlation_id FROM reached WHERE has_moved;

-- name: refuse_late
-- The server's refusal of a send whose wait had already ended: what may have arrived did not. Of two parts only the one
-- that is under way can be refused.
WITH refused AS (
    UPDATE messages m
    SET state = 'failed', reason = :reason, owner_epoch = NULL
    WHERE m.tenant_id = :tenant_id
      AND (m.whatsapp_id = :whatsapp_id AND m.first_mark = 0
        OR m.second_whatsapp_id = :whatsapp_id AND m.second_body IS NOT NULL AND m.first_mark > 0 AND m.second_mark = 0)
      AND m.attempt > 0
      AND m.state IN ('sending', 'unknown', 'retry')
    RETURNING m.tenant_id, m.id, m.state, m.attempt, m.kind, m.correlation_id
), logged AS (
    INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
    SELECT tenant_id, id, :now, 'failed', attempt, :reason FROM refused
)
SELECT kind, state, correlation_id FROM refused;

-- name: text_of
-- What was sent under this id, for a phone that asks for it again.
SELECT CASE WHEN m.whatsapp_id = :whatsapp_id THEN m.body ELSE m.second_body END FROM messages m
WHERE m.tenant_id = :tenant_id
  AND (m.whatsapp_id = :whatsapp_id OR m.second_whatsapp_id = :whatsapp_id AND m.second_body IS NOT NULL)
  AND m.attempt > 0;
