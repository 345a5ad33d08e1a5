-- One account, in its own scope, as administrators see and change it (A11): counts, its payments to us, what was done to
-- it. Nothing here names a client.

-- name: counts
SELECT t.blocked_at, t.blocked_why,
       (SELECT count(*) FROM clients c WHERE c.tenant_id = :tenant_id AND c.archived_at IS NULL) AS clients,
       (SELECT count(*) FROM messages m WHERE m.tenant_id = :tenant_id AND m.day = :today AND m.state <> 'cancelled') AS today,
       (SELECT count(*) FROM messages m
        WHERE m.tenant_id = :tenant_id AND m.day = :today AND m.state IN ('waiting', 'queued', 'retry', 'unknown')) AS waiting,
       (SELECT count(*) FROM messages m
        WHERE m.tenant_id = :tenant_id AND m.state IN ('sent', 'delivered', 'read')) AS sent,
       (SELECT count(*) FROM subscription_charges c WHERE c.tenant_id = :tenant_id AND c.bookings > 0) AS payments,
       (SELECT coalesce(sum(c.booked), 0) FROM subscription_charges c WHERE c.tenant_id = :tenant_id) AS paid
FROM tenants t WHERE t.tenant_id = :tenant_id;

-- name: payments
-- The charges that money came of, newest first, each with what is left of it: their sum is what the account has paid.
SELECT c.status, c.booked, c.amount, coalesce(c.approved_at, c.created_at) AS at
FROM subscription_charges c WHERE c.tenant_id = :tenant_id AND c.bookings > 0
ORDER BY c.id DESC OFFSET :skip LIMIT :rows;

-- name: acts
-- What was done to the account itself, by us: never what its owner does with clients.
SELECT at, actor, action, subject, detail FROM audit_log
WHERE tenant_id = :tenant_id AND (actor LIKE 'admin %' OR actor = 'payments') ORDER BY at DESC, id DESC LIMIT :most;

-- name: begin_act
-- The same order twice is one act.
INSERT INTO admin_acts (tenant_id, number, act, given_by, at) VALUES (:tenant_id, :number, :act, :by, :now)
ON CONFLICT (tenant_id, number) DO NOTHING RETURNING number;

-- name: note_grant
UPDATE admin_acts SET grant_id = :grant_id WHERE tenant_id = :tenant_id AND number = :number;

-- name: given
SELECT a.grant_id, a.at, g.days, g.taken_back_at FROM admin_acts a
JOIN subscription_grants g ON g.tenant_id = a.tenant_id AND g.id = a.grant_id
WHERE a.tenant_id = :tenant_id AND a.number = :number AND a.act = 'give';

-- name: last_given
SELECT a.number, a.at, g.days FROM admin_acts a
JOIN subscription_grants g ON g.tenant_id = a.tenant_id AND g.id = a.grant_id
WHERE a.tenant_id = :tenant_id AND a.act = 'give' AND a.at > :after AND g.taken_back_at IS NULL
ORDER BY a.at DESC, a.number DESC LIMIT 1;

-- name: block
UPDATE tenants SET blocked_at = :now, blocked_why = :why WHERE tenant_id = :tenant_id AND blocked_at IS NULL
RETURNING tenant_id;

-- name: unblock
UPDATE tenants SET blocked_at = NULL, blocked_why = NULL WHERE tenant_id = :tenant_id AND blocked_at IS NOT NULL
RETURNING tenant_id;
