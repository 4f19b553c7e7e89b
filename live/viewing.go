package live

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"madoguchi/bus"
	"madoguchi/desk"
)

// viewingLease is how long a hint of looking or typing counts; it is announced again every 5 s.
const viewingLease = 12 * time.Second

// watched is who looks at one conversation and who types in it. The room's lock guards it.
type watched struct {
	members  map[desk.ID]look
	customer time.Time // types until, zero = does not
	told     bool      // the customer was told that somebody types
}

type look struct {
	Typing   bool
	Mode     string
	Monitors bool // watches somebody else's work: nothing of it is the customer's (E21)
	Unseen   bool // and only supervisors see that (E22)
	name     string
	until    time.Time
}

// same reports whether two looks are told alike.
func (l look) same(other look) bool {
	return l.Typing == other.Typing && l.Mode == other.Mode && l.Monitors == other.Monitors && l.Unseen == other.Unseen
}

type viewerJSON struct {
	UserID   desk.ID `json:"user_id"`
	Typing   bool    `json:"typing"`
	Mode     string  `json:"mode,omitempty"`
	Monitors bool    `json:"monitors,omitempty"`
}

// look is what a client of the inbox says it shows: the room hears of it over the bus like every other node's.
func (a *agent) look(m fromAgent) {
	if m.Mode != "note" {
		m.Mode = "reply"
	}
	m.Typing = m.Typing && !a.silent.Load()
	r := a.room
	watch, ok := a.mayLookAt(m.ConversationID)
	if !ok {
		m.ConversationID = 0
	}
	a.note(m.ConversationID, watch)
	r.mu.Lock()
	before := a.viewing
	a.viewing = m.ConversationID
	left := before != 0 && before != a.viewing && !r.looksAt(a.session.User, before)
	if a.viewing != before && a.viewing != 0 {
		if w := r.views[a.viewing]; w != nil {
			a.send(w.frame(a.viewing, r.hub.now(), a.session))
		}
	}
	r.mu.Unlock()
	if left {
		r.hub.whisper(a.ctx, bus.TopicTyping, r.workspace, whisper{Conversation: before, User: a.session.User, Gone: true})
	}
	if m.ConversationID != 0 && a.session.KeyHash == "" {
		r.hub.whisper(a.ctx, bus.TopicTyping, r.workspace, whisper{
			Conversation: m.ConversationID, User: a.session.User, Name: a.session.Name, Typing: m.Typing, Mode: m.Mode,
			Monitors: watch.monitors, Unseen: watch.unseen,
		})
		if tell := r.hub.config.MemberTypes; tell != nil && m.Typing && m.Mode == "reply" && !watch.monitors {
			tell(r.workspace, m.ConversationID, a.session.User)
		}
	}
}

// looksAt reports whether another socket of a member still shows a conversation. It holds the room's lock.
func (r *room) looksAt(user, conversation desk.ID) bool {
	for a := range r.agents {
		if a.session.User == user && a.viewing == conversation {
			return true
		}
	}
	return false
}

// look takes a hint in and tells who is concerned, if it changed anything.
func (r *room) look(w whisper) {
	if w.Conversation == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.hub.now()
	v := r.views[w.Conversation]
	if v == nil {
		v = &watched{members: map[desk.ID]look{}}
		r.views[w.Conversation] = v
	}
	changed := false
	switch {
	case w.Customer:
		changed = !now.Before(v.customer)
		v.customer = now.Add(viewingLease)
	case w.Gone:
		_, changed = v.members[w.User]
		delete(v.members, w.User)
	default:
		known, there := v.members[w.User]
		is := look{Typing: w.Typing, Mode: w.Mode, Monitors: w.Monitors, Unseen: w.Unseen, name: w.Name, until: now.Add(viewingLease)}
		changed = !there || !known.same(is)
		v.members[w.User] = is
	}
	r.showViewing(w.Conversation, v, now, changed)
	r.keeper.poke()
}

// showViewing tells who looks at the conversation, and its customer whether somebody answers. It holds the room's lock.
func (r *room) showViewing(conversation desk.ID, v *watched, now time.Time, changed bool) {
	if changed {
		for a := range r.agents {
			if a.viewing == conversation {
				a.send(v.frame(conversation, now, a.session))
			}
		}
		r.tellCustomer(conversation, v)
		r.boardStale = true
	}
	if len(v.members) == 0 && !now.Before(v.customer) {
		delete(r.views, conversation)
	}
}

// tellCustomer shows the customer that a member types a reply; a note is nobody's business.
func (r *room) tellCustomer(conversation desk.ID, v *watched) {
	name, typing := "", false
	for _, user := range slices.Sorted(maps.Keys(v.members)) {
		if l := v.members[user]; l.Typing && l.Mode == "reply" && !l.Monitors {
			name, typing = l.name, true
			break
		}
	}
	if typing == v.told {
		return
	}
	v.told = typing
	frame, err := encodeFrame(map[string]any{"type": "typing", "on": typing, "name": name})
	if err != nil {
		return // strings and a bool
	}
	for c := range r.threads[conversation] {
		c.send(frame)
	}
}

// frame is who looks, as far as the socket's member is to see it.
func (v *watched) frame(conversation desk.ID, now time.Time, to Session) []byte {
	who := make([]viewerJSON, 0, len(v.members))
	for _, user := range slices.Sorted(maps.Keys(v.members)) {
		l := v.members[user]
		if l.Unseen && !to.Monitors {
			continue
		}
		who = append(who, viewerJSON{UserID: user, Typing: l.Typing, Mode: l.Mode, Monitors: l.Monitors})
	}
	list, err := json.Marshal(who)
	if err != nil {
		list = []byte("[]") // ids, bools and modes
	}
	return textFrame(fmt.Appendf(nil, `{"type":"viewing","conversation_id":%d,"who":%s,"customer_typing":%t}`,
		conversation, list, now.Before(v.customer)))
}

// quiet ends the typing of those who have just written. It holds the room's lock.
func (r *room) quiet(patches []patch) {
	for i := range patches {
		p := &patches[i]
		v := r.views[p.event.ConversationID]
		if !p.quiet || v == nil {
			continue
		}
		now, changed := r.hub.now(), false
		if p.event.Actor.Kind == desk.ActorCustomer {
			changed = now.Before(v.customer)
			v.customer = time.Time{}
		} else if l, there := v.members[p.event.Actor.ID]; there && l.Typing {
			l.Typing, changed = false, true
			v.members[p.event.Actor.ID] = l
		}
		r.showViewing(p.event.ConversationID, v, now, changed)
	}
}

// expireViewing forgets hints that were not renewed and says when the next one runs out, zero if none is left.
func (r *room) expireViewing(now time.Time) (next time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	soonest := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	for conversation, v := range r.views {
		changed := false
		for user, l := range v.members {
			if !now.Before(l.until) {
				delete(v.members, user)
				changed = true
			} else {
				soonest(l.until)
			}
		}
		if !v.customer.IsZero() && !now.Before(v.customer) {
			v.customer, changed = time.Time{}, true
		} else if !v.customer.IsZero() {
			soonest(v.customer)
		}
		r.showViewing(conversation, v, now, changed)
	}
	return next
}
