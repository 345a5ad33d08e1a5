-- name: all
-- Sorted together instead of joined: a table without statistics would be joined row by row.
WITH counts AS (
    SELECT tag_id, count(*) AS clients FROM (
        SELECT unnest(array_agg(b.tag_id) FILTER (WHERE b.tag_id IS NOT NULL)) AS tag_id
        FROM (SELECT ct.client_id, ct.tag_id FROM client_tags ct WHERE ct.tenant_id = :tenant_id
              UNION ALL SELECT c.id, NULL FROM clients c
              WHERE c.tenant_id = :tenant_id AND c.archived_at IS NULL) AS b (client_id, tag_id)
        GROUP BY b.client_id HAVING bool_or(b.tag_id IS NULL)) AS worn
    GROUP BY tag_id
)
SELECT t.id, t.emoji, t.name, coalesce(n.clients, 0) AS clients
FROM tags t LEFT JOIN counts n ON n.tag_id = t.id
WHERE t.tenant_id = :tenant_id AND t.dropped_at IS NULL
ORDER BY fold(t.name);

-- name: find
SELECT t.id, t.emoji, t.name, t.dropped_at IS NOT NULL AS dropped,
       (SELECT count(*) FROM client_tags ct WHERE ct.tenant_id = :tenant_id AND ct.tag_id = t.id) AS clients
FROM tags t WHERE t.tenant_id = :tenant_id AND t.id = :tag_id;

-- name: named
SELECT id, emoji, name FROM tags WHERE tenant_id = :tenant_id AND fold(name) = fold(:name) AND dropped_at IS NULL;

-- name: make
INSERT INTO tags (tenant_id, emoji, name, created_at) VALUES (:tenant_id, :emoji, :name, :now)
ON CONFLICT (tenant_id, fold(name)) WHERE dropped_at IS NULL DO NOTHING
RETURNING id, emoji, name;

-- name: rename
UPDATE tags SET name = :name, emoji = coalesce(:emoji, emoji)
WHERE tenant_id = :tenant_id AND id = :tag_id AND dropped_at IS NULL
RETURNING id, emoji, name;

-- name: drop
UPDATE tags SET dropped_at = coalesce(dropped_at, :now) WHERE tenant_id = :tenant_id AND id = :tag_id RETURNING 1;

-- name: undrop
UPDATE tags SET dropped_at = NULL WHERE tenant_id = :tenant_id AND id = :tag_id RETURNING 1;

-- name: hold_client
-- Who counts the tags of a client holds it, or two at once would be one too many.
SELECT 1 FROM clients WHERE tenant_id = :tenant_id AND id = :client_id FOR NO KEY UPDATE;

-- name: count_of_client
SELECT count(*) FROM client_tags ct JOIN tags t ON t.tenant_id = ct.tenant_id AND t.id = ct.tag_id
WHERE ct.tenant_id = :tenant_id AND ct.client_id = :client_id AND ct.tag_id <> :tag_id AND t.dropped_at IS NULL;

-- name: put_on
INSERT INTO client_tags (tenant_id, client_id, tag_id)
SELECT :tenant_id, c.id, t.id
FROM unnest(:client_ids::bigint[], :tag_ids::bigint[]) AS pair (client_id, tag_id)
JOIN clients c ON c.tenant_id = :tenant_id AND c.id = pair.client_id
JOIN tags t ON t.tenant_id = :tenant_id AND t.id = pair.tag_id AND t.dropped_at IS NULL
ON CONFLICT DO NOTHING;

-- name: take_off
DELETE FROM client_tags WHERE tenant_id = :tenant_id AND client_id = :client_id AND tag_id = :tag_id;
