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
