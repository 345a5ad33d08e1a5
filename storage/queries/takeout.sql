-- name: everything
-- Rows as text: a number read here would lose its last zero, and money its cents.
SELECT name, ARRAY(SELECT rows_of(:tenant_id, name)::text) AS rows FROM tenant_tables() AS name
WHERE name <> ALL (:withheld::text[]);

-- name: messages
-- The latest of them, for a sheet that a person reads.
SELECT m.day, c.name, m.kind, m.state, m.reason, m.sent_at, m.delivered_at, m.read_at, m.body
FROM messages m JOIN clients c ON c.tenant_id = m.tenant_id AND c.id = m.client_id
WHERE m.tenant_id = :tenant_id
ORDER BY m.day DESC, m.id DESC
LIMIT :most;

-- name: replies
-- What clients wrote back, the latest first; of several on one phone, those in the list go before.
SELECT i.at, c.name, i.kind, i.body, i.name AS file
FROM whatsapp_incoming i
CROSS JOIN LATERAL (
    SELECT c.name FROM reply_people p JOIN clients c ON c.tenant_id = p.tenant_id AND c.id = p.client_id
    WHERE p.tenant_id = i.tenant_id AND p.talk_id = i.talk_id
    ORDER BY c.archived_at IS NOT NULL, c.id LIMIT 1) AS c
WHERE i.tenant_id = :tenant_id
ORDER BY i.place DESC
LIMIT :most;

-- name: trail
-- Who did what, the latest first.
SELECT at, actor, action, subject, detail FROM audit_log
WHERE tenant_id = :tenant_id ORDER BY id DESC LIMIT :most OFFSET :skip;

-- name: trail_length
SELECT count(*) FROM audit_log WHERE tenant_id = :tenant_id;

-- name: texts
SELECT kind, name, active, body FROM templates WHERE tenant_id = :tenant_id AND dropped_at IS NULL ORDER BY kind, id;
