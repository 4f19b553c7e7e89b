package live

import (
	"time"

	"madoguchi/desk"
)

const (
	gaugeHolds  = 150         // rows that a gauge knows by name; it is read again when fewer than shownMost of more are left
	shownMost   = 100         // shown as 99+
	gaugeEvery  = time.Minute // of what changes by itself from one minute to the next
	maxWatched  = 200         // saved views on one screen
	roundGauges = 60          // gauges read in one go; the others wait for the next round
	roundPeople = 40          // members whose unread conversations are read in one go
)

// gaugeKey names the size of one saved view: for everybody who sees all of the workspace, or for one member whose scope or
// whose own view of things makes a difference; in a zone, where the view spans days.
type gaugeKey struct {
	view, member desk.ID
	zone         string
}

// gauge is the size of one saved view, kept by the names of its rows: a change moves it without a look at the database.
type gauge struct {
	rows map[desk.ID]struct{}
	more bool // there are others
	zone *time.Location
	at   time.Time
}

// put notes whether a conversation is in the view.
func (g *gauge) put(id desk.ID, in bool) {
	switch {
	case !in:
		delete(g.rows, id)
	case len(g.rows) < gaugeHolds:
		g.rows[id] = struct{}{}
	default:
		if _, known := g.rows[id]; !known {
			g.more = true
		}
	}
}

// stale reports whether only the database knows how large the view is.
func (g *gauge) stale(f desk.ListFilter, now time.Time) bool {
	switch {
	case g.more && len(g.rows) < shownMost:
		return now.Sub(g.at) >= countEvery
	case len(f.Windows) > 0: // they close by themselves
		return now.Sub(g.at) >= gaugeEvery
	}
	return !f.In(g.zone, now).Since.Equal(f.In(g.zone, g.at).Since) // a day is over
}

// follower is a member who watches saved views, and what is news to them (G1.7, G2.7).
type follower struct {
	scope  desk.Scope
	teams  []desk.ID
	zone   *time.Location // where their days begin
	stale  bool
	news   map[desk.ID][]desk.ID // the views of each unread conversation
	unread map[desk.ID]int       // by view
}

func newFollower(scope desk.Scope, zone *time.Location) *follower {
	return &follower{scope: scope, zone: zone, stale: true, news: map[desk.ID][]desk.ID{}, unread: map[desk.ID]int{}}
}

// put notes in which views an unread conversation is, none if it is no news.
func (f *follower) put(id desk.ID, views []desk.ID) {
	for _, v := range f.news[id] {
		f.unread[v]--
	}
	delete(f.news, id)
	if len(views) == 0 {
		return
	}
	f.news[id] = views
	for _, v := range views {
		f.unread[v]++
	}
}

// hears reports whether what the customer wrote is unread and the member's to know.
func (f *follower) hears(member desk.ID, c desk.Conversation, read int64) bool {
	return desk.Viewer{Member: member, Teams: f.teams, Read: read}.Unread(c) && f.scope.Sees(member, f.teams, c)
}
