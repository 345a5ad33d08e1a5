-- name: record
-- $1 tenant, $2 client, $3 amount, $4 day, $5 due date before, $6 after, $7 now.
INSERT INTO client_payments (tenant_id, client_id, amount, paid_on, due_on_before, due_on_after, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id;

-- name: same_renewal
-- $1 tenant, $2 client, $3 amount, $4 day, $5 due date after. The latest payment, if it is this one.
SELECT id FROM (
    SELECT * FROM client_payments WHERE tenant_id = $1 AND client_id = $2 AND voided_at IS NULL
    ORDER BY id DESC LIMIT 1
) AS latest
WHERE amount = $3 AND paid_on = $4 AND due_on_after = $5;

-- name: of_client
SELECT id, client_id, amount, paid_on, due_on_before, due_on_after, note, recorded_at, voided_at
FROM client_payments WHERE tenant_id = $1 AND client_id = $2 ORDER BY paid_on DESC, id DESC;

-- name: correct
-- $1 tenant, $2 id, $3 amount, $4 day.
UPDATE client_payments SET amount = $3, paid_on = $4 WHERE tenant_id = $1 AND id = $2 RETURNING 1;

-- name: void
-- "Não recebi": the row stays, and counts no more.
UPDATE client_payments SET voided_at = coalesce(voided_at, $3) WHERE tenant_id = $1 AND id = $2 RETURNING 1;

-- name: received
-- $1 tenant, $2 first and $3 last day.
SELECT coalesce(sum(amount), 0) FROM client_payments
WHERE tenant_id = $1 AND paid_on BETWEEN $2 AND $3 AND voided_at IS NULL;
