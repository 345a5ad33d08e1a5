-- name: keep
SELECT inbox.keep(:tenant_id, :update_id, :payload, :now);

-- name: begin
SELECT * FROM inbox.begin(:tenant_id, :replica, :latest, :most_attempts, :now, :in_hand);

-- name: close
SELECT inbox.close(
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
