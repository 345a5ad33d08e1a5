-- name: save
UPDATE settings SET
    time_zone = :zone, verify_at = :verify_at, send_at = :send_at, clean_at = :clean_at, summary_at = :summary_at,
    summary_on = :summary_on, window_opens = :window_opens, window_closes = :window_closes, sundays = :sundays,
    holidays = :holidays, optional_holidays = :optional_holidays, automatic_kinds = :automatic_kinds,
    overdue_on_reschedule = :overdue_on_reschedule
WHERE tenant_id = :tenant_id;

-- name: goes_today
-- What is still to go on a day, and from when: what is queued, and what a plan of this moment would queue from
-- `send_from` on. Each of `kinds` speaks about the due date at its place in `due_dates`.
SELECT m.client_id, m.kind, m.due_on, m.not_before AS at
FROM messages m
WHERE m.tenant_id = :tenant_id AND m.day = :day AND m.state IN ('waiting', 'queued', 'retry', 'unknown')
  AND m.expires_at > :now
UNION ALL
SELECT c.id, k.kind, c.due_on, :send_from::timestamptz
FROM unnest(:kinds::text[], :due_dates::date[]) AS k (kind, due_on)
JOIN clients c ON c.tenant_id = :tenant_id AND c.due_on = k.due_on
WHERE c.archived_at IS NULL
  AND c.opted_out_at IS NULL
  AND jsonb_typeof(c.preferences) = 'object'
  AND coalesce(c.preferences -> k.kind, 'true') = 'true'
  AND CASE k.kind WHEN 'cobranca' THEN c.receives_billing ELSE c.receives_notices END
  AND NOT EXISTS (
      SELECT FROM messages m
      WHERE m.tenant_id = c.tenant_id AND m.client_id = c.id AND m.kind = k.kind AND m.due_on = c.due_on);

-- name: is_planned
SELECT EXISTS (SELECT FROM planned_days WHERE tenant_id = :tenant_id AND day = :day);

-- name: take_turn_anew
-- A day that begins at another time takes its turn among those that begin then (E13).
UPDATE planned_days SET turn = NULL, begins_at = NULL WHERE tenant_id = :tenant_id AND day = :day;

-- name: move_window
-- What was bound to a day's window is bound to the new one, also what ended with the old one after it was tried. Nobody
-- asks about the hour again before what a person wrote or asked for: nothing of it stays before the new opening (F5).
WITH bound AS MATERIALIZED (
    SELECT m.id FROM messages m
    WHERE m.tenant_id = :tenant_id AND m.day = :day AND m.expires_at = :closed
      AND (m.state IN ('waiting', 'queued', 'retry', 'unknown', 'sending')
        OR m.attempt > 0 AND m.state IN ('expired', 'failed'))
    ORDER BY m.id
    FOR UPDATE
)
UPDATE messages m
SET expires_at = :closes,
    not_before = CASE
        WHEN m.not_before = :opened THEN :opens
        ELSE greatest(m.not_before, :opens) END
FROM bound WHERE m.tenant_id = :tenant_id AND m.id = bound.id;

-- name: wait_again
-- What the owner asked for, and what ended untried with the window, waits again in the one that is still open. Of what
-- goes by itself the plan takes care; what the owner has moved to another day, or cancelled, is over here.
WITH ended AS MATERIALIZED (
    SELECT m.id FROM messages m
    WHERE m.tenant_id = :tenant_id AND m.day = :day AND m.expires_at = :closed AND m.state = 'expired'
      AND m.attempt = 0 AND m.dismissed_at IS NULL
      AND (m.on_request OR m.kind IN ('renovacao', 'boas_vindas', 'geral'))
      AND (m.schedule_id IS NULL OR EXISTS (
          SELECT FROM scheduled_messages s
          WHERE s.tenant_id = m.tenant_id AND s.id = m.schedule_id AND s.day = m.occurs_on AND s.state = 'made'))
    ORDER BY m.id
    FOR UPDATE
), again AS (
    UPDATE messages m SET state = 'queued', reason = NULL, faults = 0, expires_at = :closes
    FROM ended WHERE m.tenant_id = :tenant_id AND m.id = ended.id
    RETURNING m.tenant_id, m.id
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, 'queued', 0, 'planned again' FROM again
RETURNING message_id;

-- name: unask
-- What was billed late because a schedule was changed, when that is taken back: unless it was tried, it is as
-- unbilled as before.
WITH asked AS MATERIALIZED (
    SELECT m.id FROM messages m
    WHERE m.tenant_id = :tenant_id AND m.client_id = ANY (:client_ids::bigint[]) AND m.kind = 'cobranca'
      AND m.on_request AND m.day = :day AND m.attempt = 0 AND m.state IN ('waiting', 'queued')
    ORDER BY m.id
    FOR UPDATE
), unasked AS (
    UPDATE messages m SET state = 'cancelled', reason = 'late_too_long'
    FROM asked WHERE m.tenant_id = :tenant_id AND m.id = asked.id
    RETURNING m.tenant_id, m.id, m.attempt
)
INSERT INTO message_events (tenant_id, message_id, at, state, attempt, detail)
SELECT tenant_id, id, :now, 'cancelled', attempt, 'late_too_long' FROM unasked
RETURNING message_id;

-- name: people
SELECT id, name, due_on, archived_at IS NOT NULL AS archived FROM clients
WHERE tenant_id = :tenant_id AND id = ANY (:client_ids::bigint[]);

-- name: own_holidays
SELECT id, day, name, yearly FROM own_holidays
WHERE tenant_id = :tenant_id AND dropped_at IS NULL
ORDER BY yearly DESC, CASE WHEN yearly THEN to_char(day, 'MMDD') ELSE to_char(day, 'YYYYMMDD') END, id;

-- name: add_holiday
INSERT INTO own_holidays AS h (tenant_id, day, name, yearly, created_at) VALUES (:tenant_id, :day, :name, :yearly, :now)
ON CONFLICT (tenant_id, day, yearly) WHERE dropped_at IS NULL DO NOTHING
RETURNING h.id;

-- name: drop_holiday
-- Whether it was there until now; null where it never was.
UPDATE own_holidays SET dropped_at = coalesce(dropped_at, :now) WHERE tenant_id = :tenant_id AND id = :holiday_id
RETURNING dropped_at = :now;

-- name: undrop_holiday
UPDATE own_holidays o SET dropped_at = NULL
WHERE o.tenant_id = :tenant_id AND o.id = :holiday_id AND NOT EXISTS (
    SELECT FROM own_holidays other
    WHERE other.tenant_id = o.tenant_id AND other.day = o.day AND other.yearly = o.yearly AND other.dropped_at IS NULL)
RETURNING o.id;
