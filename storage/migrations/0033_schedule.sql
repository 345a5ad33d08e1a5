-- Holidays, the owner's own among them, on which cobranca may rest (F5, decision 7).
SET LOCAL ROLE emdia_migrator;

ALTER TABLE settings
    -- Messages go on holidays as on other days.
    ADD COLUMN holidays boolean NOT NULL DEFAULT true,
    -- Where they rest, they rest on the days that are no holiday by law, too (ponto facultativo).
    ADD COLUMN optional_holidays boolean NOT NULL DEFAULT false;

CREATE TABLE own_holidays (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    day date NOT NULL,                               -- of a yearly one, the day it was told with
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    yearly boolean NOT NULL,
    created_at timestamptz NOT NULL,
    dropped_at timestamptz,                          -- kept for a while: it may be undone
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX own_holidays_day ON own_holidays (tenant_id, day, yearly) WHERE dropped_at IS NULL;

ALTER TABLE own_holidays ENABLE ROW LEVEL SECURITY;
ALTER TABLE own_holidays FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows_only ON own_holidays TO emdia_app
    USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON own_holidays TO emdia_app;

CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON own_holidays
    FOR EACH ROW EXECUTE FUNCTION rules_changed();
CREATE TRIGGER rules_emptied AFTER TRUNCATE ON own_holidays FOR EACH STATEMENT EXECUTE FUNCTION rules_changed();
