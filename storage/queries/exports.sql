-- name: clients
SELECT * FROM clients WHERE tenant_id = :tenant_id ORDER BY folded_name, id;

-- name: tags
SELECT ct.client_id, t.name, t.emoji FROM client_tags ct JOIN tags t ON t.tenant_id = ct.tenant_id AND t.id = ct.tag_id
WHERE ct.tenant_id = :tenant_id AND t.dropped_at IS NULL ORDER BY ct.client_id, t.id;

-- name: own_fields
SELECT id, name, secret FROM own_fields WHERE tenant_id = :tenant_id AND dropped_at IS NULL ORDER BY id;

-- name: payments
SELECT p.paid_on, c.name, p.amount, p.due_on_before, p.due_on_after, p.note, p.voided_at IS NOT NULL AS voided
FROM client_payments p LEFT JOIN clients c ON c.tenant_id = p.tenant_id AND c.id = p.client_id
WHERE p.tenant_id = :tenant_id ORDER BY p.paid_on DESC, p.id DESC;
