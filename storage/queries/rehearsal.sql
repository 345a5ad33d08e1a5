-- name: due
-- The clients that a day could bring something: those of its due dates, in the order in which its messages would be
-- made, so many of them. `made`: the queue has had this message already, on another day (E6).
SELECT c.*, k.kind, EXISTS (
    SELECT FROM messages m
    WHERE m.tenant_id = c.tenant_id AND m.client_id = c.id AND m.kind = k.kind AND m.due_on = c.due_on AND m.day <> :day
) AS made
FROM unnest(:kinds::text[], :due_dates::date[]) AS k (kind, due_on)
JOIN clients c ON c.tenant_id = :tenant_id AND c.due_on = k.due_on
WHERE c.archived_at IS NULL AND c.id > :after
ORDER BY c.id LIMIT :most;

-- name: by_hand
-- What owners have scheduled for the day: once, or every month, whose next time may be an earlier one (C13).
SELECT c.*, s.text, s.at, s.day FROM scheduled_messages s
JOIN clients c ON c.tenant_id = s.tenant_id AND c.id = s.client_id
WHERE s.tenant_id = :tenant_id
  AND (s.state = 'waiting' AND s.day = :day::date
    OR s.state IN ('waiting', 'made') AND s.day < date_trunc('month', :day::date)
       AND extract(day FROM :day::date) = least(
           s.monthly_day, extract(day FROM date_trunc('month', :day::date) + interval '1 month - 1 day')))
ORDER BY s.id;
