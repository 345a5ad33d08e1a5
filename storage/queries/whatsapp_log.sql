-- name: note
INSERT INTO whatsapp_events (tenant_id, at, kind, detail, until) VALUES (:tenant_id, :at, :kind, :detail, :until)
ON CONFLICT (tenant_id, at, kind) DO NOTHING;

-- name: page
-- What a later version wrote, and this one does not know, is passed over. A page that is not there is the nearest.
WITH shown AS (
    SELECT e.at, e.kind, e.detail, e.until, count(*) OVER () AS total,
           row_number() OVER (ORDER BY e.at DESC, e.id DESC) AS position
    FROM whatsapp_events e
    WHERE e.tenant_id = :tenant_id AND e.kind = ANY (:kinds::text[])
)
SELECT s.* FROM shown s
WHERE s.position > (least(:page::bigint, (s.total + :rows - 1) / :rows) - 1) * :rows
ORDER BY s.position LIMIT :rows;

-- name: last_of
SELECT max(at) FROM whatsapp_events WHERE tenant_id = :tenant_id AND kind = :kind;
