-- name: mark
-- Nothing is ever sent to them: every switch is off, and they have opted out.
UPDATE clients SET receives_billing = false, receives_notices = false, opted_out_at = :now,
    preferences = jsonb_build_object(:mark::text, true), updated_at = :now
WHERE tenant_id = :tenant_id AND id = ANY (:client_ids::bigint[]);

-- name: marked
SELECT id FROM clients WHERE tenant_id = :tenant_id AND preferences -> :mark = 'true' ORDER BY id;
