-- Texts that owners write: which message was made from which, and deleting that can be undone (D1).
SET LOCAL ROLE emdia_migrator;

ALTER TABLE templates
    ADD COLUMN dropped_at timestamptz,               -- kept for a while: it may be undone
    -- The text of a kind is never deleted, only put back to the one that everybody begins with (D2).
    ADD CONSTRAINT templates_dropped CHECK (dropped_at IS NULL OR kind = 'geral');

-- Which of the tenant's own `geral` texts it was written from: for counting only, so no reference. The other kinds
-- have one text each.
ALTER TABLE messages ADD COLUMN text_id bigint;
