-- What the platform is paid (A2–A5): the whole life of a charge, the days it granted, and a ledger of the money.
SET LOCAL ROLE emdia_migrator;

ALTER TABLE subscription_charges
    DROP CONSTRAINT subscription_charges_status_check,
    ADD CONSTRAINT subscription_charges_status_check CHECK (status IN (
        'pending', 'approved', 'rejected', 'expired', 'cancelled', 'refunded', 'charged_back', 'in_mediation')),
    ADD COLUMN currency text NOT NULL DEFAULT 'BRL' CHECK (currency ~ '^[A-Z]{3}$'),
    ADD COLUMN days integer NOT NULL DEFAULT 30 CHECK (days BETWEEN 1 AND 3660),  -- what it grants once approved
    ADD COLUMN payer_email text CHECK (length(payer_email) <= 320),  -- as it was asked for: a repeat must be the same
    ADD COLUMN ticket_url text CHECK (length(ticket_url) <= 500),
    ADD COLUMN status_detail text CHECK (length(status_detail) <= 100),
    ADD COLUMN refusal text CHECK (length(refusal) <= 100),  -- Mercado Pago's code, where it was never made
    ADD COLUMN approved_at timestamptz,                      -- by the clock of Mercado Pago
    ADD COLUMN refunded numeric(12, 2) NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    ADD COLUMN provider_updated_at timestamptz,              -- an answer older than this changes nothing
    ADD COLUMN check_at timestamptz,                         -- when to ask again by ourselves; null: never
    ADD COLUMN checks integer NOT NULL DEFAULT 0 CHECK (checks >= 0),
    ADD COLUMN told_as text CHECK (length(told_as) <= 40);   -- the last state its owner was told of
-- Across tenants on purpose: one actor asks for those of everybody.
CREATE INDEX subscription_charges_to_check ON subscription_charges (check_at) WHERE check_at IS NOT NULL;

-- Days that were granted; the end is always computed anew from those that stand, never added to or taken from (A5).
CREATE TABLE subscription_grants (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    charge_id bigint,                                -- null: given by an administrator
    days integer NOT NULL CHECK (days BETWEEN 1 AND 3660),
    starts_at timestamptz NOT NULL,                  -- approved at, or given at
    given_by text NOT NULL CHECK (length(given_by) BETWEEN 1 AND 80),
    created_at timestamptz NOT NULL,
    taken_back_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, charge_id),
    FOREIGN KEY (tenant_id, charge_id) REFERENCES subscription_charges (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE subscription_grants ENABLE ROW LEVEL SECURITY;
ALTER TABLE subscription_grants FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows_only ON subscription_grants TO emdia_app
    USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON subscription_grants TO emdia_app;

-- Money that came and went, once each. It names no one, so it stays when an account is erased (I9): revenue must not
-- shrink with it. Written by the app, read only across tenants, never rewritten.
CREATE TABLE revenue_ledger (
    payment_id text NOT NULL CHECK (length(payment_id) <= 40),
    number integer NOT NULL CHECK (number >= 1),     -- of this payment's entries, from 1
    kind text NOT NULL CHECK (kind IN ('received', 'returned', 'restored')),
    amount numeric(12, 2) NOT NULL CHECK (amount <> 0),  -- negative where it went back
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    at timestamptz NOT NULL,
    PRIMARY KEY (payment_id, number)
);
CREATE INDEX revenue_ledger_by_time ON revenue_ledger (at);
GRANT INSERT ON revenue_ledger TO emdia_app;
GRANT SELECT ON revenue_ledger TO emdia_lookout;

ALTER TABLE tenants ADD COLUMN blocked_why text CHECK (length(blocked_why) <= 200);
