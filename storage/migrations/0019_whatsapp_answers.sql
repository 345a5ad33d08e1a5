-- What WhatsApp did not answer was kept as a "no" for a month, and whom it refused is counted by the hour.
SET LOCAL ROLE emdia_migrator;

-- Every "no" is asked again: those that were none cannot be told from the others.
ALTER TABLE whatsapp_numbers NO FORCE ROW LEVEL SECURITY;
DELETE FROM whatsapp_numbers WHERE jid IS NULL;
ALTER TABLE whatsapp_numbers FORCE ROW LEVEL SECURITY;

CREATE INDEX message_events_refused ON message_events (tenant_id, at) WHERE detail = 'restricted';
