-- What clients write back (F8): of every kind, gathered by who wrote, until the owner has answered.
SET LOCAL ROLE emdia_migrator;

ALTER TABLE whatsapp_incoming
    DROP CONSTRAINT whatsapp_incoming_kind_check,
    ADD CONSTRAINT whatsapp_incoming_kind_check CHECK (kind IN (
        'text', 'image', 'audio', 'video', 'pdf', 'document', 'sticker', 'contact', 'location', 'other', 'deleted')),
    ADD COLUMN name text CHECK (length(name) <= 200),        -- a file's, a contact's or a place's
    ADD COLUMN size_bytes bigint CHECK (size_bytes > 0),
    ADD COLUMN seconds integer CHECK (seconds > 0),
    ADD COLUMN about_id text CHECK (length(about_id) <= 100), -- the message that this one changes
    -- WhatsApp tells the second only: within one, what came first was written first.
    ADD COLUMN place bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN talk_id bigint;

-- Whose account wrote is looked up by what WhatsApp called it.
CREATE INDEX whatsapp_numbers_by_jid ON whatsapp_numbers (tenant_id, jid);
CREATE INDEX whatsapp_numbers_by_lid ON whatsapp_numbers (tenant_id, lid);

CREATE INDEX whatsapp_incoming_in_order ON whatsapp_incoming (tenant_id, place) WHERE handled_at IS NULL;

-- One for each phone that clients have: what was written from it, and how far the owner knows.
CREATE TABLE reply_talks (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{7,14}$'),  -- the shorter of the two forms of a mobile
    since timestamptz NOT NULL,                      -- of the first message that waits for the owner
    last_at timestamptz NOT NULL,                    -- of the last message, by our own clock
    done_at timestamptz,                             -- when the owner was done with all of them
    version bigint NOT NULL DEFAULT 0,               -- of what its card shows; the owner has seen `told_version`
    told_version bigint NOT NULL DEFAULT 0,
    told_at timestamptz,                             -- when its card came last as a message of its own
    seen_at timestamptz,                             -- `last_at` as the owner has been told it
    shown_state text CHECK (length(shown_state) <= 20),  -- of the owner's answer, as the card shows it
    claimed_by uuid,                                 -- the process that tells it
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, phone)
);
CREATE INDEX reply_talks_untold ON reply_talks (tenant_id) WHERE version > told_version;
CREATE INDEX reply_talks_by_time ON reply_talks (tenant_id, last_at);

ALTER TABLE whatsapp_incoming
    ADD FOREIGN KEY (tenant_id, talk_id) REFERENCES reply_talks (tenant_id, id) ON DELETE CASCADE;
CREATE INDEX whatsapp_incoming_by_talk ON whatsapp_incoming (tenant_id, talk_id, place);

-- Whose phone it is. With the last of them goes what was written from it (I9).
CREATE TABLE reply_people (
    tenant_id bigint NOT NULL,
    talk_id bigint NOT NULL,
    client_id bigint NOT NULL,
    PRIMARY KEY (tenant_id, talk_id, client_id),
    FOREIGN KEY (tenant_id, talk_id) REFERENCES reply_talks (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX reply_people_by_client ON reply_people (tenant_id, client_id);

-- On the clients themselves: what a foreign key takes along is taken by the tables' owner, whom no policy lets further.
CREATE FUNCTION nobody_left() RETURNS trigger
    LANGUAGE plpgsql SET search_path = ''
    AS $$
    BEGIN
        DELETE FROM public.reply_talks t
        WHERE t.tenant_id IN (SELECT gone.tenant_id FROM gone)
          AND NOT EXISTS (SELECT FROM public.reply_people p WHERE p.tenant_id = t.tenant_id AND p.talk_id = t.id);
        RETURN NULL;
    END
    $$;
CREATE TRIGGER nobody_left AFTER DELETE ON clients REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION nobody_left();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['reply_talks', 'reply_people'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own_rows_only ON %I TO emdia_app USING (tenant_id = (SELECT current_tenant())) '
            'WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO emdia_app', name);
    END LOOP;
END
$$;

-- What confirms to a client that it left, or came back: its own opt-out does not hold that one back.
ALTER TABLE messages ADD COLUMN farewell boolean NOT NULL DEFAULT false;

-- When the owner wants to hear of no reply; equal times would be no hours at all.
ALTER TABLE settings
    ADD COLUMN quiet_on boolean NOT NULL DEFAULT true,
    ADD COLUMN quiet_from time NOT NULL DEFAULT '22:00',
    ADD COLUMN quiet_until time NOT NULL DEFAULT '07:00',
    ADD CONSTRAINT settings_quiet_hours CHECK (quiet_from <> quiet_until);
