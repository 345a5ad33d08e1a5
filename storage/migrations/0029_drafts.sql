-- The forms that owners are filling in, one of each kind. A chat fills in its first one before it is a tenant.
SET LOCAL ROLE emdia_migrator;

CREATE TABLE drafts (
    tenant_id bigint NOT NULL,                       -- the chat
    form text NOT NULL CHECK (length(form) BETWEEN 1 AND 40),
    number bigint NOT NULL,                          -- the update that began it
    step text NOT NULL CHECK (length(step) <= 40),
    answers jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(answers) = 'object'),
    offered jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(offered) = 'object'),
    origin text NOT NULL DEFAULT '' CHECK (length(origin) <= 64),
    update_id bigint NOT NULL,                       -- the last that changed it
    result text CHECK (length(result) <= 80),
    dropped_at timestamptz,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, form)
);

ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;
ALTER TABLE drafts FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows_only ON drafts TO emdia_app USING (tenant_id = (SELECT current_tenant()))
    WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON drafts TO emdia_app;
