-- How money is followed across tenants (A4, A5): webhooks kept once and claimed, charges found and looked at again, and
-- what administrators must hear, kept until each of them has.
SET LOCAL ROLE emdia_migrator;

ALTER TABLE subscription_charges
    DROP COLUMN told_as, DROP COLUMN covers_until,        -- notices are told once, and ends computed anew
    ADD COLUMN booked numeric(12, 2) NOT NULL DEFAULT 0,  -- what the ledger comes to of it
    ADD COLUMN bookings integer NOT NULL DEFAULT 0 CHECK (bookings >= 0);  -- its entries there

ALTER TABLE webhook_events ADD COLUMN retry_at timestamptz;  -- not before; while it is claimed, when the claim ends
CREATE INDEX webhook_events_open ON webhook_events (received_at) WHERE handled_at IS NULL AND set_aside_at IS NULL;
REVOKE SELECT, INSERT, UPDATE ON webhook_events FROM emdia_app;

-- Of no tenant. It names an account by its number only, as the log of who did what does, and outlives it as that does.
CREATE TABLE admin_notices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dedupe_key text NOT NULL UNIQUE CHECK (length(dedupe_key) <= 200),  -- told once, ever
    payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
    created_at timestamptz NOT NULL,
    told bigint[] NOT NULL DEFAULT '{}',             -- the chats that have it
    done_at timestamptz
);
CREATE INDEX admin_notices_untold ON admin_notices (id) WHERE done_at IS NULL;
GRANT INSERT ON admin_notices TO emdia_app;

GRANT SELECT, INSERT, UPDATE ON webhook_events TO emdia_lookout;
GRANT SELECT, INSERT, UPDATE ON admin_notices TO emdia_lookout;
GRANT SELECT (tenant_id, id, status, external_reference, payment_id, check_at) ON subscription_charges TO emdia_lookout;
CREATE POLICY lookout ON subscription_charges FOR SELECT TO emdia_lookout USING (true);

SET LOCAL ROLE emdia_lookout;

-- Whether it is new: a delivery that comes twice is kept once.
CREATE FUNCTION dispatch.keep_webhook(event text, said jsonb, at timestamptz) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        WITH kept AS (
            INSERT INTO public.webhook_events (source, event_id, payload, received_at)
            VALUES ('mercado_pago', event, said, at) ON CONFLICT (source, event_id) DO NOTHING RETURNING 1
        )
        SELECT EXISTS (SELECT FROM kept)
    $$;

-- Tries are counted when they begin, so one that ends the process counts too. What waits until a day that is far was
-- put off by a clock that was ahead.
CREATE FUNCTION dispatch.claim_webhooks(replica uuid, at timestamptz, until timestamptz, most integer)
    RETURNS TABLE (event_id text, payload jsonb, attempts integer)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
    #variable_conflict use_column
    BEGIN
        IF public.superseded(replica) THEN
            RETURN;
        END IF;
        RETURN QUERY
        WITH due AS (
            SELECT w.source, w.event_id FROM public.webhook_events w
            WHERE w.handled_at IS NULL AND w.set_aside_at IS NULL
              AND (w.retry_at IS NULL OR w.retry_at <= at OR w.retry_at > at + interval '1 day')
            ORDER BY w.received_at LIMIT most FOR UPDATE SKIP LOCKED
        )
        UPDATE public.webhook_events w SET attempts = w.attempts + 1, retry_at = until
        FROM due WHERE w.source = due.source AND w.event_id = due.event_id
        RETURNING w.event_id, w.payload, w.attempts;
    END
    $$;

CREATE FUNCTION dispatch.webhook_done(event text, at timestamptz) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        UPDATE public.webhook_events SET handled_at = at
        WHERE source = 'mercado_pago' AND event_id = event AND handled_at IS NULL
    $$;

-- A try that was not its own fault does not count as one.
CREATE FUNCTION dispatch.webhook_later(event text, again timestamptz, why text, counts boolean) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        UPDATE public.webhook_events SET
            retry_at = again, error = why, attempts = CASE WHEN counts THEN attempts ELSE greatest(attempts - 1, 0) END
        WHERE source = 'mercado_pago' AND event_id = event AND handled_at IS NULL
    $$;

CREATE FUNCTION dispatch.webhook_set_aside(event text, at timestamptz, why text) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        UPDATE public.webhook_events SET set_aside_at = at, error = why
        WHERE source = 'mercado_pago' AND event_id = event AND handled_at IS NULL
    $$;

CREATE FUNCTION dispatch.charge_by_reference(reference text) RETURNS TABLE (tenant_id bigint, charge_id bigint, status text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT c.tenant_id, c.id, c.status FROM public.subscription_charges c WHERE c.external_reference = reference
    $$;

CREATE FUNCTION dispatch.charge_by_payment(payment text) RETURNS TABLE (tenant_id bigint, charge_id bigint, status text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$ SELECT c.tenant_id, c.id, c.status FROM public.subscription_charges c WHERE c.payment_id = payment $$;

CREATE FUNCTION dispatch.charges_to_check(at timestamptz, most integer) RETURNS TABLE (tenant_id bigint, charge_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT c.tenant_id, c.id FROM public.subscription_charges c
        WHERE c.check_at <= at ORDER BY c.check_at LIMIT most
    $$;

-- Those that a clock that was ahead has put off for longer than any is (E14).
CREATE FUNCTION dispatch.charges_astray(pending_after timestamptz, after timestamptz, most integer)
    RETURNS TABLE (tenant_id bigint, charge_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT c.tenant_id, c.id FROM public.subscription_charges c
        WHERE c.check_at > CASE WHEN c.status = 'pending' THEN pending_after ELSE after END
        ORDER BY c.check_at LIMIT most
    $$;

CREATE FUNCTION dispatch.put_admin_notice(key text, said jsonb, at timestamptz) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        INSERT INTO public.admin_notices (dedupe_key, payload, created_at) VALUES (key, said, at)
        ON CONFLICT (dedupe_key) DO NOTHING
    $$;

CREATE FUNCTION dispatch.untold_admin_notices(admins bigint[], most integer)
    RETURNS TABLE (id bigint, payload jsonb, created_at timestamptz, chats bigint[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT n.id, n.payload, n.created_at,
               ARRAY (SELECT a FROM unnest(admins) AS a WHERE a <> ALL (n.told))
        FROM public.admin_notices n WHERE n.done_at IS NULL AND NOT admins <@ n.told ORDER BY n.id LIMIT most
    $$;

CREATE FUNCTION dispatch.admin_notice_told(notice bigint, chat bigint, admins bigint[], at timestamptz) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
    AS $$
        UPDATE public.admin_notices n SET
            told = n.told || chat, done_at = CASE WHEN admins <@ (n.told || chat) THEN at END
        WHERE n.id = notice AND chat <> ALL (n.told)
    $$;

CREATE FUNCTION dispatch.money_figures(at timestamptz)
    RETURNS TABLE (charges jsonb, charges_to_check bigint, webhooks_open bigint, oldest_webhook_seconds double precision,
                   admin_notices_untold bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT (SELECT coalesce(jsonb_object_agg(c.status, c.many), '{}')
                FROM (SELECT status, count(*) AS many FROM public.subscription_charges GROUP BY status) c),
               (SELECT count(*) FROM public.subscription_charges c WHERE c.check_at <= at),
               w.open, w.oldest,
               (SELECT count(*) FROM public.admin_notices n WHERE n.done_at IS NULL)
        FROM (
            SELECT count(*) AS open, extract(epoch FROM at - min(e.received_at))::double precision AS oldest
            FROM public.webhook_events e WHERE e.handled_at IS NULL AND e.set_aside_at IS NULL
        ) w
    $$;

REVOKE ALL ON FUNCTION
    dispatch.keep_webhook(text, jsonb, timestamptz),
    dispatch.claim_webhooks(uuid, timestamptz, timestamptz, integer),
    dispatch.webhook_done(text, timestamptz), dispatch.webhook_later(text, timestamptz, text, boolean),
    dispatch.webhook_set_aside(text, timestamptz, text),
    dispatch.charge_by_reference(text), dispatch.charge_by_payment(text),
    dispatch.charges_to_check(timestamptz, integer), dispatch.charges_astray(timestamptz, timestamptz, integer),
    dispatch.put_admin_notice(text, jsonb, timestamptz), dispatch.untold_admin_notices(bigint[], integer),
    dispatch.admin_notice_told(bigint, bigint, bigint[], timestamptz), dispatch.money_figures(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    dispatch.keep_webhook(text, jsonb, timestamptz),
    dispatch.claim_webhooks(uuid, timestamptz, timestamptz, integer),
    dispatch.webhook_done(text, timestamptz), dispatch.webhook_later(text, timestamptz, text, boolean),
    dispatch.webhook_set_aside(text, timestamptz, text),
    dispatch.charge_by_reference(text), dispatch.charge_by_payment(text),
    dispatch.charges_to_check(timestamptz, integer), dispatch.charges_astray(timestamptz, timestamptz, integer),
    dispatch.put_admin_notice(text, jsonb, timestamptz), dispatch.untold_admin_notices(bigint[], integer),
    dispatch.admin_notice_told(bigint, bigint, bigint[], timestamptz), dispatch.money_figures(timestamptz)
    TO emdia_dispatcher;
