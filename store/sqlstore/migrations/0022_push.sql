-- Members are told of conversations too, and on their devices.
ALTER TABLE notifications ADD COLUMN conversation_id BIGINT NOT NULL DEFAULT 0;
