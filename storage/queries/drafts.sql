-- name: find
SELECT * FROM drafts WHERE tenant_id = :tenant_id AND form = :form AND dropped_at IS NULL;

-- name: start
-- In the place of an older one. The same number again (an update that is handled twice) begins nothing anew.
INSERT INTO drafts AS d (tenant_id, form, number, step, answers, origin, update_id, updated_at)
VALUES (:tenant_id, :form, :number, :step, :answers, :origin, :number, :now)
ON CONFLICT (tenant_id, form) DO UPDATE SET
    number = excluded.number, step = excluded.step, answers = excluded.answers, offered = '{}',
    origin = excluded.origin, update_id = excluded.update_id, result = NULL, dropped_at = NULL, updated_at = excluded.updated_at
WHERE d.number <> excluded.number;

-- name: put
UPDATE drafts SET step = :step, answers = :answers, offered = :offered, update_id = :update_id, updated_at = :now
WHERE tenant_id = :tenant_id AND form = :form AND number = :number AND dropped_at IS NULL AND result IS NULL
RETURNING 1;

-- name: end
UPDATE drafts SET result = :result, answers = '{}', offered = '{}', updated_at = :now
WHERE tenant_id = :tenant_id AND form = :form AND number = :number;

-- name: drop
UPDATE drafts SET dropped_at = coalesce(dropped_at, :now)
WHERE tenant_id = :tenant_id AND form = :form AND number = coalesce(:number, number) AND result IS NULL
RETURNING number, origin;

-- name: restore
UPDATE drafts SET dropped_at = NULL
WHERE tenant_id = :tenant_id AND form = :form AND number = :number AND (dropped_at IS NULL OR dropped_at >= :since)
RETURNING number;
