-- Jobs are claimed, one process at a time and for a while only, and each is tried again on a clock of its own: who
-- fails stands in nobody's way. Tries are counted when they begin, so one that ends the process counts too.
SET LOCAL ROLE emdia_migrator;

ALTER TABLE schedules
    ADD COLUMN attempts integer NOT NULL DEFAULT 0,  -- tries begun for this due time
    ADD COLUMN faults integer NOT NULL DEFAULT 0,    -- of these, the ones nothing but the job is to blame for
    ADD COLUMN retry_at timestamptz,                 -- not before; while it is claimed, when the claim ends
    ADD COLUMN claimed_by uuid,                      -- the replica at it
    ADD COLUMN failure text CHECK (length(failure) <= 200),  -- why the last try failed
    ADD COLUMN failed_at timestamptz;

DROP INDEX schedules_due;
-- Across tenants on purpose: the one clock asks "who is due?".
CREATE INDEX schedules_due ON schedules (next_due_at) WHERE attempts = 0;
CREATE INDEX schedules_retry ON schedules (retry_at) WHERE attempts > 0;

GRANT SELECT (attempts, faults, retry_at, claimed_by), UPDATE (attempts, faults, retry_at, claimed_by)
    ON schedules TO emdia_lookout;
GRANT SELECT (tenant_id, time_zone, verify_at, send_at, clean_at, summary_at, window_closes) ON settings TO emdia_lookout;
CREATE POLICY lookout_claims ON schedules FOR UPDATE TO emdia_lookout USING (true) WITH CHECK (true);
CREATE POLICY lookout ON settings FOR SELECT TO emdia_lookout USING (true);

SET LOCAL ROLE emdia_lookout;
DROP FUNCTION dispatch.due_jobs(timestamptz, integer);
DROP FUNCTION dispatch.next_job_at(timestamptz);

-- Jobs tried for the first time and jobs tried again are claimed apart: neither can fill the other's batch.
CREATE FUNCTION dispatch.claim_jobs(replica uuid, at timestamptz, until timestamptz, most integer, again boolean)
    RETURNS TABLE (tenant_id bigint, job text, due_at timestamptz, attempts integer, faults integer, unfinished boolean)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
    #variable_conflict use_column
    BEGIN
        IF again THEN
            RETURN QUERY
            WITH due AS (
                SELECT s.tenant_id, s.job, s.claimed_by IS NOT NULL AS unfinished FROM public.schedules s
                WHERE s.attempts > 0 AND s.retry_at <= at
                ORDER BY s.retry_at, s.tenant_id, s.next_due_at LIMIT most FOR UPDATE SKIP LOCKED
            )
            UPDATE public.schedules s
            SET attempts = s.attempts + 1, faults = s.faults + 1, retry_at = until, claimed_by = replica
            FROM due WHERE s.tenant_id = due.tenant_id AND s.job = due.job
            RETURNING s.tenant_id, s.job, s.next_due_at, s.attempts, s.faults, due.unfinished;
        ELSE
            RETURN QUERY
            WITH due AS (
                SELECT s.tenant_id, s.job FROM public.schedules s
                WHERE s.attempts = 0 AND s.next_due_at <= at
                ORDER BY s.next_due_at, s.tenant_id LIMIT most FOR UPDATE SKIP LOCKED
            )
            UPDATE public.schedules s
            SET attempts = 1, faults = 1, retry_at = until, claimed_by = replica
            FROM due WHERE s.tenant_id = due.tenant_id AND s.job = due.job
            RETURNING s.tenant_id, s.job, s.next_due_at, s.attempts, s.faults, false;
        END IF;
    END
    $$;

-- When the next job can be claimed.
CREATE FUNCTION dispatch.next_claim_at() RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT least((SELECT min(s.next_due_at) FROM public.schedules s WHERE s.attempts = 0),
                     (SELECT min(s.retry_at) FROM public.schedules s WHERE s.attempts > 0))
    $$;

-- What a process claimed that is no more can be claimed at once.
CREATE FUNCTION dispatch.free_claims(at timestamptz) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH freed AS (
            UPDATE public.schedules s SET retry_at = at
            WHERE s.attempts > 0 AND s.claimed_by IS NOT NULL AND s.retry_at > at
              AND NOT EXISTS (
                  SELECT FROM public.replicas r WHERE r.id = s.claimed_by AND r.lease_until > at)
            RETURNING 1
        )
        SELECT count(*) FROM freed
    $$;

-- Tenants whose due times are not what their own times say (E14): a job is missing, or waits for longer than until
-- its next time of day, as after a clock that was ahead for a while. An hour more is borne, for daylight saving.
CREATE FUNCTION dispatch.schedules_astray(at timestamptz, longest_retry interval) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT t.tenant_id
        FROM public.settings t
        CROSS JOIN LATERAL (VALUES ('clean', t.clean_at), ('verify', t.verify_at), ('summary', t.summary_at),
                                   ('send', t.send_at), ('close', t.window_closes)) AS j (job, local_time)
        LEFT JOIN public.schedules s ON s.tenant_id = t.tenant_id AND s.job = j.job
        CROSS JOIN LATERAL (SELECT ((at AT TIME ZONE t.time_zone)::date + j.local_time) AT TIME ZONE t.time_zone) AS e (today)
        GROUP BY t.tenant_id
        HAVING bool_or(s.job IS NULL
                       OR s.next_due_at > CASE WHEN e.today > at THEN e.today ELSE e.today + interval '1 day' END
                                          + interval '61 minutes'
                       OR (s.attempts > 0 AND s.retry_at > at + longest_retry))
    $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA dispatch FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    dispatch.claim_jobs(uuid, timestamptz, timestamptz, integer, boolean), dispatch.next_claim_at(),
    dispatch.free_claims(timestamptz), dispatch.schedules_astray(timestamptz, interval) TO emdia_dispatcher;
