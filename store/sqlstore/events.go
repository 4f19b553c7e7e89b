package sqlstore

import (
	"context"
	"fmt"

	"madoguchi/desk"
)

const (
	eventColumns = `seq, kind, at, actor_kind, actor_id, conversation_id, ticket_id, message_id, subject_id, user_id, message_seq, changes`

	sqlEventHead  = `SELECT seq FROM event_heads WHERE workspace_id = $1`
	sqlEventAfter = `SELECT ` + eventColumns + ` FROM events WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`
	// The head's row is locked from here to the commit: positions are commit order. It is the last thing a transaction waits for.
	sqlEventAdvance = `INSERT INTO event_heads (workspace_id, seq) VALUES ($1, $2)
		ON CONFLICT (workspace_id) DO UPDATE SET seq = event_heads.seq + excluded.seq RETURNING seq`
	sqlEventInsert = `INSERT INTO events (workspace_id, seq, kind, at, actor_kind, actor_id, conversation_id, ticket_id, message_id, subject_id,
		user_id, message_seq, changes)
		SELECT $1, seq - $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM event_heads WHERE workspace_id = $1`
)

func readEvent(r row, e *desk.Event) error {
	return scan(r, &e.Seq, &e.Kind, &e.At, &e.Actor.Kind, &e.Actor.ID, &e.ConversationID, &e.TicketID, &e.MessageID, &e.SubjectID, &e.UserID, &e.MessageSeq,
		asJSON(&e.Changes))
}

// eventArgs are an event's columns; back is how many positions it stands before the head.
func eventArgs(workspace desk.ID, e desk.Event, back int) []any {
	return []any{workspace, back, e.Kind, e.At, e.Actor.Kind, e.Actor.ID, e.ConversationID, e.TicketID, e.MessageID, e.SubjectID, e.UserID, e.MessageSeq,
		asJSON(e.Changes)}
}

// Events reads the log after a position.
func (s *Store) Events(ctx context.Context, workspace desk.ID, after int64, limit int) ([]desk.Event, error) {
	var events []desk.Event
	err := s.db.view(ctx, func(run runner) error {
		var err error
		events, err = list(newTx(s, run, workspace), readEvent, sqlEventAfter, workspace, after, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, nil
}

// Head is the position of the newest event.
func (s *Store) Head(ctx context.Context, workspace desk.ID) (int64, error) {
	var head int64
	err := s.db.view(ctx, func(run runner) error {
		_, err := newTx(s, run, workspace).value(sqlEventHead, []any{workspace}, &head)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("read the log's head: %w", err)
	}
	return head, nil
}
