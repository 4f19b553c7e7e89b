package sqlstore

import (
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// What counting looks at of a queue's newest rows, at most 500.
const (
	tallyColumns  = `c.id, c.status, c.assignee_id, c.team_id, c.wait_since, c.last_inbound_seq, c.blocked, c.mentioned_ids, c.failed`
	tallyFrom     = `SELECT ` + tallyColumns + ` FROM conversations c WHERE c.workspace_id = $1`
	tallyOrder    = ` AND c.unresolved = $2 ORDER BY c.recency, c.id LIMIT 500`
	sqlTallyQueue = tallyFrom + ` AND c.assignee_id = 0` + tallyOrder
	sqlTallyTeam  = tallyFrom + ` AND c.team_id = $3 AND c.team_id > 0` + tallyOrder
	// Of many members at once: each one's own up to the 500th, and what is of that one's very millisecond.
	sqlTallyMine = `WITH s AS MATERIALIZED (SELECT m.user_id, coalesce((SELECT c.recency FROM conversations c
			WHERE c.workspace_id = $1 AND c.assignee_id = m.user_id AND c.unresolved = $2
			ORDER BY c.recency, c.id LIMIT 1 OFFSET 499), 9223372036854775807) AS up_to
			FROM members m WHERE m.workspace_id = $1 AND m.user_id IN (` + inList3 + `))
		SELECT ` + tallyColumns + ` FROM s JOIN conversations c ON c.workspace_id = $1 AND c.assignee_id = s.user_id AND c.unresolved = $2
			AND c.recency <= s.up_to`

	sqlReadAmong = `SELECT ` + readColumns + ` FROM member_reads WHERE workspace_id = $1 AND conversation_id IN (` + inList2 + `)`
)

func readTallied(r row, c *desk.Conversation) error {
	return scan(r, &c.ID, &c.Status, &c.Assignee, &c.TeamID, &c.WaitSince, &c.LastInboundSeq, &c.Blocked, asJSON(&c.MentionedIDs), &c.Preview.Failed)
}

// tallies counts for members with a bounded scope (J2): what several of them look at is read once.
type tallies struct {
	s     conversations
	queue []desk.Conversation // that nobody has; nil = not read
	teams map[desk.ID][]desk.Conversation
	reads map[readBy]int64
	known map[desk.ID]bool // conversations whose reads were read
}

// readBy is a member's reading of a conversation.
type readBy struct{ user, conversation desk.ID }

// tally counts the views of some of the members into all.
func (s conversations) tally(all []store.ViewCounts, members []store.Sight, of []int) error {
	t := &tallies{s: s, teams: map[desk.ID][]desk.Conversation{}, reads: map[readBy]int64{}, known: map[desk.ID]bool{}}
	for some := range slices.Chunk(of, batchIDs) { // what is their own is let go before the next are read
		mine, err := t.mine(members, some)
		if err != nil {
			return err
		}
		for _, i := range some {
			if all[i], err = t.of(members[i], mine[members[i].User]); err != nil {
				return err
			}
		}
	}
	return nil
}

// mine reads the newest of each member's own.
func (t *tallies) mine(members []store.Sight, of []int) (map[desk.ID][]desk.Conversation, error) {
	users := make([]desk.ID, len(of))
	for at, i := range of {
		users[at] = members[i].User
	}
	mine := map[desk.ID][]desk.Conversation{}
	for _, unresolved := range []int64{1, 0} {
		err := in(users, []any{t.s.t.workspace, unresolved}, func(args []any) error {
			return t.s.t.each(sqlTallyMine, args, func(r row) error {
				var c desk.Conversation
				err := readTallied(r, &c)
				mine[c.Assignee] = append(mine[c.Assignee], c)
				return err
			})
		})
		if err != nil {
			return nil, err
		}
	}
	return mine, nil
}

// of counts for one member, whose own are given.
func (t *tallies) of(m store.Sight, mine []desk.Conversation) (store.ViewCounts, error) {
	counts := store.ViewCounts{Teams: make(map[desk.ID]int64, len(m.Teams))}
	for _, team := range m.Teams {
		counts.Teams[team] = 0
	}
	if err := t.look(m); err != nil {
		return counts, err
	}
	seen := map[desk.ID]bool{}
	news := countRows(&counts, m, mine, seen, nil)
	news = countRows(&counts, m, t.queue, seen, news)
	if m.Scope == desk.ScopeTeam {
		for _, team := range m.Teams {
			news = countRows(&counts, m, t.teams[team], seen, news)
		}
	}
	if err := t.readAmong(news); err != nil {
		return counts, err
	}
	for _, c := range news {
		if c.LastInboundSeq > t.reads[readBy{m.User, c.ID}] {
			countUnread(&counts.ViewsUnread, m.User, c)
		}
	}
	boundUnread(&counts.ViewsUnread)
	return counts, nil
}

// look reads what a member sees with others, unless it was read.
func (t *tallies) look(m store.Sight) (err error) {
	if t.queue == nil {
		if t.queue, err = t.newest(sqlTallyQueue); err != nil {
			return err
		}
	}
	if m.Scope != desk.ScopeTeam {
		return nil
	}
	for _, team := range m.Teams {
		if t.teams[team] == nil {
			if t.teams[team], err = t.newest(sqlTallyTeam, team); err != nil {
				return err
			}
		}
	}
	return nil
}

// newest reads the newest rows of a queue, unresolved and resolved.
func (t *tallies) newest(sql string, of ...any) ([]desk.Conversation, error) {
	open, err := list(t.s.t, readTallied, sql, append([]any{t.s.t.workspace, int64(1)}, of...)...)
	if err != nil {
		return nil, err
	}
	ended, err := list(t.s.t, readTallied, sql, append([]any{t.s.t.workspace, int64(0)}, of...)...)
	return append(open, ended...), err
}

// readAmong reads who has read conversations, whoever that is.
func (t *tallies) readAmong(rows []*desk.Conversation) error {
	var ask []desk.ID
	for _, c := range rows {
		if !t.known[c.ID] {
			t.known[c.ID] = true
			ask = append(ask, c.ID)
		}
	}
	return in(ask, []any{t.s.t.workspace}, func(args []any) error {
		return t.s.t.each(sqlReadAmong, args, func(r row) error {
			var v desk.Read
			err := readRead(r, &v)
			t.reads[readBy{v.UserID, v.ConversationID}] = v.Seq
			return err
		})
	})
}

// countRows counts the rows that the member sees, each once, and adds to news those that may be unread.
func countRows(counts *store.ViewCounts, m store.Sight, rows []desk.Conversation, seen map[desk.ID]bool, news []*desk.Conversation) []*desk.Conversation {
	for i := range rows {
		c := &rows[i]
		if seen[c.ID] || !m.Scope.Sees(m.User, m.Teams, *c) {
			continue
		}
		seen[c.ID] = true
		countRow(counts, m.User, c)
		if (desk.Viewer{Member: m.User, Teams: m.Teams}).Unread(*c) {
			news = append(news, c)
		}
	}
	return news
}

// countRow counts a conversation into the views it is in.
func countRow(counts *store.ViewCounts, user desk.ID, c *desk.Conversation) {
	upTo := func(n *int64) { *n = min(*n+1, shownMost) }
	if c.Blocked {
		upTo(&counts.Blocked)
	}
	if c.Status.Resolved() {
		counts.Resolved++
		return
	}
	counts.All++
	if c.TeamID != 0 {
		counts.Teams[c.TeamID]++
	}
	switch c.Assignee {
	case user:
		counts.Mine++
	case 0:
		counts.Unassigned++
	}
	if c.Status == desk.StatusSnoozed {
		counts.Snoozed++
	}
	if c.Waiting() {
		counts.Waiting++
	} else {
		counts.Replied++
	}
	if c.Preview.Failed {
		upTo(&counts.Failed)
	}
	if slices.Contains(c.MentionedIDs, user) {
		upTo(&counts.Mentions)
	}
}

// countUnread counts a conversation with news.
func countUnread(unread *store.ViewsUnread, user desk.ID, c *desk.Conversation) {
	addUnread(unread, place{c.TeamID, kindOf(c)}, 1)
	if slices.Contains(c.MentionedIDs, user) {
		unread.MentionsUnread++
	}
	switch c.Assignee {
	case user:
		unread.MineUnread++
	case 0:
		unread.UnassignedUnread++
	}
}
