-- The ticket that a merged one's messages were filed under (0.1).
ALTER TABLE tickets ADD COLUMN merged_into BIGINT NOT NULL DEFAULT 0;
