-- Messages that owners write by hand, for now or for a moment to come (E12). Nothing waits in the outbox for another
-- day (E5): what is to come is a row here, and becomes one of `messages` on its day, once for each of its days.
SET LOCAL ROLE emdia_migrator;

CREATE TABLE scheduled_messages (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    client_id bigint NOT NULL,
    nonce text NOT NULL CHECK (length(nonce) BETWEEN 1 AND 80),  -- the button's own: the same again is the same message
    kind text NOT NULL CHECK (kind IN (
        'lembrete_2_dias', 'lembrete_1_dia', 'vence_hoje', 'cobranca', 'renovacao', 'boas_vindas', 'geral')),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4096),  -- as it was typed, variables and all
    text_id bigint,                                  -- which of the tenant's `geral` texts it was, for counting only
    at timestamptz NOT NULL,                         -- when it goes, or went last
    day date NOT NULL,                               -- the tenant's own day of that
    monthly_day smallint CHECK (monthly_day BETWEEN 1 AND 31),  -- it comes back every month on that day (C13)
    state text NOT NULL CHECK (state IN ('waiting', 'made', 'missed', 'cancelled')),
    reason text CHECK (length(reason) <= 40),        -- a code of domain.reasons
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, nonce),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX scheduled_messages_due ON scheduled_messages (tenant_id, day) WHERE state IN ('waiting', 'made');
CREATE INDEX scheduled_messages_by_client ON scheduled_messages (tenant_id, client_id);

ALTER TABLE messages
    -- Which scheduled message it is, and of which of its days: one row for each, for ever.
    ADD COLUMN schedule_id bigint,
    ADD COLUMN occurs_on date,
    ADD CONSTRAINT messages_occurrence UNIQUE (tenant_id, schedule_id, occurs_on),
    ADD CONSTRAINT messages_schedule FOREIGN KEY (tenant_id, schedule_id)
        REFERENCES scheduled_messages (tenant_id, id) ON DELETE SET NULL (schedule_id);

-- What a person wrote stands nowhere else: taking a try back never takes the words.
CREATE FUNCTION keep_written_words() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        NEW.body := OLD.body;
        RETURN NEW;
    END
    $$;
CREATE TRIGGER keep_written_words BEFORE UPDATE ON messages
    FOR EACH ROW WHEN (NEW.body IS NULL AND OLD.body IS NOT NULL AND OLD.due_on IS NULL)
    EXECUTE FUNCTION keep_written_words();

ALTER TABLE scheduled_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE scheduled_messages FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows_only ON scheduled_messages TO emdia_app USING (tenant_id = (SELECT current_tenant()))
    WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON scheduled_messages TO emdia_app;

GRANT SELECT (due_on) ON messages TO emdia_lookout;

SET LOCAL ROLE emdia_lookout;

-- As before, but for what a person wrote: it goes at its own minute, and is no beginning of the day's sending (E13).
CREATE OR REPLACE FUNCTION dispatch.take_turns(at timestamptz, until timestamptz, step interval, longest interval) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH starting AS (
            SELECT s.tenant_id, p.day, greatest(min(m.not_before), at) AS begins
            FROM public.schedules s
            JOIN public.planned_days p ON p.tenant_id = s.tenant_id AND p.turn IS NULL
            JOIN public.messages m ON m.tenant_id = p.tenant_id AND m.day = p.day
            WHERE s.job = 'send' AND s.next_due_at < until
              AND m.state = 'queued' AND m.attempt = 0 AND m.not_before < until AND m.expires_at > at AND m.due_on IS NOT NULL
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
              AND m.due_on IS NOT NULL
            ORDER BY m.tenant_id, m.id FOR UPDATE OF m SKIP LOCKED
        ), moved AS (
            UPDATE public.messages m SET not_before = later.begins
            FROM later WHERE m.tenant_id = later.tenant_id AND m.id = later.id
            RETURNING m.tenant_id
        )
        SELECT count(DISTINCT tenant_id) FROM moved
    $$;
