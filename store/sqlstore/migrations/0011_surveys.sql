-- Why a survey was not sent, when its thank-you asked for a comment, and which ones are over.

ALTER TABLE surveys ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE surveys ADD COLUMN asked_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX surveys_due ON surveys (workspace_id, expires_at) WHERE state = 'sent';
