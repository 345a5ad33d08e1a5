-- Writes name the epoch and hold the owner's row, so that a takeover waits for them or they match nothing.

-- name: session
SELECT state, jid, lid, creds IS NOT NULL AS has_creds, epoch, paired_at, new_chats_blocked_until
FROM whatsapp_sessions WHERE tenant_id = $1;

-- name: creds
SELECT creds FROM whatsapp_sessions WHERE tenant_id = $1;

-- name: set_creds
-- $1 tenant, $2 epoch, $3 sealed credentials, $4 now.
WITH mine AS (
    SELECT epoch FROM tenant_owners WHERE tenant_id = $1 AND epoch = $2 FOR SHARE
)
INSERT INTO whatsapp_sessions (tenant_id, state, creds, epoch, updated_at)
SELECT $1, 'pairing', $3, mine.epoch, $4 FROM mine
ON CONFLICT (tenant_id) DO UPDATE
SET creds = excluded.creds, epoch = excluded.epoch, updated_at = excluded.updated_at
RETURNING 1;

-- name: set_state
-- $1 tenant, $2 epoch, $3 state, $4 jid, $5 lid, $6 now. A null jid or lid leaves what is known.
WITH mine AS (
    SELECT epoch FROM tenant_owners WHERE tenant_id = $1 AND epoch = $2 FOR SHARE
)
INSERT INTO whatsapp_sessions AS s (tenant_id, state, jid, lid, epoch, paired_at, updated_at)
SELECT $1, $3, $4, $5, mine.epoch, CASE WHEN $3 = 'paired' THEN $6::timestamptz END, $6 FROM mine
ON CONFLICT (tenant_id) DO UPDATE
SET state = excluded.state, epoch = excluded.epoch, updated_at = excluded.updated_at,
    jid = coalesce(excluded.jid, s.jid), lid = coalesce(excluded.lid, s.lid),
    paired_at = coalesce(s.paired_at, excluded.paired_at)
RETURNING 1;

-- name: block_new_chats
-- $1 tenant, $2 epoch, $3 until or null, $4 now.
UPDATE whatsapp_sessions s SET new_chats_blocked_until = $3, updated_at = $4
WHERE s.tenant_id = $1
  AND EXISTS (SELECT FROM tenant_owners o WHERE o.tenant_id = $1 AND o.epoch = $2 FOR SHARE)
RETURNING 1;

-- name: forget
-- $1 tenant, $2 epoch, $3 now. The device was unlinked: the next pairing starts from nothing.
WITH mine AS (
    SELECT FROM tenant_owners WHERE tenant_id = $1 AND epoch = $2 FOR SHARE
), gone AS (
    DELETE FROM whatsapp_keys WHERE tenant_id = $1 AND EXISTS (SELECT FROM mine)
), emptied AS (
    UPDATE whatsapp_sessions
    SET state = 'needs_qr', creds = NULL, jid = NULL, lid = NULL, paired_at = NULL, updated_at = $3
    WHERE tenant_id = $1 AND EXISTS (SELECT FROM mine)
)
SELECT 1 FROM mine;

-- name: get_keys
SELECT id, value FROM whatsapp_keys WHERE tenant_id = $1 AND type = $2 AND id = ANY ($3::text[]);

-- name: set_keys
-- $1 tenant, $2 epoch, $3 types, $4 ids, $5 sealed values, null to delete.
WITH mine AS (
    SELECT FROM tenant_owners WHERE tenant_id = $1 AND epoch = $2 FOR SHARE
), entry AS (
    SELECT * FROM unnest($3::text[], $4::text[], $5::bytea[]) AS e (type, id, value)
    WHERE EXISTS (SELECT FROM mine)
), gone AS (
    DELETE FROM whatsapp_keys k USING entry e
    WHERE k.tenant_id = $1 AND k.type = e.type AND k.id = e.id AND e.value IS NULL
), kept AS (
    INSERT INTO whatsapp_keys (tenant_id, type, id, value)
    SELECT $1, e.type, e.id, e.value FROM entry e WHERE e.value IS NOT NULL
    ON CONFLICT (tenant_id, type, id) DO UPDATE SET value = excluded.value
)
SELECT 1 FROM mine;

-- name: all_keys
SELECT type, id, value FROM whatsapp_keys WHERE tenant_id = $1 FOR UPDATE;

-- name: held_creds
SELECT creds FROM whatsapp_sessions WHERE tenant_id = $1 FOR UPDATE;

-- name: replace_keys
-- $1 tenant, $2 types, $3 ids, $4 values: the same secrets under another key of the ring.
UPDATE whatsapp_keys k SET value = e.value
FROM unnest($2::text[], $3::text[], $4::bytea[]) AS e (type, id, value)
WHERE k.tenant_id = $1 AND k.type = e.type AND k.id = e.id;

-- name: replace_creds
UPDATE whatsapp_sessions SET creds = $2 WHERE tenant_id = $1;
