-- name: add
-- $1 tenant, $2 names, $3 phones, $4 plans, $5 lengths in days, $6 prices, $7 servers, $8 due dates, $9 notes, $10 now.
-- Set-based, because COPY is refused under row-level security. One that is there, word for word, is not added
-- again: after an error nobody knows whether the first try was written.
INSERT INTO clients (
    tenant_id, name, phone, plan, plan_days, price, server, due_on, notes, created_at, updated_at)
SELECT $1, n.name, n.phone, n.plan, n.plan_days, n.price, n.server, n.due_on, n.notes, $10, $10
FROM unnest($2::text[], $3::text[], $4::text[], $5::integer[], $6::numeric[], $7::text[], $8::date[], $9::text[])
    WITH ORDINALITY AS n (name, phone, plan, plan_days, price, server, due_on, notes, position)
WHERE NOT EXISTS (
    SELECT FROM clients c
    WHERE c.tenant_id = $1 AND c.phone = n.phone AND c.name = n.name AND c.due_on = n.due_on
      AND c.plan IS NOT DISTINCT FROM n.plan)
ORDER BY n.position
RETURNING id;

-- name: find_same
-- $1 tenant, $2 phone, $3 name, $4 due date, $5 plan.
SELECT id FROM clients
WHERE tenant_id = $1 AND phone = $2 AND name = $3 AND due_on = $4 AND plan IS NOT DISTINCT FROM $5
ORDER BY id LIMIT 1;

-- name: find
-- $1 tenant, $2 id. `renewed_on` is the day of the payment that led to this due date.
SELECT c.*, (
    SELECT max(p.paid_on) FROM client_payments p
    WHERE p.tenant_id = $1 AND p.client_id = $2 AND p.due_on_after = c.due_on AND p.voided_at IS NULL
) AS renewed_on
FROM clients c WHERE c.tenant_id = $1 AND c.id = $2;

-- name: on_phones
-- $1 tenant, $2 phones. The clients a new one would share its number with (C2).
SELECT * FROM clients WHERE tenant_id = $1 AND phone = ANY ($2::text[]) ORDER BY id;

-- name: page
-- $1 tenant, $2 archived, $3 due from, $4 due until, $5 pattern for name and server, $6 pattern for the phone,
-- $7 at most, $8 from. Null bounds and patterns match all (C3).
SELECT * FROM clients
WHERE tenant_id = $1
  AND (archived_at IS NOT NULL) = $2
  AND due_on BETWEEN coalesce($3, DATE '-infinity') AND coalesce($4, DATE 'infinity')
  AND ($5::text IS NULL OR folded_name LIKE $5 OR fold(server) LIKE $5 OR phone LIKE $6)
ORDER BY due_on, folded_name, id
LIMIT $7 OFFSET $8;

-- name: count
-- As `page`, without its limits.
SELECT count(*) FROM clients
WHERE tenant_id = $1
  AND (archived_at IS NOT NULL) = $2
  AND due_on BETWEEN coalesce($3, DATE '-infinity') AND coalesce($4, DATE 'infinity')
  AND ($5::text IS NULL OR folded_name LIKE $5 OR fold(server) LIKE $5 OR phone LIKE $6);

-- name: identities
SELECT phone, name, plan, archived_at IS NOT NULL AS archived FROM clients WHERE tenant_id = $1;

-- name: alone
-- $1 tenant. One import of a tenant at a time, until the transaction's end: two of the same sheet at once would
-- each see none of the other's clients.
SELECT pg_advisory_xact_lock(hashtextextended('import', $1));

-- name: servers
-- $1 tenant, $2 at most. What the tenant used before, the most used first (C1).
SELECT server FROM clients WHERE tenant_id = $1 AND server IS NOT NULL
GROUP BY server ORDER BY count(*) DESC, server LIMIT $2;

-- name: save
-- $1 tenant, $2 id, $3…: every field that can be edited (C5). A null where reading failed leaves what stands there.
UPDATE clients SET
    name = $3, phone = $4, plan = $5, plan_days = $6, price = $7, server = $8, due_on = $9, notes = $10,
    receives_billing = coalesce($11, receives_billing),
    receives_notices = coalesce($12, receives_notices),
    preferences = coalesce($13, preferences),
    archived_at = CASE WHEN $14 THEN coalesce(archived_at, $16) END,
    opted_out_at = CASE WHEN $15 THEN coalesce(opted_out_at, $16) END,
    updated_at = $16
WHERE tenant_id = $1 AND id = $2
RETURNING 1;

-- name: erase
-- Messages go with the client; payments stay counted, without a name.
DELETE FROM clients WHERE tenant_id = $1 AND id = $2 RETURNING 1;

-- name: hold
SELECT due_on FROM clients WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE;

-- name: renew
UPDATE clients SET due_on = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2;

-- name: overview
-- $1 tenant, $2 today, $3 last day that counts as soon, $4 first and $5 last day of the month. Expected is what
-- falls due in the month: of those renewed since, what they paid; of the others, their price. Received is the
-- ledger's alone (C9).
SELECT
    count(*) FILTER (WHERE c.due_on > $3) AS up_to_date,
    count(*) FILTER (WHERE c.due_on BETWEEN $2 AND $3) AS due_soon,
    count(*) FILTER (WHERE c.due_on < $2) AS overdue,
    coalesce(sum(c.price) FILTER (WHERE c.due_on < $2), 0) AS overdue_value,
    coalesce(sum(c.price) FILTER (WHERE c.due_on BETWEEN $4 AND $5), 0) + (
        SELECT coalesce(sum(p.amount), 0) FROM client_payments p
        WHERE p.tenant_id = $1 AND p.due_on_before BETWEEN $4 AND $5
          AND p.due_on_after > $5 AND p.voided_at IS NULL) AS expected,
    (SELECT coalesce(sum(p.amount), 0) FROM client_payments p
     WHERE p.tenant_id = $1 AND p.paid_on BETWEEN $4 AND $5 AND p.voided_at IS NULL) AS received
FROM clients c WHERE c.tenant_id = $1 AND c.archived_at IS NULL;
