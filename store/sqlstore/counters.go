package sqlstore

import (
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// counter names one maintained size: of a view, of a member's work ("assignee", 0 = nobody's) or of a team's.
type counter struct {
	workspace desk.ID
	name      string
	subject   desk.ID
}

const (
	sqlCounterAdd = `INSERT INTO counters (workspace_id, name, subject_id, size) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, name, subject_id) DO UPDATE SET size = counters.size + excluded.size`
	sqlCounterList = `SELECT name, subject_id, size FROM counters
		WHERE workspace_id = $1 AND (subject_id = 0 OR subject_id = $2 OR name = 'team')`
	// The newest 1000 unresolved conversations of an assignee, those of them with news for a member, at most 100.
	sqlUnreadOf = `SELECT count(*) FROM (SELECT c.id FROM
		(SELECT id, last_inbound_seq FROM conversations WHERE workspace_id = $1 AND assignee_id = $2 AND unresolved = 1
			ORDER BY recency, id LIMIT 1000) c
		LEFT JOIN member_reads r ON r.workspace_id = $1 AND r.conversation_id = c.id AND r.user_id = $3
		WHERE c.last_inbound_seq > coalesce(r.seq, 0) LIMIT 100) AS unread`
	// What few lists have is counted, at most to 100.
	sqlFailedCount  = `SELECT count(*) FROM (SELECT c.id FROM conversations c WHERE c.workspace_id = $1 AND c.failed = 1 AND c.unresolved = 1 LIMIT 100) AS c`
	sqlBlockedCount = `SELECT count(*) FROM (SELECT c.id FROM conversations c WHERE c.workspace_id = $1 AND c.blocked = 1 AND c.unresolved IN (0, 1) LIMIT 100) AS c`
	sqlMentionsOf   = `SELECT count(*) FROM (SELECT g.conversation_id FROM conversation_mentions g
		WHERE g.workspace_id = $1 AND g.user_id = $2 AND g.unresolved = 1 LIMIT 100) AS c`
	sqlUnreadMentions = `SELECT count(*) FROM (SELECT c.id FROM
		(SELECT conversation_id FROM conversation_mentions WHERE workspace_id = $1 AND user_id = $2 AND unresolved = 1 ORDER BY recency, conversation_id LIMIT 1000) news
		JOIN conversations c ON c.workspace_id = $1 AND c.id = news.conversation_id
		LEFT JOIN member_reads r ON r.workspace_id = $1 AND r.conversation_id = c.id AND r.user_id = $2
		WHERE c.last_inbound_seq > coalesce(r.seq, 0) LIMIT 100) AS unread`
)

// resize counts a conversation in (+1) or out (-1) of the views it is in; commit writes the differences.
func (t *tx) resize(c desk.Conversation, by int64) {
	if c.TicketID == 0 {
		return
	}
	if t.sizes == nil {
		t.sizes = map[counter]int64{}
	}
	if c.Status.Resolved() {
		t.sizes[counter{t.workspace, "resolved", 0}] += by
		return
	}
	t.sizes[counter{t.workspace, "all", 0}] += by
	t.sizes[counter{t.workspace, "assignee", c.Assignee}] += by
	if c.TeamID != 0 {
		t.sizes[counter{t.workspace, "team", c.TeamID}] += by
	}
	if c.Status == desk.StatusSnoozed {
		t.sizes[counter{t.workspace, "snoozed", 0}] += by
	}
	if c.Waiting() {
		t.sizes[counter{t.workspace, "waiting", 0}] += by
	} else {
		t.sizes[counter{t.workspace, "replied", 0}] += by
	}
}

func (s conversations) Counts(user desk.ID, teams []desk.ID) (store.ViewCounts, error) {
	counts := store.ViewCounts{Teams: map[desk.ID]int64{}}
	sizes := map[counter]int64{}
	err := s.t.each(sqlCounterList, []any{s.t.workspace, user}, func(r row) error {
		k := counter{workspace: s.t.workspace}
		var n int64
		if err := scan(r, &k.name, &k.subject, &n); err != nil {
			return err
		}
		sizes[k] = n
		return nil
	})
	if err != nil {
		return counts, err
	}
	counts.Mine = sizes[counter{s.t.workspace, "assignee", user}]
	counts.Unassigned = sizes[counter{s.t.workspace, "assignee", 0}]
	counts.All = sizes[counter{s.t.workspace, "all", 0}]
	counts.Waiting = sizes[counter{s.t.workspace, "waiting", 0}]
	counts.Replied = sizes[counter{s.t.workspace, "replied", 0}]
	counts.Snoozed = sizes[counter{s.t.workspace, "snoozed", 0}]
	counts.Resolved = sizes[counter{s.t.workspace, "resolved", 0}]
	for _, team := range teams {
		counts.Teams[team] = sizes[counter{s.t.workspace, "team", team}]
	}
	if counts.MineUnread, err = s.unreadOf(user, user); err != nil {
		return counts, err
	}
	if counts.UnassignedUnread, err = s.unreadOf(0, user); err != nil {
		return counts, err
	}
	return counts, s.countFew(&counts, user)
}

// countFew counts what has no maintained counter because few lists have it.
func (s conversations) countFew(counts *store.ViewCounts, user desk.ID) error {
	for _, few := range []struct {
		size *int64
		sql  string
		args []any
	}{
		{&counts.Failed, sqlFailedCount, nil}, {&counts.Blocked, sqlBlockedCount, nil},
		{&counts.Mentions, sqlMentionsOf, []any{user}}, {&counts.MentionsUnread, sqlUnreadMentions, []any{user}},
	} {
		if _, err := s.t.value(few.sql, append([]any{s.t.workspace}, few.args...), few.size); err != nil {
			return err
		}
	}
	return nil
}

// countedRows is how many of a queue CountsWithin looks at.
const countedRows = 500

func (s conversations) CountsWithin(user desk.ID, teams []desk.ID, scope desk.Scope) (store.ViewCounts, error) {
	if scope == "" || scope == desk.ScopeAll {
		return s.Counts(user, teams)
	}
	seen := map[desk.ID]desk.Conversation{}
	look := func(sql string, subject desk.ID) error {
		for _, unresolved := range []int64{1, 0} {
			rows, err := list(s.t, readConversation, sql, s.t.workspace, unresolved, int64(-maxKey), 0, countedRows, subject)
			if err != nil {
				return err
			}
			for _, c := range rows {
				if scope.Sees(user, teams, c) {
					seen[c.ID] = c
				}
			}
		}
		return nil
	}
	counts := store.ViewCounts{Teams: map[desk.ID]int64{}}
	for _, holder := range []desk.ID{user, 0} {
		if err := look(sqlListAssignee, holder); err != nil {
			return counts, err
		}
	}
	for _, team := range teams {
		counts.Teams[team] = 0
		if scope != desk.ScopeTeam {
			continue
		}
		if err := look(sqlListTeam, team); err != nil {
			return counts, err
		}
	}
	return counts, s.tally(&counts, user, seen)
}

// tally counts conversations into the views they are in.
func (s conversations) tally(counts *store.ViewCounts, user desk.ID, seen map[desk.ID]desk.Conversation) error {
	var news []desk.ID
	for id, c := range seen {
		if c.Blocked {
			counts.Blocked = min(counts.Blocked+1, 100)
		}
		if c.Status.Resolved() {
			counts.Resolved++
			continue
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
			counts.Failed = min(counts.Failed+1, 100)
		}
		named := slices.Contains(c.MentionedIDs, user)
		if named {
			counts.Mentions = min(counts.Mentions+1, 100)
		}
		if c.LastInboundSeq > 0 && (c.Assignee == user || c.Assignee == 0 || named) {
			news = append(news, id)
		}
	}
	reads, err := s.Reads(user, news)
	for _, id := range news {
		c := seen[id]
		if c.LastInboundSeq <= reads[id].Seq {
			continue
		}
		if slices.Contains(c.MentionedIDs, user) {
			counts.MentionsUnread = min(counts.MentionsUnread+1, 100)
		}
		switch c.Assignee {
		case user:
			counts.MineUnread = min(counts.MineUnread+1, 100)
		case 0:
			counts.UnassignedUnread = min(counts.UnassignedUnread+1, 100)
		}
	}
	return err
}

func (s conversations) unreadOf(assignee, reader desk.ID) (int64, error) {
	var n int64
	_, err := s.t.value(sqlUnreadOf, []any{s.t.workspace, assignee, reader}, &n)
	return n, err
}
