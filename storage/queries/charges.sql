-- name: find
-- One, or the newest.
SELECT c.id AS charge_id, c.amount, c.currency, c.days, c.status AS state, c.external_reference AS reference,
       c.idempotency_key AS key, coalesce(c.payer_email, '') AS payer_email, c.created_at, c.expires_at, c.payment_id,
       c.copy_and_paste AS code, c.ticket_url, c.approved_at, c.refunded, c.provider_updated_at,
       c.booked, c.bookings, c.checks, c.refusal,
       CASE WHEN g.id IS NULL THEN 'not_yet' WHEN g.taken_back_at IS NULL THEN 'stands' ELSE 'taken_back' END AS granted
FROM subscription_charges c
LEFT JOIN subscription_grants g ON g.tenant_id = c.tenant_id AND g.charge_id = c.id
WHERE c.tenant_id = :tenant_id AND (:charge_id::bigint IS NULL OR c.id = :charge_id)
ORDER BY c.id DESC LIMIT 1;

-- name: pending
SELECT c.id AS charge_id, c.amount, c.currency, c.days, c.status AS state, c.external_reference AS reference,
       c.idempotency_key AS key, coalesce(c.payer_email, '') AS payer_email, c.created_at, c.expires_at, c.payment_id,
       c.copy_and_paste AS code, c.ticket_url, c.approved_at, c.refunded, c.provider_updated_at,
       c.booked, c.bookings, c.checks, c.refusal, 'not_yet' AS granted
FROM subscription_charges c WHERE c.tenant_id = :tenant_id AND c.status = 'pending';

-- name: open_ones
SELECT id FROM subscription_charges
WHERE tenant_id = :tenant_id AND check_at IS NOT NULL AND status IN ('pending', 'expired') ORDER BY id DESC LIMIT 3;

-- name: paid_since
SELECT max(c.id) FROM subscription_charges c
JOIN subscription_charges newest ON newest.tenant_id = c.tenant_id AND newest.id = :charge_id
WHERE c.tenant_id = :tenant_id AND c.id < newest.id AND c.status = 'approved' AND c.approved_at >= newest.created_at;

-- name: insert
INSERT INTO subscription_charges (
    tenant_id, amount, currency, days, status, idempotency_key, external_reference, payer_email, created_at, expires_at,
    check_at)
VALUES (
    :tenant_id, :amount, :currency, :days, 'pending', :key, :reference, :payer_email, :now, :expires_at, :check_at)
ON CONFLICT (tenant_id) WHERE status = 'pending' DO NOTHING;

-- name: refuse
UPDATE subscription_charges SET status = 'rejected', refusal = :code, settled_at = :now, check_at = NULL
WHERE tenant_id = :tenant_id AND id = :charge_id AND status = 'pending' AND payment_id IS NULL;

-- name: expire
UPDATE subscription_charges SET status = 'expired', settled_at = :now, check_at = :check_at, checks = 0
WHERE tenant_id = :tenant_id AND id = :charge_id AND status = 'pending';

-- name: look_again
UPDATE subscription_charges SET check_at = :check_at, checks = checks + 1
WHERE tenant_id = :tenant_id AND id = :charge_id;

-- name: record
UPDATE subscription_charges SET
    status = :state, status_detail = :detail, payment_id = coalesce(payment_id, :payment_id),
    copy_and_paste = coalesce(copy_and_paste, :code), ticket_url = coalesce(ticket_url, :ticket_url),
    approved_at = :approved_at, refunded = :refunded,
    provider_updated_at = greatest(provider_updated_at, :updated_at::timestamptz),
    settled_at = CASE WHEN :state = 'pending' THEN NULL ELSE coalesce(settled_at, :now) END,
    booked = :booked, bookings = :bookings, checks = :checks, check_at = :check_at
WHERE tenant_id = :tenant_id AND id = :charge_id;

-- name: book
-- Written again, it is there already.
INSERT INTO revenue_ledger (payment_id, number, kind, amount, currency, at)
SELECT :payment_id, :number, :kind, :amount, :currency, :at WHERE :tenant_id::bigint IS NOT NULL
ON CONFLICT DO NOTHING;

-- name: history
SELECT c.id AS charge_id, c.amount, c.currency, c.days, c.status AS state, c.external_reference AS reference,
       c.idempotency_key AS key, coalesce(c.payer_email, '') AS payer_email, c.created_at, c.expires_at, c.payment_id,
       c.copy_and_paste AS code, c.ticket_url, c.approved_at, c.refunded, c.provider_updated_at,
       c.booked, c.bookings, c.checks, c.refusal,
       CASE WHEN g.id IS NULL THEN 'not_yet' WHEN g.taken_back_at IS NULL THEN 'stands' ELSE 'taken_back' END AS granted
FROM subscription_charges c
LEFT JOIN subscription_grants g ON g.tenant_id = c.tenant_id AND g.charge_id = c.id
WHERE c.tenant_id = :tenant_id
  AND (c.status IN ('approved', 'refunded', 'charged_back', 'in_mediation') OR c.status = 'rejected' AND c.refusal IS NULL)
ORDER BY c.id DESC OFFSET :offset LIMIT :limit;

-- name: history_total
SELECT count(*) FROM subscription_charges
WHERE tenant_id = :tenant_id
  AND (status IN ('approved', 'refunded', 'charged_back', 'in_mediation') OR status = 'rejected' AND refusal IS NULL);
