-- Who may do what. Roles are cluster-wide, so each is made only where it is missing.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['emdia_migrator', 'emdia_app', 'emdia_dispatcher', 'emdia_lookout'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this cluster has it
        END;
        -- Who creates a role is its member, but without SET may not become it.
        IF NOT pg_has_role(current_user, name, 'SET') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', name);
        END IF;
    END LOOP;
END
$$;

-- The login user connects and becomes one of these at once; none inherits another's rights.
COMMENT ON ROLE emdia_migrator IS 'owns the tables';
COMMENT ON ROLE emdia_app IS 'one tenant at a time, under row-level security';
COMMENT ON ROLE emdia_dispatcher IS 'calls the functions of schema dispatch, reads no table';
COMMENT ON ROLE emdia_lookout IS 'owns the functions of schema dispatch: sees ids and times across tenants';

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO emdia_migrator;
GRANT USAGE ON SCHEMA public TO emdia_app, emdia_lookout;

CREATE SCHEMA dispatch AUTHORIZATION emdia_lookout;
GRANT USAGE ON SCHEMA dispatch TO emdia_dispatcher;
