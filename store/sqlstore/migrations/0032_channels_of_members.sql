-- Whose customers a member is given (E4): ids of channels, none = every channel's.
ALTER TABLE members ADD COLUMN channel_ids TEXT NOT NULL DEFAULT '';
