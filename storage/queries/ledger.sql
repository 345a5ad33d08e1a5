-- name: record
INSERT INTO client_payments (tenant_id, client_id, amount, paid_on, due_on_before, due_on_after, recorded_at)
VALUES (:tenant_id, :client_id, :amount, :paid_on, :due_on_before, :due_on_after, :now)
RETURNING id;

-- name: same_renewal
-- The latest payment, if it is this one.
SELECT id FROM (
    SELECT * FROM client_payments WHERE tenant_id = :tenant_id AND client_id = :client_id AND voided_at IS NULL
    ORDER BY id DESC LIMIT 1
) AS latest
WHERE amount = :amount AND paid_on = :paid_on AND due_on_after = :due_on_after;

-- name: of_client
SELECT id, client_id, amount, paid_on, due_on_before, due_on_after, note, recorded_at, voided_at
FROM client_payments WHERE tenant_id = :tenant_id AND client_id = :client_id ORDER BY paid_on DESC, id DESC;

-- name: correct
UPDATE client_payments SET amount = :amount, paid_on = :paid_on
WHERE tenant_id = :tenant_id AND id = :payment_id
RETURNING 1;

-- name: void
-- "Não recebi": the row stays, and counts no more.
UPDATE client_payments SET voided_at = coalesce(voided_at, :now)
WHERE tenant_id = :tenant_id AND id = :payment_id
RETURNING 1;

-- name: received
SELECT coalesce(sum(amount), 0) FROM client_payments
WHERE tenant_id = :tenant_id AND paid_on BETWEEN :first AND :last AND voided_at IS NULL;
