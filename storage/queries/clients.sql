-- name: add
-- Set-based, because COPY is refused under row-level security. One that is there, word for word, is not added
-- again: after an error nobody knows whether the first try was written.
INSERT INTO clients (
    tenant_id, name, phone, plan, plan_days, price, server, due_on, agreed_day, notes, receives_billing,
    receives_notices, opted_out_at, created_at, updated_at)
SELECT :tenant_id, n.name, n.phone, n.plan, n.plan_days, n.price, n.server, n.due_on, n.agreed_day,
    n.notes, n.billing, n.notices, CASE WHEN n.opted_out THEN :now::timestamptz END, :now, :now
FROM unnest(
        :names::text[], :phones::text[], :plans::text[], :plan_days::integer[], :prices::numeric[],
        :servers::text[], :due_dates::date[], :agreed_days::smallint[], :notes::text[], :billing::boolean[],
        :notices::boolean[], :opted_out::boolean[])
    WITH ORDINALITY AS n (
        name, phone, plan, plan_days, price, server, due_on, agreed_day, notes, billing, notices, opted_out, position)
WHERE NOT EXISTS (
    SELECT FROM clients c
    WHERE c.tenant_id = :tenant_id AND c.phone = n.phone AND c.name = n.name AND c.due_on = n.due_on
      AND c.plan IS NOT DISTINCT FROM n.plan)
ORDER BY n.position
RETURNING id, phone, name, due_on, plan;

-- name: register
-- One client for each form, however often it is confirmed (C1).
INSERT INTO clients (
    tenant_id, draft, name, phone, plan, plan_days, price, server, due_on, agreed_day, notes, receives_billing,
    receives_notices, opted_out_at, created_at, updated_at)
VALUES (:tenant_id, :draft, :name, :phone, :plan, :plan_days, :price, :server, :due_on, :agreed_day, :notes,
    :receives_billing, :receives_notices, CASE WHEN :opted_out THEN :now::timestamptz END, :now, :now)
ON CONFLICT (tenant_id, draft) DO NOTHING
RETURNING id;

-- name: of_draft
SELECT id FROM clients WHERE tenant_id = :tenant_id AND draft = :draft;

-- name: find_same
SELECT id FROM clients
WHERE tenant_id = :tenant_id AND phone = :phone AND name = :name AND due_on = :due_on
  AND plan IS NOT DISTINCT FROM :plan
ORDER BY id LIMIT 1;

-- name: find
-- `renewed_on` is the day of the payment that led to this due date.
SELECT c.*, (
    SELECT max(p.paid_on) FROM client_payments p
    WHERE p.tenant_id = :tenant_id AND p.client_id = :client_id AND p.due_on_after = c.due_on AND p.voided_at IS NULL
) AS renewed_on
FROM clients c WHERE c.tenant_id = :tenant_id AND c.id = :client_id;

-- name: on_phones
-- The clients a new one would share its number with (C2).
SELECT * FROM clients WHERE tenant_id = :tenant_id AND phone = ANY (:phones::text[]) ORDER BY id;

-- name: page
-- `words` is a pattern for name, server and own fields, `digits` for the phone. Null bounds and patterns match all
-- (C3).
SELECT * FROM clients
WHERE tenant_id = :tenant_id
  AND (archived_at IS NOT NULL) = :archived
  AND due_on BETWEEN coalesce(:due_from, DATE '-infinity') AND coalesce(:due_until, DATE 'infinity')
  AND (:words::text IS NULL OR folded_name LIKE :words OR folded_server LIKE :words OR own_search LIKE :words
    OR phone LIKE :digits)
ORDER BY due_on, folded_name, id
LIMIT :most OFFSET :offset;

-- name: count
-- As `page`, without its limits.
SELECT count(*) FROM clients
WHERE tenant_id = :tenant_id
  AND (archived_at IS NOT NULL) = :archived
  AND due_on BETWEEN coalesce(:due_from, DATE '-infinity') AND coalesce(:due_until, DATE 'infinity')
  AND (:words::text IS NULL OR folded_name LIKE :words OR folded_server LIKE :words OR own_search LIKE :words
    OR phone LIKE :digits);

-- name: identities
SELECT phone, name, plan, archived_at IS NOT NULL AS archived FROM clients WHERE tenant_id = :tenant_id;

-- name: alone
-- One import of a tenant at a time, until the transaction's end: two of the same sheet at once would
-- each see none of the other's clients.
SELECT pg_advisory_xact_lock(hashtextextended('import', :tenant_id));

-- name: servers
-- What the tenant used before, the most used first (C1).
SELECT server FROM clients WHERE tenant_id = :tenant_id AND server IS NOT NULL
GROUP BY server ORDER BY count(*) DESC, server LIMIT :most;

-- name: presets
-- The same of all that a form asks, in one go.
SELECT
    (SELECT coalesce(jsonb_agg(u.plan), '[]') FROM (
        SELECT plan FROM clients WHERE tenant_id = :tenant_id AND plan IS NOT NULL
        GROUP BY plan ORDER BY count(*) DESC, plan LIMIT :most) AS u) AS plans,
    (SELECT coalesce(jsonb_agg(u.price::text), '[]') FROM (
        SELECT price FROM clients WHERE tenant_id = :tenant_id AND price IS NOT NULL
        GROUP BY price ORDER BY count(*) DESC, price LIMIT :most) AS u) AS prices,
    (SELECT coalesce(jsonb_agg(u.server), '[]') FROM (
        SELECT server FROM clients WHERE tenant_id = :tenant_id AND server IS NOT NULL
        GROUP BY server ORDER BY count(*) DESC, server LIMIT :most) AS u) AS servers;

-- name: save
-- Every field that can be edited (C5). A null where reading failed leaves what stands there.
UPDATE clients SET
    name = :name, phone = :phone, plan = :plan, plan_days = :plan_days, price = :price, server = :server,
    due_on = :due_on, agreed_day = :agreed_day, notes = :notes,
    receives_billing = coalesce(:receives_billing, receives_billing),
    receives_notices = coalesce(:receives_notices, receives_notices),
    preferences = coalesce(:preferences, preferences),
    archived_at = CASE WHEN :archived THEN coalesce(archived_at, :now) END,
    opted_out_at = CASE WHEN :opted_out THEN coalesce(opted_out_at, :now) END,
    updated_at = :now
WHERE tenant_id = :tenant_id AND id = :client_id
RETURNING 1;

-- name: hold_day
-- As the one of the outbox: a plan of the day must not meet a client that is on its way out.
SELECT 1 FROM settings WHERE tenant_id = :tenant_id FOR NO KEY UPDATE;

-- name: hold_scheduled
-- Scheduled messages before what they became.
SELECT id FROM scheduled_messages WHERE tenant_id = :tenant_id AND client_id = :client_id ORDER BY id FOR UPDATE;

-- name: hold_messages
-- Messages before their client: the order in which sending holds them, so neither waits for ever.
SELECT id FROM messages WHERE tenant_id = :tenant_id AND client_id = :client_id ORDER BY id FOR UPDATE;

-- name: erase
-- Messages go with the client; payments stay counted, without a name.
DELETE FROM clients WHERE tenant_id = :tenant_id AND id = :client_id RETURNING 1;

-- name: hold
SELECT due_on, agreed_day, price FROM clients WHERE tenant_id = :tenant_id AND id = :client_id FOR NO KEY UPDATE;

-- name: renew
UPDATE clients SET due_on = :due_on, agreed_day = :agreed_day, updated_at = :now WHERE tenant_id = :tenant_id AND id = :client_id;
