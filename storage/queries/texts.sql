-- name: alone
-- Who changes texts holds the settings, as whoever touches many messages does: two at once never meet halfway.
SELECT 1 FROM settings WHERE tenant_id = :tenant_id FOR NO KEY UPDATE;

-- name: all
-- What the tenant wrote. Of a kind the active one counts, else the last.
SELECT DISTINCT ON (kind, CASE WHEN kind = 'geral' THEN id END) id, kind, name, body, active, false AS dropped
FROM templates
WHERE tenant_id = :tenant_id AND dropped_at IS NULL
ORDER BY kind, CASE WHEN kind = 'geral' THEN id END, active DESC, id DESC;

-- name: find
SELECT id, kind, name, body, active, dropped_at IS NOT NULL AS dropped
FROM templates
WHERE tenant_id = :tenant_id AND kind = :kind AND id = coalesce(:id, id)
ORDER BY active DESC, id DESC LIMIT 1;

-- name: add
INSERT INTO templates (tenant_id, kind, name, body, active, created_at, updated_at)
VALUES (:tenant_id, :kind, :name, :body, :active, :now, :now)
RETURNING id;

-- name: change
UPDATE templates SET name = :name, body = :body, active = :active, updated_at = :now,
    dropped_at = CASE WHEN :dropped THEN coalesce(dropped_at, :now) END
WHERE tenant_id = :tenant_id AND id = :id
RETURNING 1;

-- name: forget
-- The kind has the text again that everybody begins with.
DELETE FROM templates WHERE tenant_id = :tenant_id AND kind = :kind AND kind <> 'geral';

-- name: used
-- How many messages of each text went in the month, by the tenant's own day.
SELECT kind, CASE WHEN kind = 'geral' THEN text_id END AS text_id, count(*) AS used
FROM messages
WHERE tenant_id = :tenant_id AND day BETWEEN :first AND :last AND state IN ('sent', 'delivered', 'read')
GROUP BY 1, 2;

-- name: last_used
-- By the day first: the index by day is read from its end, and mostly the last days already hold one.
SELECT coalesce(sent_at, delivered_at, created_at) FROM messages
WHERE tenant_id = :tenant_id AND kind = :kind AND state IN ('sent', 'delivered', 'read')
  AND (:text_id::bigint IS NULL OR text_id = :text_id)
ORDER BY day DESC, coalesce(sent_at, delivered_at, created_at) DESC LIMIT 1;

-- name: of_today
-- Today's messages of a kind: those still to go, and those that do not because the kind is switched off.
SELECT count(*) FILTER (WHERE state IN ('waiting', 'queued', 'retry', 'unknown', 'sending')) AS coming,
       count(*) FILTER (WHERE state = 'cancelled' AND attempt = 0 AND reason = ANY (:off_reasons::text[])) AS stopped
FROM messages WHERE tenant_id = :tenant_id AND day = :day AND kind = :kind;

-- name: page
-- A page of the messages of a text, the latest first, and how many there are. A page that is not there is the nearest
-- that is.
WITH shown AS (
    SELECT m.id, m.client_id, m.state, m.reason, c.name, c.due_on, c.archived_at IS NOT NULL AS archived,
           coalesce(m.read_at, m.delivered_at, m.sent_at, m.not_before) AS at, count(*) OVER () AS total,
           row_number() OVER (ORDER BY m.day DESC, coalesce(m.sent_at, m.not_before) DESC, m.id DESC) AS position
    FROM messages m
    JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
    WHERE m.tenant_id = :tenant_id AND m.day BETWEEN :first AND :last AND m.kind = :kind
      AND (:text_id::bigint IS NULL OR m.text_id = :text_id)
      AND m.state = ANY (:states::text[])
      AND (:reasons::text[] IS NULL OR m.attempt = 0 AND m.reason = ANY (:reasons::text[]))
)
SELECT * FROM shown
WHERE position > (least(:page::bigint, (total + :rows - 1) / :rows) - 1) * :rows
ORDER BY position LIMIT :rows;

-- name: example
-- Whose message shows a text best, the one after `after`: who is next to get one of its kind comes first, and after
-- the last the first again.
WITH ranked AS (
    SELECT id, row_number() OVER (ORDER BY
        due_on < :from, CASE WHEN due_on >= :from THEN due_on END, due_on DESC, id) AS position
    FROM clients
    WHERE tenant_id = :tenant_id AND archived_at IS NULL AND opted_out_at IS NULL
), was AS (
    SELECT coalesce((SELECT position FROM ranked WHERE id = :after), 0) AS position
)
SELECT r.id FROM ranked r CROSS JOIN was
ORDER BY r.position <= was.position, r.position LIMIT 1;
