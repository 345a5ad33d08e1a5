-- WhatsApp: one session per tenant, its Signal keys, the numbers it looked up, what clients wrote.
SET LOCAL ROLE emdia_migrator;

CREATE TABLE whatsapp_sessions (
    tenant_id bigint PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
    state text NOT NULL CHECK (state IN ('pairing', 'paired', 'needs_qr', 'banned', 'disconnected')),
    jid text CHECK (length(jid) <= 100),
    lid text CHECK (length(lid) <= 100),
    creds bytea,                                     -- sealed by storage.vault
    epoch bigint NOT NULL,
    paired_at timestamptz,
    updated_at timestamptz NOT NULL,
    new_chats_blocked_until timestamptz              -- WhatsApp's reach-out time-lock (463)
);

CREATE TABLE whatsapp_keys (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    type text NOT NULL CHECK (length(type) <= 60),
    id text NOT NULL CHECK (length(id) <= 200),
    value bytea NOT NULL,                            -- sealed by storage.vault
    PRIMARY KEY (tenant_id, type, id)
);

-- WhatsApp's own answer to "who is this number?", asked once and kept (F5, decision 6).
CREATE TABLE whatsapp_numbers (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    phone text NOT NULL,
    jid text CHECK (length(jid) <= 100),             -- null: not on WhatsApp
    lid text CHECK (length(lid) <= 100),
    checked_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, phone)
);

CREATE TABLE whatsapp_incoming (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    from_jid text NOT NULL CHECK (length(from_jid) <= 100),
    whatsapp_id text NOT NULL CHECK (length(whatsapp_id) <= 100),
    from_phone text CHECK (length(from_phone) <= 40),
    kind text NOT NULL CHECK (kind IN ('text', 'image', 'other')),
    body text CHECK (length(body) <= 8192),
    at timestamptz NOT NULL,
    handled_at timestamptz,
    PRIMARY KEY (tenant_id, from_jid, whatsapp_id)
);
CREATE INDEX whatsapp_incoming_unhandled ON whatsapp_incoming (tenant_id, at) WHERE handled_at IS NULL;
