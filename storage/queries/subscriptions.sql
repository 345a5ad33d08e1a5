-- name: hold
-- Not FOR UPDATE: rows that only refer to the tenant may be made meanwhile.
SELECT trial_ends_at FROM tenants WHERE tenant_id = :tenant_id FOR NO KEY UPDATE;

-- name: grants
SELECT id AS grant_id, charge_id, days, starts_at, taken_back_at FROM subscription_grants
WHERE tenant_id = :tenant_id ORDER BY id;

-- name: grant
-- The same charge grants once; taken back and won again, it is the same grant that stands again (A5).
INSERT INTO subscription_grants (tenant_id, charge_id, days, starts_at, given_by, created_at)
VALUES (:tenant_id, :charge_id, :days, :starts_at, :given_by, :now)
ON CONFLICT (tenant_id, charge_id) DO UPDATE SET taken_back_at = NULL;

-- name: take_back
UPDATE subscription_grants SET taken_back_at = :now
WHERE tenant_id = :tenant_id AND taken_back_at IS NULL
  AND (charge_id = :charge_id::bigint OR id = :grant_id::bigint);

-- name: set_paid_until
-- Only where it changes: each change is a new version of the tenant's rules.
UPDATE tenants SET paid_until = :paid_until WHERE tenant_id = :tenant_id AND paid_until IS DISTINCT FROM :paid_until;
