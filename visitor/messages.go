package visitor

import (
	"context"
	"fmt"
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// The sizes of a page of messages.
const (
	DefaultPage = 50
	MaxPage     = 200
)

// Range is a page of a thread: the newest messages, those before a Seq, or those after one.
type Range struct {
	Before, After int64 // at most one of them
	Limit         int   // 0 = DefaultPage, at most MaxPage
}

// Messages reads what the customer may see of their thread, oldest first. more says whether there is more in the
// direction asked for. Pages are filled from what is visible: notes and internal lines leave no holes.
func (s *Service) Messages(ctx context.Context, session Session, q Range, links view.Links) (items []view.WMessage, more bool, err error) {
	items = []view.WMessage{}
	if session.Visitor.IdentityID == 0 {
		return items, false, nil
	}
	limit := q.Limit
	if limit <= 0 {
		limit = DefaultPage
	}
	limit = min(limit, MaxPage)
	err = s.store.View(ctx, session.Workspace.ID, func(r store.Reader) error {
		items, more = items[:0], false
		c, err := r.Conversations().ByIdentity(session.Visitor.IdentityID)
		if desk.KindOf(err) == desk.KindNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if items, more, err = visible(r, c.ID, q, limit, links); err != nil {
			return err
		}
		items, err = withHeld(r, c, q, items, links)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("read visitor's messages: %w", err)
	}
	if q.After == 0 {
		slices.Reverse(items) // they were read backwards
	}
	return items, more, nil
}

// visible collects a page, in the order read.
func visible(r store.Reader, conversation desk.ID, q Range, limit int, links view.Links) (items []view.WMessage, more bool, err error) {
	items = []view.WMessage{}
	people := view.People{}
	before, after := q.Before, q.After
	for {
		var batch []desk.Message
		if q.After > 0 {
			batch, err = r.Messages().After(conversation, after, MaxPage)
		} else {
			batch, err = r.Messages().Before(conversation, before, MaxPage)
		}
		if err != nil {
			return nil, false, err
		}
		for _, m := range batch {
			if err := learn(r, people, m.Author); err != nil {
				return nil, false, err
			}
			seen, ok := view.WMessageOf(m, people, links)
			if !ok {
				continue
			}
			if len(items) == limit {
				return items, true, nil
			}
			items = append(items, seen)
		}
		if len(batch) < MaxPage {
			return items, false, nil
		}
		before, after = batch[len(batch)-1].Seq, batch[len(batch)-1].Seq
	}
}

// learn reads the member who wrote, once.
func learn(r store.Reader, people view.People, a desk.Author) error {
	if a.Kind != desk.AuthorHuman || a.ID == 0 {
		return nil
	}
	if _, known := people[a.ID]; known {
		return nil
	}
	m, err := r.Members().Get(a.ID)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return err
	}
	people[a.ID] = m
	return nil
}

// withHeld adds what a blocked visitor wrote meanwhile to the newest page of their thread, in the order read, so that
// they notice nothing (F12).
func withHeld(r store.Reader, c desk.Conversation, q Range, items []view.WMessage, links view.Links) ([]view.WMessage, error) {
	i, err := r.Contacts().Identity(c.IdentityID)
	if err != nil || i.BlockedAt.IsZero() || q.Before > 0 && q.Before <= c.LastSeq {
		return items, err
	}
	held, err := r.Contacts().HeldOfIdentity(i.ID, desk.MaxHeldShown)
	if err != nil {
		return items, err
	}
	var shown []view.WMessage
	for n, m := range held { // newest first
		seq := c.LastSeq + int64(len(held)-n)
		if seq <= q.After || q.Before > 0 && seq >= q.Before || m.ReceivedAt.Before(i.BlockedAt) {
			continue
		}
		if w, ok := view.WMessageOf(m.Shown(seq), nil, links); ok {
			shown = append(shown, w)
		}
	}
	if q.After == 0 {
		return append(shown, items...), nil
	}
	slices.Reverse(shown)
	return append(items, shown...), nil
}

// blocked reports whether the visitor was shut out (F12): what they tell beside messages is taken and told nobody.
func blocked(r store.Reader, v desk.Visitor) (bool, error) {
	if v.IdentityID == 0 {
		return false, nil
	}
	i, err := r.Contacts().Identity(v.IdentityID)
	return !i.BlockedAt.IsZero(), err
}
