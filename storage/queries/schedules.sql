-- name: claim
SELECT tenant_id, job, due_at, attempts, faults, unfinished FROM dispatch.claim_jobs(:replica, :now, :until, :most, :again);

-- name: next_claim_at
SELECT dispatch.next_claim_at();

-- name: free_claims
SELECT dispatch.free_claims(:now);

-- name: astray
SELECT tenant_id FROM dispatch.schedules_astray(:now, :longest_retry) AS tenant_id;

-- name: take_turns
SELECT dispatch.take_turns(:now, :until, :step, :longest);

-- name: set_next
-- New times take effect at once (E2); what was tried for the old ones is over.
INSERT INTO schedules (tenant_id, job, next_due_at)
SELECT :tenant_id, j.job, j.next_due_at FROM unnest(:jobs::text[], :due_times::timestamptz[]) AS j (job, next_due_at)
ON CONFLICT (tenant_id, job) DO UPDATE
SET next_due_at = excluded.next_due_at, attempts = 0, faults = 0, retry_at = NULL, claimed_by = NULL;

-- name: carried_out
-- Whoever comes second finds it moved on. Holds the tenant's day first (see outbox.hold_day), and says whether a
-- window left something behind.
WITH day AS MATERIALIZED (
    SELECT tenant_id FROM settings WHERE tenant_id = :tenant_id FOR NO KEY UPDATE
)
UPDATE schedules s
SET last_due_at = :due_at, next_due_at = :next_due_at, attempts = 0, faults = 0, retry_at = NULL, claimed_by = NULL,
    failure = NULL
FROM day
WHERE s.tenant_id = day.tenant_id AND s.job = :job AND s.next_due_at = :due_at
RETURNING EXISTS (
    SELECT FROM messages m
    WHERE m.tenant_id = :tenant_id AND m.state IN ('waiting', 'queued', 'retry', 'unknown', 'sending')
      AND m.expires_at <= :now) AS is_any_over;

-- name: postpone
-- A try that is not the job's own fault does not count as one.
UPDATE schedules
SET retry_at = :retry_at, claimed_by = NULL, failure = :failure, failed_at = :now,
    faults = CASE WHEN :own_fault THEN faults ELSE greatest(0, faults - 1) END
WHERE tenant_id = :tenant_id AND job = :job AND next_due_at = :due_at;

-- name: set_aside
-- This due time is given up, with its reason; the next is as many whole days later as lie behind us.
UPDATE schedules
SET next_due_at = next_due_at + interval '1 day' * (1 + floor(extract(epoch FROM :now - next_due_at) / 86400)),
    attempts = 0, faults = 0, retry_at = NULL, claimed_by = NULL, failure = :failure, failed_at = :now
WHERE tenant_id = :tenant_id AND job = :job AND next_due_at = :due_at
RETURNING 1;

-- name: let_go
UPDATE schedules SET retry_at = :latest, claimed_by = NULL
WHERE tenant_id = :tenant_id AND attempts > 0 AND retry_at > :latest;

-- name: of_tenant
SELECT job, next_due_at, retry_at, failure FROM schedules WHERE tenant_id = :tenant_id ORDER BY job;

-- name: plan_soon
-- The day's plan is due once more: for whoever changes clients or settings in another process than the tenant's.
UPDATE schedules SET next_due_at = :now WHERE tenant_id = :tenant_id AND job = 'send' AND attempts = 0 AND next_due_at > :now;
