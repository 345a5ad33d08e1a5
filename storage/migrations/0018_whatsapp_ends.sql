-- Every way a WhatsApp line ends has a state of its own; a device is set aside until its successor works.
SET LOCAL ROLE emdia_migrator;

ALTER TABLE whatsapp_sessions
    DROP CONSTRAINT whatsapp_sessions_state_check,
    ADD CONSTRAINT whatsapp_sessions_state_check CHECK (state IN (
        'disconnected', 'pairing', 'paired', 'needs_qr', 'temporarily_banned', 'locked', 'banned', 'replaced',
        'unreachable')),
    ADD COLUMN generation integer NOT NULL DEFAULT 0,   -- of the device: whose keys count
    ADD COLUMN resume_at timestamptz,                -- the end of a temporary ban
    ADD COLUMN resume_within interval,               -- at most so long after it was met: clocks may be wrong
    ADD COLUMN new_chats_blocked_within interval;    -- the same of the pause; null: as long as WhatsApp says

-- Keys of two devices may be there at once: of the one that is being paired, and of the one before.
ALTER TABLE whatsapp_keys
    ADD COLUMN generation integer NOT NULL DEFAULT 0,
    DROP CONSTRAINT whatsapp_keys_pkey,
    ADD PRIMARY KEY (tenant_id, generation, type, id);

-- The device from before a pairing that has not succeeded yet; it comes back if that fails.
CREATE TABLE whatsapp_set_aside (
    tenant_id bigint PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
    generation integer NOT NULL,
    state text NOT NULL CHECK (length(state) <= 60),
    creds bytea NOT NULL,                            -- sealed by storage.vault
    jid text CHECK (length(jid) <= 100),
    lid text CHECK (length(lid) <= 100),
    paired_at timestamptz,
    resume_at timestamptz,
    resume_within interval,
    set_aside_at timestamptz NOT NULL
);
ALTER TABLE whatsapp_set_aside ENABLE ROW LEVEL SECURITY;
ALTER TABLE whatsapp_set_aside FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows_only ON whatsapp_set_aside TO emdia_app
    USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON whatsapp_set_aside TO emdia_app;

-- A session that was being paired may have been scanned at the last moment; a ban with an end ends by itself.
SET LOCAL ROLE emdia_lookout;

CREATE OR REPLACE FUNCTION dispatch.tenants_with_work() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$
        SELECT m.tenant_id FROM public.messages m WHERE m.state IN ('waiting', 'queued', 'retry', 'unknown', 'sending')
        UNION SELECT w.tenant_id FROM public.whatsapp_sessions w
            WHERE w.state IN ('paired', 'pairing', 'temporarily_banned')
        UNION SELECT n.tenant_id FROM public.notices n WHERE n.delivered_at IS NULL
    $$;
