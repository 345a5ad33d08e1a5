-- name: keep
-- $1 chat, $2 update, $3 payload, $4 now. Telegram repeats what was not confirmed; it is kept once.
INSERT INTO telegram_updates (tenant_id, update_id, payload, received_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, update_id) DO NOTHING
RETURNING 1;

-- name: begin
-- $1 chat, $2 update, $3 tries allowed, $4 now. Counted before the work, so that one that kills the process counts too.
UPDATE telegram_updates
SET attempts = least(attempts + 1, $3),
    set_aside_at = CASE WHEN attempts >= $3 THEN $4::timestamptz END
WHERE tenant_id = $1 AND update_id = $2 AND handled_at IS NULL AND set_aside_at IS NULL
RETURNING payload, set_aside_at IS NOT NULL AS set_aside;

-- name: handled
UPDATE telegram_updates SET handled_at = $3
WHERE tenant_id = $1 AND update_id = $2 AND handled_at IS NULL;

-- name: failed
UPDATE telegram_updates SET error = left($3, 500) WHERE tenant_id = $1 AND update_id = $2;

-- name: open
-- $1 chat, $2 at most.
SELECT update_id, payload, received_at, attempts FROM telegram_updates
WHERE tenant_id = $1 AND handled_at IS NULL AND set_aside_at IS NULL
ORDER BY update_id LIMIT $2;

-- name: set_aside
SELECT update_id, payload, received_at, attempts FROM telegram_updates
WHERE tenant_id = $1 AND set_aside_at IS NOT NULL ORDER BY update_id LIMIT $2;

-- name: forget
-- $1 chat, $2 handled before.
DELETE FROM telegram_updates WHERE tenant_id = $1 AND handled_at < $2;

-- name: open_everywhere
SELECT tenant_id, update_id, tried FROM dispatch.open_updates($1);
