-- name: keep
INSERT INTO imports (tenant_id, file_name, file, today, review, created_at)
VALUES (:tenant_id, :file_name, :file, :today, :review, :now)
RETURNING id;

-- name: forget_files
-- Of sheets that were looked at and never confirmed only the latest stay.
UPDATE imports SET file = NULL
WHERE tenant_id = :tenant_id AND file IS NOT NULL AND id NOT IN (
    SELECT id FROM imports WHERE tenant_id = :tenant_id AND file IS NOT NULL ORDER BY id DESC LIMIT :most);

-- name: keep_rows
INSERT INTO import_rows (tenant_id, import_id, which, place, row, name, words)
SELECT :tenant_id, :import_id, n.which, n.place, n.row, n.name, n.words
FROM unnest(:kinds::text[], :places::integer[], :rows::integer[], :names::text[], :words::text[])
    AS n (which, place, row, name, words);

-- name: find
SELECT id, file_name, today, review, file IS NOT NULL AS is_here, doubles, added, updated, skipped, done_at, undo_id,
    undo_until, undone
FROM imports WHERE tenant_id = :tenant_id AND id = :import_id;

-- name: hold
SELECT 1 FROM imports WHERE tenant_id = :tenant_id AND id = :import_id FOR UPDATE;

-- name: file
SELECT file FROM imports WHERE tenant_id = :tenant_id AND id = :import_id;

-- name: rows
SELECT row, name, words FROM import_rows
WHERE tenant_id = :tenant_id AND import_id = :import_id AND which = :which
ORDER BY place LIMIT :most OFFSET :offset;

-- name: count_rows
SELECT count(*) FROM import_rows WHERE tenant_id = :tenant_id AND import_id = :import_id AND which = :which;

-- name: registered
SELECT id, name, phone, plan, price, due_on, archived_at IS NOT NULL AS archived, receives_billing, receives_notices,
    opted_out_at IS NOT NULL AS opted_out
FROM clients WHERE tenant_id = :tenant_id ORDER BY id;

-- name: note_added
INSERT INTO import_changes (tenant_id, import_id, client_id)
SELECT :tenant_id, :import_id, c.id FROM unnest(:client_ids::bigint[]) AS c (id);

-- name: note_before
-- What an update is about to overwrite.
INSERT INTO import_changes (tenant_id, import_id, client_id, before)
SELECT :tenant_id, :import_id, c.id, jsonb_build_object(
    'plan', c.plan, 'plan_days', c.plan_days, 'price', c.price, 'server', c.server, 'due_on', c.due_on,
    'agreed_day', c.agreed_day, 'notes', c.notes)
FROM clients c WHERE c.tenant_id = :tenant_id AND c.id = ANY (:client_ids::bigint[]);

-- name: to_update
-- Held until the end, in the order of their ids.
SELECT id, plan, price, server, due_on, agreed_day, notes FROM clients
WHERE tenant_id = :tenant_id AND id = ANY (:client_ids::bigint[])
ORDER BY id FOR NO KEY UPDATE;

-- name: update
UPDATE clients c SET
    plan = n.plan, plan_days = n.plan_days, price = n.price, server = n.server, due_on = n.due_on,
    agreed_day = n.agreed_day, notes = n.notes, updated_at = :now
FROM unnest(
    :client_ids::bigint[], :plans::text[], :plan_days::integer[], :prices::numeric[], :servers::text[],
    :due_dates::date[], :agreed_days::smallint[], :notes::text[])
    AS n (id, plan, plan_days, price, server, due_on, agreed_day, notes)
WHERE c.tenant_id = :tenant_id AND c.id = n.id;

-- name: carried_out
UPDATE imports SET
    file = NULL, doubles = :doubles, added = :added, updated = :updated, skipped = :skipped, done_at = :now,
    undo_id = :undo_id, undo_until = :undo_until
WHERE tenant_id = :tenant_id AND id = :import_id;

-- name: hold_messages
-- Messages before their clients: the order in which sending holds them.
SELECT m.id FROM messages m
WHERE m.tenant_id = :tenant_id AND m.client_id IN (
    SELECT client_id FROM import_changes WHERE tenant_id = :tenant_id AND import_id = :import_id)
ORDER BY m.id FOR UPDATE;

-- name: since
-- Whom an import added or changed, and whether anything happened to them since: edited, paid, written to, or given a
-- message by hand. What the day's plan queued by itself, and never tried, is nothing.
SELECT c.id, c.name, ch.before IS NULL AS added,
    c.updated_at <> i.done_at OR c.archived_at >= i.done_at AS edited,
    EXISTS (SELECT FROM client_payments p
            WHERE p.tenant_id = :tenant_id AND p.client_id = c.id AND p.recorded_at >= i.done_at) AS paid,
    EXISTS (SELECT FROM messages m
            WHERE m.tenant_id = :tenant_id AND m.client_id = c.id AND m.created_at >= i.done_at
              AND (m.attempt > 0 OR m.kind IN ('geral', 'renovacao', 'boas_vindas')))
        OR EXISTS (SELECT FROM scheduled_messages s
            WHERE s.tenant_id = :tenant_id AND s.client_id = c.id AND s.created_at >= i.done_at) AS messaged
FROM import_changes ch
JOIN imports i ON i.tenant_id = ch.tenant_id AND i.id = ch.import_id
JOIN clients c ON c.tenant_id = ch.tenant_id AND c.id = ch.client_id
WHERE ch.tenant_id = :tenant_id AND ch.import_id = :import_id
ORDER BY c.id FOR UPDATE OF c;

-- name: remove
DELETE FROM clients WHERE tenant_id = :tenant_id AND id = ANY (:client_ids::bigint[]);

-- name: restore
UPDATE clients c SET
    plan = ch.before ->> 'plan', plan_days = (ch.before ->> 'plan_days')::integer,
    price = (ch.before ->> 'price')::numeric, server = ch.before ->> 'server',
    due_on = (ch.before ->> 'due_on')::date, agreed_day = (ch.before ->> 'agreed_day')::smallint,
    notes = ch.before ->> 'notes', updated_at = :now
FROM import_changes ch
WHERE ch.tenant_id = :tenant_id AND ch.import_id = :import_id AND c.tenant_id = :tenant_id AND c.id = ch.client_id
  AND c.id = ANY (:client_ids::bigint[]);

-- name: taken_back
UPDATE imports SET undone = :undone WHERE tenant_id = :tenant_id AND id = :import_id;
