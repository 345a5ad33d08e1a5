-- The few questions asked across tenants. Each answers with ids and times only.
-- emdia_lookout, who owns the functions, may read just the columns they need.
SET LOCAL ROLE emdia_migrator;

GRANT SELECT (tenant_id, job, next_due_at) ON schedules TO emdia_lookout;
GRANT SELECT (tenant_id, state, not_before) ON messages TO emdia_lookout;
GRANT SELECT (tenant_id, state) ON whatsapp_sessions TO emdia_lookout;
GRANT SELECT (tenant_id, delivered_at) ON notices TO emdia_lookout;
GRANT SELECT (tenant_id, update_id, handled_at, set_aside_at) ON telegram_updates TO emdia_lookout;
GRANT SELECT, INSERT, UPDATE ON tenant_owners TO emdia_lookout;
GRANT SELECT, INSERT, UPDATE ON replicas TO emdia_lookout;

CREATE POLICY lookout ON schedules FOR SELECT TO emdia_lookout USING (true);
CREATE POLICY lookout ON messages FOR SELECT TO emdia_lookout USING (true);
CREATE POLICY lookout ON whatsapp_sessions FOR SELECT TO emdia_lookout USING (true);
CREATE POLICY lookout ON notices FOR SELECT TO emdia_lookout USING (true);
CREATE POLICY lookout ON telegram_updates FOR SELECT TO emdia_lookout USING (true);
CREATE POLICY lookout ON tenant_owners TO emdia_lookout USING (true) WITH CHECK (true);

SET LOCAL ROLE emdia_lookout;

CREATE FUNCTION dispatch.due_jobs(at timestamptz, most integer)
    RETURNS TABLE (tenant_id bigint, job text, due_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT s.tenant_id, s.job, s.next_due_at FROM public.schedules s
        WHERE s.next_due_at <= at ORDER BY s.next_due_at, s.tenant_id, s.job LIMIT most
    $$;

CREATE FUNCTION dispatch.next_job_at(after timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$ SELECT min(s.next_due_at) FROM public.schedules s WHERE s.next_due_at > after $$;

-- Tenants that must be awake: something unsent, an owner's notice undelivered, or a WhatsApp session to keep open.
CREATE FUNCTION dispatch.tenants_with_work() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT m.tenant_id FROM public.messages m WHERE m.state IN ('waiting', 'queued', 'retry', 'unknown', 'sending')
        UNION SELECT w.tenant_id FROM public.whatsapp_sessions w WHERE w.state = 'paired'
        UNION SELECT n.tenant_id FROM public.notices n WHERE n.delivered_at IS NULL
    $$;

CREATE FUNCTION dispatch.open_updates(most integer) RETURNS TABLE (tenant_id bigint, update_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT u.tenant_id, u.update_id FROM public.telegram_updates u
        WHERE u.handled_at IS NULL AND u.set_aside_at IS NULL ORDER BY u.update_id LIMIT most
    $$;

CREATE FUNCTION dispatch.renew_lease(replica uuid, at timestamptz, lease_until timestamptz) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        INSERT INTO public.replicas AS r (id, started_at, lease_until) VALUES (replica, at, lease_until)
        ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until
    $$;

-- Takes the tenant for this replica. The epoch rises every time, so what an earlier holder still does,
-- even one in the same process that could not be stopped, is fenced off.
CREATE FUNCTION dispatch.take_over(tenant bigint, replica uuid, at timestamptz) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        INSERT INTO public.tenant_owners AS o (tenant_id, replica_id, epoch, since) VALUES (tenant, replica, 1, at)
        ON CONFLICT (tenant_id) DO UPDATE SET
            epoch = o.epoch + 1, replica_id = excluded.replica_id, since = excluded.since
        RETURNING o.epoch
    $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA dispatch FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dispatch TO emdia_dispatcher;
