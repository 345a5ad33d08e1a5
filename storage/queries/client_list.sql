-- name: walk
-- A page of the list with the header above it, in one go. Null bounds, patterns and a null tag match all; a page that
-- is not there is the nearest that is. What somebody still owes is the price without what was paid towards the due
-- date that stands. With it, the version of the rules that say which day it is.
WITH partial AS (
    SELECT p.client_id, p.due_on_before, sum(p.amount) AS paid FROM client_payments p
    WHERE p.tenant_id = :tenant_id AND p.due_on_after IS NULL AND p.voided_at IS NULL
    GROUP BY p.client_id, p.due_on_before
), everybody AS MATERIALIZED (
    SELECT c.id, c.name, c.folded_name, c.due_on, c.archived_at IS NOT NULL AS archived,
           greatest(0, coalesce(c.price, 0) - coalesce(a.paid, 0)) AS owed,
           (c.archived_at IS NOT NULL) = :archived
               AND c.due_on BETWEEN coalesce(:due_from, DATE '-infinity') AND coalesce(:due_until, DATE 'infinity')
               AND (:tag::bigint IS NULL OR c.id IN (
                   SELECT ct.client_id FROM client_tags ct
                   WHERE ct.tenant_id = :tenant_id AND ct.tag_id = (
                       SELECT t.id FROM tags t WHERE t.tenant_id = :tenant_id AND t.id = :tag AND t.dropped_at IS NULL)))
               AND (:words::text IS NULL OR c.folded_name LIKE :words OR c.folded_server LIKE :words
                   OR c.own_search LIKE :words OR coalesce(c.phone LIKE :digits, false)) AS shown
    FROM clients c
    LEFT JOIN partial a ON a.client_id = c.id AND a.due_on_before = c.due_on
    WHERE c.tenant_id = :tenant_id
), header AS (
    SELECT count(*) FILTER (WHERE shown) AS total,
           count(*) FILTER (WHERE archived) AS archived,
           count(*) FILTER (WHERE NOT archived AND due_on > :soon) AS up_to_date,
           count(*) FILTER (WHERE NOT archived AND due_on BETWEEN :today AND :soon) AS due_soon,
           count(*) FILTER (WHERE NOT archived AND due_on < :today) AS overdue,
           coalesce(sum(owed) FILTER (WHERE NOT archived AND due_on < :today), 0) AS overdue_value,
           coalesce(sum(owed) FILTER (WHERE NOT archived AND due_on BETWEEN :today AND :month_end), 0) AS to_come
    FROM everybody
), tag_counts AS (
    -- Sorted together instead of joined: a table without statistics would be joined row by row.
    SELECT tag_id, count(*) AS clients FROM (
        SELECT unnest(array_agg(b.tag_id) FILTER (WHERE b.tag_id IS NOT NULL)) AS tag_id
        FROM (SELECT ct.client_id, ct.tag_id FROM client_tags ct WHERE ct.tenant_id = :tenant_id
              UNION ALL SELECT e.id, NULL FROM everybody e WHERE NOT e.archived) AS b (client_id, tag_id)
        GROUP BY b.client_id HAVING bool_or(b.tag_id IS NULL)) AS worn
    GROUP BY tag_id
), place AS (
    SELECT greatest(1, least(:page::bigint, (total + :rows - 1) / :rows)) AS page FROM header
)
SELECT header.*, place.page,
    (SELECT t.rules_version FROM tenants t WHERE t.tenant_id = :tenant_id) AS rules_version,
    (SELECT coalesce(sum(p.amount), 0) FROM client_payments p
     WHERE p.tenant_id = :tenant_id AND p.paid_on BETWEEN :month_start AND :month_end
       AND p.voided_at IS NULL) AS received,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(r.id, r.name, r.due_on, r.archived)
                               ORDER BY r.due_on, r.folded_name, r.id), '[]')
     FROM (SELECT * FROM everybody WHERE shown ORDER BY due_on, folded_name, id
           LIMIT :rows OFFSET (SELECT (page - 1) * :rows FROM place)) AS r) AS rows,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(u.id, u.emoji, u.name, u.clients) ORDER BY u.name), '[]')
     FROM (SELECT t.id, t.emoji, t.name, coalesce(n.clients, 0) AS clients
           FROM tags t LEFT JOIN tag_counts n ON n.tag_id = t.id
           WHERE t.tenant_id = :tenant_id AND t.dropped_at IS NULL) AS u) AS tags
FROM header, place;
