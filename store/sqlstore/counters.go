package sqlstore

import "madoguchi/desk"

// counter names one maintained size: of a view, of a member's work ("assignee", 0 = nobody's) or of a team's.
type counter struct {
	workspace desk.ID
	name      string
	subject   desk.ID
}

const (
	sqlCounterAdd = `INSERT INTO counters (workspace_id, name, subject_id, size) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, name, subject_id) DO UPDATE SET size = counters.size + excluded.size`
	// Of what kinds there are, all: who reads them counts for many members.
	sqlCounterList = `SELECT name, subject_id, size FROM counters WHERE workspace_id = $1
		AND name IN ('all', 'assignee', 'replied', 'resolved', 'snoozed', 'team', 'waiting')`
	// Beside whose they are and their team, what says in which views conversations are: see kindOf.
	newsKind = `CASE WHEN c.wait_since > 0 THEN 1 ELSE 0 END + CASE WHEN c.status = 'snoozed' THEN 2 ELSE 0 END
		+ CASE WHEN c.failed = 1 THEN 4 ELSE 0 END + CASE WHEN c.blocked = 1 THEN 8 ELSE 0 END`
	// Of each member's newest 1000 unresolved conversations, and what is of the last one's very millisecond, those with news for them.
	sqlUnreadMine = `WITH s AS MATERIALIZED (SELECT k.subject_id AS user_id, CASE WHEN k.size <= 1000 THEN 9223372036854775807
			ELSE coalesce((SELECT c.recency FROM conversations c WHERE c.workspace_id = $1 AND c.assignee_id = k.subject_id AND c.unresolved = 1
				ORDER BY c.recency, c.id LIMIT 1 OFFSET 999), 9223372036854775807) END AS up_to
			FROM counters k WHERE k.workspace_id = $1 AND k.name = 'assignee' AND k.subject_id IN (` + inList2 + `) AND k.subject_id > 0 AND k.size > 0)
		SELECT s.user_id, c.team_id, ` + newsKind + ` AS kind, count(*) FROM s
			JOIN conversations c ON c.workspace_id = $1 AND c.assignee_id = s.user_id AND c.unresolved = 1 AND c.recency <= s.up_to
			LEFT JOIN member_reads r ON r.workspace_id = $1 AND r.conversation_id = c.id AND r.user_id = s.user_id
			WHERE c.last_inbound_seq > coalesce(r.seq, 0) GROUP BY 1, 2, 3`
	// The newest 1000 that nobody has, by the team they wait for: in how many a customer wrote, and how many of those who has read.
	unassignedNews = ` FROM (SELECT id, last_inbound_seq, team_id, wait_since, status, failed, blocked FROM conversations
		WHERE workspace_id = $1 AND assignee_id = 0 AND unresolved = 1 ORDER BY recency, id LIMIT 1000) c`
	sqlUnassignedNews = `SELECT c.team_id, ` + newsKind + ` AS kind, count(*)` + unassignedNews + ` WHERE c.last_inbound_seq > 0 GROUP BY 1, 2`
	sqlUnassignedRead = `SELECT r.user_id, c.team_id, ` + newsKind + ` AS kind, count(*)` + unassignedNews + `
		JOIN member_reads r ON r.workspace_id = $1 AND r.conversation_id = c.id
		WHERE c.last_inbound_seq > 0 AND r.seq >= c.last_inbound_seq GROUP BY 1, 2, 3`
	// What few lists have is counted, at most to 100.
	sqlFailedCount  = `SELECT count(*) FROM (SELECT c.id FROM conversations c WHERE c.workspace_id = $1 AND c.failed = 1 AND c.unresolved = 1 LIMIT 100) AS c`
	sqlBlockedCount = `SELECT count(*) FROM (SELECT c.id FROM conversations c WHERE c.workspace_id = $1 AND c.blocked = 1 AND c.unresolved IN (0, 1) LIMIT 100) AS c`
	// Where a note named a member, and where of those there is news, by where that is: a team's queue (0 = of no team), their own
	// (-1), somebody else's (-2); notes are written by hand.
	sqlMentionsOf = `SELECT g.user_id, CASE WHEN c.assignee_id = 0 THEN c.team_id WHEN c.assignee_id = g.user_id THEN -1 ELSE -2 END,
		c.team_id, ` + newsKind + ` AS kind, count(*), count(CASE WHEN c.last_inbound_seq > coalesce(r.seq, 0) THEN 1 END) FROM conversation_mentions g
		JOIN conversations c ON c.workspace_id = $1 AND c.id = g.conversation_id
		LEFT JOIN member_reads r ON r.workspace_id = $1 AND r.conversation_id = g.conversation_id AND r.user_id = g.user_id
		WHERE g.workspace_id = $1 AND g.user_id IN (` + inList2 + `) AND g.unresolved = 1 GROUP BY 1, 2, 3, 4`
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
