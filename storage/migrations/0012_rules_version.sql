-- Which version of its rules a tenant is at: what was made from them may be kept as long as the version stands.
-- It changes in the transaction of the change itself, whoever makes it. Drawn from a sequence, a version never
-- comes back: not after a rollback, and not with a tenant who left and signs up again.
SET LOCAL ROLE emdia_migrator;

ALTER TABLE tenants ADD COLUMN rules_version bigint GENERATED ALWAYS AS IDENTITY;

CREATE FUNCTION rules_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            UPDATE public.tenants SET rules_version = DEFAULT;
        ELSE
            UPDATE public.tenants SET rules_version = DEFAULT WHERE tenant_id IN (OLD.tenant_id, NEW.tenant_id);
        END IF;
        RETURN NULL;
    END
    $$;

CREATE TRIGGER rules_changed AFTER UPDATE ON tenants
    FOR EACH ROW WHEN (OLD.rules_version = NEW.rules_version) EXECUTE FUNCTION rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON settings
    FOR EACH ROW EXECUTE FUNCTION rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE ON templates
    FOR EACH ROW EXECUTE FUNCTION rules_changed();
CREATE TRIGGER rules_emptied AFTER TRUNCATE ON settings FOR EACH STATEMENT EXECUTE FUNCTION rules_changed();
CREATE TRIGGER rules_emptied AFTER TRUNCATE ON templates FOR EACH STATEMENT EXECUTE FUNCTION rules_changed();

-- VOLATILE on purpose: it sees what was committed up to this call, not up to the start of the statement around it.
CREATE FUNCTION rules_version(tenant bigint) RETURNS bigint
    LANGUAGE sql VOLATILE
    RETURN (SELECT t.rules_version FROM tenants t WHERE t.tenant_id = tenant);
