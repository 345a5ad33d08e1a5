-- name: renew
SELECT superseded, awaits FROM dispatch.renew_lease(:replica, :lease);

-- name: look
SELECT superseded, awaits FROM dispatch.standing(:replica);

-- name: let_go
SELECT dispatch.let_go(:replica, :now);

-- name: take_over
SELECT dispatch.take_over(:tenant_id, :replica, :now);

-- name: tenants_with_work
SELECT tenant_id FROM dispatch.tenants_with_work() AS tenant_id;

-- name: quarantined
SELECT tenant_id FROM dispatch.quarantined_tenants() AS tenant_id;

-- name: quarantine
-- A null `since` ends it.
UPDATE tenant_owners SET quarantined_at = :since, quarantine_error = :error WHERE tenant_id = :tenant_id RETURNING 1;
