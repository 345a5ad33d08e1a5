-- name: record
INSERT INTO client_payments (
    tenant_id, client_id, amount, paid_on, due_on_before, due_on_after, price, nonce, recorded_at)
VALUES (:tenant_id, :client_id, :amount, :paid_on, :due_on_before, :due_on_after, :price, :nonce, :now)
ON CONFLICT (tenant_id, nonce) DO NOTHING
RETURNING id;

-- name: of_nonce
SELECT id, amount FROM client_payments
WHERE tenant_id = :tenant_id AND client_id = :client_id AND nonce = :nonce;

-- name: same_renewal
-- The latest payment that renewed, if it is this one and its due date stands. Null where anything will do. Nothing is
-- held: who finds it changes nothing.
SELECT latest.id, latest.due_on_before, c.agreed_day
FROM (
    SELECT * FROM client_payments
    WHERE tenant_id = :tenant_id AND client_id = :client_id AND due_on_after IS NOT NULL AND voided_at IS NULL
    ORDER BY id DESC LIMIT 1
) AS latest
JOIN clients c ON c.tenant_id = :tenant_id AND c.id = :client_id AND c.due_on = latest.due_on_after
WHERE latest.amount = :amount AND latest.due_on_after = :due_on_after
  AND latest.paid_on = coalesce(:paid_on, latest.paid_on)
  AND latest.due_on_before = coalesce(:due_on_before, latest.due_on_before);

-- name: of_client
SELECT id, client_id, amount, paid_on, due_on_before, due_on_after, note, recorded_at, voided_at
FROM client_payments WHERE tenant_id = :tenant_id AND client_id = :client_id ORDER BY paid_on DESC, id DESC;

-- name: find
SELECT p.id, p.client_id, c.name, p.amount, p.paid_on, p.due_on_before, p.due_on_after, p.note,
       p.voided_at IS NOT NULL AS voided
FROM client_payments p LEFT JOIN clients c ON c.tenant_id = p.tenant_id AND c.id = p.client_id
WHERE p.tenant_id = :tenant_id AND p.id = :payment_id;

-- name: page
-- One page, how many there are and their sum; a page that is not there is the nearest that is. Of all clients where
-- `client_id` is null: then without the voided, so that it adds up to what was received.
WITH these AS MATERIALIZED (
    SELECT p.id, p.client_id, p.amount, p.paid_on, p.due_on_before, p.due_on_after, p.note,
           p.voided_at IS NOT NULL AS voided
    FROM client_payments p
    WHERE p.tenant_id = :tenant_id
      AND (p.client_id = :client_id OR :client_id::bigint IS NULL AND p.voided_at IS NULL)
      AND p.paid_on BETWEEN coalesce(:first, DATE '-infinity') AND coalesce(:last, DATE 'infinity')
), all_of_it AS (
    SELECT count(*) AS total, coalesce(sum(amount) FILTER (WHERE NOT voided), 0) AS sum FROM these
), place AS (
    SELECT *, greatest(1, least(:page::bigint, (total + :rows - 1) / :rows)) AS page FROM all_of_it
)
SELECT place.*, (
    SELECT coalesce(jsonb_agg(jsonb_build_array(
               r.id, r.client_id, c.name, r.amount::text, r.paid_on, r.due_on_before, r.due_on_after, r.note, r.voided)
               ORDER BY r.paid_on DESC, r.id DESC), '[]')
    FROM (SELECT * FROM these ORDER BY paid_on DESC, id DESC LIMIT :rows OFFSET (place.page - 1) * :rows) AS r
    LEFT JOIN clients c ON c.tenant_id = :tenant_id AND c.id = r.client_id) AS payments
FROM place;

-- name: correct
UPDATE client_payments SET amount = :amount, paid_on = :paid_on
WHERE tenant_id = :tenant_id AND id = :payment_id
RETURNING 1;

-- name: annotate
UPDATE client_payments SET note = :note WHERE tenant_id = :tenant_id AND id = :payment_id RETURNING 1;

-- name: restore
UPDATE client_payments SET voided_at = NULL WHERE tenant_id = :tenant_id AND id = :payment_id RETURNING 1;

-- name: void
-- "Não recebi": the row stays, and counts no more.
UPDATE client_payments SET voided_at = coalesce(voided_at, :now)
WHERE tenant_id = :tenant_id AND id = :payment_id
RETURNING 1;

-- name: received
SELECT coalesce(sum(amount), 0) FROM client_payments
WHERE tenant_id = :tenant_id AND paid_on BETWEEN :first AND :last AND voided_at IS NULL;
