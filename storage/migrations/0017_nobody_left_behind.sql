-- No message is left behind, no client goes unbilled in silence (E3b, E6, E8, F11).
SET LOCAL ROLE emdia_migrator;

ALTER TABLE messages
    -- Preparations that came to no end; counted before the work while a process is new, and kept (F11).
    ADD COLUMN faults integer NOT NULL DEFAULT 0 CHECK (faults >= 0),
    -- How often it stepped aside for others without being tried.
    ADD COLUMN postponed integer NOT NULL DEFAULT 0 CHECK (postponed >= 0),
    -- Asked for by the owner, past its own day (decision 2).
    ADD COLUMN on_request boolean NOT NULL DEFAULT false,
    -- When the attempt under way began: nobody waits for an old one any more.
    ADD COLUMN begun_at timestamptz,
    -- Since when the reason of a queued message is that of the whole queue.
    ADD COLUMN held_since timestamptz,
    -- The owner chose not to bill for it (E3b).
    ADD COLUMN dismissed_at timestamptz;

-- Which days were planned, and what kept them from billing anybody: who was left out can be told from it later.
CREATE TABLE planned_days (
    tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
    day date NOT NULL,
    planned_at timestamptz NOT NULL,                 -- the latest run
    obstacle text CHECK (length(obstacle) <= 40),    -- a code of domain.reasons
    PRIMARY KEY (tenant_id, day)
);
ALTER TABLE planned_days ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows_only ON planned_days TO emdia_app
    USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON planned_days TO emdia_app;

-- The migrator is bound by the same policies while they are forced; what is set right here is everybody's.
ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY;
ALTER TABLE settings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE messages NO FORCE ROW LEVEL SECURITY;

-- The days before this table: planned if they have messages.
INSERT INTO planned_days (tenant_id, day, planned_at)
SELECT m.tenant_id, m.day, min(m.created_at) FROM messages m
WHERE m.kind = 'cobranca' GROUP BY m.tenant_id, m.day;

-- Decision 7. No screen ever offered the switch, so nobody chose to rest.
ALTER TABLE settings ALTER COLUMN sundays SET DEFAULT true;
-- A time at which nothing can be sent any more is no time of sending.
UPDATE settings SET
    sundays = true,
    send_at = CASE WHEN send_at < window_closes THEN send_at ELSE window_opens END,
    gap_max_seconds = least(gap_max_seconds, 3600),
    gap_min_seconds = least(gap_min_seconds, 3600);
ALTER TABLE settings
    ADD CONSTRAINT settings_send_inside_window CHECK (send_at < window_closes),
    ADD CONSTRAINT settings_gap_within_an_hour CHECK (gap_max_seconds <= 3600);

ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
ALTER TABLE settings FORCE ROW LEVEL SECURITY;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
ALTER TABLE planned_days FORCE ROW LEVEL SECURITY;

-- For the header of the list of clients: what was renewed of what fell due this month.
CREATE INDEX client_payments_by_due_date ON client_payments (tenant_id, due_on_before) WHERE voided_at IS NULL;
