-- Sheets that were sent, from their dry run to what came of them (C11). Dropped after a while, with the tenant at last.
SET LOCAL ROLE emdia_migrator;

CREATE TABLE imports (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    file_name text NOT NULL CHECK (length(file_name) <= 100),
    file bytea CHECK (octet_length(file) <= 5242880),  -- null once it was carried out, or later ones came
    today date NOT NULL,                             -- dates without a year are read as they were shown
    review jsonb NOT NULL,                           -- the dry run, as the owner saw it
    created_at timestamptz NOT NULL,
    doubles text CHECK (doubles IN ('skip', 'update', 'add')),
    added integer,
    updated integer,
    skipped integer,
    done_at timestamptz,
    undo_id bigint,
    undo_until timestamptz,
    undone jsonb,                                    -- what taking it back answered
    PRIMARY KEY (tenant_id, id),
    CHECK (done_at IS NULL OR (doubles IS NOT NULL AND added IS NOT NULL AND updated IS NOT NULL AND skipped IS NOT NULL)),
    CHECK (undone IS NULL OR done_at IS NOT NULL)
);
CREATE INDEX imports_by_time ON imports (tenant_id, created_at);

-- The rows that do not simply enter, as the dry run found them.
CREATE TABLE import_rows (
    tenant_id bigint NOT NULL,
    import_id bigint NOT NULL,
    which text NOT NULL CHECK (which IN ('bad', 'double', 'gone')),
    place integer NOT NULL,                          -- from 1, in the order of the sheet
    row integer NOT NULL,
    name text,
    words text NOT NULL,
    PRIMARY KEY (tenant_id, import_id, which, place),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);

-- Whom an import added (no `before`) or changed, to take it back.
CREATE TABLE import_changes (
    tenant_id bigint NOT NULL,
    import_id bigint NOT NULL,
    client_id bigint NOT NULL,
    before jsonb,
    PRIMARY KEY (tenant_id, import_id, client_id),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX import_changes_by_client ON import_changes (tenant_id, client_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['imports', 'import_rows', 'import_changes'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own_rows_only ON %I TO emdia_app USING (tenant_id = (SELECT current_tenant())) '
            'WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO emdia_app', name);
    END LOOP;
END
$$;
