package inbox

import (
	"context"
	"fmt"
	"slices"

	"github.com/rivo/uniseg"

	"madoguchi/desk"
	"madoguchi/store"
)

const maxEmoji = 64 // bytes of one emoji with all that joins it

// React sets the desk's emoji on a customer's message, "" takes it back; the desk has one on each, whoever set it. tell asks
// the provider between looking and noting: its refusal comes back, and nothing has happened then. "emoji_invalid";
// "reaction_not_possible" (conflict) where the channel carries none, or the message is not a customer's.
func (s *Service) React(ctx context.Context, a Actor, message desk.ID, emoji string, tell func(context.Context, desk.Message) error) error {
	if len(emoji) > maxEmoji || emoji != "" && uniseg.GraphemeClusterCount(emoji) != 1 {
		return desk.Invalid("emoji", "emoji_invalid", "%q is not one emoji", emoji)
	}
	var m desk.Message
	err := s.store.View(ctx, a.Workspace, func(r store.Reader) (err error) {
		m, err = s.reactable(r, a, message)
		return err
	})
	if err != nil {
		return err
	}
	if err := tell(ctx, m); err != nil {
		return err
	}
	return s.store.Update(ctx, a.Workspace, func(tx store.Tx) error { return noteReaction(tx, a, message, emoji) })
}

// reactable reads a message that the actor may react to.
func (s *Service) reactable(r store.Reader, a Actor, id desk.ID) (desk.Message, error) {
	m, err := r.Messages().Get(id)
	if err != nil {
		return m, err
	}
	row, err := r.Conversations().Get(m.ConversationID)
	if err != nil {
		return m, err
	}
	if err := a.sees(r, row); err != nil {
		return m, err
	}
	ch, err := r.Channels().Get(row.ChannelID)
	if err != nil {
		return m, err
	}
	connector, err := s.channels.Get(ch.Kind)
	if err != nil {
		return m, err
	}
	if !connector.Spec().Capabilities.Reactions || !ch.Sends() || !m.Author.Kind.Inbound() || m.ExternalID == "" || !m.DeletedAt.IsZero() {
		return m, desk.Errorf(desk.KindConflict, "reaction_not_possible", "nobody can react to message %s", id)
	}
	return m, nil
}

func noteReaction(tx store.Tx, a Actor, id desk.ID, emoji string) error {
	m, err := tx.Messages().Get(id)
	if err != nil {
		return err
	}
	if _, err := tx.WriteConversations().Lock(m.ConversationID); err != nil {
		return err
	}
	if m, err = tx.Messages().Get(id); err != nil { // again, under the lock
		return err
	}
	m.Reactions = slices.DeleteFunc(slices.Clone(m.Reactions), func(r desk.Reaction) bool { return r.Author == desk.AuthorHuman })
	if emoji != "" {
		m.Reactions = append(m.Reactions, desk.Reaction{Author: desk.AuthorHuman, ID: a.User, Emoji: emoji, At: tx.Now()})
	}
	if err := tx.WriteMessages().Update(&m); err != nil {
		return fmt.Errorf("update message: %w", err)
	}
	tx.Emit(desk.Event{
		Kind: desk.EventMessageChanged, At: tx.Now(), Actor: a.By,
		ConversationID: m.ConversationID, TicketID: m.TicketID, MessageID: m.ID, MessageSeq: m.Seq,
		Changes: []desk.Change{{Field: "reactions"}},
	})
	return nil
}
