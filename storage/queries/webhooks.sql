-- name: keep
SELECT dispatch.keep_webhook(:event, :payload, :now);

-- name: claim
SELECT event_id, payload, attempts FROM dispatch.claim_webhooks(:replica, :now, :until, :most);

-- name: done
SELECT dispatch.webhook_done(:event, :now);

-- name: later
SELECT dispatch.webhook_later(:event, :again, :why, :counts);

-- name: set_aside
SELECT dispatch.webhook_set_aside(:event, :now, :why);

-- name: by_reference
SELECT tenant_id, charge_id, status FROM dispatch.charge_by_reference(:reference);

-- name: by_payment
SELECT tenant_id, charge_id, status FROM dispatch.charge_by_payment(:payment_id);

-- name: to_check
SELECT tenant_id, charge_id FROM dispatch.charges_to_check(:now, :most);

-- name: astray
SELECT tenant_id, charge_id FROM dispatch.charges_astray(:pending_after, :after, :most);
