-- name: forget_tenant
-- All that hangs on it goes along. What was done stays in the log, in which nobody is named (I9).
DELETE FROM tenants WHERE tenant_id = :tenant_id RETURNING 1;

-- name: forget_chat
-- What a chat has before it is a tenant hangs on none. What is being answered right now is closed first, and dropped
-- as any chat's that never became a tenant.
WITH chat AS (
    DELETE FROM telegram_chats WHERE tenant_id = :tenant_id
), forms AS (
    DELETE FROM drafts WHERE tenant_id = :tenant_id
)
DELETE FROM telegram_updates
WHERE tenant_id = :tenant_id AND (handled_at IS NOT NULL OR set_aside_at IS NOT NULL);

-- name: forget_traces
-- What speaks of a client without hanging on it: what was typed, told and read from sheets, half-filled forms. What
-- must not be told or handled twice keeps its number, and nothing else.
WITH updates AS (
    UPDATE telegram_updates SET payload = '{}'
    WHERE tenant_id = :tenant_id AND (handled_at IS NOT NULL OR set_aside_at IS NOT NULL) AND payload <> '{}'
), told AS (
    UPDATE notices SET payload = '{}' WHERE tenant_id = :tenant_id AND delivered_at IS NOT NULL AND payload <> '{}'
), done AS (
    UPDATE drafts SET answers = '{}', offered = '{}' WHERE tenant_id = :tenant_id AND result IS NOT NULL
), forms AS (
    DELETE FROM drafts
    WHERE tenant_id = :tenant_id AND result IS NULL AND (dropped_at IS NOT NULL
        OR answers ->> 'client_id' = :client_id::bigint::text
        OR strpos(answers::text, :phone) > 0 OR strpos(offered::text, :phone) > 0
        OR strpos(answers::text, :name) > 0 OR strpos(offered::text, :name) > 0)
), sheets AS (
    DELETE FROM import_rows
    WHERE tenant_id = :tenant_id
      AND (fold(coalesce(name, '')) = fold(:name) OR strpos(fold(words), fold(:name)) > 0 OR strpos(words, :phone) > 0)
), reviews AS (
    UPDATE imports SET review = review || '{"sample": [], "first_bad": [], "notes": []}'
    WHERE tenant_id = :tenant_id AND (strpos(review::text, :name) > 0 OR strpos(review::text, :phone) > 0)
), acts AS (
    DELETE FROM undos WHERE tenant_id = :tenant_id AND client_id IS NULL AND strpos(payload::text, :name) > 0
), replies AS (
    DELETE FROM whatsapp_incoming i
    WHERE i.tenant_id = :tenant_id AND NOT :shared::boolean
      AND (i.from_phone = ANY (:phones::text[]) OR split_part(i.from_jid, '@', 1) = ANY (:users::text[])
        OR EXISTS (SELECT FROM whatsapp_numbers k
            WHERE k.tenant_id = :tenant_id AND k.phone = ANY (:phones::text[]) AND i.from_jid IN (k.jid, k.lid)))
), tests AS (
    DELETE FROM whatsapp_tests t WHERE t.tenant_id = :tenant_id AND NOT :shared::boolean AND t.phone = ANY (:phones::text[])
)
DELETE FROM whatsapp_numbers n WHERE n.tenant_id = :tenant_id AND NOT :shared::boolean AND n.phone = ANY (:phones::text[]);

-- name: forget_notes
-- Money stays counted; what was written beside it was about the client.
UPDATE client_payments SET note = NULL WHERE tenant_id = :tenant_id AND client_id = :client_id AND note IS NOT NULL;

-- name: shares_phone
SELECT EXISTS (
    SELECT FROM clients WHERE tenant_id = :tenant_id AND phone = ANY (:phones::text[]) AND id <> :client_id);

-- name: losses
-- What an owner would lose, counted (law 6 of its screen).
SELECT (SELECT count(*) FROM clients WHERE tenant_id = :tenant_id) AS clients,
       (SELECT count(*) FROM client_payments WHERE tenant_id = :tenant_id) AS payments,
       (SELECT count(*) FROM messages WHERE tenant_id = :tenant_id) AS messages,
       (SELECT count(*) FROM templates WHERE tenant_id = :tenant_id) AS texts;
