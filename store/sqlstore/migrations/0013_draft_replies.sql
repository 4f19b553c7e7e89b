-- A draft keeps which message of the customer it answers.

ALTER TABLE drafts ADD COLUMN reply_to_id BIGINT NOT NULL DEFAULT 0;
