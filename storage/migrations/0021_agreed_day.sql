-- The day of the month a client agreed on (C13), which a short month's last day must not replace. Where none was
-- written, it is the due date's own.
SET LOCAL ROLE emdia_migrator;

ALTER TABLE clients ADD COLUMN agreed_day smallint CHECK (agreed_day BETWEEN 1 AND 31);

-- Row-level security is forced on the owner too: for the rows that are there it must be let through once.
ALTER TABLE clients NO FORCE ROW LEVEL SECURITY;
UPDATE clients SET agreed_day = extract(day FROM due_on);
ALTER TABLE clients FORCE ROW LEVEL SECURITY;
