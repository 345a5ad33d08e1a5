-- name: due_jobs
SELECT tenant_id, job, due_at FROM dispatch.due_jobs(:now, :most);

-- name: next_job_at
SELECT dispatch.next_job_at(:now);

-- name: set_next
-- New times take effect at once (E2).
INSERT INTO schedules (tenant_id, job, next_due_at)
SELECT :tenant_id, j.job, j.next_due_at FROM unnest(:jobs::text[], :due_times::timestamptz[]) AS j (job, next_due_at)
ON CONFLICT (tenant_id, job) DO UPDATE SET next_due_at = excluded.next_due_at;

-- name: carried_out
-- Whoever comes second finds it moved on.
UPDATE schedules SET last_due_at = :due_at, next_due_at = :next_due_at
WHERE tenant_id = :tenant_id AND job = :job AND next_due_at = :due_at
RETURNING 1;

-- name: of_tenant
SELECT job, next_due_at, last_due_at FROM schedules WHERE tenant_id = :tenant_id ORDER BY job;
