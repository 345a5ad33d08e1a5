-- name: card
-- All that one screen shows of a client, in one go. `renewed_on` is the day of the payment that led to this due date,
-- `rest` what that renewal left unpaid, `paid` what was paid towards the due date that stands.
SELECT c.*, renewal.paid_on AS renewed_on,
    (SELECT coalesce(sum(p.amount), 0) FROM client_payments p
     WHERE p.tenant_id = :tenant_id AND p.client_id = c.id AND p.due_on_before = c.due_on
       AND p.due_on_after IS NULL AND p.voided_at IS NULL) AS paid,
    greatest(0, coalesce(renewal.price, 0) - coalesce((
        SELECT sum(p.amount) FROM client_payments p
        WHERE p.tenant_id = :tenant_id AND p.client_id = c.id AND p.due_on_before = renewal.due_on_before
          AND (p.due_on_after IS NULL OR p.id = renewal.id) AND p.voided_at IS NULL), 0)) AS rest,
    renewal.due_on_before AS renewed_from,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(t.id, t.emoji, t.name) ORDER BY t.name), '[]')
     FROM client_tags ct JOIN tags t ON t.tenant_id = ct.tenant_id AND t.id = ct.tag_id
     WHERE ct.tenant_id = :tenant_id AND ct.client_id = c.id AND t.dropped_at IS NULL) AS tags,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(f.id, f.name, f.secret) ORDER BY f.id), '[]')
     FROM own_fields f WHERE f.tenant_id = :tenant_id AND f.dropped_at IS NULL) AS own_fields,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(l.id, l.kind, l.state, l.reason, l.at, l.day) ORDER BY l.id DESC), '[]')
     FROM (SELECT m.id, m.kind, m.state, m.reason, m.day,
                  coalesce(m.read_at, m.delivered_at, m.sent_at, m.begun_at, greatest(m.not_before, m.created_at)) AS at
           FROM messages m WHERE m.tenant_id = :tenant_id AND m.client_id = c.id
           ORDER BY m.id DESC LIMIT :most) AS l) AS messages
FROM clients c
LEFT JOIN LATERAL (
    SELECT p.id, p.price, p.due_on_before, p.paid_on FROM client_payments p
    WHERE p.tenant_id = :tenant_id AND p.client_id = c.id AND p.due_on_after = c.due_on AND p.voided_at IS NULL
    ORDER BY p.id DESC LIMIT 1) AS renewal ON true
WHERE c.tenant_id = :tenant_id AND c.id = :client_id;

-- name: row
SELECT id, name, due_on, archived_at IS NOT NULL AS archived FROM clients
WHERE tenant_id = :tenant_id AND id = :client_id;

-- name: messages
-- One page, and how many there are; a page that is not there is the nearest that is.
WITH all_of_it AS (
    SELECT count(*) AS total FROM messages WHERE tenant_id = :tenant_id AND client_id = :client_id
), place AS (
    SELECT total, greatest(1, least(:page::bigint, (total + :rows - 1) / :rows)) AS page FROM all_of_it
)
SELECT place.*, (
    SELECT coalesce(jsonb_agg(jsonb_build_array(l.id, l.kind, l.state, l.reason, l.at, l.day) ORDER BY l.id DESC), '[]')
    FROM (SELECT m.id, m.kind, m.state, m.reason, m.day,
                 coalesce(m.read_at, m.delivered_at, m.sent_at, m.begun_at, greatest(m.not_before, m.created_at)) AS at
          FROM messages m WHERE m.tenant_id = :tenant_id AND m.client_id = :client_id
          ORDER BY m.id DESC LIMIT :rows OFFSET (place.page - 1) * :rows) AS l) AS messages
FROM place;

-- name: losses
-- What deleting a client would take along, and what it paid, which stays counted.
SELECT (SELECT count(*) FROM messages m WHERE m.tenant_id = :tenant_id AND m.client_id = :client_id) AS messages,
       count(p.id) AS payments, coalesce(sum(p.amount), 0) AS paid
FROM client_payments p
WHERE p.tenant_id = :tenant_id AND p.client_id = :client_id AND p.voided_at IS NULL;
