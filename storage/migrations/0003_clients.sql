-- Clients and the ledger of what they paid. "Received" is counted from the ledger only (C3, C9).
SET LOCAL ROLE emdia_migrator;

CREATE TABLE clients (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{7,14}$'),
    plan text CHECK (length(plan) <= 120),
    plan_days integer CHECK (plan_days BETWEEN 1 AND 3660),
    price numeric(12, 2) CHECK (price >= 0),
    server text CHECK (length(server) <= 120),
    due_on date NOT NULL,
    notes text CHECK (length(notes) <= 2000),
    receives_billing boolean NOT NULL DEFAULT true,
    receives_notices boolean NOT NULL DEFAULT true,
    preferences jsonb NOT NULL DEFAULT '{}',
    opted_out_at timestamptz,
    archived_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX clients_by_due_date ON clients (tenant_id, due_on) WHERE archived_at IS NULL;
CREATE INDEX clients_by_phone ON clients (tenant_id, phone);

CREATE TABLE client_payments (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    client_id bigint,                                -- null once the client was erased: the money stays counted
    amount numeric(12, 2) NOT NULL CHECK (amount >= 0),
    paid_on date NOT NULL,
    due_on_before date,
    due_on_after date,
    note text CHECK (length(note) <= 500),
    recorded_at timestamptz NOT NULL,
    voided_at timestamptz,                           -- "não recebi"
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE SET NULL (client_id)
);
CREATE INDEX client_payments_by_day ON client_payments (tenant_id, paid_on);
CREATE INDEX client_payments_by_client ON client_payments (tenant_id, client_id);
