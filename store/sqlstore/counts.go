package sqlstore

import (
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
	unassigned      int64             // with a customer's words, of those that nobody has
	read            map[desk.ID]int64 // how many of them each member has read
	unread          map[desk.ID]int64 // of each member's own those with news
	mentions        map[desk.ID]mentions
}

// mentions is in how many conversations notes named a member.
type mentions struct{ all, unread int64 }

// sums reads what is the same for all once, and what is each member's own in a statement for many.
func (s conversations) sums(members []store.Sight, of []int) (*sums, error) {
	all := &sums{workspace: s.t.workspace, sizes: map[counter]int64{}, read: map[desk.ID]int64{}, unread: map[desk.ID]int64{}, mentions: map[desk.ID]mentions{}}
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
	}{{&all.failed, sqlFailedCount}, {&all.blocked, sqlBlockedCount}, {&all.unassigned, sqlUnassignedNews}} {
		if _, err := s.t.value(one.sql, []any{s.t.workspace}, one.size); err != nil {
			return nil, err
		}
	}
	if all.unassigned > 0 {
		if err := s.t.each(sqlUnassignedRead, []any{s.t.workspace}, into(all.read)); err != nil {
			return nil, err
		}
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
			err := scan(r, &user, &m.all, &m.unread)
			all.mentions[user] = m
			return err
		})
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
		Mentions: min(s.mentions[m.User].all, shownMost), MentionsUnread: min(s.mentions[m.User].unread, shownMost),
		MineUnread: s.unread[m.User], UnassignedUnread: min(s.unassigned-s.read[m.User], shownMost),
		Teams: make(map[desk.ID]int64, len(m.Teams)),
	}
	for _, team := range m.Teams {
		counts.Teams[team] = s.size("team", team)
	}
	return counts
}
