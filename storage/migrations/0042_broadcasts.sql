-- What an administrator tells all owners (A11), and what became of it with each. The text is the administrator's own.
SET LOCAL ROLE emdia_migrator;

CREATE TABLE broadcasts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    press bigint NOT NULL UNIQUE,                    -- the update that began it: begun again, it is the same one
    made_by bigint NOT NULL,                         -- the administrator's chat, who sees how it goes
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 3500),
    audience text NOT NULL CHECK (audience IN ('all', 'trial', 'active', 'ended')),
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'paused', 'stopped', 'done')),
    total integer NOT NULL CHECK (total >= 0),
    made_at timestamptz NOT NULL,
    ended_at timestamptz,
    told_at timestamptz                              -- the final count, to whoever made it
);

CREATE TABLE broadcast_recipients (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    broadcast_id bigint NOT NULL REFERENCES broadcasts ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sending', 'sent', 'unreachable', 'refused', 'unsure')),
    claimed_by uuid,
    at timestamptz,
    PRIMARY KEY (tenant_id, broadcast_id)
);
-- Across tenants on purpose: one broadcast goes through all of them.
CREATE INDEX broadcast_recipients_open ON broadcast_recipients (broadcast_id, tenant_id)
    WHERE state IN ('waiting', 'sending');
CREATE INDEX broadcast_recipients_counts ON broadcast_recipients (broadcast_id, state);
ALTER TABLE broadcast_recipients ENABLE ROW LEVEL SECURITY;
ALTER TABLE broadcast_recipients FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows_only ON broadcast_recipients TO emdia_app
    USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY lookout ON broadcast_recipients TO emdia_lookout USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON broadcast_recipients TO emdia_app;
GRANT SELECT, INSERT, UPDATE ON broadcast_recipients TO emdia_lookout;
GRANT SELECT, INSERT, UPDATE ON broadcasts TO emdia_lookout;
CREATE POLICY lookout_standing ON tenants FOR SELECT TO emdia_lookout USING (true);
CREATE POLICY lookout_zone ON settings FOR SELECT TO emdia_lookout USING (true);
GRANT SELECT (tenant_id, trial_ends_at, paid_until, blocked_at) ON tenants TO emdia_lookout;
GRANT SELECT (tenant_id, time_zone) ON settings TO emdia_lookout;

SET LOCAL ROLE emdia_lookout;

-- Of every account what its standing follows from, and nothing else.
CREATE FUNCTION dispatch.standings()
    RETURNS TABLE (tenant_id bigint, trial_ends_at timestamptz, paid_until timestamptz, blocked boolean, time_zone text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT t.tenant_id, t.trial_ends_at, t.paid_until, t.blocked_at IS NOT NULL, s.time_zone
        FROM public.tenants t JOIN public.settings s USING (tenant_id) ORDER BY t.tenant_id
    $$;

-- The broadcast this press began, whether it is new; two presses are two broadcasts, one press is one.
CREATE FUNCTION dispatch.start_broadcast(
        press bigint, made_by bigint, body text, audience text, recipients bigint[], at timestamptz)
    RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH made AS (
            INSERT INTO public.broadcasts (press, made_by, body, audience, total, made_at)
            SELECT start_broadcast.press, start_broadcast.made_by, start_broadcast.body, start_broadcast.audience,
                   count(DISTINCT t.tenant_id), at
            FROM unnest(recipients) AS r(tenant_id) JOIN public.tenants t ON t.tenant_id = r.tenant_id
            ON CONFLICT (press) DO NOTHING RETURNING id
        ), listed AS (
            INSERT INTO public.broadcast_recipients (tenant_id, broadcast_id)
            SELECT DISTINCT t.tenant_id, made.id
            FROM made, unnest(recipients) AS r(tenant_id) JOIN public.tenants t ON t.tenant_id = r.tenant_id
        )
        SELECT id FROM made
        UNION ALL SELECT b.id FROM public.broadcasts b WHERE b.press = start_broadcast.press
        LIMIT 1
    $$;

-- The next owner to tell, for a process that is in charge; it is 'sending' before Telegram hears of it.
CREATE FUNCTION dispatch.claim_recipient(replica uuid, at timestamptz)
    RETURNS TABLE (broadcast_id bigint, tenant_id bigint)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        UPDATE public.broadcast_recipients r SET state = 'sending', claimed_by = replica, at = claim_recipient.at
        FROM (
            SELECT n.tenant_id, n.broadcast_id FROM public.broadcast_recipients n
            JOIN public.broadcasts b ON b.id = n.broadcast_id
            WHERE b.state = 'running' AND n.state = 'waiting' AND NOT public.superseded(replica)
            ORDER BY n.broadcast_id, n.tenant_id LIMIT 1 FOR UPDATE OF n SKIP LOCKED
        ) next
        WHERE r.tenant_id = next.tenant_id AND r.broadcast_id = next.broadcast_id
        RETURNING r.broadcast_id, r.tenant_id
    $$;

-- What became of one; only who claimed it may say so, and what was said is not said again.
CREATE FUNCTION dispatch.settle_recipient(
        broadcast bigint, tenant bigint, replica uuid, outcome text, at timestamptz)
    RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH settled AS (
            UPDATE public.broadcast_recipients r
            SET state = outcome, at = settle_recipient.at, claimed_by = CASE WHEN outcome = 'waiting' THEN NULL ELSE replica END
            WHERE r.broadcast_id = broadcast AND r.tenant_id = tenant AND r.state = 'sending' AND r.claimed_by = replica
            RETURNING 1
        )
        SELECT EXISTS (SELECT FROM settled)
    $$;

-- Whoever was being told when a process ended may have heard it: never told again by itself. `replica`, if any, begins
-- anew and has nothing in its hands.
CREATE FUNCTION dispatch.doubt_recipients(replica uuid, at timestamptz) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH doubted AS (
            UPDATE public.broadcast_recipients r SET state = 'unsure', at = doubt_recipients.at
            WHERE r.state = 'sending' AND (r.claimed_by = replica OR NOT public.is_live(r.claimed_by))
            RETURNING 1
        )
        SELECT count(*) FROM doubted
    $$;

CREATE FUNCTION dispatch.turn_broadcast(broadcast bigint, becomes text, at timestamptz) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH turned AS (
            UPDATE public.broadcasts b
            SET state = becomes, ended_at = CASE WHEN becomes = 'stopped' THEN turn_broadcast.at END
            WHERE b.id = broadcast AND (b.state, becomes) IN (
                ('running', 'paused'), ('paused', 'running'), ('running', 'stopped'), ('paused', 'stopped'))
            RETURNING 1
        )
        SELECT EXISTS (SELECT FROM turned)
    $$;

-- Those in doubt wait again: an administrator wants it so.
CREATE FUNCTION dispatch.tell_doubted(broadcast bigint) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH again AS (
            UPDATE public.broadcast_recipients r SET state = 'waiting', claimed_by = NULL
            WHERE r.broadcast_id = broadcast AND r.state = 'unsure' RETURNING 1
        ), reopened AS (
            UPDATE public.broadcasts b SET state = 'running', ended_at = NULL, told_at = NULL
            WHERE b.id = broadcast AND b.state = 'done' AND EXISTS (SELECT FROM again)
        )
        SELECT count(*) FROM again
    $$;

-- Ends those that nobody is left to be told of.
CREATE FUNCTION dispatch.end_broadcasts(at timestamptz) RETURNS SETOF bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        UPDATE public.broadcasts b SET state = 'done', ended_at = at
        WHERE b.state = 'running' AND NOT EXISTS (
            SELECT FROM public.broadcast_recipients r
            WHERE r.broadcast_id = b.id AND r.state IN ('waiting', 'sending'))
        RETURNING b.id
    $$;

CREATE FUNCTION dispatch.broadcast_told(broadcast bigint, at timestamptz) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$ UPDATE public.broadcasts b SET told_at = at WHERE b.id = broadcast AND b.ended_at IS NOT NULL $$;

-- How the newest stand, or one of them; `counts` by state of whoever is still an account.
CREATE FUNCTION dispatch.broadcasts(which bigint, most integer)
    RETURNS TABLE (
        id bigint, made_by bigint, body text, audience text, state text, total integer,
        made_at timestamptz, ended_at timestamptz, told_at timestamptz, counts jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT b.id, b.made_by, b.body, b.audience, b.state, b.total, b.made_at, b.ended_at, b.told_at, (
            SELECT coalesce(jsonb_object_agg(c.state, c.many), '{}') FROM (
                SELECT r.state, count(*) AS many FROM public.broadcast_recipients r
                WHERE r.broadcast_id = b.id GROUP BY r.state) c)
        FROM public.broadcasts b WHERE which IS NULL OR b.id = which ORDER BY b.id DESC LIMIT most
    $$;

-- Those whose progress or end somebody must still be shown.
CREATE FUNCTION dispatch.open_broadcasts() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$ SELECT b.id FROM public.broadcasts b WHERE b.told_at IS NULL ORDER BY b.id $$;

REVOKE ALL ON FUNCTION
    dispatch.standings(), dispatch.start_broadcast(bigint, bigint, text, text, bigint[], timestamptz),
    dispatch.claim_recipient(uuid, timestamptz),
    dispatch.settle_recipient(bigint, bigint, uuid, text, timestamptz),
    dispatch.doubt_recipients(uuid, timestamptz), dispatch.turn_broadcast(bigint, text, timestamptz),
    dispatch.tell_doubted(bigint), dispatch.end_broadcasts(timestamptz),
    dispatch.broadcast_told(bigint, timestamptz), dispatch.broadcasts(bigint, integer),
    dispatch.open_broadcasts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    dispatch.standings(), dispatch.start_broadcast(bigint, bigint, text, text, bigint[], timestamptz),
    dispatch.claim_recipient(uuid, timestamptz),
    dispatch.settle_recipient(bigint, bigint, uuid, text, timestamptz),
    dispatch.doubt_recipients(uuid, timestamptz), dispatch.turn_broadcast(bigint, text, timestamptz),
    dispatch.tell_doubted(bigint), dispatch.end_broadcasts(timestamptz),
    dispatch.broadcast_told(bigint, timestamptz), dispatch.broadcasts(bigint, integer),
    dispatch.open_broadcasts() TO emdia_dispatcher;
