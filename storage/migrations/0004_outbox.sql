-- The outbox and its log. A message's identity (E6, F6) is fixed when it is planned and is unique for ever.
SET LOCAL ROLE emdia_migrator;

-- The WhatsApp id of an automatic message follows from what it is, so that even a lost row,
-- planned again, is the same message to the phone. Form: that of WhatsApp Web (3EB0 + 18 hex digits).
CREATE FUNCTION whatsapp_message_id(salt uuid, client_id bigint, kind text, due_on date) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN '3EB0' || upper(left(encode(sha256(convert_to(
        salt::text || '|' || client_id::text || '|' || kind || '|' || (due_on - DATE '2000-01-01')::text, 'UTF8')), 'hex'), 18));

CREATE TABLE messages (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    client_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN (
        'lembrete_2_dias', 'lembrete_1_dia', 'vence_hoje', 'cobranca', 'renovacao', 'boas_vindas', 'geral')),
    due_on date,                                     -- null for what a person wrote by hand
    day date NOT NULL,                               -- the tenant's own day it is meant for (E5)
    state text NOT NULL CHECK (state IN (
        'waiting', 'queued', 'sending', 'sent', 'delivered', 'read', 'retry', 'unknown', 'failed', 'expired', 'cancelled')),
    reason text CHECK (length(reason) <= 200),       -- why it rests where it rests: a code of domain.reminders
    phone text NOT NULL,                             -- E.164
    body text CHECK (length(body) BETWEEN 1 AND 4096),  -- fixed by the first attempt: a retry says the same words
    whatsapp_id text NOT NULL CHECK (length(whatsapp_id) BETWEEN 10 AND 64),
    correlation_id text NOT NULL CHECK (length(correlation_id) <= 64),
    attempt integer NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    owner_epoch bigint,                              -- who holds it while it is `sending`
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    delivered_at timestamptz,
    read_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, client_id, kind, due_on),
    UNIQUE (tenant_id, whatsapp_id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE,
    CHECK (state <> 'sending' OR (body IS NOT NULL AND owner_epoch IS NOT NULL)),
    CHECK (kind IN ('geral', 'renovacao', 'boas_vindas') OR due_on IS NOT NULL)
);
CREATE INDEX messages_ready ON messages (tenant_id, not_before, id) WHERE state IN ('queued', 'retry', 'unknown');
CREATE INDEX messages_unsettled ON messages (tenant_id) WHERE state IN ('waiting', 'queued', 'retry', 'unknown', 'sending');
CREATE INDEX messages_by_day ON messages (tenant_id, day);

CREATE TABLE message_events (
    tenant_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    message_id bigint NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL,                             -- the state it came to
    attempt integer NOT NULL,
    detail text CHECK (length(detail) <= 200),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX message_events_by_message ON message_events (tenant_id, message_id, id);
