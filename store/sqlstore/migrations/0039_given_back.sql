-- A reply that could not go out, or that a colleague took back, stays with the reason until its writer decides (G4.10). Its due_at lies far
-- ahead, so that the program of before does not send it after all; was_due_at is when it was to go.
-- The index of all that is due goes for one of what waits. Every program works without it:
-- needs 1
ALTER TABLE scheduled_messages ADD COLUMN returned_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE scheduled_messages ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE scheduled_messages ADD COLUMN was_due_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX scheduled_messages_waiting ON scheduled_messages (workspace_id, due_at, id) WHERE returned_at = 0;
CREATE INDEX scheduled_messages_returned ON scheduled_messages (workspace_id, user_id, conversation_id) WHERE returned_at > 0;
DROP INDEX scheduled_messages_due;
