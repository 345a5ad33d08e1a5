-- Across tenants, by functions that tell of accounts and counts only (A11). The account itself is read in its own scope.

-- name: counts
SELECT a.standing, count(*) AS accounts FROM dispatch.accounts(:now) a GROUP BY a.standing;

-- name: page
-- The nearest page there is, those whose access ends first on top; whose very number was typed stands above all.
WITH shown AS (
    SELECT a.tenant_id, a.name, a.standing, a.ends_on,
           count(*) OVER () AS total,
           row_number() OVER (ORDER BY a.tenant_id::text <> :digits, a.ends_at, a.tenant_id) AS position
    FROM dispatch.accounts(:now) a
    WHERE (:standings::text[] IS NULL OR a.standing = ANY (:standings))
      AND (:needle::text = '' OR strpos(a.words, :needle) > 0
           OR (:digits::text <> '' AND (a.tenant_id::text = :digits OR strpos(a.phone, :digits) > 0)))
)
SELECT s.* FROM shown s
WHERE s.position > (least(:page::bigint, (s.total + :rows - 1) / :rows) - 1) * :rows
ORDER BY s.position LIMIT :rows;

-- name: lines
SELECT l.*, a.name FROM dispatch.lines(:now) l JOIN dispatch.accounts(:now) a ON a.tenant_id = l.tenant_id
ORDER BY a.ends_at, a.tenant_id;

-- name: money
-- What came in and what went back between two instants; `payments` counts those that came in.
SELECT coalesce(sum(r.amount), 0) AS amount, count(*) FILTER (WHERE r.kind = 'received') AS payments
FROM dispatch.revenue(:since, :until) r;

-- name: to_pay
SELECT count(*) AS charges, coalesce(sum(c.amount), 0) AS amount FROM dispatch.charges_to_pay(:now) c;

-- name: account
SELECT a.tenant_id, a.name, a.owner, a.email, a.phone, a.created_at, a.zone, a.standing, a.ends_on
FROM dispatch.accounts(:now) a WHERE a.tenant_id = :account;
