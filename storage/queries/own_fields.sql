-- name: all
SELECT id, name, secret FROM own_fields WHERE tenant_id = :tenant_id AND dropped_at IS NULL ORDER BY id;

-- name: find
SELECT f.id, f.name, f.variable, f.secret, f.dropped_at IS NOT NULL AS dropped,
       (SELECT count(*) FROM clients c WHERE c.tenant_id = :tenant_id AND c.own_values ? f.id::text) AS clients
FROM own_fields f WHERE f.tenant_id = :tenant_id AND f.id = :field_id;

-- name: alone
-- Who counts the fields of a tenant holds its settings, or two at once would be one too many.
SELECT 1 FROM settings WHERE tenant_id = :tenant_id FOR NO KEY UPDATE;

-- name: make
INSERT INTO own_fields (tenant_id, name, variable, secret, created_at)
VALUES (:tenant_id, :name, :variable, :secret, :now)
RETURNING id, name, secret;

-- name: rename
UPDATE own_fields SET name = :name, variable = :variable
WHERE tenant_id = :tenant_id AND id = :field_id AND dropped_at IS NULL
RETURNING id, name, secret;

-- name: drop
UPDATE own_fields SET dropped_at = coalesce(dropped_at, :now)
WHERE tenant_id = :tenant_id AND id = :field_id RETURNING 1;

-- name: undrop
UPDATE own_fields SET dropped_at = NULL WHERE tenant_id = :tenant_id AND id = :field_id RETURNING 1;

-- name: search_anew
-- What is found of the clients that have something in a field that came or went.
UPDATE clients SET own_search = own_search(tenant_id, own_values)
WHERE tenant_id = :tenant_id AND own_values ? :field_key;

-- name: set_values
-- Values of clients, each by its field; null is nothing.
UPDATE clients c
SET own_values = v.merged, own_search = own_search(c.tenant_id, v.merged), updated_at = :now
FROM (
    SELECT o.id, jsonb_strip_nulls(o.own_values || jsonb_object_agg(n.field_key, n.value)) AS merged
    FROM unnest(:client_ids::bigint[], :field_keys::text[], :values::text[]) AS n (client_id, field_key, value)
    JOIN clients o ON o.tenant_id = :tenant_id AND o.id = n.client_id
    GROUP BY o.id, o.own_values
) AS v
WHERE c.tenant_id = :tenant_id AND c.id = v.id
RETURNING c.id;

-- name: used_by
-- The kinds of text that name a variable.
SELECT name, kind FROM templates
WHERE tenant_id = :tenant_id AND position(:variable IN body) > 0 AND dropped_at IS NULL ORDER BY id LIMIT 1;
