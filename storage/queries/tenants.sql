-- name: create
-- A second sign-up changes nothing (A1). Who comes back after erasing its account goes on where that stood: its trial
-- does not begin anew (A2), and who was blocked still is (A6).
WITH erased AS (
    SELECT min((detail ->> 'trial_ends_at')::timestamptz) AS trial_ends_at,
           (array_agg((detail ->> 'blocked_at')::timestamptz ORDER BY id DESC))[1] AS blocked_at
    FROM audit_log
    WHERE tenant_id = :tenant_id AND action = 'erase' AND subject = 'account' AND detail ->> 'trial_ends_at' IS NOT NULL
)
INSERT INTO tenants (tenant_id, name, email, phone, created_at, trial_ends_at, blocked_at)
SELECT :tenant_id::bigint, :name::text, :email::text, :phone::text, :now::timestamptz,
       least(:trial_ends_at::timestamptz, trial_ends_at), blocked_at
FROM erased
ON CONFLICT (tenant_id) DO NOTHING
RETURNING tenant_id;

-- name: create_settings
INSERT INTO settings (tenant_id) VALUES (:tenant_id) ON CONFLICT (tenant_id) DO NOTHING;

-- name: set_owner
-- A null leaves what stands there.
UPDATE tenants SET name = coalesce(:name, name), email = coalesce(:email, email), phone = coalesce(:phone, phone)
WHERE tenant_id = :tenant_id;

-- name: choose_reminders
-- The owner has looked at what goes by itself, and wants it so.
UPDATE settings SET extra = extra || '{"reminders_chosen": true}' WHERE tenant_id = :tenant_id;

-- name: zone
SELECT time_zone FROM settings WHERE tenant_id = :tenant_id;

-- name: find
SELECT * FROM tenants WHERE tenant_id = :tenant_id;

-- name: settings
SELECT * FROM settings WHERE tenant_id = :tenant_id;

-- name: set_company
-- A null leaves what stands there.
UPDATE settings SET
    company = coalesce(:company, company),
    company_phone = coalesce(:company_phone, company_phone),
    support = coalesce(:support, support),
    pix_key = coalesce(:pix_key, pix_key),
    pix_beneficiary = coalesce(:pix_beneficiary, pix_beneficiary),
    pix_city = coalesce(:pix_city, pix_city)
WHERE tenant_id = :tenant_id;

-- name: set_business
-- One field of what messages say about the business; null takes it out.
UPDATE settings SET
    company = CASE WHEN :field = 'empresa' THEN :value ELSE company END,
    company_phone = CASE WHEN :field = 'empresa_telefone' THEN :value ELSE company_phone END,
    support = CASE WHEN :field = 'suporte' THEN :value ELSE support END
WHERE tenant_id = :tenant_id;

-- name: set_automatic_kinds
UPDATE settings SET automatic_kinds = :kinds WHERE tenant_id = :tenant_id;

-- name: set_paused
UPDATE settings SET queue_paused = :paused WHERE tenant_id = :tenant_id;

-- name: set_pix_alone
UPDATE settings SET pix_alone = :alone WHERE tenant_id = :tenant_id;

-- name: charter
-- All that its rules and words are made of, in one go, and the version that stands for just this. Of its own texts
-- the active one comes last and counts; where a kind has none, the default text stands (D2).
SELECT t.rules_version, t.name, t.email, t.phone, t.created_at, t.trial_ends_at, t.paid_until, t.blocked_at, t.blocked_why,
       s.*,
       (SELECT jsonb_agg(jsonb_build_array(o.kind, o.body, o.active) ORDER BY o.active)
        FROM templates o WHERE o.tenant_id = t.tenant_id AND o.kind <> 'geral') AS own_texts,
       (SELECT jsonb_object_agg(f.variable, f.id::text)
        FROM own_fields f WHERE f.tenant_id = t.tenant_id AND f.dropped_at IS NULL) AS own_variables,
       (SELECT jsonb_agg(jsonb_build_array(h.day, h.name, h.yearly) ORDER BY h.id)
        FROM own_holidays h WHERE h.tenant_id = t.tenant_id AND h.dropped_at IS NULL) AS own_holidays
FROM tenants t
JOIN settings s ON s.tenant_id = t.tenant_id
WHERE t.tenant_id = :tenant_id;

-- name: put_notice
-- The same key is told once only.
INSERT INTO notices (tenant_id, kind, dedupe_key, payload, created_at) VALUES (:tenant_id, :kind, :key, :payload, :now)
ON CONFLICT (tenant_id, kind, dedupe_key) DO NOTHING;

-- name: claim_notices
-- Told by one process at a time: those of another one that lives are left to it, all of them to a newer one.
WITH claimed AS (
    UPDATE notices n SET claimed_by = :replica
    WHERE n.tenant_id = :tenant_id AND n.delivered_at IS NULL
      AND (n.claimed_by IS NULL OR n.claimed_by = :replica OR NOT is_live(n.claimed_by)) AND NOT superseded(:replica)
    RETURNING n.id, n.kind, n.payload
)
SELECT n.id, n.kind, n.payload, s.time_zone
FROM claimed n LEFT JOIN settings s ON s.tenant_id = :tenant_id ORDER BY n.id;

-- name: any_untold
SELECT EXISTS (SELECT FROM notices WHERE tenant_id = :tenant_id AND delivered_at IS NULL);

-- name: notice_delivered
UPDATE notices SET delivered_at = :now WHERE tenant_id = :tenant_id AND id = :notice_id;

-- name: summary
-- The numbers of the owner's morning (E11); money from the ledger only (C9).
SELECT
    (SELECT count(*) FROM clients c
     WHERE c.tenant_id = :tenant_id AND c.archived_at IS NULL AND c.due_on = :today) AS due_today,
    (SELECT count(*) FROM clients c
     WHERE c.tenant_id = :tenant_id AND c.archived_at IS NULL AND c.due_on < :today) AS overdue,
    (SELECT coalesce(sum(greatest(0, c.price - coalesce((
         SELECT sum(p.amount) FROM client_payments p
         WHERE p.tenant_id = c.tenant_id AND p.client_id = c.id AND p.due_on_before = c.due_on
           AND p.due_on_after IS NULL AND p.voided_at IS NULL), 0))), 0) FROM clients c
     WHERE c.tenant_id = :tenant_id AND c.archived_at IS NULL AND c.due_on < :today) AS overdue_value,
    (SELECT count(*) FROM messages m
     WHERE m.tenant_id = :tenant_id AND m.day = :yesterday
       AND m.state IN ('sent', 'delivered', 'read')) AS sent_yesterday,
    (SELECT coalesce(sum(p.amount), 0) FROM client_payments p
     WHERE p.tenant_id = :tenant_id AND p.paid_on = :yesterday AND p.voided_at IS NULL) AS received_yesterday,
    (SELECT count(*) FROM messages m
     WHERE m.tenant_id = :tenant_id AND m.day = :today AND m.state IN ('waiting', 'queued')) AS to_send_today;

-- name: problems
-- What did not arrive that day, by reason.
SELECT reason, count(*) FROM messages
WHERE tenant_id = :tenant_id AND day = :day AND state IN ('waiting', 'failed', 'expired') AND reason IS NOT NULL
GROUP BY reason ORDER BY reason;
