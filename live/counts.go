package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

const countEvery = time.Second // at most, per member

// counted is whose view sizes are in doubt. The room's lock guards it.
type counted struct {
	all     bool
	bounded bool // those who do not see everything: for them the newest are counted
	some    map[desk.ID]bool
	told    map[sight][]byte // what was told last
	read    map[desk.ID]standing
}

// standing is what decides in which views a conversation is, as it was read last.
type standing struct {
	version  int64
	status   desk.TicketStatus
	assignee desk.ID
	team     desk.ID
	waiting  bool
	failed   bool
	blocked  bool
	named    string // by notes
}

func standingOf(c desk.Conversation) standing {
	return standing{
		version: c.Version, status: c.Status, assignee: c.Assignee, team: c.TeamID, waiting: c.Waiting(), failed: c.Preview.Failed, blocked: c.Blocked,
		named: fmt.Sprint(c.MentionedIDs),
	}
}

// standingsKept is how many conversations' are known at most; of one that is not, everybody is counted.
const standingsKept = 4096

// moved notes whose counts a change of a conversation may have moved. One that left its standing as it was, which most messages in
// a talk do and every receipt, moves at most what is unread of those whom the talk concerns (G2.7).
func (c *counted) moved(p *patch) {
	if p.only != 0 {
		c.doubt(p.only)
		return
	}
	is := standingOf(p.row.shown)
	was, known := c.read[p.row.conversation]
	if !known && len(c.read) >= standingsKept {
		clear(c.read)
	}
	if c.read == nil {
		c.read = map[desk.ID]standing{}
	}
	c.read[p.row.conversation] = is
	next := known && is.version-was.version <= 1 // nothing came and went unseen in between
	was.version = is.version
	if !next || was != is || !isTalk(p.event.Kind) || is.assignee == 0 && is.team == 0 {
		c.doubt(0)
		return
	}
	c.doubtTalk(p)
}

// isTalk reports an event that changes what is said, not whose case it is.
func isTalk(k desk.EventKind) bool {
	return k == desk.EventMessageCreated || k == desk.EventMessageChanged || k == desk.EventCustomerRead
}

// doubtTalk is doubt about those whom a message concerns.
func (c *counted) doubtTalk(p *patch) {
	if p.event.Kind == desk.EventCustomerRead {
		return // it is no news to members
	}
	c.bounded = c.bounded || p.event.Kind == desk.EventMessageCreated
	for _, user := range append(append([]desk.ID{p.row.shown.Assignee}, p.row.queue...), p.row.shown.MentionedIDs...) {
		if user != 0 {
			c.doubt(user)
		}
	}
}

// sight is as which member a socket sees the desk; a key may see more than its maker.
type sight struct {
	user  desk.ID
	scope desk.Scope
}

// sight is how the socket sees the desk.
func (s Session) sight() sight { return sight{s.User, s.Scope} }

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

// forget has a member told anew.
func (c *counted) forget(user desk.ID) {
	maps.DeleteFunc(c.told, func(of sight, _ []byte) bool { return of.user == user })
}

// take gives those to count.
func (c *counted) take(agents map[*agent]struct{}) []store.Sight {
	taken := map[sight]bool{}
	var sights []store.Sight
	for a := range agents {
		of := a.session.sight()
		if (c.all || c.some[of.user] || c.bounded && a.session.bounded()) && !taken[of] {
			taken[of] = true
			sights = append(sights, store.Sight{User: of.user, Scope: of.scope})
		}
	}
	c.all, c.bounded, c.some = false, false, nil
	return sights
}

// keepCounts tells members the sizes of their views, if they changed: all who are in doubt are counted together.
func (r *room) keepCounts(ctx context.Context) error {
	r.mu.Lock()
	sights := r.counted.take(r.agents)
	seq := r.pos
	r.mu.Unlock()
	if len(sights) == 0 {
		return nil
	}
	var counts []store.ViewCounts
	err := r.hub.store.View(ctx, r.workspace, func(reader store.Reader) error {
		teams, err := reader.Teams().List()
		if err != nil {
			return err
		}
		of := teamsOf(teams)
		for i := range sights {
			sights[i].Teams = of[sights[i].User]
		}
		counts, err = reader.Conversations().CountsOf(sights)
		return err
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		for _, s := range sights {
			r.counted.doubt(s.User)
		}
		return fmt.Errorf("count views: %w", err)
	}
	return r.tellCounts(sights, counts, seq)
}

// teamsOf are the teams of each member.
func teamsOf(teams []desk.Team) map[desk.ID][]desk.ID {
	of := map[desk.ID][]desk.ID{}
	for _, team := range teams {
		for _, member := range team.MemberIDs {
			of[member] = append(of[member], team.ID)
		}
	}
	return of
}

// tellCounts sends the sizes that are news. It holds the room's lock.
func (r *room) tellCounts(sights []store.Sight, counts []store.ViewCounts, seq int64) error {
	if r.counted.told == nil {
		r.counted.told = map[sight][]byte{}
	}
	frames := map[sight][]byte{}
	for i, s := range sights {
		size, err := json.Marshal(view.CountsOf(counts[i]))
		if err != nil {
			return fmt.Errorf("encode counts: %w", err)
		}
		of := sight{s.User, s.Scope}
		if !bytes.Equal(size, r.counted.told[of]) {
			r.counted.told[of] = size
			frames[of] = textFrame(fmt.Appendf(nil, `{"type":"patch","seq":%d,"kind":"counts","counts":%s}`, seq, size))
		}
	}
	for a := range r.agents {
		if frame := frames[a.session.sight()]; frame != nil && a.live {
			a.send(frame)
		}
	}
	return nil
}
