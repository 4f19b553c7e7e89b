package inbound

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// find holds the peer's conversation and reads the message that the provider's id names, under its lock.
func (f *filing) find(peer channel.Peer, external desk.ExternalID) error {
	if err := f.enter(peer); err != nil {
		return early(err)
	}
	m, err := f.tx.Messages().ByExternalID(f.Conversation.ID, external)
	f.Message = m
	return early(err)
}

// reaction sets or takes back a customer's emoji on a message, at most one of each person.
func (f *filing) reaction(r channel.Reaction) error {
	if err := f.find(r.Peer, r.ExternalID); err != nil {
		return err
	}
	if err := f.stand(f.opened(f.Identity.Standing, f.stamp(r.At), false)); err != nil {
		return err
	}
	mine := func(had desk.Reaction) bool {
		return had.Author == desk.AuthorCustomer && had.ID == f.Conversation.ContactID
	}
	if i := slices.IndexFunc(f.Message.Reactions, mine); i >= 0 && f.Message.Reactions[i].At.After(f.stamp(r.At)) || !f.Message.DeletedAt.IsZero() {
		return nil // overtaken
	}
	f.Message.Reactions = slices.DeleteFunc(slices.Clone(f.Message.Reactions), mine)
	if r.Emoji != "" {
		f.Message.Reactions = append(f.Message.Reactions, desk.Reaction{
			Author: desk.AuthorCustomer, ID: f.Conversation.ContactID, Emoji: r.Emoji, At: f.stamp(r.At),
		})
	}
	return f.changed("reactions", "")
}

// edit replaces what a customer's message says and keeps what it said before (G2.9).
func (f *filing) edit(e channel.Edit) error {
	if err := f.find(e.Peer, e.ExternalID); err != nil {
		return err
	}
	m := &f.Message
	if !m.DeletedAt.IsZero() || !m.Author.Kind.Inbound() || m.EditedAt.After(f.stamp(e.At)) {
		return nil
	}
	after := withFilesOf(e.Parts, m.Parts)
	if reflect.DeepEqual(after, m.Parts) { // providers also tell of changes that nobody sees
		return nil
	}
	before := withoutFiles(m.Parts)
	m.Parts = after
	m.Editions = append(slices.Clone(m.Editions), desk.Edition{Parts: before, Until: f.stamp(e.At)})
	m.EditedAt = f.stamp(e.At)
	if err := f.changed("parts", ""); err != nil {
		return err
	}
	if err := f.fetches(); err != nil {
		return err
	}
	return f.previewAgain()
}

// withFilesOf lets a part that names the same file of the provider as one before keep what was fetched of it.
func withFilesOf(parts, before []desk.Part) []desk.Part {
	parts = slices.Clone(parts)
	for i, p := range parts {
		same := slices.IndexFunc(before, func(b desk.Part) bool { return p.MediaRef != "" && b.MediaRef == p.MediaRef })
		if same >= 0 {
			text := p.Text
			parts[i] = before[same]
			parts[i].Text = text
		}
	}
	return parts
}

func withoutFiles(parts []desk.Part) []desk.Part {
	parts = slices.Clone(parts)
	for i := range parts {
		parts[i].Attachment = nil
	}
	return parts
}

// unsend takes a customer's message back: its content, its files and what search knows of it go, its place stays (G2.9).
func (f *filing) unsend(u channel.Unsend) error {
	if err := f.find(u.Peer, u.ExternalID); err != nil {
		return err
	}
	if !f.Message.DeletedAt.IsZero() || !f.Message.Author.Kind.Inbound() {
		return nil
	}
	m := &f.Message
	m.Parts, m.Editions, m.Reactions, m.Referral, m.Choice = nil, nil, nil, nil, ""
	m.DeletedAt, m.DeletedBy = f.now, 0
	if err := f.tx.WriteMessages().DeleteAttachmentsOf(m.ID); err != nil {
		return fmt.Errorf("delete files: %w", err)
	}
	if err := f.changed("deleted", "true"); err != nil {
		return err
	}
	return f.previewAgain()
}

// stamp is the provider's time of something, or ours where it gave none.
func (f *filing) stamp(at time.Time) time.Time {
	if at.IsZero() {
		return f.now
	}
	return at
}

// changed writes the message in hand and says what of it changed.
func (f *filing) changed(field, to string) error {
	if err := f.tx.WriteMessages().Update(&f.Message); err != nil {
		return fmt.Errorf("update message: %w", err)
	}
	f.tx.Emit(desk.Event{
		Kind: desk.EventMessageChanged, At: f.now, Actor: desk.Actor{Kind: desk.ActorCustomer, ID: f.Conversation.ContactID},
		ConversationID: f.Conversation.ID, TicketID: f.Message.TicketID, MessageID: f.Message.ID, MessageSeq: f.Message.Seq,
		Changes: []desk.Change{{Field: field, To: to}},
	})
	return nil
}

// previewAgain mends the row if it shows the message in hand.
func (f *filing) previewAgain() (err error) {
	if f.Conversation.Preview.Seq != f.Message.Seq {
		return nil
	}
	if f.Conversation.Preview, err = store.LastSaid(f.tx, f.Conversation.ID); err != nil {
		return err
	}
	return f.keepRow()
}

func (f *filing) keepRow() error {
	f.Conversation.Version++
	if err := f.tx.WriteConversations().Put(f.Conversation); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	return nil
}
