-- What was set aside, across tenants: counts, reasons and accounts only (A11).

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
