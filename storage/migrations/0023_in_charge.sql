-- Of several processes on one database the newest live one is in charge. All by the clock of PostgreSQL, the only one
-- they share: their own may differ, and the playground's is moved about.
SET LOCAL ROLE emdia_migrator;

ALTER TABLE replicas
    ADD COLUMN backend_pid integer,      -- PostgreSQL's end of its connection: without it the process is gone
    ADD COLUMN let_go_at timestamptz;    -- superseded, and nothing is left in its hands

-- Whether a newer process lives; of two that began in the same instant the one with the greater id is newer.
CREATE FUNCTION public.superseded(replica uuid) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT EXISTS (
            SELECT FROM public.replicas mine
            JOIN public.replicas newer ON (newer.started_at, newer.id) > (mine.started_at, mine.id)
            WHERE mine.id = replica AND newer.lease_until > clock_timestamp())
    $$;

CREATE FUNCTION public.is_live(replica uuid) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$ SELECT EXISTS (SELECT FROM public.replicas r WHERE r.id = replica AND r.lease_until > clock_timestamp()) $$;

REVOKE ALL ON FUNCTION public.superseded(uuid), public.is_live(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.superseded(uuid), public.is_live(uuid) TO emdia_app, emdia_lookout;

SET LOCAL ROLE emdia_lookout;

-- `awaits`: an older process lives, as far as its connection shows, and still has something in its hands.
CREATE FUNCTION dispatch.standing(replica uuid) RETURNS TABLE (superseded boolean, awaits boolean)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT public.superseded(replica), EXISTS (
            SELECT FROM public.replicas mine
            JOIN public.replicas older ON (older.started_at, older.id) < (mine.started_at, mine.id)
            WHERE mine.id = replica AND older.lease_until > clock_timestamp() AND older.let_go_at IS NULL
              AND (older.backend_pid IS NULL
                   OR EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = older.backend_pid)))
    $$;

-- The first renewal registers. Beside the one of before (uuid, timestamptz, timestamptz), which the version of before
-- still calls while it is being replaced.
CREATE FUNCTION dispatch.renew_lease(replica uuid, lease interval)
    RETURNS TABLE (superseded boolean, awaits boolean)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
    #variable_conflict use_column
    BEGIN
        INSERT INTO public.replicas AS r (id, started_at, lease_until, backend_pid)
        VALUES (replica, clock_timestamp(), clock_timestamp() + lease, pg_backend_pid())
        ON CONFLICT (id) DO UPDATE SET
            lease_until = excluded.lease_until, backend_pid = excluded.backend_pid,
            let_go_at = CASE WHEN public.superseded(r.id) THEN r.let_go_at END;
        RETURN QUERY SELECT s.superseded, s.awaits FROM dispatch.standing(replica) s;
    END
    $$;

-- Null for who is superseded: the tenant stays with whoever has it, so two processes never take it in turns.
CREATE OR REPLACE FUNCTION dispatch.take_over(tenant bigint, replica uuid, at timestamptz) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        INSERT INTO public.tenant_owners AS o (tenant_id, replica_id, epoch, since)
        SELECT tenant, replica, 1, at WHERE NOT public.superseded(replica)
        ON CONFLICT (tenant_id) DO UPDATE SET
            epoch = o.epoch + 1, replica_id = excluded.replica_id, since = excluded.since
        RETURNING o.epoch
    $$;

-- As before, and nothing for who is superseded. `at` and `until` are of the clock the jobs follow.
CREATE OR REPLACE FUNCTION dispatch.claim_jobs(
        replica uuid, at timestamptz, until timestamptz, most integer, again boolean)
    RETURNS TABLE (tenant_id bigint, job text, due_at timestamptz, attempts integer, faults integer, unfinished boolean)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
    #variable_conflict use_column
    BEGIN
        IF public.superseded(replica) THEN
            RETURN;
        ELSIF again THEN
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

-- What a process claimed that is no more can be claimed at once, by the clock the jobs follow.
CREATE OR REPLACE FUNCTION dispatch.free_claims(at timestamptz) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH freed AS (
            UPDATE public.schedules s SET retry_at = at
            WHERE s.attempts > 0 AND s.claimed_by IS NOT NULL AND s.retry_at > at AND NOT public.is_live(s.claimed_by)
            RETURNING 1
        )
        SELECT count(*) FROM freed
    $$;

-- As before, but no process is dropped that lives: the clock of its tenants may be far ahead.
CREATE OR REPLACE FUNCTION dispatch.clean(
        log_before timestamptz, updates_before timestamptz, webhooks_before timestamptz, replicas_before timestamptz,
        most integer)
    RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH log AS (
            DELETE FROM public.message_events e USING (
                SELECT tenant_id, id FROM public.message_events WHERE at < log_before LIMIT most) old
            WHERE e.tenant_id = old.tenant_id AND e.id = old.id RETURNING 1
        ), updates AS (
            DELETE FROM public.telegram_updates u USING (
                SELECT tenant_id, update_id FROM public.telegram_updates
                WHERE received_at < updates_before LIMIT most) old
            WHERE u.tenant_id = old.tenant_id AND u.update_id = old.update_id RETURNING 1
        ), webhooks AS (
            DELETE FROM public.webhook_events w USING (
                SELECT source, event_id FROM public.webhook_events WHERE received_at < webhooks_before LIMIT most) old
            WHERE w.source = old.source AND w.event_id = old.event_id RETURNING 1
        ), processes AS (
            DELETE FROM public.replicas r
            WHERE r.lease_until < least(replicas_before, clock_timestamp() - interval '1 hour')
              AND NOT EXISTS (SELECT FROM public.tenant_owners o WHERE o.replica_id = r.id) RETURNING 1
        )
        SELECT (SELECT count(*) FROM log) + (SELECT count(*) FROM updates)
             + (SELECT count(*) FROM webhooks) + (SELECT count(*) FROM processes)
    $$;

REVOKE ALL ON FUNCTION dispatch.standing(uuid), dispatch.renew_lease(uuid, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.standing(uuid), dispatch.renew_lease(uuid, interval) TO emdia_dispatcher;
