package visitor

import (
	"context"
	"errors"
	"fmt"

	"madoguchi/auth"
	"madoguchi/channel"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/phone"
	"madoguchi/store"
)

// verify checks a JWT of the customer's own server. Refusals are desk.KindForbidden with auth's codes: the visitor's own
// token is still good.
func (s *Service) verify(workspace desk.ID, ch desk.Channel, jwt string) (*auth.Identified, error) {
	secrets, err := s.secrets(workspace, ch)
	if err != nil {
		return nil, fmt.Errorf("unseal secrets of channel %d: %w", ch.ID, err)
	}
	who, err := auth.VerifyIdentify(jwt, secrets[channel.SecretIdentify], secrets[channel.SecretIdentifyPrevious], s.now())
	var refused *desk.Error
	if errors.As(err, &refused) && refused.Kind == desk.KindUnauthentic {
		forbidden := *refused
		forbidden.Kind = desk.KindForbidden
		return nil, &forbidden
	}
	return &who, err
}

// Identify joins the visitor to the person that a signed JWT names (F4): its thread becomes theirs, and a browser
// without a thread goes on with the one they have. "identified_as_other" (conflict) while it is somebody else's: they
// log out first. Refused tokens are desk.KindForbidden.
func (s *Service) Identify(ctx context.Context, session Session, jwt string) (Session, error) {
	who, err := s.verify(session.Workspace.ID, session.Channel, jwt)
	if err != nil {
		return session, err
	}
	var v desk.Visitor
	err = s.update(ctx, session.Workspace.ID, func(tx store.Tx) (err error) {
		if v, err = tx.Visitors().Get(session.Visitor.ID); err != nil {
			return err
		}
		if s.anothers(tx, v, *who) {
			return desk.Errorf(desk.KindConflict, codeOther, "visitor %d is somebody else's", v.ID)
		}
		if _, err = s.join(tx, &v, *who); err != nil {
			return err
		}
		return tx.WriteVisitors().Put(v)
	})
	if err != nil {
		return session, fmt.Errorf("identify visitor: %w", err)
	}
	s.news.VisitorChanged(ctx, session.Workspace.ID, v.ID)
	return s.session(ctx, session.Workspace.ID, v)
}

// anothers reports whether the visitor is already known as another person.
func (s *Service) anothers(tx store.Tx, v desk.Visitor, who auth.Identified) bool {
	if v.ContactID == 0 {
		return false
	}
	c, err := tx.Contacts().Get(v.ContactID)
	return err == nil && c.ExternalID != "" && c.ExternalID != who.Subject
}

// join makes the visitor the person's. It reports whether anything changed; the caller puts the visitor.
func (s *Service) join(tx store.Tx, v *desk.Visitor, who auth.Identified) (changed bool, err error) {
	person, created, err := findPerson(tx, *v, who)
	if err != nil {
		return false, err
	}
	told, err := vouched(tx, &person, who, created)
	if err != nil {
		return false, err
	}
	before := *v
	if v.IdentityID == 0 {
		if err := adopt(tx, v, person); err != nil {
			return false, err
		}
	} else if v.ContactID != person.ID {
		if err := move(tx, v, person); err != nil {
			return false, err
		}
	}
	v.ContactID = person.ID
	changed = told || created || before != *v
	if changed && before.IdentityID != 0 && (before.ContactID != person.ID || told) {
		err = sayIdentified(tx, *v, person)
	}
	return changed, err
}

// findPerson finds the contact with the signed external id; else the visitor's own contact becomes that person, or one
// is made.
func findPerson(tx store.Tx, v desk.Visitor, who auth.Identified) (c desk.Contact, created bool, err error) {
	c, err = tx.Contacts().ByExternalID(who.Subject)
	if err == nil || desk.KindOf(err) != desk.KindNotFound {
		return c, false, err
	}
	if v.ContactID != 0 {
		c, err = tx.Contacts().Get(v.ContactID)
		return c, false, err
	}
	return desk.Contact{ID: tx.NewID(), Locale: v.Locale, CreatedAt: tx.Now(), Version: 0}, true, nil
}

// vouched writes what the customer's server says of the person; it wins over what anybody typed.
func vouched(tx store.Tx, c *desk.Contact, who auth.Identified, created bool) (changed bool, err error) {
	was := *c
	number, err := dialled(tx, who.Phone)
	if err != nil {
		return false, err
	}
	c.ExternalID = who.Subject
	c.Name, c.Email, c.Phone = orElse(who.Name, c.Name), orElse(who.Email, c.Email), orElse(number, c.Phone)
	if c.ExternalID == was.ExternalID && c.Name == was.Name && c.Email == was.Email && c.Phone == was.Phone {
		return false, nil
	}
	c.Version++
	c.UpdatedAt = tx.Now()
	if err := tx.WriteContacts().Put(*c); err != nil {
		return false, fmt.Errorf("put contact: %w", err)
	}
	e := desk.Event{Kind: desk.EventContactChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorCustomer, ID: c.ID}, SubjectID: c.ID}
	if created {
		e.Kind = desk.EventContactCreated
	}
	tx.Emit(e)
	return was.ExternalID != c.ExternalID, nil
}

// dialled is a number of the customer's server as it is kept; one that cannot be read is left out, for it is the identity
// that the signature is about.
func dialled(r store.Reader, written string) (string, error) {
	if written == "" {
		return "", nil
	}
	w, err := r.Workspaces().Current()
	if err != nil {
		return "", fmt.Errorf("read workspace: %w", err)
	}
	number, err := phone.E164(written, w.Country())
	if err != nil {
		return "", nil
	}
	return number, nil
}

// adopt gives a browser without a thread the person's latest one on this channel, or an identity to begin one with.
func adopt(tx store.Tx, v *desk.Visitor, person desk.Contact) error {
	threads, err := tx.Conversations().OfContact(person.ID)
	if err != nil {
		return fmt.Errorf("read person's conversations: %w", err)
	}
	for _, c := range threads { // newest activity first
		if c.ChannelID == v.ChannelID {
			return bind(tx, v, desk.Identity{ID: c.IdentityID, ContactID: person.ID})
		}
	}
	return newIdentity(tx, v, person)
}

// newIdentity gives the visitor an identity of its own, with a contact.
func newIdentity(tx store.Tx, v *desk.Visitor, c desk.Contact) error {
	peer := webchat.Peer(v.ChannelID, v.Key)
	identity := desk.Identity{
		ID: tx.NewID(), ContactID: c.ID, ChannelID: v.ChannelID, Kind: webchat.Kind, Scope: peer.Scope, ExternalID: peer.ExternalID,
		Name: c.Name, CreatedAt: tx.Now(),
	}
	if err := tx.WriteContacts().PutIdentity(identity); err != nil {
		return fmt.Errorf("put identity: %w", err)
	}
	return bind(tx, v, identity)
}

// move makes the visitor's anonymous thread the person's. The anonymous contact, left with nothing, goes; what the team
// noted about it comes along.
func move(tx store.Tx, v *desk.Visitor, person desk.Contact) error {
	old := v.ContactID
	if err := tx.WriteContacts().MoveIdentity(v.IdentityID, person.ID); err != nil {
		return fmt.Errorf("move identity: %w", err)
	}
	tx.Emit(desk.Event{Kind: desk.EventContactChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorCustomer, ID: person.ID}, SubjectID: person.ID})
	left, err := tx.Contacts().Identities(old)
	if err != nil || len(left) > 0 {
		return err
	}
	notes, err := tx.Contacts().Notes(old)
	if err != nil {
		return fmt.Errorf("read notes: %w", err)
	}
	for _, n := range notes {
		n.ContactID = person.ID
		if err := tx.WriteContacts().PutNote(n); err != nil {
			return fmt.Errorf("move note: %w", err)
		}
	}
	if err := tx.WriteContacts().Delete(old); err != nil {
		return fmt.Errorf("delete anonymous contact: %w", err)
	}
	return nil
}

// sayIdentified tells the agents in the thread who it is.
func sayIdentified(tx store.Tx, v desk.Visitor, person desk.Contact) error {
	return line(tx, v, "identified", map[string]string{"name": person.Name})
}

// line adds a system line to the visitor's thread, if there is one. A blocked visitor's is told nothing (F12).
func line(tx store.Tx, v desk.Visitor, code string, params map[string]string) error {
	if shut, err := blocked(tx, v); err != nil || shut {
		return err
	}
	c, err := tx.Conversations().ByIdentity(v.IdentityID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read conversation: %w", err)
	}
	if c, err = tx.WriteConversations().Lock(c.ID); err != nil {
		return fmt.Errorf("hold conversation: %w", err)
	}
	m := desk.Message{
		ID: tx.NewID(), ConversationID: c.ID, TicketID: c.TicketID, Author: desk.Author{Kind: desk.AuthorSystem},
		System: &desk.SystemLine{Code: code, Params: params}, At: tx.Now(), ReceivedAt: tx.Now(),
	}
	if err := tx.WriteMessages().Add(&m); err != nil {
		return fmt.Errorf("add system line: %w", err)
	}
	c.Said(m)
	c.Version++
	if err := tx.WriteConversations().Put(c); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	tx.Emit(desk.Event{
		Kind: desk.EventMessageCreated, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorSystem},
		ConversationID: c.ID, TicketID: c.TicketID, MessageID: m.ID, MessageSeq: m.Seq,
	})
	return nil
}
