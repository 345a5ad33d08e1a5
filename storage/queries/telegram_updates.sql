-- name: keep
-- Telegram repeats what was not confirmed; it is kept once.
INSERT INTO telegram_updates (tenant_id, update_id, payload, received_at)
VALUES (:tenant_id, :update_id, :payload, :now)
ON CONFLICT (tenant_id, update_id) DO NOTHING
RETURNING 1;

-- name: begin
-- Counted before the work, so that one that kills the process counts too.
UPDATE telegram_updates
SET attempts = least(attempts + 1, :most_attempts),
    set_aside_at = CASE WHEN attempts >= :most_attempts THEN :now::timestamptz END
WHERE tenant_id = :tenant_id AND update_id = :update_id AND handled_at IS NULL AND set_aside_at IS NULL
RETURNING payload, set_aside_at IS NOT NULL AS set_aside;

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
SELECT tenant_id, update_id, tried FROM dispatch.open_updates(:most);
