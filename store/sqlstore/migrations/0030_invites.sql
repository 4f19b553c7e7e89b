-- Somebody can be invited to a role of the workspace's own. A program of before gives them its base.
ALTER TABLE invites ADD COLUMN custom_role_id BIGINT NOT NULL DEFAULT 0;
