package live

import (
	"context"

	"madoguchi/desk"
	"madoguchi/store"
)

// keepWaiting has the widgets of customers ask anew how long they wait: those who came into a queue or left it since the last
// time, and with all everybody in one (E26). What they are told is theirs to ask: it says only that there is news.
func (r *room) keepWaiting(ctx context.Context, all bool) error {
	r.mu.Lock()
	var ids []desk.ID
	if all {
		for conversation, visitors := range r.threads {
			for v := range visitors {
				if v.waits {
					r.waiting[conversation] = true
				}
			}
		}
	}
	for conversation := range r.waiting {
		ids = append(ids, conversation)
	}
	clear(r.waiting)
	r.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	var rows map[desk.ID]desk.Conversation
	err := r.hub.store.View(ctx, r.workspace, func(reader store.Reader) (err error) {
		rows, err = reader.Conversations().Many(ids)
		return err
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, conversation := range ids {
		if err != nil {
			r.waiting[conversation] = true
			continue
		}
		waits := rows[conversation].Status == desk.StatusQueued
		for v := range r.threads[conversation] {
			if waits == v.waits && !(waits && all) {
				continue
			}
			v.waits = waits
			open, told := r.open[v.record.ChannelID]
			v.send(openFrame(open || !told))
		}
	}
	return err
}
