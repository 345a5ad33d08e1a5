-- How each chat stands: the one message whose buttons count, and the question that typed text answers. It is read as an
-- update is begun and written as updates are closed. A chat may write before it is a tenant: nothing refers to tenants.
SET LOCAL ROLE emdia_migrator;

CREATE TABLE telegram_chats (
    tenant_id bigint PRIMARY KEY,                    -- the chat
    live_message_id bigint,
    live_has_picture boolean NOT NULL,
    asks text,                                       -- the key of a question of ours
    updated_at timestamptz NOT NULL
);

ALTER TABLE telegram_chats ENABLE ROW LEVEL SECURITY;
ALTER TABLE telegram_chats FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows_only ON telegram_chats TO emdia_app
    USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON telegram_chats TO emdia_app;

-- Nobody ever wrote to it.
DROP TABLE telegram_fsm;
