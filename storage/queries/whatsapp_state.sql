-- Writes name the epoch and hold the owner's row, so that a takeover waits for them or they match nothing.

-- name: session
SELECT state, jid, lid, creds IS NOT NULL AS has_creds, epoch, paired_at, resume_at, resume_within,
       new_chats_blocked_until, new_chats_blocked_within
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
-- A null jid or lid leaves what is known; only a temporary ban has an end to resume at.
WITH mine AS (
    SELECT epoch FROM tenant_owners WHERE tenant_id = :tenant_id AND epoch = :epoch FOR SHARE
)
INSERT INTO whatsapp_sessions AS s (
    tenant_id, state, jid, lid, epoch, paired_at, resume_at, resume_within, updated_at)
SELECT :tenant_id, :state, :jid, :lid, mine.epoch,
       CASE WHEN :state = 'paired' THEN :now::timestamptz END, :resume_at, :resume_within, :now FROM mine
ON CONFLICT (tenant_id) DO UPDATE
SET state = excluded.state, resume_at = excluded.resume_at, resume_within = excluded.resume_within, epoch = excluded.epoch, updated_at = excluded.updated_at,
    jid = coalesce(excluded.jid, s.jid), lid = coalesce(excluded.lid, s.lid),
    paired_at = coalesce(s.paired_at, excluded.paired_at)
RETURNING 1;

-- name: block_new_chats
-- A null `until`: new chats are open again. A null `within`: WhatsApp itself said until when.
UPDATE whatsapp_sessions s
SET new_chats_blocked_until = :until, new_chats_blocked_within = :within, updated_at = :now
WHERE s.tenant_id = :tenant_id
  AND EXISTS (SELECT FROM tenant_owners o WHERE o.tenant_id = :tenant_id AND o.epoch = :epoch FOR SHARE)
RETURNING 1;

-- name: begin_pairing
-- A new device begins with nothing. The one before is set aside, with its keys; of one that never came to be,
-- nothing stays. One that is aside already, because its successor never worked, is the one that stays aside.
WITH mine AS (
    SELECT epoch FROM tenant_owners WHERE tenant_id = :tenant_id AND epoch = :epoch FOR SHARE
), before AS (
    SELECT s.* FROM whatsapp_sessions s
    WHERE s.tenant_id = :tenant_id AND s.creds IS NOT NULL AND s.state <> 'pairing' AND EXISTS (SELECT FROM mine)
), aside AS (
    INSERT INTO whatsapp_set_aside (
        tenant_id, generation, state, creds, jid, lid, paired_at, resume_at, resume_within, set_aside_at)
    SELECT tenant_id, generation, state, creds, jid, lid, paired_at, resume_at, resume_within, :now FROM before
    ON CONFLICT (tenant_id) DO NOTHING
), kept AS (
    SELECT coalesce(
        (SELECT a.generation FROM whatsapp_set_aside a WHERE a.tenant_id = :tenant_id),
        (SELECT b.generation FROM before b)) AS generation
), gone AS (
    DELETE FROM whatsapp_keys k USING kept
    WHERE k.tenant_id = :tenant_id AND k.generation IS DISTINCT FROM kept.generation AND EXISTS (SELECT FROM mine)
)
INSERT INTO whatsapp_sessions AS s (tenant_id, state, epoch, generation, updated_at)
SELECT :tenant_id, 'pairing', mine.epoch, 1, :now FROM mine
ON CONFLICT (tenant_id) DO UPDATE
SET state = 'pairing', epoch = excluded.epoch, updated_at = excluded.updated_at,
    generation = greatest(s.generation, coalesce((SELECT kept.generation FROM kept), 0)) + 1,
    creds = NULL, jid = NULL, lid = NULL, paired_at = NULL, resume_at = NULL, resume_within = NULL
RETURNING 1;

-- name: abandon_pairing
-- Nobody paired: the device that was set aside counts again, as it stood.
WITH mine AS (
    SELECT FROM tenant_owners WHERE tenant_id = :tenant_id AND epoch = :epoch FOR SHARE
), unpaired AS (
    SELECT s.tenant_id FROM whatsapp_sessions s
    WHERE s.tenant_id = :tenant_id AND s.state = 'pairing' AND EXISTS (SELECT FROM mine)
), back AS (
    DELETE FROM whatsapp_set_aside a USING unpaired u WHERE a.tenant_id = u.tenant_id RETURNING a.*
), gone AS (
    DELETE FROM whatsapp_keys k USING unpaired u
    WHERE k.tenant_id = u.tenant_id AND k.generation IS DISTINCT FROM (SELECT back.generation FROM back)
), restored AS (
    UPDATE whatsapp_sessions s
    SET state = coalesce(b.state, 'disconnected'), generation = coalesce(b.generation, s.generation),
        creds = b.creds, jid = b.jid, lid = b.lid, paired_at = b.paired_at,
        resume_at = b.resume_at, resume_within = b.resume_within, updated_at = :now
    FROM unpaired u LEFT JOIN back b ON b.tenant_id = u.tenant_id
    WHERE s.tenant_id = u.tenant_id
)
SELECT 1 FROM mine;

-- name: drop_set_aside
-- The new device works: what was kept of the one before is of no use any more.
WITH mine AS (
    SELECT FROM tenant_owners WHERE tenant_id = :tenant_id AND epoch = :epoch FOR SHARE
), gone AS (
    DELETE FROM whatsapp_set_aside a WHERE a.tenant_id = :tenant_id AND EXISTS (SELECT FROM mine)
    RETURNING a.generation
), spoiled AS (
    DELETE FROM whatsapp_keys k USING gone, whatsapp_sessions s
    WHERE k.tenant_id = :tenant_id AND s.tenant_id = :tenant_id AND k.generation <> s.generation
)
SELECT 1 FROM mine;

-- name: get_keys
-- No row at all: the epoch is over. Without any of the keys there is one row of nulls.
SELECT k.id, k.value FROM tenant_owners o
LEFT JOIN whatsapp_sessions s ON s.tenant_id = o.tenant_id
LEFT JOIN whatsapp_keys k ON k.tenant_id = o.tenant_id AND k.generation = coalesce(s.generation, 0)
    AND k.type = :type AND k.id = ANY (:ids::text[])
WHERE o.tenant_id = :tenant_id AND o.epoch = :epoch;

-- name: set_keys
-- A null value deletes.
WITH mine AS (
    SELECT FROM tenant_owners WHERE tenant_id = :tenant_id AND epoch = :epoch FOR SHARE
), present AS (
    SELECT coalesce((SELECT s.generation FROM whatsapp_sessions s WHERE s.tenant_id = :tenant_id), 0) AS generation
), entry AS (
    SELECT * FROM unnest(:types::text[], :ids::text[], :values::bytea[]) AS e (type, id, value), present
    WHERE EXISTS (SELECT FROM mine)
), gone AS (
    DELETE FROM whatsapp_keys k USING entry e
    WHERE k.tenant_id = :tenant_id AND k.generation = e.generation AND k.type = e.type AND k.id = e.id
      AND e.value IS NULL
), kept AS (
    INSERT INTO whatsapp_keys (tenant_id, generation, type, id, value)
    SELECT :tenant_id, e.generation, e.type, e.id, e.value FROM entry e WHERE e.value IS NOT NULL
    ON CONFLICT (tenant_id, generation, type, id) DO UPDATE SET value = excluded.value
)
SELECT 1 FROM mine;

-- name: owned
-- Whether this epoch is still the tenant's: asked before a lost line is fought for.
SELECT EXISTS (SELECT FROM tenant_owners WHERE tenant_id = :tenant_id AND epoch = :epoch);

-- name: refused_clients
-- How many different clients WhatsApp refused (463) in a stretch of time.
SELECT count(DISTINCT m.client_id)
FROM message_events e
JOIN messages m ON m.tenant_id = e.tenant_id AND m.id = e.message_id
WHERE e.tenant_id = :tenant_id AND e.detail = 'restricted' AND e.state = 'failed'
  AND e.at > :since AND e.at <= :until;

-- name: all_keys
SELECT generation, type, id, value FROM whatsapp_keys WHERE tenant_id = :tenant_id FOR UPDATE;

-- name: held_creds
SELECT creds FROM whatsapp_sessions WHERE tenant_id = :tenant_id FOR UPDATE;

-- name: held_set_aside
SELECT creds FROM whatsapp_set_aside WHERE tenant_id = :tenant_id FOR UPDATE;

-- name: replace_keys
-- The same secrets under another key of the ring.
UPDATE whatsapp_keys k SET value = e.value
FROM unnest(:generations::integer[], :types::text[], :ids::text[], :values::bytea[]) AS e (generation, type, id, value)
WHERE k.tenant_id = :tenant_id AND k.generation = e.generation AND k.type = e.type AND k.id = e.id;

-- name: replace_creds
UPDATE whatsapp_sessions SET creds = :creds WHERE tenant_id = :tenant_id;

-- name: replace_set_aside
UPDATE whatsapp_set_aside SET creds = :creds WHERE tenant_id = :tenant_id;
