package inbound

import (
	"fmt"

	"madoguchi/desk"
)

// known is a message that was taken before.
func (f *filing) known(id desk.ID) (Filed, error) {
	m, err := f.tx.Messages().Get(id)
	if desk.KindOf(err) != desk.KindNotFound {
		return Filed{Message: m, Duplicate: true}, err
	}
	held, err := f.tx.Contacts().Held(id)
	if desk.KindOf(err) == desk.KindNotFound && !f.spec.Local {
		return Filed{Duplicate: true}, nil // a keyword of somebody without a conversation, or erased since
	}
	if err != nil {
		return Filed{}, err
	}
	return Filed{Message: held.Shown(0), Duplicate: true, Held: true}, nil
}

// hold keeps a blocked person's message apart from every thread: no case, no event, nobody hears of it.
func (f *filing) hold(id desk.ID) (Filed, error) {
	m := desk.Message{ID: id, Parts: f.in.Parts}
	files, err := f.files(&m)
	if err != nil {
		return Filed{}, err
	}
	held := desk.HeldMessage{
		ID: id, IdentityID: f.Identity.ID, ContactID: f.Identity.ContactID, ChannelID: f.channel.ID, ClientID: f.in.ClientID,
		ExternalID: string(f.in.ExternalID), Parts: m.Parts, At: desk.OrderTime(f.in.At, f.now), ReceivedAt: f.now,
	}
	if err := f.tx.WriteContacts().PutHeld(held); err != nil {
		return Filed{}, fmt.Errorf("hold message: %w", err)
	}
	for _, file := range files {
		if err := f.tx.WriteMessages().PutAttachment(file); err != nil {
			return Filed{}, fmt.Errorf("file attachment: %w", err)
		}
	}
	thread, err := f.tx.Conversations().ByIdentity(f.Identity.ID)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return Filed{}, err
	}
	before, err := f.tx.Contacts().HeldOfIdentity(f.Identity.ID, desk.MaxHeldShown)
	if err != nil {
		return Filed{}, err
	}
	return Filed{Message: held.Shown(thread.LastSeq + int64(len(before))), Identity: f.Identity, Held: true}, nil
}
