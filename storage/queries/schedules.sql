-- name: due_jobs
SELECT tenant_id, job, due_at FROM dispatch.due_jobs($1, $2);

-- name: next_job_at
SELECT dispatch.next_job_at($1);

-- name: set_next
-- $1 tenant, $2 jobs, $3 next due times. New times take effect at once (E2).
INSERT INTO schedules (tenant_id, job, next_due_at)
SELECT $1, j.job, j.next_due_at FROM unnest($2::text[], $3::timestamptz[]) AS j (job, next_due_at)
ON CONFLICT (tenant_id, job) DO UPDATE SET next_due_at = excluded.next_due_at;

-- name: carried_out
-- $1 tenant, $2 job, $3 the due time carried out, $4 the next. Whoever comes second finds it moved on.
UPDATE schedules SET last_due_at = $3, next_due_at = $4
WHERE tenant_id = $1 AND job = $2 AND next_due_at = $3
RETURNING 1;

-- name: of_tenant
SELECT job, next_due_at, last_due_at FROM schedules WHERE tenant_id = $1 ORDER BY job;
