-- name: renew
SELECT dispatch.renew_lease($1, $2, $3);

-- name: take_over
SELECT dispatch.take_over($1, $2, $3);

-- name: tenants_with_work
SELECT tenant_id FROM dispatch.tenants_with_work() AS tenant_id;
