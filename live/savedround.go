package live

import (
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// savedRound is one look at the database.
type savedRound struct {
	watched map[desk.ID]*onScreen   // by member
	fresh   map[gaugeKey]bool       // gauges that need no look
	further map[gaugeKey]store.Page // and those of which only this part does
	now     time.Time
}

// onScreen is what a member watches, and what is known of them.
type onScreen struct {
	views []desk.ID
	scope desk.Scope
	teams []desk.ID
	zone  *time.Location
	stale bool
}

// savedNews is what a round found.
type savedNews struct {
	views     map[desk.ID]desk.SavedView
	gauges    map[gaugeKey]*gauge
	further   map[gaugeKey]*gauge // what was found of gauges that were short
	followers map[desk.ID]readNews
}

// readNews is what is unread for one member.
type readNews struct {
	teams []desk.ID
	rows  []desk.Conversation
}

func (s *savedRound) read(r store.Reader) (savedNews, error) {
	found := savedNews{views: map[desk.ID]desk.SavedView{}, gauges: map[gaugeKey]*gauge{}, further: map[gaugeKey]*gauge{}, followers: map[desk.ID]readNews{}}
	all, err := r.SavedViews().List()
	if err != nil {
		return savedNews{}, err
	}
	views := make(map[desk.ID]desk.SavedView, len(all))
	for _, v := range all {
		views[v.ID] = v
	}
	for user, w := range s.watched {
		for _, id := range w.views {
			found.views[id] = views[id] // the zero SavedView for what is not there any more
		}
		if w.stale && len(found.followers) < roundPeople {
			news, err := unreadOf(r, user, w.scope)
			if err != nil {
				return savedNews{}, err
			}
			found.followers[user], w.teams, w.stale = news, news.teams, false
		}
		if err := s.readGauges(r, user, w, &found); err != nil {
			return savedNews{}, err
		}
	}
	return found, nil
}

// readGauges reads the sizes that a member watches, as far as a round goes.
func (s *savedRound) readGauges(r store.Reader, user desk.ID, w *onScreen, found *savedNews) error {
	for _, id := range w.views {
		v := found.views[id]
		key := keyOf(v, user, w.scope, w.zone)
		if w.stale || !v.For(user, w.teams) || s.fresh[key] || found.gauges[key] != nil || found.further[key] != nil ||
			len(found.gauges)+len(found.further) >= roundGauges {
			continue
		}
		page, part := s.further[key]
		if !part {
			page.Limit = gaugeHolds
		}
		g, err := readGauge(r, v, key.member, w, page, s.now)
		if err != nil {
			return err
		}
		if part {
			found.further[key] = g
		} else {
			found.gauges[key] = g
		}
	}
	return nil
}

// readGauge reads a part of a view.
func readGauge(r store.Reader, v desk.SavedView, member desk.ID, w *onScreen, page store.Page, now time.Time) (*gauge, error) {
	q := store.ConversationQuery{ListFilter: v.Filter.In(w.zone, now), User: member, Page: page}
	if member != 0 {
		q.Scope, q.UserTeams = w.scope, w.teams
	}
	rows, next, err := r.Conversations().List(q)
	if err != nil {
		return nil, err
	}
	g := &gauge{rows: make(map[desk.ID]struct{}, len(rows)), more: next != "", next: next, zone: w.zone, at: now, had: len(rows), looked: now}
	for _, c := range rows {
		g.rows[c.ID] = struct{}{}
	}
	return g, nil
}

// unreadOf reads what is news to a member: the newest of their own, of the queues, and of where a note named them.
func unreadOf(r store.Reader, member desk.ID, scope desk.Scope) (news readNews, err error) {
	if news.teams, err = r.Teams().Of(member); err != nil {
		return news, err
	}
	for _, v := range []desk.View{desk.ViewMine, desk.ViewUnassigned, desk.ViewMentions} {
		q := store.ConversationQuery{ListFilter: desk.ListFilter{View: v, Unread: true}, User: member, Scope: scope, UserTeams: news.teams, Page: store.Page{Limit: shownMost}}
		rows, _, err := r.Conversations().List(q)
		if err != nil {
			return news, err
		}
		news.rows = append(news.rows, rows...)
	}
	return news, nil
}
