-- What a tenant takes out whole, and what is left of a client or a tenant that is gone (I9). Both follow the catalogue:
-- a table that is made later is in them from its first day.
SET LOCAL ROLE emdia_migrator;

CREATE FUNCTION tenant_tables() RETURNS SETOF text
    LANGUAGE sql STABLE SET search_path = ''
    AS $$
        SELECT c.relname::text FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::pg_catalog.regnamespace
        ORDER BY 1
    $$;

-- The rows of one of them as JSON, without what is sealed and what nobody outside may guess ids from.
-- It runs as who calls it: row-level security binds it (B1).
CREATE FUNCTION rows_of(tenant bigint, name text) RETURNS SETOF jsonb
    LANGUAGE plpgsql STABLE SET search_path = ''
    AS $$
    DECLARE
        withheld text[];
    BEGIN
        IF name NOT IN (SELECT public.tenant_tables()) THEN
            RAISE EXCEPTION 'no table of a tenant: %', name USING ERRCODE = 'undefined_table';
        END IF;
        SELECT array_agg(a.attname::text) || 'message_salt'::text INTO withheld FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = ('public.' || quote_ident(name))::pg_catalog.regclass
          AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'bytea'::pg_catalog.regtype;
        RETURN QUERY EXECUTE format(
            'SELECT to_jsonb(t) - $2 FROM public.%I t WHERE t.tenant_id = $1 ORDER BY t', name)
            USING tenant, coalesce(withheld, ARRAY['message_salt']);
    END
    $$;

-- The pinned message of the day's figures: a row is there as long as the owner wants it (J8).
CREATE TABLE scoreboards (
    tenant_id bigint PRIMARY KEY REFERENCES tenants ON DELETE CASCADE,
    message_id bigint                                -- null until Telegram took it
);
ALTER TABLE scoreboards ENABLE ROW LEVEL SECURITY;
ALTER TABLE scoreboards FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows_only ON scoreboards TO emdia_app
    USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON scoreboards TO emdia_app;
