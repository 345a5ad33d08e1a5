-- Whom a broadcast was told to, and what became of it with each: behind every count there is its list (A11).
SET LOCAL ROLE emdia_lookout;

CREATE FUNCTION dispatch.reached(broadcast bigint) RETURNS TABLE (tenant_id bigint, state text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$ SELECT r.tenant_id, r.state FROM public.broadcast_recipients r WHERE r.broadcast_id = broadcast $$;

REVOKE ALL ON FUNCTION dispatch.reached(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.reached(bigint) TO emdia_dispatcher;
