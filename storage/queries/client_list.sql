-- name: walk
-- A page of the list with the header above it, in one go. Null bounds, patterns and a null tag match all; a page that
-- is not there is the nearest that is. What somebody still owes is the price without what was paid towards the due
-- date that stands.
WITH partial AS (
    SELECT p.client_id, p.due_on_before, sum(p.amount) AS paid FROM client_payments p
    WHERE p.tenant_id = :tenant_id AND p.due_on_after IS NULL AND p.voided_at IS NULL
    GROUP BY p.client_id, p.due_on_before
), everybody AS MATERIALIZED (
    SELECT c.id, c.name, c.folded_name, c.due_on, c.archived_at IS NOT NULL AS archived,
           greatest(0, coalesce(c.price, 0) - coalesce(a.paid, 0)) AS owed,
           (c.archived_at IS NOT NULL) = :archived
               AND c.due_on BETWEEN coalesce(:due_from, DATE '-infinity') AND coalesce(:due_until, DATE 'infinity')
               AND (:tag::bigint IS NULL OR EXISTS (
                   SELECT FROM client_tags ct JOIN tags t ON t.tenant_id = ct.tenant_id AND t.id = ct.tag_id
                   WHERE ct.tenant_id = :tenant_id AND ct.client_id = c.id AND ct.tag_id = :tag AND t.dropped_at IS NULL))
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
), place AS (
    SELECT greatest(1, least(:page::bigint, (total + :rows - 1) / :rows)) AS page FROM header
)
SELECT header.*, place.page,
    (SELECT coalesce(sum(p.amount), 0) FROM client_payments p
     WHERE p.tenant_id = :tenant_id AND p.paid_on BETWEEN :month_start AND :month_end
       AND p.voided_at IS NULL) AS received,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(r.id, r.name, r.due_on, r.archived)
                               ORDER BY r.due_on, r.folded_name, r.id), '[]')
     FROM (SELECT * FROM everybody WHERE shown ORDER BY due_on, folded_name, id
           LIMIT :rows OFFSET (SELECT (page - 1) * :rows FROM place)) AS r) AS rows,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(u.id, u.emoji, u.name, u.clients) ORDER BY u.name), '[]')
     FROM (SELECT t.id, t.emoji, t.name, count(c.id) AS clients FROM tags t
           LEFT JOIN client_tags ct ON ct.tenant_id = t.tenant_id AND ct.tag_id = t.id
           LEFT JOIN clients c ON c.tenant_id = ct.tenant_id AND c.id = ct.client_id AND c.archived_at IS NULL
           WHERE t.tenant_id = :tenant_id AND t.dropped_at IS NULL GROUP BY t.id, t.emoji, t.name) AS u) AS tags
FROM header, place;
