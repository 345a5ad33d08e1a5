-- Row-level security on every table of a tenant, forced on the owner too (B1), and the rights of each role.
SET LOCAL ROLE emdia_migrator;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'tenants', 'settings', 'templates', 'schedules', 'notices', 'audit_log', 'clients', 'client_payments',
        'messages', 'message_events', 'whatsapp_sessions', 'whatsapp_keys', 'whatsapp_numbers', 'whatsapp_incoming',
        'telegram_updates', 'telegram_fsm', 'subscription_charges', 'tenant_owners'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own_rows_only ON %I TO emdia_app USING (tenant_id = (SELECT current_tenant())) '
            'WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO emdia_app', name);
    END LOOP;
END
$$;

-- Ownership changes hands only through dispatch.take_over; the log of who did what is never rewritten.
REVOKE INSERT, DELETE ON tenant_owners FROM emdia_app;
REVOKE UPDATE ON tenant_owners FROM emdia_app;
GRANT UPDATE (quarantined_at, quarantine_error) ON tenant_owners TO emdia_app;
REVOKE UPDATE, DELETE ON audit_log, message_events FROM emdia_app;
GRANT SELECT, INSERT, UPDATE ON webhook_events TO emdia_app;
