package live

import (
	"madoguchi/desk"
	"madoguchi/store"
)

// watching is how a supervisor looks at a conversation: as one who watches somebody else's work (E21), and seen by them or not (E22).
type watching struct{ monitors, unseen bool }

// mayLookAt reports whether a conversation is in the member's scope, and whether they would watch somebody else's work there; what
// cannot be read is not in it.
func (a *agent) mayLookAt(conversation desk.ID) (w watching, ok bool) {
	r := a.room
	r.mu.Lock()
	session, same := a.session, a.viewing == conversation
	r.mu.Unlock()
	ok = !session.bounded() || same // a conversation that left the scope meanwhile leaves the screen, see patch.bare
	supervises := session.Monitors && session.KeyHash == ""
	if conversation == 0 || ok && !supervises {
		return w, true
	}
	err := r.hub.store.View(a.ctx, r.workspace, func(reader store.Reader) error {
		c, err := reader.Conversations().Get(conversation)
		if err != nil {
			return err
		}
		ok = ok || session.sees(c)
		if w.monitors = supervises && c.Monitored(session.User); !w.monitors {
			return nil
		}
		workspace, err := reader.Workspaces().Current()
		w.unseen = workspace.HideMonitoring
		return err
	})
	return w, ok && err == nil
}

// note writes down that the member begins to watch a conversation, once until they look elsewhere: not again for another tab.
func (a *agent) note(conversation desk.ID, w watching) {
	r := a.room
	r.mu.Lock()
	begins := w.monitors && a.watches != conversation && !r.watchedBy(conversation, a.session.User)
	a.watches = 0
	if w.monitors {
		a.watches = conversation
	}
	told := a.session.Monitored
	r.mu.Unlock()
	if !begins || told == nil {
		return
	}
	if err := told(a.ctx, conversation); err != nil && a.ctx.Err() == nil {
		r.hub.log.Error("write down who watches", "workspace", r.workspace, "conversation", conversation, "error", err)
	}
}

// watchedBy reports whether a member is known to watch a conversation, at this node or another. It holds the room's lock.
func (r *room) watchedBy(conversation, user desk.ID) bool {
	v := r.views[conversation]
	return v != nil && v.members[user].Monitors
}
