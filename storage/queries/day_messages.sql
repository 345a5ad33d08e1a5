-- name: page_of_day
-- A page of the day's messages in these states, and how many there are; `at` is the last thing known of each. A page
-- that is not there is the nearest that is.
WITH shown AS (
    SELECT m.id, m.client_id, m.kind, m.state, m.reason, greatest(m.not_before, m.created_at) AS not_before, c.name, c.due_on, c.archived_at IS NOT NULL AS archived,
           count(*) OVER () AS total, row_number() OVER (ORDER BY m.not_before, m.id) AS position
    FROM messages m
    JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
    WHERE m.tenant_id = :tenant_id AND m.day = :day AND m.state = ANY (:states::text[])
)
SELECT s.*, coalesce((
    SELECT max(e.at) FROM message_events e
    WHERE e.tenant_id = :tenant_id AND e.message_id = s.id AND s.state NOT IN ('queued', 'waiting')), s.not_before) AS at
FROM shown s
WHERE s.position > (least(:page::bigint, (s.total + :rows - 1) / :rows) - 1) * :rows
ORDER BY s.position LIMIT :rows;
