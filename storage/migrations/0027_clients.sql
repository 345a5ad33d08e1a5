-- What owners do with their clients: tags, own fields (C12), undoing, payments that renew nothing (C14).
SET LOCAL ROLE emdia_migrator;

ALTER TABLE clients
    -- The form it was registered by: the same again is the same client (C1).
    ADD COLUMN draft bigint,
    ADD COLUMN folded_server text GENERATED ALWAYS AS (fold(server)) STORED,
    -- The values of own fields by the fields' ids.
    ADD COLUMN own_values jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(own_values) = 'object'),
    -- The same for searching, without the secret ones; one a line, folded.
    ADD COLUMN own_search text NOT NULL DEFAULT '',
    ADD CONSTRAINT clients_draft UNIQUE (tenant_id, draft);

ALTER TABLE client_payments
    -- What was asked for the time it renewed: what is left of that is still to come.
    ADD COLUMN price numeric(12, 2) CHECK (price >= 0),
    -- The button it was recorded by: the same again is the same payment.
    ADD COLUMN nonce text CHECK (length(nonce) <= 64),
    ADD CONSTRAINT client_payments_nonce UNIQUE (tenant_id, nonce);
-- What was paid towards a due date without renewing.
CREATE INDEX client_payments_partial ON client_payments (tenant_id, client_id, due_on_before)
    WHERE due_on_after IS NULL AND voided_at IS NULL;

CREATE TABLE tags (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    emoji text NOT NULL CHECK (length(emoji) BETWEEN 1 AND 16),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    created_at timestamptz NOT NULL,
    dropped_at timestamptz,                          -- kept for a while, with its clients: it may be undone
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX tags_name ON tags (tenant_id, fold(name)) WHERE dropped_at IS NULL;

CREATE TABLE client_tags (
    tenant_id bigint NOT NULL,
    client_id bigint NOT NULL,
    tag_id bigint NOT NULL,
    PRIMARY KEY (tenant_id, client_id, tag_id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, tag_id) REFERENCES tags (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX client_tags_by_tag ON client_tags (tenant_id, tag_id);

CREATE TABLE own_fields (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    variable text NOT NULL CHECK (variable ~ '^[a-z0-9_]{1,60}$'),  -- its name in texts (D3)
    secret boolean NOT NULL,
    created_at timestamptz NOT NULL,
    dropped_at timestamptz,                          -- kept for a while, with its values: it may be undone
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX own_fields_variable ON own_fields (tenant_id, variable) WHERE dropped_at IS NULL;

-- What was done and can be taken back: everything that takes, and until when.
CREATE TABLE undos (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    act text NOT NULL CHECK (length(act) <= 40),
    topic text NOT NULL DEFAULT '' CHECK (length(topic) <= 80),  -- the field, the payment, the tag it was about
    client_id bigint,
    payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
    made_at timestamptz NOT NULL,
    until timestamptz NOT NULL,
    undone_at timestamptz,
    said text CHECK (length(said) <= 500),           -- what undoing it answered
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX undos_by_topic ON undos (tenant_id, act, topic, id);
CREATE INDEX undos_by_client ON undos (tenant_id, client_id);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['tags', 'client_tags', 'own_fields', 'undos'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own_rows_only ON %I TO emdia_app USING (tenant_id = (SELECT current_tenant())) '
            'WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO emdia_app', name);
    END LOOP;
END
$$;

-- The words of a client's own fields, for searching: what is secret is found by nobody.
CREATE FUNCTION own_search(tenant bigint, own_values jsonb) RETURNS text
    LANGUAGE sql STABLE STRICT
    RETURN (SELECT coalesce(string_agg(fold(o.value), E'\n' ORDER BY f.id), '')
            FROM jsonb_each_text(own_values) AS o
            JOIN own_fields f ON f.tenant_id = tenant AND f.id::text = o.key
            WHERE NOT f.secret AND f.dropped_at IS NULL);

-- The variables of the texts are of the rules, too.
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON own_fields
    FOR EACH ROW EXECUTE FUNCTION rules_changed();
CREATE TRIGGER rules_emptied AFTER TRUNCATE ON own_fields FOR EACH STATEMENT EXECUTE FUNCTION rules_changed();
