package inbox

import (
	"context"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Join lets the actor take part in somebody else's case, known to the customer by name; the assignee stays (E21).
// "nobody_to_join" (conflict) where nobody else has it.
func (s *Service) Join(ctx context.Context, a Actor, ticket desk.ID) (desk.Conversation, error) {
	return s.atTicket(ctx, a, ticket, func(v *visit) error { return v.ticket.Join(a.User, v.now) })
}

// Leave ends what Join began.
func (s *Service) Leave(ctx context.Context, a Actor, ticket desk.ID) (desk.Conversation, error) {
	return s.atTicket(ctx, a, ticket, func(v *visit) error {
		v.ticket.Leave(a.User, v.now)
		return nil
	})
}

// TakeOver makes somebody else's case the actor's; room notify tells who had it (E21). "nobody_to_join" as for Join.
func (s *Service) TakeOver(ctx context.Context, a Actor, ticket desk.ID) (desk.Conversation, error) {
	return s.atTicket(ctx, a, ticket, func(v *visit) error { return v.ticket.TakeOver(a.User, v.now) })
}

// Monitored writes down that the actor began to watch a conversation that is somebody else's work (E21, J6); of any other there is
// nothing to say, nor again within the hour.
func (s *Service) Monitored(ctx context.Context, a Actor, conversation desk.ID) error {
	return s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
		row, err := tx.Conversations().Get(conversation)
		if err != nil {
			return err
		}
		if err := a.sees(tx, row); err != nil || !row.Monitored(a.User) {
			return err
		}
		hour := row.TicketID.String() + "/" + desk.Instant(tx.Now().Truncate(time.Hour))
		if _, noted, err := tx.Seen("monitored/"+string(a.By.Kind)+"/"+a.By.ID.String(), hour, row.ID); err != nil || noted {
			return err
		}
		tx.Emit(desk.Event{
			Kind: desk.EventMonitored, At: tx.Now(), Actor: a.By, ConversationID: row.ID, TicketID: row.TicketID,
			SubjectID: row.ID, UserID: a.User,
		})
		return nil
	})
}

// whisper makes a note one for who has the case (E21).
func (v *visit) whisper(m *desk.Message) error {
	if !v.ticket.WithAnother(v.actor.User) {
		return desk.Errorf(desk.KindConflict, "nobody_to_whisper", "nobody else works on ticket %d", v.ticket.Number)
	}
	m.WhisperTo = v.ticket.Assignee
	return nil
}

// tellWhisper tells whom a whisper is for.
func (v *visit) tellWhisper(m *desk.Message) error {
	if m.WhisperTo == 0 {
		return nil
	}
	params := map[string]string{"by": v.actor.User.String(), "message": m.ID.String()}
	return store.Notify(v.tx, desk.NotifyAbout(v.row, m.WhisperTo, desk.NotifyWhispered, params))
}

// showUp makes a supervisor who answers the customer of somebody else's case one who joined it: nobody is seen while unseen (E21).
func (v *visit) showUp() error {
	if !v.actor.Supervises || !v.ticket.WithAnother(v.actor.User) {
		return nil
	}
	return v.ticket.Join(v.actor.User, v.now)
}
