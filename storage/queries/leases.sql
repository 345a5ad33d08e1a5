-- name: renew
SELECT dispatch.renew_lease($1, $2, $3);

-- name: take_over
SELECT dispatch.take_over($1, $2, $3);

-- name: tenants_with_work
SELECT tenant_id FROM dispatch.tenants_with_work() AS tenant_id;

-- name: quarantined
SELECT tenant_id FROM dispatch.quarantined_tenants() AS tenant_id;

-- name: quarantine
-- $1 tenant, $2 since when, null once it is over, $3 the kind of error.
UPDATE tenant_owners SET quarantined_at = $2, quarantine_error = $3 WHERE tenant_id = $1 RETURNING 1;
