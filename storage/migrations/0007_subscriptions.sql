-- The tenant's own subscription (A2–A5): charges and the events Mercado Pago sends about them.
SET LOCAL ROLE emdia_migrator;

CREATE TABLE subscription_charges (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    amount numeric(12, 2) NOT NULL CHECK (amount > 0),
    status text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'expired', 'refunded')),
    idempotency_key uuid NOT NULL,
    external_reference text NOT NULL CHECK (length(external_reference) <= 64),
    payment_id text CHECK (length(payment_id) <= 40),
    copy_and_paste text CHECK (length(copy_and_paste) <= 1000),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    settled_at timestamptz,
    covers_until timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, idempotency_key)
);
CREATE UNIQUE INDEX subscription_charges_one_pending ON subscription_charges (tenant_id) WHERE status = 'pending';
-- Across tenants on purpose: one payment counts once, for one tenant, ever (A5).
CREATE UNIQUE INDEX subscription_charges_payment ON subscription_charges (payment_id);
CREATE UNIQUE INDEX subscription_charges_reference ON subscription_charges (external_reference);

-- Belongs to no tenant until it was checked against Mercado Pago itself.
CREATE TABLE webhook_events (
    source text NOT NULL CHECK (source IN ('mercado_pago')),
    event_id text NOT NULL CHECK (length(event_id) <= 100),
    payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
    received_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    handled_at timestamptz,
    set_aside_at timestamptz,
    error text CHECK (length(error) <= 500),
    PRIMARY KEY (source, event_id)
);
