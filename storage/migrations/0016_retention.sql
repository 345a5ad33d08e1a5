-- What is cleaned across tenants: the log of sendings, which the app itself may not touch, chats that never became
-- tenants, and processes that are no more. Bounded, so that no call holds others up; called until nothing is left.
SET LOCAL ROLE emdia_migrator;

GRANT SELECT (tenant_id, id, at), DELETE ON message_events TO emdia_lookout;
GRANT DELETE ON telegram_updates TO emdia_lookout;
GRANT DELETE ON replicas TO emdia_lookout;
GRANT SELECT (source, event_id, received_at), DELETE ON webhook_events TO emdia_lookout;
CREATE POLICY lookout ON message_events TO emdia_lookout USING (true);
CREATE POLICY lookout_cleans ON telegram_updates FOR DELETE TO emdia_lookout USING (true);
-- Across tenants on purpose, and BRIN: time only grows, so the index costs an insert next to nothing.
CREATE INDEX message_events_by_time ON message_events USING brin (at);
CREATE INDEX telegram_updates_by_time ON telegram_updates USING brin (received_at);
GRANT SELECT (received_at) ON telegram_updates TO emdia_lookout;

SET LOCAL ROLE emdia_lookout;

CREATE FUNCTION dispatch.clean(
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
            WHERE r.lease_until < replicas_before
              AND NOT EXISTS (SELECT FROM public.tenant_owners o WHERE o.replica_id = r.id) RETURNING 1
        )
        SELECT (SELECT count(*) FROM log) + (SELECT count(*) FROM updates)
             + (SELECT count(*) FROM webhooks) + (SELECT count(*) FROM processes)
    $$;

REVOKE ALL ON FUNCTION dispatch.clean(timestamptz, timestamptz, timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.clean(timestamptz, timestamptz, timestamptz, timestamptz, integer) TO emdia_dispatcher;
