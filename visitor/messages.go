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
		items, more, err = visible(r, c.ID, q, limit, links)
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
