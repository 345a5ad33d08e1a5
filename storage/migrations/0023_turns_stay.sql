-- When a day begins is kept as an instant: after an outage that is later than its sending time and its turn (E13).
SET LOCAL ROLE emdia_migrator;

ALTER TABLE planned_days ADD COLUMN begins_at timestamptz;
GRANT UPDATE (begins_at) ON planned_days TO emdia_lookout;

SET LOCAL ROLE emdia_lookout;

-- Settles the turns of all whose sending is due before `until`. What was to begin at `at` already (a process that was
-- down) begins now. Returns how many tenants begin later than they would have.
CREATE OR REPLACE FUNCTION dispatch.take_turns(at timestamptz, until timestamptz, step interval, longest interval) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH starting AS (
            SELECT s.tenant_id, p.day, greatest(min(m.not_before), at) AS begins
            FROM public.schedules s
            JOIN public.planned_days p ON p.tenant_id = s.tenant_id AND p.turn IS NULL
            JOIN public.messages m ON m.tenant_id = p.tenant_id AND m.day = p.day
            WHERE s.job = 'send' AND s.next_due_at < until
              AND m.state = 'queued' AND m.attempt = 0 AND m.not_before < until AND m.expires_at > at
            GROUP BY s.tenant_id, p.day
        ), ranked AS (
            SELECT tenant_id, day, begins,
                   (row_number() OVER same_minute - 1) * least(step, longest / count(*) OVER (
                       PARTITION BY date_trunc('minute', begins))) AS turn
            FROM starting
            WINDOW same_minute AS (PARTITION BY date_trunc('minute', begins) ORDER BY md5(tenant_id::text))
        ), settled AS (
            UPDATE public.planned_days p SET turn = r.turn, begins_at = CASE WHEN r.turn > interval '0' THEN r.begins + r.turn END
            FROM ranked r WHERE p.tenant_id = r.tenant_id AND p.day = r.day
            RETURNING p.tenant_id, p.day, p.turn, r.begins
        ), later AS MATERIALIZED (  -- what somebody is at right now goes as it is
            SELECT m.tenant_id, m.id, t.begins + t.turn AS begins
            FROM settled t JOIN public.messages m ON m.tenant_id = t.tenant_id AND m.day = t.day
            WHERE t.turn > interval '0' AND m.state = 'queued' AND m.attempt = 0 AND m.not_before < t.begins + t.turn
            ORDER BY m.tenant_id, m.id FOR UPDATE OF m SKIP LOCKED
        ), moved AS (
            UPDATE public.messages m SET not_before = later.begins
            FROM later WHERE m.tenant_id = later.tenant_id AND m.id = later.id
            RETURNING m.tenant_id
        )
        SELECT count(DISTINCT tenant_id) FROM moved
    $$;
