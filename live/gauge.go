package live

import (
	"time"

	"madoguchi/desk"
	"madoguchi/store"
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
	more bool   // there are others
	lost bool   // some of them above where it was read to: it is read from its beginning again
	next string // where its list goes on, "" = it was read to the end
	zone *time.Location
	at   time.Time // when it was read from its beginning

	had    int // rows when the database was looked at last
	looked time.Time
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
			g.more, g.lost, g.had = true, true, gaugeHolds
		}
	}
}

// old reports whether time has changed what is in the view.
func (g *gauge) old(f desk.ListFilter, now time.Time) bool {
	if len(f.Windows) > 0 && now.Sub(g.at) >= gaugeEvery { // they close by themselves
		return true
	}
	return !f.In(g.zone, now).Since.Equal(f.In(g.zone, g.at).Since) // a day is over
}

// short reports whether rows left a view of which not all are known, so that it may be told too small. Where a look at the
// database found few rows among many, the next one finds none until some of these have left, and it can wait.
func (g *gauge) short(now time.Time) bool {
	if !g.more || len(g.rows) >= min(g.had, shownMost) {
		return false
	}
	if g.had < shownMost {
		return now.Sub(g.looked) >= gaugeEvery
	}
	return now.Sub(g.looked) >= countEvery
}

// further is where a gauge's list goes on, and how many rows of it the gauge can hold.
func (g *gauge) further() store.Page {
	if g.lost {
		return store.Page{Limit: gaugeHolds}
	}
	return store.Page{After: g.next, Limit: gaugeHolds - len(g.rows)}
}

// add takes in what was found further down: what a gauge knows by name stays right.
func (g *gauge) add(found *gauge) {
	g.lost = false
	for id := range found.rows {
		g.put(id, true)
	}
	g.next, g.looked, g.had = found.next, found.looked, len(g.rows)
	g.more = g.lost || g.next != ""
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
