-- What happened to a tenant's WhatsApp, for its owner to read (F2), and the test messages they sent to themselves.
SET LOCAL ROLE emdia_migrator;

CREATE TABLE whatsapp_events (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    detail text NOT NULL DEFAULT '' CHECK (length(detail) <= 60),  -- a code, a word of the rules, or a number
    until timestamptz,                               -- when it ends by itself, where it does
    PRIMARY KEY (tenant_id, id),
    -- What is written again, because its answer was lost, is the same.
    UNIQUE (tenant_id, at, kind)
);

-- Never to a client; the id is fixed before the first attempt, as of every message (F6).
CREATE TABLE whatsapp_tests (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    nonce bigint NOT NULL,                           -- the press that asked for it: pressed again is the same
    whatsapp_id text NOT NULL CHECK (length(whatsapp_id) BETWEEN 10 AND 64),
    phone text NOT NULL CHECK (length(phone) <= 40),  -- E.164
    own boolean NOT NULL,                            -- the very number that sends
    state text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'delivered', 'read', 'unknown', 'failed')),
    reason text CHECK (length(reason) <= 60),
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    delivered_at timestamptz,
    PRIMARY KEY (tenant_id, nonce),
    UNIQUE (tenant_id, whatsapp_id)
);
CREATE INDEX whatsapp_tests_by_time ON whatsapp_tests (tenant_id, created_at);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['whatsapp_events', 'whatsapp_tests'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own_rows_only ON %I TO emdia_app USING (tenant_id = (SELECT current_tenant())) '
            'WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO emdia_app', name);
    END LOOP;
END
$$;
