-- name: keep
-- Telegram repeats what was not confirmed; it is kept once.
INSERT INTO telegram_updates (tenant_id, update_id, payload, received_at)
VALUES (:tenant_id, :update_id, :payload, :now)
ON CONFLICT (tenant_id, update_id) DO NOTHING
RETURNING 1;

-- name: begin
-- The chat's oldest of those that were told, claimed; counted before the work, so that one that kills the process counts too. Not taken: another
-- process that lives is at it, or had it a moment ago, or is in charge by now.
WITH oldest AS MATERIALIZED (
    SELECT u.update_id FROM telegram_updates u
    WHERE u.tenant_id = :tenant_id AND u.update_id <= :latest AND u.handled_at IS NULL AND u.set_aside_at IS NULL
    ORDER BY u.update_id LIMIT 1
), taken AS (
    UPDATE telegram_updates u
    SET attempts = least(u.attempts + 1, :most_attempts), claimed_by = :replica,
        set_aside_at = CASE WHEN u.attempts >= :most_attempts THEN :now::timestamptz END
    FROM oldest
    WHERE u.tenant_id = :tenant_id AND u.update_id = oldest.update_id
      AND u.handled_at IS NULL AND u.set_aside_at IS NULL
      AND (u.claimed_by IS NULL OR u.claimed_by = :replica OR NOT is_live(u.claimed_by))
      AND NOT superseded(:replica)
    RETURNING u.update_id, u.payload, u.set_aside_at IS NOT NULL AS set_aside
)
SELECT oldest.update_id, taken.payload, coalesce(taken.set_aside, false) AS set_aside
FROM oldest LEFT JOIN taken ON taken.update_id = oldest.update_id;

-- name: handled
UPDATE telegram_updates SET handled_at = :now
WHERE tenant_id = :tenant_id AND update_id = :update_id AND handled_at IS NULL;

-- name: failed
UPDATE telegram_updates SET error = left(:error, 500) WHERE tenant_id = :tenant_id AND update_id = :update_id;

-- name: open
SELECT update_id, payload, received_at, attempts FROM telegram_updates
WHERE tenant_id = :tenant_id AND handled_at IS NULL AND set_aside_at IS NULL
ORDER BY update_id LIMIT :most;

-- name: set_aside
SELECT update_id, payload, received_at, attempts FROM telegram_updates
WHERE tenant_id = :tenant_id AND set_aside_at IS NOT NULL ORDER BY update_id LIMIT :most;

-- name: open_everywhere
SELECT tenant_id, update_id, tried FROM dispatch.open_updates(:replica, :most);
