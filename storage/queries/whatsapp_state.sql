-- Writes name the epoch and hold the owner's row, so that a takeover waits for them or they match nothing.

-- name: session
SELECT state, jid, lid, creds IS NOT NULL AS has_creds, epoch, paired_at, new_chats_blocked_until
FROM whatsapp_sessions WHERE tenant_id = :tenant_id;

-- name: creds
SELECT creds FROM whatsapp_sessions WHERE tenant_id = :tenant_id;

-- name: set_creds
WITH mine AS (
    SELECT epoch FROM tenant_owners WHERE tenant_id = :tenant_id AND epoch = :epoch FOR SHARE
)
INSERT INTO whatsapp_sessions (tenant_id, state, creds, epoch, updated_at)
SELECT :tenant_id, 'pairing', :creds, mine.epoch, :now FROM mine
ON CONFLICT (tenant_id) DO UPDATE
SET creds = excluded.creds, epoch = excluded.epoch, updated_at = excluded.updated_at
RETURNING 1;

-- name: set_state
-- A null jid or lid leaves what is known.
WITH mine AS (
    SELECT epoch FROM tenant_owners WHERE tenant_id = :tenant_id AND epoch = :epoch FOR SHARE
)
INSERT INTO whatsapp_sessions AS s (tenant_id, state, jid, lid, epoch, paired_at, updated_at)
SELECT :tenant_id, :state, :jid, :lid, mine.epoch,
       CASE WHEN :state = 'paired' THEN :now::timestamptz END, :now FROM mine
ON CONFLICT (tenant_id) DO UPDATE
SET state = excluded.state, epoch = excluded.epoch, updated_at = excluded.updated_at,
    jid = coalesce(excluded.jid, s.jid), lid = coalesce(excluded.lid, s.lid),
    paired_at = coalesce(s.paired_at, excluded.paired_at)
RETURNING 1;

-- name: block_new_chats
-- A null `until`: new chats are open again.
UPDATE whatsapp_sessions s SET new_chats_blocked_until = :until, updated_at = :now
WHERE s.tenant_id = :tenant_id
  AND EXISTS (SELECT FROM tenant_owners o WHERE o.tenant_id = :tenant_id AND o.epoch = :epoch FOR SHARE)
RETURNING 1;

-- name: forget
-- The device was unlinked: the next pairing starts from nothing.
WITH mine AS (
    SELECT FROM tenant_owners WHERE tenant_id = :tenant_id AND epoch = :epoch FOR SHARE
), gone AS (
    DELETE FROM whatsapp_keys WHERE tenant_id = :tenant_id AND EXISTS (SELECT FROM mine)
), emptied AS (
    UPDATE whatsapp_sessions
    SET state = 'needs_qr', creds = NULL, jid = NULL, lid = NULL, paired_at = NULL, updated_at = :now
    WHERE tenant_id = :tenant_id AND EXISTS (SELECT FROM mine)
)
SELECT 1 FROM mine;

-- name: get_keys
SELECT id, value FROM whatsapp_keys WHERE tenant_id = :tenant_id AND type = :type AND id = ANY (:ids::text[]);

-- name: set_keys
-- A null value deletes.
WITH mine AS (
    SELECT FROM tenant_owners WHERE tenant_id = :tenant_id AND epoch = :epoch FOR SHARE
), entry AS (
    SELECT * FROM unnest(:types::text[], :ids::text[], :values::bytea[]) AS e (type, id, value)
    WHERE EXISTS (SELECT FROM mine)
), gone AS (
    DELETE FROM whatsapp_keys k USING entry e
    WHERE k.tenant_id = :tenant_id AND k.type = e.type AND k.id = e.id AND e.value IS NULL
), kept AS (
    INSERT INTO whatsapp_keys (tenant_id, type, id, value)
    SELECT :tenant_id, e.type, e.id, e.value FROM entry e WHERE e.value IS NOT NULL
    ON CONFLICT (tenant_id, type, id) DO UPDATE SET value = excluded.value
)
SELECT 1 FROM mine;

-- name: all_keys
SELECT type, id, value FROM whatsapp_keys WHERE tenant_id = :tenant_id FOR UPDATE;

-- name: held_creds
SELECT creds FROM whatsapp_sessions WHERE tenant_id = :tenant_id FOR UPDATE;

-- name: replace_keys
-- The same secrets under another key of the ring.
UPDATE whatsapp_keys k SET value = e.value
FROM unnest(:types::text[], :ids::text[], :values::bytea[]) AS e (type, id, value)
WHERE k.tenant_id = :tenant_id AND k.type = e.type AND k.id = e.id;

-- name: replace_creds
UPDATE whatsapp_sessions SET creds = :creds WHERE tenant_id = :tenant_id;
