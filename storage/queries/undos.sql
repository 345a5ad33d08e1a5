-- name: add
INSERT INTO undos (tenant_id, act, topic, client_id, payload, made_at, until)
VALUES (:tenant_id, :act, :topic, :client_id, :payload, :now, :until)
RETURNING id;

-- name: latest
-- What was offered for an act that is asked for again.
SELECT id, act, topic, client_id, payload, until, undone_at, said FROM undos
WHERE tenant_id = :tenant_id AND act = :act AND topic = :topic
ORDER BY id DESC LIMIT 1;

-- name: find
SELECT id, act, topic, client_id, payload, until, undone_at, said FROM undos
WHERE tenant_id = :tenant_id AND id = :undo_id;

-- name: close
UPDATE undos SET undone_at = :now, said = :said WHERE tenant_id = :tenant_id AND id = :undo_id AND undone_at IS NULL
RETURNING 1;
