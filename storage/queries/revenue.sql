-- What came in, what is to come and what can be paid, across tenants: amounts and accounts only (A11).

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
