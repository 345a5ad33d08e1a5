-- What administrators see of all accounts together (A11): accounts by their own data, and counts. Of a client nobody
-- here can read a name, a phone or a word: emdia_lookout has no right to such a column.
SET LOCAL ROLE emdia_migrator;

GRANT SELECT (tenant_id, name, email, phone, created_at, trial_ends_at, paid_until, blocked_at) ON tenants TO emdia_lookout;
GRANT SELECT (company) ON settings TO emdia_lookout;
GRANT SELECT (tenant_id, id, amount, status, refusal, payment_id, created_at, expires_at, settled_at)
    ON subscription_charges TO emdia_lookout;
GRANT SELECT (tenant_id, charge_id, taken_back_at) ON subscription_grants TO emdia_lookout;
GRANT SELECT (sent_at, delivered_at, read_at, reason) ON messages TO emdia_lookout;
GRANT SELECT (message_id, attempt, state) ON message_events TO emdia_lookout;
GRANT SELECT (failed_at) ON schedules TO emdia_lookout;
GRANT SELECT (error) ON telegram_updates TO emdia_lookout;

CREATE POLICY lookout ON tenants FOR SELECT TO emdia_lookout USING (true);
CREATE POLICY lookout ON subscription_grants FOR SELECT TO emdia_lookout USING (true);

SET LOCAL ROLE emdia_lookout;

-- Every account. Access lasts to the midnight that ends the last day, in the account's own zone (A6).
CREATE FUNCTION dispatch.accounts(at timestamptz)
    RETURNS TABLE (
        tenant_id bigint, name text, owner text, email text, phone text, created_at timestamptz, zone text,
        standing text, ends_at timestamptz, ends_on date, pays boolean, words text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT t.tenant_id, coalesce(nullif(s.company, ''), t.name), t.name, t.email, t.phone, t.created_at, s.time_zone,
               CASE WHEN t.blocked_at IS NOT NULL THEN 'blocked'
                    WHEN at < ((t.paid_until AT TIME ZONE s.time_zone)::date + 1)::timestamp AT TIME ZONE s.time_zone
                        THEN 'active'
                    WHEN at < ((t.trial_ends_at AT TIME ZONE s.time_zone)::date + 1)::timestamp AT TIME ZONE s.time_zone
                        THEN 'trial'
                    WHEN at < ((e.ends_at AT TIME ZONE s.time_zone)::date + 31)::timestamp AT TIME ZONE s.time_zone
                        THEN 'ended'
                    ELSE 'erasable' END,
               e.ends_at, (e.ends_at AT TIME ZONE s.time_zone)::date,
               EXISTS (SELECT FROM public.subscription_grants g
                       WHERE g.tenant_id = t.tenant_id AND g.charge_id IS NOT NULL AND g.taken_back_at IS NULL),
               public.fold(concat_ws(' ', s.company, t.name, t.email))
        FROM public.tenants t
        JOIN public.settings s ON s.tenant_id = t.tenant_id
        CROSS JOIN LATERAL (SELECT greatest(t.trial_ends_at, t.paid_until) AS ends_at) e
    $$;

-- The state of each account's device, what became of its last day's messages (as storage.whatsapp_deliveries tells it
-- of one tenant), and how many of today's there are and have arrived.
CREATE FUNCTION dispatch.lines(at timestamptz)
    RETURNS TABLE (
        tenant_id bigint, state text, last_delivered_at timestamptz, sent bigint, delivered bigint, read bigint,
        due bigint, due_delivered bigint, silent bigint, silent_since timestamptz, unacked bigint,
        unacked_since timestamptz, today bigint, today_delivered bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT s.tenant_id, w.state, r.last_delivered_at, r.sent, r.delivered, r.read, r.due, r.due_delivered,
               q.silent, q.silent_since, l.unacked, l.unacked_since, r.today, r.today_delivered
        FROM public.settings s
        LEFT JOIN public.whatsapp_sessions w ON w.tenant_id = s.tenant_id
        CROSS JOIN LATERAL (
            SELECT max(m.delivered_at) AS last_delivered_at,
                   max(m.sent_at) FILTER (WHERE m.delivered_at IS NOT NULL AND m.sent_at > at - interval '1 day') AS arrived,
                   count(*) FILTER (WHERE m.sent_at > at - interval '1 day') AS sent,
                   count(*) FILTER (WHERE m.sent_at > at - interval '1 day' AND m.delivered_at IS NOT NULL) AS delivered,
                   count(*) FILTER (WHERE m.sent_at > at - interval '1 day' AND m.read_at IS NOT NULL) AS read,
                   count(*) FILTER (WHERE m.sent_at > at - interval '1 day'
                                      AND m.sent_at <= at - interval '30 minutes') AS due,
                   count(*) FILTER (WHERE m.sent_at > at - interval '1 day' AND m.sent_at <= at - interval '30 minutes'
                                      AND m.delivered_at IS NOT NULL) AS due_delivered,
                   count(*) FILTER (WHERE m.day = (at AT TIME ZONE s.time_zone)::date AND m.state <> 'cancelled') AS today,
                   count(*) FILTER (WHERE m.day = (at AT TIME ZONE s.time_zone)::date
                                      AND m.state IN ('delivered', 'read')) AS today_delivered
            FROM public.messages m
            WHERE m.tenant_id = s.tenant_id AND m.day >= (at AT TIME ZONE 'UTC')::date - 2
        ) r
        CROSS JOIN LATERAL (
            SELECT count(*) AS silent, min(m.sent_at) AS silent_since FROM public.messages m
            WHERE m.tenant_id = s.tenant_id AND m.day >= (at AT TIME ZONE 'UTC')::date - 2 AND m.delivered_at IS NULL
              AND m.sent_at > at - interval '6 hours' AND m.sent_at <= at - interval '30 minutes'
              AND (r.arrived IS NULL OR m.sent_at > r.arrived)
        ) q
        CROSS JOIN LATERAL (
            SELECT count(*) AS unacked, min(tried.at) AS unacked_since FROM public.messages m, LATERAL (
                SELECT min(e.at) AS at FROM public.message_events e
                WHERE e.tenant_id = m.tenant_id AND e.message_id = m.id AND e.attempt > 0) tried
            WHERE m.tenant_id = s.tenant_id AND m.day >= (at AT TIME ZONE 'UTC')::date - 2 AND m.state = 'unknown'
              AND m.sent_at IS NULL AND tried.at > at - interval '6 hours' AND tried.at <= at - interval '30 minutes'
        ) l
    $$;

-- Money that came and went (revenue_ledger), with the account it was of, as long as that is there.
CREATE FUNCTION dispatch.revenue(since timestamptz, until timestamptz)
    RETURNS TABLE (at timestamptz, kind text, amount numeric, payment_id text, number integer, tenant_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT r.at, r.kind, r.amount, r.payment_id, r.number, c.tenant_id
        FROM public.revenue_ledger r
        LEFT JOIN public.subscription_charges c ON c.payment_id = r.payment_id
        WHERE r.at >= since AND r.at < until
    $$;

-- Charges that can be paid now.
CREATE FUNCTION dispatch.charges_to_pay(at timestamptz)
    RETURNS TABLE (tenant_id bigint, charge_id bigint, amount numeric, created_at timestamptz, expires_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT c.tenant_id, c.id, c.amount, c.created_at, c.expires_at FROM public.subscription_charges c
        WHERE c.status = 'pending' AND c.expires_at > at
    $$;

-- What could not be done, and was set aside or gave up, since an instant: by its kind, and a code for why. What errors
-- say in words may quote a person: only the kind of an error leaves here.
CREATE FUNCTION dispatch.troubles(since timestamptz)
    RETURNS TABLE (what text, reason text, at timestamptz, tenant_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT 'message', coalesce(m.reason, ''), max(e.at), m.tenant_id
        FROM public.message_events e
        JOIN public.messages m ON m.tenant_id = e.tenant_id AND m.id = e.message_id
        WHERE e.at >= since AND e.state = 'failed' AND m.state = 'failed' GROUP BY m.tenant_id, m.id, m.reason
        UNION ALL
        SELECT 'job', s.job, s.failed_at, s.tenant_id FROM public.schedules s WHERE s.failed_at >= since
        UNION ALL
        SELECT 'update', coalesce(substring(u.error FROM '^[A-Za-z_]+'), ''), u.set_aside_at, u.tenant_id
        FROM public.telegram_updates u WHERE u.set_aside_at >= since
        UNION ALL
        SELECT 'webhook', coalesce(substring(w.error FROM '^[A-Za-z_]+'), ''), w.set_aside_at, NULL
        FROM public.webhook_events w WHERE w.set_aside_at >= since
        UNION ALL
        SELECT 'charge', n.payload ->> 'kind', n.created_at, (n.payload ->> 'tenant_id')::bigint
        FROM public.admin_notices n
        WHERE n.created_at >= since
          AND n.payload ->> 'kind' IN ('mismatch', 'unknown_status', 'orphan', 'refused', 'charged_back', 'in_mediation')
        UNION ALL
        SELECT 'account', coalesce(substring(o.quarantine_error FROM '^[A-Za-z_]+'), ''), o.quarantined_at, o.tenant_id
        FROM public.tenant_owners o WHERE o.quarantined_at IS NOT NULL
    $$;

REVOKE ALL ON FUNCTION dispatch.accounts(timestamptz), dispatch.lines(timestamptz),
    dispatch.revenue(timestamptz, timestamptz), dispatch.charges_to_pay(timestamptz), dispatch.troubles(timestamptz)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.accounts(timestamptz), dispatch.lines(timestamptz),
    dispatch.revenue(timestamptz, timestamptz), dispatch.charges_to_pay(timestamptz), dispatch.troubles(timestamptz)
    TO emdia_dispatcher;

SET LOCAL ROLE emdia_migrator;

-- What administrators did to an account, by the update that ordered it: handled again it is done already.
CREATE TABLE admin_acts (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    number bigint NOT NULL,                          -- of the update
    act text NOT NULL CHECK (act IN ('give', 'block', 'unblock')),
    given_by bigint NOT NULL,                        -- the chat of who ordered it
    grant_id bigint,                                 -- what was given, to be taken back for a while
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, number)
);
ALTER TABLE admin_acts ENABLE ROW LEVEL SECURITY;
ALTER TABLE admin_acts FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows_only ON admin_acts TO emdia_app
    USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON admin_acts TO emdia_app;
