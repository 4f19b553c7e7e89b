package live

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// saved is how large the saved views are that are on somebody's screen. Each is read from the database once and kept in step
// by the rows of patches: with many views and many members, a message costs no statement. The room's lock guards it.
type saved struct {
	views     map[desk.ID]desk.SavedView // that somebody watches
	gauges    map[gaugeKey]*gauge
	followers map[desk.ID]*follower
	moved     bool     // since members were told
	reading   bool     // a round reads the database; what happens meanwhile
	meanwhile []func() // happens once more to what it found
}

// also does something now, and once more to what a round finds that reads as it was before.
func (s *saved) also(do func()) {
	if s.reading {
		s.meanwhile = append(s.meanwhile, do)
	}
	do()
}

// watch is what one socket shows of saved views, with the sizes it was told.
type watch map[desk.ID]view.SavedSize

// watchViews says which saved views a client shows, and in which zone its days begin: it is told their sizes from now on, at most once
// a second.
func (a *agent) watchViews(ids []desk.ID, zone string) {
	r := a.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if a.session.KeyHash != "" {
		return // a program reads its lists
	}
	was := a.watch
	a.watch = watch{}
	for _, id := range ids[:min(len(ids), maxWatched)] {
		a.watch[id] = was[id]
	}
	if len(a.watch) == 0 {
		return
	}
	r.saved.moved = true
	f := r.saved.follower(a.session)
	if here := zoneOf(zone); here.String() != f.zone.String() {
		r.saved.also(func() { f.zone, f.stale = here, true })
	}
	for id := range a.watch {
		if _, told := was[id]; !told {
			r.saved.also(func() { f.stale = true })
			break
		}
	}
}

// zoneOf reads the name of a zone, UTC where it is none that is known here.
func zoneOf(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil && zone != time.Local {
		return zone
	}
	return time.UTC
}

// follower is what is known of a member who watches.
func (s *saved) follower(of Session) *follower {
	if s.followers == nil {
		s.followers = map[desk.ID]*follower{}
	}
	f := s.followers[of.User]
	if f == nil || f.scope != of.Scope {
		zone := time.UTC
		if f != nil {
			zone = f.zone
		}
		f = newFollower(of.Scope, zone)
		s.followers[of.User] = f
		s.also(func() {
			f.stale = true
			maps.DeleteFunc(s.gauges, func(key gaugeKey, _ *gauge) bool { return key.member == of.User })
		})
	}
	return f
}

// beginSaved gathers what has to be read; nil if nothing has. It holds the room's lock.
func (r *room) beginSaved(now time.Time) *savedRound {
	s := &r.saved
	round := &savedRound{watched: map[desk.ID]*onScreen{}, fresh: map[gaugeKey]bool{}, further: map[gaugeKey]store.Page{}, now: now}
	due := false
	for a := range r.agents {
		if len(a.watch) == 0 {
			continue
		}
		user := a.session.User
		f := s.follower(a.session)
		if round.watched[user] == nil {
			round.watched[user] = &onScreen{scope: f.scope, teams: f.teams, zone: f.zone, stale: f.stale}
		}
		due = due || f.stale
		for id := range a.watch {
			round.watched[user].views = append(round.watched[user].views, id)
			v, known := s.views[id]
			key := keyOf(v, user, f.scope, f.zone)
			g := s.gauges[key]
			fresh := known && (v.ID == 0 || g != nil && !g.old(v.Filter, now))
			if fresh && g != nil && g.short(now) {
				fresh, round.further[key] = false, g.further()
			}
			round.fresh[key] = fresh
			due = due || !fresh
		}
	}
	s.forget(round.watched)
	if !due {
		return nil
	}
	s.reading, s.meanwhile = true, nil
	return round
}

// forget lets go of members who watch nothing any more, and of what only they watched.
func (s *saved) forget(here map[desk.ID]*onScreen) {
	if len(here) == 0 {
		*s = saved{}
	}
	maps.DeleteFunc(s.followers, func(user desk.ID, _ *follower) bool { return here[user] == nil })
	maps.DeleteFunc(s.gauges, func(key gaugeKey, _ *gauge) bool { return key.member != 0 && here[key.member] == nil })
}

// keyOf says by which gauge a member knows how large a view is.
func keyOf(v desk.SavedView, member desk.ID, scope desk.Scope, zone *time.Location) gaugeKey {
	key := gaugeKey{view: v.ID}
	if v.Filter.Personal() || scope != "" && scope != desk.ScopeAll {
		key.member = member
	}
	if v.Filter.WithinDays > 0 {
		key.zone = zone.String()
	}
	return key
}

// keepSaved tells members the sizes of the saved views on their screens, if they changed.
func (r *room) keepSaved(ctx context.Context) error {
	r.mu.Lock()
	round := r.beginSaved(r.hub.now())
	r.mu.Unlock()
	if round == nil {
		return r.tellSaved()
	}
	var read savedNews
	err := r.hub.store.View(ctx, r.workspace, func(reader store.Reader) (err error) {
		read, err = round.read(reader)
		return err
	})
	r.mu.Lock()
	r.saved.take(read, r.hub.now())
	r.mu.Unlock()
	if err != nil {
		return fmt.Errorf("count saved views: %w", err)
	}
	return r.tellSaved()
}

// take takes over what a round found, and what changed while it read.
func (s *saved) take(found savedNews, now time.Time) {
	if found.views != nil {
		s.views = found.views
	}
	if s.gauges == nil {
		s.gauges = map[gaugeKey]*gauge{}
	}
	maps.Copy(s.gauges, found.gauges)
	for key, more := range found.further {
		if g := s.gauges[key]; g != nil { // nil: it is read anew, as something else changed meanwhile
			g.add(more)
		}
	}
	for user, news := range found.followers {
		f := s.followers[user]
		if f == nil {
			continue
		}
		*f = *newFollower(f.scope, f.zone)
		f.teams, f.stale = news.teams, false
		for _, c := range news.rows {
			f.put(c.ID, s.viewsWith(c, user, f.zone, now))
		}
	}
	meanwhile := s.meanwhile
	s.reading, s.meanwhile, s.moved = false, nil, true
	for _, again := range meanwhile {
		again()
	}
}

// viewsWith are the views that a conversation is in for a member, but for whether it is read.
func (s *saved) viewsWith(c desk.Conversation, member desk.ID, zone *time.Location, now time.Time) []desk.ID {
	var in []desk.ID
	for id, v := range s.views {
		if v.ID != 0 && v.Filter.In(zone, now).MatchesForAll(c, member, now) {
			in = append(in, id)
		}
	}
	return in
}

// apply moves the sizes by a row as it is now.
func (s *saved) apply(o *ownership, now time.Time) {
	s.also(func() { s.move(o, now) })
}

func (s *saved) move(o *ownership, now time.Time) {
	c := o.shown
	for key, g := range s.gauges {
		v, there := s.views[key.view]
		if !there {
			continue
		}
		viewer, scope := desk.Viewer{Member: key.member, Read: o.reads[key.member]}, desk.ScopeAll
		if f := s.followers[key.member]; f != nil {
			viewer.Teams, scope = f.teams, f.scope
		}
		g.put(c.ID, v.Filter.In(g.zone, now).Matches(c, viewer, now) && scope.Sees(key.member, viewer.Teams, c))
	}
	for user, f := range s.followers {
		switch {
		case f.hears(user, c, o.reads[user]):
			f.put(c.ID, s.viewsWith(c, user, f.zone, now))
		case f.news[c.ID] != nil:
			f.put(c.ID, nil)
		}
	}
	s.moved = true
}

// gone forgets a conversation that was deleted.
func (s *saved) gone(id desk.ID) {
	s.also(func() {
		for _, g := range s.gauges {
			g.put(id, false)
		}
		for _, f := range s.followers {
			f.put(id, nil)
		}
		s.moved = true
	})
}

// changed has a view read again that somebody changed.
func (s *saved) changed(id desk.ID) {
	s.also(func() {
		if _, known := s.views[id]; known {
			delete(s.views, id)
			maps.DeleteFunc(s.gauges, func(key gaugeKey, _ *gauge) bool { return key.view == id })
			s.distrust()
		}
	})
}

// missed has everything read again: some changes could not be read.
func (s *saved) missed() {
	s.also(func() {
		s.gauges = nil
		s.distrust()
	})
}

// doubt has read again what is news to whom, and what depends on who is in which team.
func (s *saved) doubt() { s.also(s.distrust) }

func (s *saved) distrust() {
	for _, f := range s.followers {
		f.stale = true
	}
	maps.DeleteFunc(s.gauges, func(key gaugeKey, _ *gauge) bool { return key.member != 0 })
}

// tellSaved sends each socket the sizes that changed since it was told.
func (r *room) tellSaved() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := &r.saved
	if !s.moved {
		return nil
	}
	s.moved = false
	for a := range r.agents {
		f := s.followers[a.session.User]
		if len(a.watch) == 0 || !a.live || f == nil || f.stale {
			continue
		}
		var news []view.SavedSize
		for id, told := range a.watch {
			v, there := s.views[id]
			if !there || !v.For(a.session.User, f.teams) {
				continue
			}
			g := s.gauges[keyOf(v, a.session.User, f.scope, f.zone)]
			if g == nil {
				continue
			}
			size := view.SavedSize{ID: id, Count: min(len(g.rows), shownMost), More: g.more && len(g.rows) < shownMost, Unread: min(f.unread[id], shownMost)}
			if size != told {
				a.watch[id] = size
				news = append(news, size)
			}
		}
		if len(news) == 0 {
			continue
		}
		slices.SortFunc(news, func(x, y view.SavedSize) int { return int(x.ID - y.ID) })
		text, err := json.Marshal(news)
		if err != nil {
			return fmt.Errorf("encode sizes: %w", err)
		}
		a.send(textFrame(fmt.Appendf(nil, `{"type":"saved","sizes":%s}`, text)))
	}
	return nil
}
