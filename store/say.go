package store

import (
	"fmt"

	"madoguchi/desk"
)

// AddMessage puts a message into a conversation that the caller holds: it draws its id, takes the time of the transaction where it
// has none, and the row and the log hear of it. The message names its ticket; the row is the caller's to put.
func AddMessage(tx Tx, row *desk.Conversation, m *desk.Message, by desk.Actor) error {
	m.ID, m.ConversationID = tx.NewID(), row.ID
	if m.At.IsZero() {
		m.At, m.ReceivedAt = tx.Now(), tx.Now()
	}
	if err := tx.WriteMessages().Add(m); err != nil {
		return fmt.Errorf("add message: %w", err)
	}
	row.Said(*m)
	tx.Emit(desk.Event{
		Kind: desk.EventMessageCreated, At: tx.Now(), Actor: by,
		ConversationID: row.ID, TicketID: m.TicketID, MessageID: m.ID, MessageSeq: m.Seq, Changes: mentions(*m),
	})
	return nil
}

// mentions let those who follow the log pass over the notes that name nobody.
func mentions(m desk.Message) (all []desk.Change) {
	for _, user := range m.Mentioned() {
		all = append(all, desk.Change{Field: desk.FieldMention, To: user.String()})
	}
	return all
}

// Promise enqueues pieces of a message of ours, by their numbers and in this order, each a delivery with a key of its own. A
// promise that is made anew has another key than the one before.
func Promise(tx Tx, m desk.Message, channel desk.ID, pieces ...int) error {
	for _, part := range pieces {
		id := tx.NewID()
		d := desk.Delivery{
			ID: id, ChannelID: channel, ConversationID: m.ConversationID, MessageID: m.ID, Part: part,
			Status: desk.DeliveryQueued, NotBefore: tx.Now(), ExpiresAt: tx.Now().Add(desk.SendWithin),
			Key: desk.DeliveryKey(id, part), CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		if err := tx.Enqueue(&d); err != nil {
			return fmt.Errorf("enqueue delivery: %w", err)
		}
	}
	return nil
}
