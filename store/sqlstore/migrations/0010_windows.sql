-- Until when a member may write, on the list's row: 0 where the channel has no window.

ALTER TABLE conversations ADD COLUMN reply_until BIGINT NOT NULL DEFAULT 0;

-- How people stood before is not readable here: what their newest message opened, 48 h at WeChat and 24 h elsewhere. Their next
-- message sets it right.
UPDATE conversations SET reply_until = COALESCE(
    (SELECT m.at FROM messages m WHERE m.workspace_id = conversations.workspace_id AND m.conversation_id = conversations.id
      AND m.seq = conversations.last_inbound_seq), created_at)
    + (SELECT CASE ch.kind WHEN 'wechat' THEN 172800000 ELSE 86400000 END FROM channels ch
      WHERE ch.workspace_id = conversations.workspace_id AND ch.id = conversations.channel_id)
  WHERE EXISTS (SELECT 1 FROM channels ch WHERE ch.workspace_id = conversations.workspace_id AND ch.id = conversations.channel_id
    AND ch.kind IN ('whatsapp', 'messenger', 'instagram', 'wechat'));

CREATE INDEX conversations_window ON conversations (workspace_id, unresolved, reply_until, id) WHERE reply_until > 0;
CREATE INDEX conversations_window_assignee ON conversations (workspace_id, assignee_id, unresolved, reply_until, id) WHERE reply_until > 0;
