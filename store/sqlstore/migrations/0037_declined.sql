-- Supervisors hear once of a ticket that everybody declined: by which offer they did.
-- The index of awaited tickets goes: what each member has in hand is found by tickets_worked. Every program works without it:
-- needs 1
ALTER TABLE offers ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
DROP INDEX tickets_awaited;
