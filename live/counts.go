package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

const (
	countEvery = time.Second // at most, per member
	countBatch = 100         // members counted in one go
)

// counted is whose view sizes are in doubt. The room's lock guards it.
type counted struct {
	all  bool
	some map[desk.ID]bool
	told map[desk.ID][]byte // what each member was told last
}

// doubt notes that a change may have moved the counts of one member, or with 0 of everybody.
func (c *counted) doubt(user desk.ID) {
	switch {
	case user == 0:
		c.all = true
	case user > 0:
		if c.some == nil {
			c.some = map[desk.ID]bool{}
		}
		c.some[user] = true
	}
}

// take gives up to n members to count; the others wait for the next round.
func (c *counted) take(here map[desk.ID]*drafts, n int) []desk.ID {
	if c.some == nil {
		c.some = map[desk.ID]bool{}
	}
	if c.all {
		for user := range here {
			c.some[user] = true
		}
		c.all = false
	}
	users := make([]desk.ID, 0, min(len(c.some), n))
	for user := range c.some {
		if len(users) == n {
			break
		}
		delete(c.some, user)
		if here[user] != nil {
			users = append(users, user)
		}
	}
	return users
}

// keepCounts tells members the sizes of their views, if they changed.
func (r *room) keepCounts(ctx context.Context) error {
	r.mu.Lock()
	users := r.counted.take(r.drafted, countBatch)
	seq := r.pos
	scopes := map[desk.ID]desk.Scope{}
	for a := range r.agents {
		if a.session.KeyHash == "" {
			scopes[a.session.User] = a.session.Scope
		}
	}
	r.mu.Unlock()
	if len(users) == 0 {
		return nil
	}
	sizes := make(map[desk.ID][]byte, len(users))
	err := r.hub.store.View(ctx, r.workspace, func(reader store.Reader) error {
		for _, user := range users {
			teams, err := reader.Teams().Of(user)
			if err != nil {
				return err
			}
			counts, err := reader.Conversations().CountsWithin(user, teams, scopes[user])
			if err != nil {
				return err
			}
			if sizes[user], err = json.Marshal(view.CountsOf(counts)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("count views: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counted.told == nil {
		r.counted.told = map[desk.ID][]byte{}
	}
	frames := map[desk.ID][]byte{}
	for user, size := range sizes {
		if !bytes.Equal(size, r.counted.told[user]) {
			r.counted.told[user] = size
			frames[user] = textFrame(fmt.Appendf(nil, `{"type":"patch","seq":%d,"kind":"counts","counts":%s}`, seq, size))
		}
	}
	for a := range r.agents {
		if frame := frames[a.session.User]; frame != nil && a.live {
			a.send(frame)
		}
	}
	return nil
}
