-- name: tenants_with_session
SELECT tenant_id FROM dispatch.tenants_with_session() AS tenant_id ORDER BY tenant_id;
