-- name: create
-- $1 tenant, $2 name, $3 now, $4 end of the trial. A second sign-up changes nothing (A1).
INSERT INTO tenants (tenant_id, name, created_at, trial_ends_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id) DO NOTHING
RETURNING tenant_id;

-- name: create_settings
INSERT INTO settings (tenant_id) VALUES ($1) ON CONFLICT (tenant_id) DO NOTHING;

-- name: find
SELECT * FROM tenants WHERE tenant_id = $1;

-- name: settings
SELECT * FROM settings WHERE tenant_id = $1;

-- name: set_company
-- $1 tenant; a null leaves what stands there.
UPDATE settings SET
    company = coalesce($2, company),
    company_phone = coalesce($3, company_phone),
    support = coalesce($4, support),
    pix_key = coalesce($5, pix_key),
    pix_beneficiary = coalesce($6, pix_beneficiary),
    pix_city = coalesce($7, pix_city)
WHERE tenant_id = $1;

-- name: set_automatic_kinds
UPDATE settings SET automatic_kinds = $2 WHERE tenant_id = $1;

-- name: set_paused
UPDATE settings SET queue_paused = $2 WHERE tenant_id = $1;

-- name: charter
-- $1 tenant. All that its rules and words are made of, in one go, and the version that stands for just this. Of
-- its own texts the active one comes last and counts; where a kind has none, the default text stands (D2).
SELECT t.rules_version, t.name, t.created_at, t.trial_ends_at, t.paid_until, t.blocked_at, s.*,
       (SELECT jsonb_agg(jsonb_build_array(o.kind, o.body, o.active) ORDER BY o.active)
        FROM templates o WHERE o.tenant_id = t.tenant_id AND o.kind <> 'geral') AS own_texts
FROM tenants t
JOIN settings s ON s.tenant_id = t.tenant_id
WHERE t.tenant_id = $1;

-- name: put_notice
-- $1 tenant, $2 kind, $3 key, $4 payload, $5 now. The same key is told once only.
INSERT INTO notices (tenant_id, kind, dedupe_key, payload, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, kind, dedupe_key) DO NOTHING;

-- name: undelivered_notices
SELECT id, kind, payload FROM notices WHERE tenant_id = $1 AND delivered_at IS NULL ORDER BY id;

-- name: notice_delivered
UPDATE notices SET delivered_at = $3 WHERE tenant_id = $1 AND id = $2;

-- name: summary
-- $1 tenant, $2 today, $3 yesterday. The numbers of the owner's morning (E11); money from the ledger only (C9).
SELECT
    (SELECT count(*) FROM clients c
     WHERE c.tenant_id = $1 AND c.archived_at IS NULL AND c.due_on = $2) AS due_today,
    (SELECT count(*) FROM clients c
     WHERE c.tenant_id = $1 AND c.archived_at IS NULL AND c.due_on < $2) AS overdue,
    (SELECT coalesce(sum(c.price), 0) FROM clients c
     WHERE c.tenant_id = $1 AND c.archived_at IS NULL AND c.due_on < $2) AS overdue_value,
    (SELECT count(*) FROM messages m
     WHERE m.tenant_id = $1 AND m.day = $3 AND m.state IN ('sent', 'delivered', 'read')) AS sent_yesterday,
    (SELECT coalesce(sum(p.amount), 0) FROM client_payments p
     WHERE p.tenant_id = $1 AND p.paid_on = $3 AND p.voided_at IS NULL) AS received_yesterday,
    (SELECT count(*) FROM messages m
     WHERE m.tenant_id = $1 AND m.day = $2 AND m.state IN ('waiting', 'queued')) AS to_send_today;

-- name: problems
-- $1 tenant, $2 day. What did not arrive that day, by reason.
SELECT reason, count(*) FROM messages
WHERE tenant_id = $1 AND day = $2 AND state IN ('waiting', 'failed', 'expired') AND reason IS NOT NULL
GROUP BY reason ORDER BY reason;
