-- name: keep
SELECT inbox.keep(:tenant_id, :update_id, :payload, :now);

-- name: begin
-- Nobody waits for the disk here: what is kept is on it, whatever kills this process loses nothing of this, and a power
-- cut at most the last moment, after which the update is handled again as after any crash.
SELECT begun.* FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried,
    inbox.begin(:tenant_id, :replica, :latest, :most_attempts, :now, :in_hand) AS begun;

-- name: close
-- As above.
SELECT set_config('synchronous_commit', 'off', true), inbox.close(
    :tenant_id, :update_ids, :faults, :now, :has_changed, :live_message_id, :live_has_picture, :asks);

-- name: open
SELECT update_id, payload, received_at, attempts FROM telegram_updates
WHERE tenant_id = :tenant_id AND handled_at IS NULL AND set_aside_at IS NULL
ORDER BY update_id LIMIT :most;

-- name: set_aside
SELECT update_id, payload, received_at, attempts FROM telegram_updates
WHERE tenant_id = :tenant_id AND set_aside_at IS NOT NULL ORDER BY update_id LIMIT :most;

-- name: open_everywhere
SELECT tenant_id, update_id, tried FROM dispatch.open_updates(:replica, :most);
