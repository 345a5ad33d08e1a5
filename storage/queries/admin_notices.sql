-- name: put
INSERT INTO admin_notices (dedupe_key, payload, created_at)
SELECT :key, :payload, :now WHERE :tenant_id::bigint IS NOT NULL
ON CONFLICT DO NOTHING;

-- name: put_alone
SELECT dispatch.put_admin_notice(:key, :payload, :now);

-- name: untold
SELECT id, payload, created_at, chats FROM dispatch.untold_admin_notices(:admins, :most);

-- name: told
SELECT dispatch.admin_notice_told(:notice_id, :chat_id, :admins, :now);
