package sqlstore

import "madoguchi/desk"

const (
	readColumns = `user_id, conversation_id, seq, at`

	sqlReadMany = `SELECT ` + readColumns + ` FROM member_reads WHERE workspace_id = $1 AND user_id = $2
		AND conversation_id IN (` + inList3 + `)`
	sqlReadsOf = `SELECT ` + readColumns + ` FROM member_reads WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY user_id`
	sqlReadPut = `INSERT INTO member_reads (workspace_id, ` + readColumns + `) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, conversation_id, user_id) DO UPDATE SET seq = excluded.seq, at = excluded.at`

	sqlCustomerReadGet = `SELECT conversation_id, seq, at FROM customer_reads WHERE workspace_id = $1 AND conversation_id = $2`
	sqlCustomerReadPut = `INSERT INTO customer_reads (workspace_id, conversation_id, seq, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET seq = excluded.seq, at = excluded.at
		WHERE customer_reads.seq < excluded.seq`

	sqlUnreadMany = `SELECT c.id, (SELECT count(*) FROM (SELECT m.seq FROM messages m
			WHERE m.workspace_id = $1 AND m.conversation_id = c.id AND m.author_kind = 'customer'
			AND m.seq > coalesce(r.seq, 0) LIMIT 100) AS news)
		FROM conversations c LEFT JOIN member_reads r ON r.workspace_id = $1 AND r.conversation_id = c.id AND r.user_id = $2
		WHERE c.workspace_id = $1 AND c.id IN (` + inList3 + `) AND c.last_inbound_seq > coalesce(r.seq, 0)`
	sqlInboundSeqs = `SELECT seq FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND author_kind = 'customer'
		ORDER BY seq DESC LIMIT $3`
)

func readRead(r row, v *desk.Read) error {
	return scan(r, &v.UserID, &v.ConversationID, &v.Seq, &v.At)
}

func (s conversations) Reads(user desk.ID, ids []desk.ID) (map[desk.ID]desk.Read, error) {
	all := make(map[desk.ID]desk.Read, len(ids))
	err := in(ids, []any{s.t.workspace, user}, func(args []any) error {
		return s.t.each(sqlReadMany, args, func(r row) error {
			var v desk.Read
			err := readRead(r, &v)
			all[v.ConversationID] = v
			return err
		})
	})
	return all, err
}

func (s conversations) ReadsOf(conversation desk.ID) ([]desk.Read, error) {
	return list(s.t, readRead, sqlReadsOf, s.t.workspace, conversation)
}

func (s conversations) CustomerRead(conversation desk.ID) (desk.CustomerRead, error) {
	var v desk.CustomerRead
	_, err := s.t.value(sqlCustomerReadGet, []any{s.t.workspace, conversation}, &v.ConversationID, &v.Seq, &v.At)
	return v, err
}

func (s conversations) Unread(user desk.ID, ids []desk.ID) (map[desk.ID]int, error) {
	all := map[desk.ID]int{}
	err := in(ids, []any{s.t.workspace, user}, func(args []any) error {
		return s.t.each(sqlUnreadMany, args, func(r row) error {
			var id desk.ID
			var n int
			err := scan(r, &id, &n)
			if n > 0 {
				all[id] = n
			}
			return err
		})
	})
	return all, err
}

func (s conversations) InboundSeqs(conversation desk.ID, limit int) ([]int64, error) {
	return list(s.t, func(r row, seq *int64) error { return scan(r, seq) }, sqlInboundSeqs, s.t.workspace, conversation, limit)
}

func (s conversations) PutRead(v desk.Read) error {
	return s.t.write(sqlReadPut, s.t.workspace, v.UserID, v.ConversationID, v.Seq, v.At)
}

func (s conversations) PutCustomerRead(v desk.CustomerRead) error {
	return s.t.write(sqlCustomerReadPut, s.t.workspace, v.ConversationID, v.Seq, v.At)
}
