-- What whoever runs the system sees of all tenants together: counts and ages, never whose.
-- Still as the user of DATABASE_URL, who made this table.
GRANT SELECT (number) ON schema_migrations TO emdia_lookout;

SET LOCAL ROLE emdia_lookout;

-- Only what has not come to its end is counted of the outbox: what ended is counted as it ends, by each process.
CREATE FUNCTION dispatch.figures(at timestamptz)
    RETURNS TABLE (
        outbox jsonb, oldest_ready_seconds double precision,
        jobs_due bigint, jobs_claimed bigint, oldest_job_seconds double precision,
        updates_open bigint, oldest_update_seconds double precision,
        notices_untold bigint, tenants bigint, tenants_quarantined bigint, replicas bigint, schema_number integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT o.by_state, o.oldest_ready, j.due, j.claimed, j.oldest, u.open, u.oldest,
               (SELECT count(*) FROM public.notices n WHERE n.delivered_at IS NULL),
               (SELECT count(*) FROM public.settings t),
               (SELECT count(*) FROM public.tenant_owners t WHERE t.quarantined_at IS NOT NULL),
               (SELECT count(*) FROM public.replicas r WHERE r.lease_until > clock_timestamp()),
               (SELECT max(s.number) FROM public.schema_migrations s)
        FROM (
            SELECT coalesce(jsonb_object_agg(m.state, m.many), '{}') AS by_state,
                   extract(epoch FROM at - min(m.first_ready))::double precision AS oldest_ready
            FROM (
                SELECT m.state, count(*) AS many,
                       min(m.not_before) FILTER (WHERE m.state IN ('queued', 'retry', 'unknown')
                                                   AND m.not_before <= at AND m.expires_at > at) AS first_ready
                FROM public.messages m
                WHERE m.state IN ('waiting', 'queued', 'retry', 'unknown', 'sending') GROUP BY m.state
            ) m
        ) o, (
            SELECT count(*) FILTER (WHERE CASE WHEN s.attempts = 0 THEN s.next_due_at ELSE s.retry_at END <= at) AS due,
                   count(*) FILTER (WHERE s.claimed_by IS NOT NULL AND s.retry_at > at) AS claimed,
                   extract(epoch FROM at - min(s.next_due_at) FILTER (WHERE s.next_due_at <= at))::double precision
                       AS oldest
            FROM public.schedules s
        ) j, (
            SELECT count(*) AS open, extract(epoch FROM at - min(t.received_at))::double precision AS oldest
            FROM public.telegram_updates t WHERE t.handled_at IS NULL AND t.set_aside_at IS NULL
        ) u
    $$;

REVOKE ALL ON FUNCTION dispatch.figures(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.figures(timestamptz) TO emdia_dispatcher;
