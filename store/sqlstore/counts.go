package sqlstore

import (
	"maps"
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
	teams           map[desk.ID]int64 // of those that have any
	failed, blocked int64
	unassigned      map[place]int64        // with a customer's words, of those that nobody has
	read            map[readOf]int64       // how many of them each member has read
	unread          map[desk.ID][]unreadAt // of each member's own those with news
	mentions        map[desk.ID][]mentions
}

// place says in which views conversations are, beside whose they are.
type place struct {
	team desk.ID
	kind int64
}

// The kinds of a place, added up as newsKind does.
const (
	kindWaiting int64 = 1 << iota
	kindSnoozed
	kindFailed
	kindBlocked
)

// kindOf is the kind of one unresolved conversation.
func kindOf(c *desk.Conversation) (kind int64) {
	for _, one := range []struct {
		is   bool
		kind int64
	}{{c.Waiting(), kindWaiting}, {c.Status == desk.StatusSnoozed, kindSnoozed}, {c.Preview.Failed, kindFailed}, {c.Blocked, kindBlocked}} {
		if one.is {
			kind += one.kind
		}
	}
	return kind
}

// readOf is what a member has read of a queue's place.
type readOf struct {
	user desk.ID
	place
}

// unreadAt is in how many conversations of a place there is news.
type unreadAt struct {
	place
	n int64
}

// elsewhere is, as whose mentions are, what somebody else has.
const elsewhere desk.ID = -2

// mentions is in how many conversations of a place notes named a member, and whose they are, as sqlMentionsOf has it.
type mentions struct {
	whose desk.ID
	place
	all, unread int64
}

// sums reads what is the same for all once, and what is each member's own in a statement for many.
func (s conversations) sums(members []store.Sight, of []int) (*sums, error) {
	all := &sums{workspace: s.t.workspace, sizes: map[counter]int64{}, teams: map[desk.ID]int64{}, unassigned: map[place]int64{}, read: map[readOf]int64{}, unread: map[desk.ID][]unreadAt{}, mentions: map[desk.ID][]mentions{}}
	err := s.t.each(sqlCounterList, []any{s.t.workspace}, func(r row) error {
		k := counter{workspace: s.t.workspace}
		var n int64
		err := scan(r, &k.name, &k.subject, &n)
		all.sizes[k] = n
		if k.name == "team" && n > 0 {
			all.teams[k.subject] = n
		}
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
		err := s.t.each(sqlUnreadMine, args, func(r row) error {
			var user desk.ID
			var at unreadAt
			err := scan(r, &user, &at.team, &at.kind, &at.n)
			all.unread[user] = append(all.unread[user], at)
			return err
		})
		if err != nil {
			return err
		}
		return s.t.each(sqlMentionsOf, args, func(r row) error {
			var user desk.ID
			var m mentions
			err := scan(r, &user, &m.whose, &m.team, &m.kind, &m.all, &m.unread)
			all.mentions[user] = append(all.mentions[user], m)
			return err
		})
	})
}

// queued reads what waits in queues, and who has read it.
func (s conversations) queued(all *sums) error {
	err := s.t.each(sqlUnassignedNews, []any{s.t.workspace}, func(r row) error {
		var at place
		var n int64
		err := scan(r, &at.team, &at.kind, &n)
		all.unassigned[at] = n
		return err
	})
	if err != nil || len(all.unassigned) == 0 {
		return err
	}
	return s.t.each(sqlUnassignedRead, []any{s.t.workspace}, func(r row) error {
		var of readOf
		var n int64
		err := scan(r, &of.user, &of.team, &of.kind, &n)
		all.read[of] = n
		return err
	})
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
		counts.Teams[team] = 0
	}
	maps.Copy(counts.Teams, s.teams)
	s.news(&counts.ViewsUnread, m)
	counts.Mentions = min(s.mentioned(m.User), shownMost)
	return counts
}

// mentioned is in how many unresolved conversations notes named a member.
func (s *sums) mentioned(user desk.ID) (n int64) {
	for _, named := range s.mentions[user] {
		n += named.all
	}
	return n
}

// news counts what is unread for a member (G2.7): theirs, in their queues, and where a note named them.
func (s *sums) news(unread *store.ViewsUnread, m store.Sight) {
	concerns := func(team desk.ID) bool { return team == 0 || slices.Contains(m.Teams, team) }
	for _, at := range s.unread[m.User] {
		unread.MineUnread += at.n
		addUnread(unread, at.place, at.n)
	}
	for at, n := range s.unassigned {
		if concerns(at.team) {
			n -= s.read[readOf{m.User, at}]
			unread.UnassignedUnread += n
			addUnread(unread, at, n)
		}
	}
	for _, named := range s.mentions[m.User] {
		unread.MentionsUnread += named.unread
		queued := named.whose > 0 && !concerns(named.whose) // in a queue that is not theirs
		if queued {
			unread.UnassignedUnread += named.unread
		}
		if queued || named.whose == elsewhere {
			addUnread(unread, named.place, named.unread)
		}
	}
	boundUnread(unread)
}

// addUnread counts conversations with news into the views of their place.
func addUnread(unread *store.ViewsUnread, at place, n int64) {
	if n == 0 {
		return
	}
	unread.Unread += n
	if at.kind&kindWaiting != 0 {
		unread.WaitingUnread += n
	} else {
		unread.RepliedUnread += n
	}
	for _, one := range []struct {
		kind int64
		size *int64
	}{{kindSnoozed, &unread.SnoozedUnread}, {kindFailed, &unread.FailedUnread}, {kindBlocked, &unread.BlockedUnread}} {
		if at.kind&one.kind != 0 {
			*one.size += n
		}
	}
	if at.team != 0 {
		if unread.TeamsUnread == nil {
			unread.TeamsUnread = map[desk.ID]int64{}
		}
		unread.TeamsUnread[at.team] += n
	}
}

// boundUnread has no size above what is shown.
func boundUnread(unread *store.ViewsUnread) {
	for _, n := range []*int64{
		&unread.Unread, &unread.MineUnread, &unread.UnassignedUnread, &unread.MentionsUnread, &unread.WaitingUnread,
		&unread.RepliedUnread, &unread.SnoozedUnread, &unread.FailedUnread, &unread.BlockedUnread,
	} {
		*n = min(*n, shownMost)
	}
	for team, n := range unread.TeamsUnread {
		unread.TeamsUnread[team] = min(n, shownMost)
	}
}
