-- Which process owns which tenant. The epoch is the fencing token: it only rises, and every write that matters carries it.
SET LOCAL ROLE emdia_migrator;

CREATE TABLE replicas (
    id uuid PRIMARY KEY,                             -- unique per boot
    started_at timestamptz NOT NULL,
    lease_until timestamptz NOT NULL
);

CREATE TABLE tenant_owners (
    tenant_id bigint PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
    replica_id uuid NOT NULL REFERENCES replicas,
    epoch bigint NOT NULL CHECK (epoch > 0),
    since timestamptz NOT NULL,
    quarantined_at timestamptz,
    quarantine_error text CHECK (length(quarantine_error) <= 500)
);
