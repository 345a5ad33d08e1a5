-- name: keep
-- Telegram repeats what was not confirmed; it is kept once.
INSERT INTO telegram_updates (tenant_id, update_id, payload, received_at)
VALUES (:tenant_id, :update_id, :payload, :now)
ON CONFLICT (tenant_id, update_id) DO NOTHING
RETURNING 1;

-- name: begin
-- The chat's oldest of those that were told, claimed; counted before the work, so that one that kills the process counts too. Not taken: another
-- process that lives is at it, or had it a moment ago, or is in charge by now. Passed over: what was handled here and waits for its answer to be taken.
WITH oldest AS MATERIALIZED (
    SELECT u.update_id FROM telegram_updates u
    WHERE u.tenant_id = :tenant_id AND u.update_id <= :latest AND u.handled_at IS NULL AND u.set_aside_at IS NULL
      AND u.update_id <> ALL (:in_hand::bigint[])
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
SELECT oldest.update_id, taken.payload, coalesce(taken.set_aside, false) AS set_aside,
       c.live_message_id, coalesce(c.live_has_picture, false) AS live_has_picture, c.asks
FROM oldest LEFT JOIN taken ON taken.update_id = oldest.update_id
LEFT JOIN telegram_chats c ON c.tenant_id = :tenant_id;

-- name: close
-- What is done, and what was wrong with it if anything was; with it, how the chat stands, if that has changed.
WITH done AS (
    UPDATE telegram_updates u
    SET handled_at = :now::timestamptz, error = coalesce(left(closed.fault, 500), u.error)
    FROM unnest(:update_ids::bigint[], :faults::text[]) AS closed (update_id, fault)
    WHERE u.tenant_id = :tenant_id AND u.update_id = closed.update_id AND u.handled_at IS NULL
)
INSERT INTO telegram_chats (tenant_id, live_message_id, live_has_picture, asks, updated_at)
SELECT :tenant_id::bigint, :live_message_id::bigint, :live_has_picture::boolean, :asks::text, :now::timestamptz
WHERE :has_changed::boolean
ON CONFLICT (tenant_id) DO UPDATE SET
    live_message_id = excluded.live_message_id, live_has_picture = excluded.live_has_picture, asks = excluded.asks,
    updated_at = excluded.updated_at;

-- name: open
SELECT update_id, payload, received_at, attempts FROM telegram_updates
WHERE tenant_id = :tenant_id AND handled_at IS NULL AND set_aside_at IS NULL
ORDER BY update_id LIMIT :most;

-- name: set_aside
SELECT update_id, payload, received_at, attempts FROM telegram_updates
WHERE tenant_id = :tenant_id AND set_aside_at IS NOT NULL ORDER BY update_id LIMIT :most;

-- name: open_everywhere
SELECT tenant_id, update_id, tried FROM dispatch.open_updates(:replica, :most);
