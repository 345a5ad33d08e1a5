-- Telegram: every update kept once before it is handled, and where each conversation stands.
-- A chat may write before it is a tenant, so neither table refers to tenants.
SET LOCAL ROLE emdia_migrator;

CREATE TABLE telegram_updates (
    tenant_id bigint NOT NULL,                       -- the chat
    update_id bigint NOT NULL,
    payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
    received_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,             -- counted before the work; after 3 it is set aside
    handled_at timestamptz,
    set_aside_at timestamptz,
    error text CHECK (length(error) <= 500),
    PRIMARY KEY (tenant_id, update_id)
);
CREATE INDEX telegram_updates_open ON telegram_updates (tenant_id, update_id)
    WHERE handled_at IS NULL AND set_aside_at IS NULL;

CREATE TABLE telegram_fsm (
    tenant_id bigint NOT NULL,                       -- the chat
    user_id bigint NOT NULL,
    destiny text NOT NULL DEFAULT 'default' CHECK (length(destiny) <= 60),
    state text CHECK (length(state) <= 200),
    data jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(data) = 'object'),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id, destiny)
);
