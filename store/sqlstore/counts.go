package sqlstore

import (
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// shownMost is to how many what has no maintained counter is counted.
const shownMost = 100

func (s conversations) Counts(user desk.ID, teams []desk.ID) (store.ViewCounts, error) {
	return s.CountsWithin(user, teams, desk.ScopeAll)
}

func (s conversations) CountsWithin(user desk.ID, teams []desk.ID, scope desk.Scope) (store.ViewCounts, error) {
	counts, err := s.CountsOf([]store.Sight{{User: user, Teams: teams, Scope: scope}})
	if err != nil {
		return store.ViewCounts{}, err
	}
	return counts[0], nil
}

func (s conversations) CountsOf(members []store.Sight) ([]store.ViewCounts, error) {
	all := make([]store.ViewCounts, len(members))
	var free, bounded []int // of members, by whether they see everything
	for i, m := range members {
		if m.Scope == "" || m.Scope == desk.ScopeAll {
			free = append(free, i)
		} else {
			bounded = append(bounded, i)
		}
	}
	if len(free) > 0 {
		sums, err := s.sums(members, free)
		if err != nil {
			return nil, err
		}
		for _, i := range free {
			all[i] = sums.of(members[i])
		}
	}
	return all, s.tally(all, members, bounded)
}

// sums are what the sizes of the views are for members who see everything.
type sums struct {
	workspace       desk.ID
	sizes           map[counter]int64
	failed, blocked int64
	unassigned      map[desk.ID]int64 // with a customer's words, of those that nobody has, by team
	read            map[readOf]int64  // how many of them each member has read
	unread          map[desk.ID]int64 // of each member's own those with news
	mentions        map[desk.ID][]mentions
}

// readOf is what a member has read of a team's queue, 0 = of no team.
type readOf struct{ user, team desk.ID }

// elsewhere is, as a place of mentions, what somebody else has.
const elsewhere desk.ID = -2

// mentions is in how many conversations of a place, as sqlMentionsOf has it, notes named a member.
type mentions struct {
	place       desk.ID
	all, unread int64
}

// sums reads what is the same for all once, and what is each member's own in a statement for many.
func (s conversations) sums(members []store.Sight, of []int) (*sums, error) {
	all := &sums{workspace: s.t.workspace, sizes: map[counter]int64{}, unassigned: map[desk.ID]int64{}, read: map[readOf]int64{}, unread: map[desk.ID]int64{}, mentions: map[desk.ID][]mentions{}}
	err := s.t.each(sqlCounterList, []any{s.t.workspace}, func(r row) error {
		k := counter{workspace: s.t.workspace}
		var n int64
		err := scan(r, &k.name, &k.subject, &n)
		all.sizes[k] = n
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, one := range []struct {
		size *int64
		sql  string
	}{{&all.failed, sqlFailedCount}, {&all.blocked, sqlBlockedCount}} {
		if _, err := s.t.value(one.sql, []any{s.t.workspace}, one.size); err != nil {
			return nil, err
		}
	}
	if err := s.queued(all); err != nil {
		return nil, err
	}
	users := make([]desk.ID, len(of))
	for at, i := range of {
		users[at] = members[i].User
	}
	return all, in(users, []any{s.t.workspace}, func(args []any) error {
		if err := s.t.each(sqlUnreadMine, args, into(all.unread)); err != nil {
			return err
		}
		return s.t.each(sqlMentionsOf, args, func(r row) error {
			var user desk.ID
			var m mentions
			err := scan(r, &user, &m.place, &m.all, &m.unread)
			all.mentions[user] = append(all.mentions[user], m)
			return err
		})
	})
}

// queued reads what waits in queues, and who has read it.
func (s conversations) queued(all *sums) error {
	if err := s.t.each(sqlUnassignedNews, []any{s.t.workspace}, into(all.unassigned)); err != nil || len(all.unassigned) == 0 {
		return err
	}
	return s.t.each(sqlUnassignedRead, []any{s.t.workspace}, func(r row) error {
		var of readOf
		var n int64
		err := scan(r, &of.user, &of.team, &n)
		all.read[of] = n
		return err
	})
}

// into reads rows of an id and a number.
func into(sizes map[desk.ID]int64) func(row) error {
	return func(r row) error {
		var id desk.ID
		var n int64
		err := scan(r, &id, &n)
		sizes[id] = n
		return err
	}
}

// size is that of one counter.
func (s *sums) size(name string, subject desk.ID) int64 {
	return s.sizes[counter{s.workspace, name, subject}]
}

// of are the sizes for one member.
func (s *sums) of(m store.Sight) store.ViewCounts {
	counts := store.ViewCounts{
		Mine: s.size("assignee", m.User), Unassigned: s.size("assignee", 0), All: s.size("all", 0), Waiting: s.size("waiting", 0),
		Replied: s.size("replied", 0), Snoozed: s.size("snoozed", 0), Resolved: s.size("resolved", 0), Failed: s.failed, Blocked: s.blocked,
		Teams: make(map[desk.ID]int64, len(m.Teams)),
	}
	for _, team := range m.Teams {
		counts.Teams[team] = s.size("team", team)
	}
	s.news(&counts, m)
	return counts
}

// news counts what is unread for a member (G2.7): theirs, in their queues, and where a note named them.
func (s *sums) news(counts *store.ViewCounts, m store.Sight) {
	queued := s.unassigned[0] - s.read[readOf{m.User, 0}]
	for _, team := range m.Teams {
		queued += s.unassigned[team] - s.read[readOf{m.User, team}]
	}
	var all, unread, others int64
	for _, named := range s.mentions[m.User] {
		all += named.all
		unread += named.unread
		switch {
		case named.place == elsewhere:
			others = named.unread
		case named.place > 0 && !slices.Contains(m.Teams, named.place):
			queued += named.unread // in a queue that is not theirs
		}
	}
	counts.Mentions, counts.MentionsUnread = min(all, shownMost), min(unread, shownMost)
	counts.MineUnread, counts.UnassignedUnread = s.unread[m.User], min(queued, shownMost)
	counts.Unread = min(counts.MineUnread+queued+others, shownMost)
}
