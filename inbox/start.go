package inbox

import (
	"context"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Start opens the conversation of an identity, to write to it first or again (F14, G2.11). One that was begun is as it is: what may
// be said there, its channel's rules of consent decide when it is said. One that was not begins with a case of the actor's. started
// says which. "channel_closed", "reply_to_blocked", "recipient_opted_out" (conflicts) where nobody may be written to first.
func (s *Service) Start(ctx context.Context, a Actor, contact, identity desk.ID) (row desk.Conversation, started bool, err error) {
	type opened struct {
		desk.Conversation
		now bool
	}
	o, err := store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (opened, error) {
		i, err := tx.Contacts().Identity(identity)
		if err == nil && i.ContactID != contact {
			err = desk.NotFound("identity")
		}
		if err != nil {
			return opened{}, err
		}
		row, err := tx.Conversations().ByIdentity(identity)
		if err == nil && row.TicketID != 0 {
			return opened{row, false}, a.sees(tx, row)
		}
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return opened{}, err
		}
		row, err = s.start(tx, a, i)
		return opened{row, true}, err
	})
	return o.Conversation, o.now, err
}

func (s *Service) start(tx store.Tx, a Actor, i desk.Identity) (row desk.Conversation, err error) {
	ch, err := tx.Channels().Get(i.ChannelID)
	if err != nil {
		return row, err
	}
	connector, err := s.channels.Get(ch.Kind)
	if err != nil {
		return row, err
	}
	switch {
	case ch.State.Closed() != nil:
		return row, desk.Errorf(desk.KindConflict, "channel_closed", "channel %d is %s", ch.ID, ch.State)
	case !i.BlockedAt.IsZero():
		return row, desk.Errorf(desk.KindConflict, "reply_to_blocked", "identity %d is blocked: unblock it first", i.ID)
	}
	// A template may go where nothing else does; what else may, the composer and Write decide.
	if _, err := i.Standing.Leave(desk.Sending{Author: desk.AuthorHuman, Template: true}, tx.Now()); err != nil {
		return row, err
	}
	row = desk.Conversation{
		ID: tx.NewID(), ChannelID: ch.ID, IdentityID: i.ID, ContactID: i.ContactID, Status: desk.StatusQueued, Priority: desk.PriorityNormal,
		CreatedAt: tx.Now(), LastActivityAt: tx.Now(), ReplyUntil: i.Standing.ReplyUntil(),
	}
	if connector.Spec().Window != nil && row.ReplyUntil.IsZero() {
		row.ReplyUntil = tx.Now() // nobody wrote to us yet: it begins closed
	}
	if err := tx.WriteConversations().Put(row); err != nil {
		return row, fmt.Errorf("put conversation: %w", err)
	}
	tx.Emit(desk.Event{Kind: desk.EventConversationCreated, At: tx.Now(), Actor: a.By, ConversationID: row.ID, SubjectID: i.ContactID})
	v := &visit{tx: tx, actor: a, row: row, now: tx.Now()}
	if err := v.begin(); err != nil {
		return row, err
	}
	v.ticket.WaitSince = time.Time{} // nobody waits for us: we begin
	if err := v.ticket.AssignTo(a.User, v.now); err != nil {
		return row, err
	}
	err = v.close()
	return v.row, err
}
