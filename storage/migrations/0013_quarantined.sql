-- Who is set aside, so that a new process knows it; ids only, as all that looks across tenants.
SET LOCAL ROLE emdia_lookout;

CREATE FUNCTION dispatch.quarantined_tenants() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$ SELECT o.tenant_id FROM public.tenant_owners o WHERE o.quarantined_at IS NOT NULL $$;

REVOKE ALL ON FUNCTION dispatch.quarantined_tenants() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.quarantined_tenants() TO emdia_dispatcher;
