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

-- name: months
-- What each month brought in, of those in which anything did; a month is São Paulo's.
SELECT date_trunc('month', r.at AT TIME ZONE 'America/Sao_Paulo')::date AS month, sum(r.amount) AS amount,
       count(*) FILTER (WHERE r.kind = 'received') AS payments
FROM dispatch.revenue(:since, :until) r GROUP BY 1;

-- name: first_money_at
SELECT min(r.at) FROM dispatch.revenue('-infinity', 'infinity') r;

-- name: entries
-- The entries behind what a month brought in, newest first; a name as long as the account is there.
WITH shown AS (
    SELECT r.at, r.kind, r.amount, a.name, count(*) OVER () AS total,
           row_number() OVER (ORDER BY r.at DESC, r.payment_id, r.number DESC) AS position
    FROM dispatch.revenue(:since, :until) r LEFT JOIN dispatch.accounts(:now) a ON a.tenant_id = r.tenant_id
)
SELECT s.* FROM shown s
WHERE s.position > (least(:page::bigint, (s.total + :rows - 1) / :rows) - 1) * :rows
ORDER BY s.position LIMIT :rows;

-- name: expected
-- Who would pay again: has paid, is in, and comes to the end within the days asked for.
WITH shown AS (
    SELECT a.tenant_id, a.name, a.standing, a.ends_on, count(*) OVER () AS total,
           row_number() OVER (ORDER BY a.ends_at, a.tenant_id) AS position
    FROM dispatch.accounts(:now) a
    WHERE a.pays AND a.standing = 'active' AND a.ends_on BETWEEN :first AND :last
)
SELECT s.* FROM shown s
WHERE s.position > (least(:page::bigint, (s.total + :rows - 1) / :rows) - 1) * :rows
ORDER BY s.position LIMIT :rows;

-- name: waiting
-- The charges that can be paid, those that run out first on top; `sum` is that of all pages.
WITH shown AS (
    SELECT c.tenant_id, a.name, c.amount, c.created_at, c.expires_at, count(*) OVER () AS total, sum(c.amount) OVER () AS sum,
           row_number() OVER (ORDER BY c.expires_at, c.tenant_id, c.charge_id) AS position
    FROM dispatch.charges_to_pay(:now) c JOIN dispatch.accounts(:now) a ON a.tenant_id = c.tenant_id
)
SELECT s.* FROM shown s
WHERE s.position > (least(:page::bigint, (s.total + :rows - 1) / :rows) - 1) * :rows
ORDER BY s.position LIMIT :rows;

-- name: troubles
SELECT t.what, t.reason, count(*) AS times FROM dispatch.troubles(:since) t GROUP BY t.what, t.reason
ORDER BY times DESC, t.what, t.reason;

-- name: trouble_list
WITH shown AS (
    SELECT t.reason, t.at, t.tenant_id, a.name, count(*) OVER () AS total,
           row_number() OVER (ORDER BY t.at DESC, t.tenant_id, t.reason) AS position
    FROM dispatch.troubles(:since) t LEFT JOIN dispatch.accounts(:now) a ON a.tenant_id = t.tenant_id
    WHERE t.what = :what
)
SELECT s.* FROM shown s
WHERE s.position > (least(:page::bigint, (s.total + :rows - 1) / :rows) - 1) * :rows
ORDER BY s.position LIMIT :rows;
