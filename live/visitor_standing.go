package live

import (
	"context"
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

// recheckVisitor looks again at who a visitor is: identified, so that another conversation is theirs, or logged out.
func (r *room) recheckVisitor(ctx context.Context, id desk.ID) error {
	var mine []*visitor
	r.mu.Lock()
	for v := range r.visitors {
		if v.record.ID == id {
			mine = append(mine, v)
		}
	}
	r.mu.Unlock()
	if len(mine) == 0 {
		return nil
	}
	var conversation desk.ID
	ended := false
	err := r.hub.store.View(ctx, r.workspace, func(reader store.Reader) error {
		record, err := reader.Visitors().Get(id)
		ended = desk.KindOf(err) == desk.KindNotFound || err == nil && !record.EndedAt.IsZero()
		if ended || err != nil || record.IdentityID == 0 {
			if ended {
				return nil
			}
			return err
		}
		c, err := reader.Conversations().ByIdentity(record.IdentityID)
		if err == nil {
			conversation = c.ID
		} else if desk.KindOf(err) == desk.KindNotFound {
			err = nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("look again at a visitor: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range mine {
		if _, here := r.visitors[v]; !here {
			continue
		}
		if ended {
			v.end(closeNotAllowed, byeFrame("signed_out"))
		} else if conversation != 0 {
			r.bind(v, conversation)
		}
	}
	return nil
}
