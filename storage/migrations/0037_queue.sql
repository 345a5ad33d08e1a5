-- Since when the owner has stopped the queue (E7): how long is the first thing that is told while it stands still.
SET LOCAL ROLE emdia_migrator;

ALTER TABLE settings ADD COLUMN paused_at timestamptz;
