-- Names as people search and sort them: without accents or case (C3). Follows domain.text.fold.
SET LOCAL ROLE emdia_migrator;

CREATE FUNCTION fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(regexp_replace(normalize(value, NFKD), U&'[\0300-\036F]', '', 'g'));

ALTER TABLE clients ADD COLUMN folded_name text NOT NULL GENERATED ALWAYS AS (fold(name)) STORED;

-- Tenants whose secrets must be sealed anew when a key leaves the ring.
SET LOCAL ROLE emdia_lookout;

CREATE FUNCTION dispatch.tenants_with_session() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
    AS $$ SELECT w.tenant_id FROM public.whatsapp_sessions w $$;

REVOKE ALL ON FUNCTION dispatch.tenants_with_session() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch.tenants_with_session() TO emdia_dispatcher;
