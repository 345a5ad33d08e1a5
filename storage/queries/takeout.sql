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

-- name: trail
-- Who did what, the latest first.
SELECT at, actor, action, subject, detail FROM audit_log
WHERE tenant_id = :tenant_id ORDER BY id DESC LIMIT :most OFFSET :skip;

-- name: trail_length
SELECT count(*) FROM audit_log WHERE tenant_id = :tenant_id;

-- name: texts
SELECT kind, name, active, body FROM templates WHERE tenant_id = :tenant_id AND dropped_at IS NULL ORDER BY kind, id;
