package notify

import (
	"fmt"
	"slices"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	// readWithin is how long a message or a note waits: who reads it meanwhile is not told (G6.2), and what follows at once goes with it.
	readWithin = 3 * time.Second
	soon       = time.Second // a notification: the case's other news at the same time go with it
	keptFor    = time.Hour   // later nobody expects it
)

// spoken reports whether a customer said something.
func spoken(e desk.Event) bool {
	return e.Kind == desk.EventMessageCreated && e.Actor.Kind == desk.ActorCustomer
}

// pushMessage lets a customer's message wait for the devices of whom it concerns.
func (s *Service) pushMessage(tx store.Tx, e desk.Event) error {
	row, err := tx.Conversations().Get(e.ConversationID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil // deleted meanwhile
	}
	if err != nil {
		return fmt.Errorf("read conversation: %w", err)
	}
	if row.Assignee != 0 {
		if err := s.mail(tx, row.Assignee, desk.NoticeMessage); err != nil {
			return err
		}
	}
	p := desk.Push{Tag: conversationTag(row.ID), Code: desk.PushMessage, ConversationID: row.ID, MessageID: e.MessageID, DueAt: tx.Now().Add(readWithin)}
	return s.add(tx, row.Assignee, p, func(user desk.ID) (bool, error) { return concerns(tx, user, row, tx.Now()) })
}

// pushNotification lets what a member was told, or those who manage channels, wait for their devices.
func (s *Service) pushNotification(tx store.Tx, e desk.Event) error {
	n, err := tx.Notifications().Get(e.SubjectID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read notification: %w", err)
	}
	p := desk.Push{Tag: "n" + n.ID.String(), Code: n.Code, ConversationID: n.ConversationID, NotificationID: n.ID, DueAt: tx.Now().Add(soon)}
	if n.ConversationID != 0 {
		p.Tag = conversationTag(n.ConversationID)
	}
	if p.MessageID = noteOf(n); p.MessageID != 0 {
		p.DueAt = tx.Now().Add(readWithin)
	}
	if err := s.mailNotification(tx, n); err != nil {
		return err
	}
	if n.UserID != 0 {
		return s.add(tx, n.UserID, p, func(desk.ID) (bool, error) { return true, nil })
	}
	return s.add(tx, 0, p, func(user desk.ID) (bool, error) { return managesChannels(tx, user) })
}

// pushOffer asks a member on their devices whether they take a case, at once and for as long as they can answer (E12). It has a tag of
// its own: no other news of the case takes its place.
func (s *Service) pushOffer(tx store.Tx, e desk.Event) error {
	o, err := tx.Routing().Offer(e.SubjectID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read offer: %w", err)
	}
	if !o.Open(tx.Now()) {
		return nil
	}
	p := desk.Push{Tag: "o" + o.ConversationID.String(), Code: desk.PushOffered, ConversationID: o.ConversationID, DueAt: tx.Now(), ExpiresAt: o.Until}
	return s.add(tx, o.UserID, p, func(desk.ID) (bool, error) { return true, nil })
}

// noteOf is the note that a notification is about, 0 for none.
func noteOf(n desk.Notification) desk.ID {
	id, err := desk.ParseID(n.Params["message"])
	if err != nil {
		return 0
	}
	return id
}

func conversationTag(id desk.ID) string { return "c" + id.String() }

// add lets a push wait for the devices of one member, or of everybody (0) whom it is for.
func (s *Service) add(tx store.Tx, user desk.ID, p desk.Push, isFor func(user desk.ID) (bool, error)) error {
	if p.ExpiresAt.IsZero() {
		p.ExpiresAt = p.DueAt.Add(keptFor)
	}
	devices, err := tx.Pushes().Devices(user)
	if err != nil {
		return fmt.Errorf("read devices: %w", err)
	}
	asked := map[desk.ID]bool{}
	for _, d := range devices {
		wanted, known := asked[d.UserID]
		if !known {
			if wanted, err = isFor(d.UserID); err != nil {
				return err
			}
			asked[d.UserID] = wanted
		}
		if !wanted {
			continue
		}
		p.DeviceID, p.UserID = d.ID, d.UserID
		if err := tx.WritePushes().Add(p); err != nil {
			return fmt.Errorf("let a push wait: %w", err)
		}
	}
	s.added.Ring()
	return nil
}

// concerns reports whether a customer's message is for a member (G6.1): it is their conversation, or nobody's, and they are of its
// team and online (G7.6). Where tickets are given out, whoever gets it is told that.
func concerns(r store.Reader, user desk.ID, row desk.Conversation, at time.Time) (bool, error) {
	if sees, err := sees(r, user, row); err != nil || !sees {
		return false, err
	}
	if row.Assignee != 0 {
		return row.Assignee == user, nil
	}
	if row.TeamID != 0 {
		team, err := r.Teams().Get(row.TeamID)
		if err != nil || !slices.Contains(team.MemberIDs, user) || team.Mode != "" && team.Mode != desk.ModeManual {
			return false, none(err)
		}
	}
	p, err := r.Members().Presence(user)
	return err == nil && p.At(at) == desk.Online, err
}

func managesChannels(r store.Reader, user desk.ID) (bool, error) {
	m, err := r.Members().Get(user)
	if err != nil {
		return false, none(err)
	}
	w, err := r.Workspaces().Current()
	return m.Active && auth.Of(w, m).Can(auth.ChannelManage), err
}

// none makes of a record that is not there no error.
func none(err error) error {
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	return err
}
