-- The tenant, what it set, what it wrote, and when its jobs run next.
SET LOCAL ROLE emdia_migrator;

-- The tenant of this transaction; null when none was set, and then no row matches (B1).
CREATE FUNCTION current_tenant() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.tenant_id', true), '')::bigint;

CREATE TABLE tenants (
    tenant_id bigint PRIMARY KEY,                    -- the Telegram chat id
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    email text CHECK (length(email) <= 320),
    phone text CHECK (phone ~ '^\+[1-9][0-9]{7,14}$'),
    -- Makes WhatsApp message ids that nobody outside can guess.
    message_salt uuid NOT NULL DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL,
    trial_ends_at timestamptz NOT NULL,
    paid_until timestamptz,
    blocked_at timestamptz
);

CREATE TABLE settings (
    tenant_id bigint PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
    company text CHECK (length(company) <= 120),
    company_phone text CHECK (length(company_phone) <= 40),
    support text CHECK (length(support) <= 120),
    pix_key text CHECK (length(pix_key) <= 77),
    pix_beneficiary text CHECK (length(pix_beneficiary) <= 120),
    pix_city text CHECK (length(pix_city) <= 60),
    time_zone text NOT NULL DEFAULT 'America/Sao_Paulo',
    verify_at time NOT NULL DEFAULT '05:00',
    send_at time NOT NULL DEFAULT '09:00',
    clean_at time NOT NULL DEFAULT '02:00',
    summary_at time NOT NULL DEFAULT '08:00',
    summary_on boolean NOT NULL DEFAULT true,
    window_opens time NOT NULL DEFAULT '08:00',
    window_closes time NOT NULL DEFAULT '20:00',
    sundays boolean NOT NULL DEFAULT false,
    automatic_kinds text[] NOT NULL DEFAULT ARRAY['cobranca'],
    overdue_on_reschedule text NOT NULL DEFAULT 'ask'
        CHECK (overdue_on_reschedule IN ('ask', 'always', 'never')),
    queue_paused boolean NOT NULL DEFAULT false,
    gap_min_seconds integer NOT NULL DEFAULT 12 CHECK (gap_min_seconds >= 0),
    gap_max_seconds integer NOT NULL DEFAULT 25,
    extra jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(extra) = 'object'),
    CHECK (window_opens < window_closes),
    CHECK (gap_min_seconds <= gap_max_seconds),
    CHECK (automatic_kinds <@ ARRAY['lembrete_2_dias', 'lembrete_1_dia', 'vence_hoje', 'cobranca'])
);

-- Only what a tenant wrote itself: the default texts live in the code (D2).
CREATE TABLE templates (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN (
        'lembrete_2_dias', 'lembrete_1_dia', 'vence_hoje', 'cobranca', 'renovacao', 'boas_vindas', 'geral')),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 4096),
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX templates_one_active_per_kind ON templates (tenant_id, kind)
    WHERE active AND kind <> 'geral';

CREATE TABLE schedules (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    job text NOT NULL CHECK (job IN ('clean', 'verify', 'summary', 'send', 'close')),
    next_due_at timestamptz NOT NULL,
    last_due_at timestamptz,                         -- the due time last carried out
    PRIMARY KEY (tenant_id, job)
);
-- Across tenants on purpose: the one clock asks "who is due?".
CREATE INDEX schedules_due ON schedules (next_due_at);

-- What the owner must be told, kept until Telegram took it; the key makes each told once.
CREATE TABLE notices (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (length(kind) <= 40),
    dedupe_key text NOT NULL CHECK (length(dedupe_key) <= 200),
    payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
    created_at timestamptz NOT NULL,
    delivered_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, dedupe_key)
);
CREATE INDEX notices_undelivered ON notices (tenant_id) WHERE delivered_at IS NULL;

CREATE TABLE audit_log (
    tenant_id bigint NOT NULL,                       -- outlives the tenant (I9), so no reference
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    actor text NOT NULL CHECK (length(actor) <= 80),
    action text NOT NULL CHECK (length(action) <= 80),
    subject text CHECK (length(subject) <= 120),
    detail jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(detail) = 'object'),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_log_by_time ON audit_log (tenant_id, at);
