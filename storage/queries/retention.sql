-- name: updates
-- The old ones were handled, whatever became of them.
DELETE FROM telegram_updates
WHERE tenant_id = :tenant_id AND (handled_at < :handled_before OR set_aside_at < :set_aside_before);

-- name: notices
DELETE FROM notices WHERE tenant_id = :tenant_id AND delivered_at < :before;

-- name: replies
DELETE FROM whatsapp_incoming WHERE tenant_id = :tenant_id AND at < :before;

-- name: talks
DELETE FROM reply_talks WHERE tenant_id = :tenant_id AND last_at < :before;

-- name: numbers
DELETE FROM whatsapp_numbers WHERE tenant_id = :tenant_id AND checked_at < :before;

-- name: whatsapp_log
DELETE FROM whatsapp_events WHERE tenant_id = :tenant_id AND at < :before;

-- name: whatsapp_tests
DELETE FROM whatsapp_tests WHERE tenant_id = :tenant_id AND created_at < :before;

-- name: planned_days
DELETE FROM planned_days WHERE tenant_id = :tenant_id AND day < :before;

-- name: imports
DELETE FROM imports WHERE tenant_id = :tenant_id AND created_at < :before;

-- name: undos
DELETE FROM undos WHERE tenant_id = :tenant_id AND until < :before;

-- name: dropped_tags
DELETE FROM tags WHERE tenant_id = :tenant_id AND dropped_at < :before;

-- name: dropped_texts
DELETE FROM templates WHERE tenant_id = :tenant_id AND dropped_at < :before;

-- name: dropped_values
-- What stood in a field that is going for good goes with it (I9).
UPDATE clients c SET own_values = c.own_values - old.keys
FROM (
    SELECT array_agg(f.id::text) AS keys FROM own_fields f WHERE f.tenant_id = :tenant_id AND f.dropped_at < :before
) AS old
WHERE c.tenant_id = :tenant_id AND c.own_values ?| old.keys;

-- name: dropped_fields
DELETE FROM own_fields WHERE tenant_id = :tenant_id AND dropped_at < :before;

-- name: dropped_holidays
DELETE FROM own_holidays WHERE tenant_id = :tenant_id AND dropped_at < :before;

-- name: clean
SELECT dispatch.clean(:log_before, :updates_before, :webhooks_before, :replicas_before, :most);

-- name: scheduled_messages
-- Messages by hand that went, or will not; those that come back every month stay.
DELETE FROM scheduled_messages
WHERE tenant_id = :tenant_id AND changed_at < :before
  AND (state IN ('missed', 'cancelled') OR state = 'made' AND monthly_day IS NULL);
