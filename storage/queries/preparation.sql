-- name: take_up
-- Counts the preparation of the oldest message that may go before it begins, so that one that ends the process is
-- counted too (F11); PostgreSQL may lose that count, this process may not, so nobody waits for the disk. `excused` is
-- one whose last preparation PostgreSQL itself cut short.
WITH ready AS (
    SELECT id FROM messages
    WHERE tenant_id = :tenant_id AND state IN ('queued', 'retry', 'unknown') AND not_before <= :now AND expires_at > :now
    ORDER BY not_before, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
UPDATE messages m SET faults = m.faults + CASE WHEN m.id = coalesce(:excused, 0) AND m.faults > 0 THEN 0 ELSE 1 END
FROM ready WHERE m.tenant_id = :tenant_id AND m.id = ready.id
RETURNING m.id, m.state, m.faults, set_config('synchronous_commit', 'off', true);

-- name: set_back
-- After a fault in its preparation: behind the others, never before its time, or set aside; counted in any case.
WITH put AS (
    UPDATE messages m
    SET state = :state, reason = :reason, faults = :faults, not_before = greatest(m.not_before, :next_try)
    WHERE m.tenant_id = :tenant_id AND m.id = :message_id AND m.state IN ('queued', 'retry', 'unknown')
    RETURNING m.tenant_id, m.id, m.state, m.attempt, m.reason
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, state, attempt, reason FROM put
RETURNING message_id;

-- name: clear_faults
UPDATE messages SET faults = 0 WHERE tenant_id = :tenant_id AND id = :message_id AND faults > 0;
