package inbound

import (
	"fmt"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// identityOf finds somebody by any of the ids that the provider gives (F1): a person who was known by a phone number is
// the same when a user id comes beside it, and the other way round.
func identityOf(r store.Reader, kind string, p channel.Peer) (desk.Identity, error) {
	found, err := r.Contacts().IdentityByKey(kind, p.Scope, p.ExternalID)
	if desk.KindOf(err) != desk.KindNotFound {
		return found, err
	}
	for _, find := range []func(kind, scope, id string) (desk.Identity, error){r.Contacts().IdentityByAlias, r.Contacts().IdentityByKey} {
		for _, id := range []string{p.ExternalID, p.Alias} {
			if id == "" {
				continue
			}
			if found, err = find(kind, p.Scope, id); desk.KindOf(err) != desk.KindNotFound {
				return found, err
			}
		}
	}
	return found, err
}

// findIdentity finds who it is, or makes the identity and, unless the caller names one, its contact (F2).
func (f *filing) findIdentity(peer channel.Peer) (err error) {
	f.Identity, err = identityOf(f.tx, f.channel.Kind, peer)
	switch {
	case err == nil:
		if err := f.learnAlias(peer); err != nil {
			return err
		}
		f.Contact, err = f.tx.Contacts().Get(f.Identity.ContactID)
		return err
	case desk.KindOf(err) != desk.KindNotFound:
		return err
	}
	if err := f.findContact(peer); err != nil {
		return err
	}
	f.Identity = desk.Identity{
		Standing: f.inherited, ID: f.tx.NewID(), ContactID: f.Contact.ID, ChannelID: f.channel.ID, Kind: f.channel.Kind,
		Scope: peer.Scope, ExternalID: peer.ExternalID, Alias: peer.Alias, Name: peer.Name, CreatedAt: f.now,
	}
	return f.tx.WriteContacts().PutIdentity(f.Identity)
}

// learnAlias keeps the second id of somebody who was known by one.
func (f *filing) learnAlias(peer channel.Peer) error {
	other := peer.Alias
	if other == f.Identity.ExternalID {
		other = peer.ExternalID
	}
	if other == "" || other == f.Identity.Alias {
		return nil
	}
	f.Identity.Alias = other
	return f.tx.WriteContacts().PutIdentity(f.Identity)
}

func (f *filing) findContact(peer channel.Peer) (err error) {
	if f.call.Contact != 0 {
		f.Contact, err = f.tx.Contacts().Get(f.call.Contact)
		return err
	}
	if peer.Scope == worldwide(f.channel) {
		known, err := f.tx.Contacts().IdentityElsewhere(f.channel.Kind, peer.ExternalID)
		if err == nil {
			if err := f.inherit(known); err != nil {
				return err
			}
			f.Contact, err = f.tx.Contacts().Get(known.ContactID)
			return err
		}
		if desk.KindOf(err) != desk.KindNotFound {
			return err
		}
	}
	f.Contact = desk.Contact{
		ID: f.tx.NewID(), Name: peer.Name, Phone: peer.Phone, Locale: peer.Locale, CreatedAt: f.now, UpdatedAt: f.now, Version: 1,
	}
	if f.Contact.Name == "" {
		f.Contact.Name = peer.Phone // F2
	}
	if err := f.tx.WriteContacts().Put(f.Contact); err != nil {
		return fmt.Errorf("put contact: %w", err)
	}
	f.tx.Emit(desk.Event{Kind: desk.EventContactCreated, At: f.now, Actor: f.actor(), SubjectID: f.Contact.ID})
	return nil
}

// enter finds a known person's conversation and holds it; identity and row are as they are under its lock. KindNotFound
// where there is none.
func (f *filing) enter(peer channel.Peer) (err error) {
	if f.Identity, err = identityOf(f.tx, f.channel.Kind, peer); err != nil {
		return err
	}
	c, err := f.tx.Conversations().ByIdentity(f.Identity.ID)
	if err != nil {
		return err
	}
	return f.lock(c.ID)
}

// lock holds a conversation and reads again what others may have changed before it was held.
func (f *filing) lock(conversation desk.ID) (err error) {
	if f.Conversation, err = f.tx.WriteConversations().Lock(conversation); err != nil {
		return err
	}
	f.Identity, err = f.tx.Contacts().Identity(f.Conversation.IdentityID)
	return err
}

// inherit lets an opt-out hold on a channel of the brand that the person had not written to yet (B3.10).
func (f *filing) inherit(known desk.Identity) error {
	ch, err := f.tx.Channels().Get(known.ChannelID)
	if err != nil {
		return fmt.Errorf("read channel: %w", err)
	}
	if s := known.Standing; ch.BrandID == f.channel.BrandID {
		f.inherited = desk.Standing{OptedOutAt: s.OptedOutAt, OptOutBy: s.OptOutBy, SuspectedAt: s.SuspectedAt, Marketing: s.Marketing}
	}
	return nil
}
