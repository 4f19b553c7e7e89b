package sqlstore

import (
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// What counting looks at of a queue's newest rows, at most 500.
const (
	tallyColumns = `SELECT c.id, c.status, c.assignee_id, c.team_id, c.wait_since, c.last_inbound_seq, c.blocked, c.mentioned_ids, c.failed
		FROM conversations c WHERE c.workspace_id = $1`
	tallyOrder       = ` AND c.unresolved = $3 ORDER BY c.recency, c.id LIMIT 500`
	sqlTallyAssignee = tallyColumns + ` AND c.assignee_id = $2` + tallyOrder
	sqlTallyTeam     = tallyColumns + ` AND c.team_id = $2 AND c.team_id > 0` + tallyOrder

	sqlReadAmong = `SELECT ` + readColumns + ` FROM member_reads WHERE workspace_id = $1 AND conversation_id IN (` + inList2 + `)`
)

func readTallied(r row, c *desk.Conversation) error {
	return scan(r, &c.ID, &c.Status, &c.Assignee, &c.TeamID, &c.WaitSince, &c.LastInboundSeq, &c.Blocked, asJSON(&c.MentionedIDs), &c.Preview.Failed)
}

// tallies counts for members with a bounded scope (J2): what several of them look at is read once.
type tallies struct {
	s      conversations
	queues map[talliedQueue][]desk.Conversation
	reads  map[readBy]int64
	known  map[desk.ID]bool // conversations whose reads were read
}

// talliedQueue is what one statement reads.
type talliedQueue struct {
	sql     string
	subject desk.ID
}

// readBy is a member's reading of a conversation.
type readBy struct{ user, conversation desk.ID }

// tally counts the views of some of the members into all.
func (s conversations) tally(all []store.ViewCounts, members []store.Sight, of []int) error {
	t := &tallies{s: s, queues: map[talliedQueue][]desk.Conversation{}, reads: map[readBy]int64{}, known: map[desk.ID]bool{}}
	for _, i := range of {
		var err error
		if all[i], err = t.of(members[i]); err != nil {
			return err
		}
	}
	return nil
}

// of counts for one member.
func (t *tallies) of(m store.Sight) (store.ViewCounts, error) {
	counts := store.ViewCounts{Teams: make(map[desk.ID]int64, len(m.Teams))}
	own, err := t.look(talliedQueue{sqlTallyAssignee, m.User})
	if err != nil {
		return counts, err
	}
	queues := []talliedQueue{{sqlTallyAssignee, 0}}
	for _, team := range m.Teams {
		counts.Teams[team] = 0
		if m.Scope == desk.ScopeTeam {
			queues = append(queues, talliedQueue{sqlTallyTeam, team})
		}
	}
	seen := map[desk.ID]bool{}
	news := countRows(&counts, m, own, seen, nil)
	for _, q := range queues {
		if _, read := t.queues[q]; !read {
			if t.queues[q], err = t.look(q); err != nil {
				return counts, err
			}
		}
		news = countRows(&counts, m, t.queues[q], seen, news)
	}
	if err := t.readAmong(news); err != nil {
		return counts, err
	}
	for _, c := range news {
		if c.LastInboundSeq > t.reads[readBy{m.User, c.ID}] {
			countUnread(&counts, m.User, c)
		}
	}
	return counts, nil
}

// look reads the newest rows of a queue, unresolved and resolved.
func (t *tallies) look(q talliedQueue) ([]desk.Conversation, error) {
	open, err := list(t.s.t, readTallied, q.sql, t.s.t.workspace, q.subject, int64(1))
	if err != nil {
		return nil, err
	}
	ended, err := list(t.s.t, readTallied, q.sql, t.s.t.workspace, q.subject, int64(0))
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
	if _, mine := counts.Teams[c.TeamID]; mine {
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
func countUnread(counts *store.ViewCounts, user desk.ID, c *desk.Conversation) {
	counts.Unread = min(counts.Unread+1, shownMost)
	if slices.Contains(c.MentionedIDs, user) {
		counts.MentionsUnread = min(counts.MentionsUnread+1, shownMost)
	}
	switch c.Assignee {
	case user:
		counts.MineUnread = min(counts.MineUnread+1, shownMost)
	case 0:
		counts.UnassignedUnread = min(counts.UnassignedUnread+1, shownMost)
	}
}
