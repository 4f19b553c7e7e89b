package sqlstore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// A list is driven by one index, chosen by its view and filters; the other filters are checked on the rows it gives, of
// which one page looks at maxScanned at most: a page may be short and still have a next one.
const maxScanned = 1000

// All statements take $1 workspace, $2 unresolved, ($3, $4) the keys of the last row seen, $5 limit.
const (
	listByRecency = ` AND c.unresolved = $2 AND (c.recency, c.id) > ($3, $4) ORDER BY c.recency, c.id LIMIT $5`
	listByWait    = ` AND c.unresolved = $2 AND (c.wait_key, c.id) > ($3, $4) ORDER BY c.wait_key, c.id LIMIT $5`
	// Windows that close after an instant, the next first; and those closed before one, the last first.
	listByWindow = ` AND c.reply_until > 0 AND c.unresolved = $2 AND (c.reply_until, c.id) > ($3, $4) ORDER BY c.reply_until, c.id LIMIT $5`
	listByClosed = ` AND c.reply_until > 0 AND c.unresolved = $2 AND (c.reply_until, c.id) < ($3, $4) ORDER BY c.reply_until DESC, c.id DESC LIMIT $5`
	listBySLA    = ` AND c.sla_due > 0 AND c.unresolved = $2 AND (c.sla_due, c.id) > ($3, $4) ORDER BY c.sla_due, c.id LIMIT $5`
	listFrom     = `SELECT ` + conversationColumns + ` FROM conversations c WHERE c.workspace_id = $1`

	sqlListAll      = listFrom + listByRecency
	sqlListAssignee = listFrom + ` AND c.assignee_id = $6` + listByRecency
	sqlListTeam     = listFrom + ` AND c.team_id = $6 AND c.team_id > 0` + listByRecency
	sqlListChannel  = listFrom + ` AND c.channel_id = $6` + listByRecency
	// The + keeps SQLite from the index of all unresolved rows, of which few are asleep.
	sqlListSnoozed = listFrom + ` AND c.status = 'snoozed' AND +c.unresolved = $2 AND (c.recency, c.id) > ($3, $4)
		ORDER BY c.recency, c.id LIMIT $5`
	sqlListTag = `SELECT ` + conversationColumns + ` FROM conversation_tags g
		JOIN conversations c ON c.workspace_id = g.workspace_id AND c.id = g.conversation_id
		WHERE g.workspace_id = $1 AND g.tag_id = $6 AND g.unresolved = $2 AND (g.recency, g.conversation_id) > ($3, $4)
		ORDER BY g.recency, g.conversation_id LIMIT $5`
	sqlListMentions = `SELECT ` + conversationColumns + ` FROM conversation_mentions g
		JOIN conversations c ON c.workspace_id = g.workspace_id AND c.id = g.conversation_id
		WHERE g.workspace_id = $1 AND g.user_id = $6 AND g.unresolved = $2 AND (g.recency, g.conversation_id) > ($3, $4)
		ORDER BY g.recency, g.conversation_id LIMIT $5`
	sqlListFailed  = listFrom + ` AND c.failed = 1` + listByRecency
	sqlListBlocked = listFrom + ` AND c.blocked = 1` + listByRecency
	// Only with a priority other than the usual one, whose rows are everywhere in the other indexes.
	sqlListUnusual         = listFrom + ` AND c.urgency = $6 AND c.urgency <> 2` + listByRecency
	sqlListUrgency         = listFrom + ` AND c.urgency = $6` + listByWait
	sqlListAssigneeUrgency = listFrom + ` AND c.assignee_id = $7 AND c.assignee_id > 0 AND c.urgency = $6` + listByWait

	sqlListSLA            = listFrom + listBySLA
	sqlListAssigneeSLA    = listFrom + ` AND c.assignee_id = $6` + listBySLA
	sqlListWindow         = listFrom + listByWindow
	sqlListAssigneeWindow = listFrom + ` AND c.assignee_id = $6` + listByWindow
	sqlListClosed         = listFrom + listByClosed
	sqlListAssigneeClosed = listFrom + ` AND c.assignee_id = $6` + listByClosed
)

// listGroup is a part of a list, read from one index: the parts of a list follow one another.
type listGroup struct {
	sql        string
	unresolved int64                         // $2
	streams    []int64                       // $6 of each, merged by the sort key; none means one stream without $6
	extra      []any                         // $7
	key        func(desk.Conversation) int64 // the sort key, before the id
	from       int64                         // the key before the first
	only       func(desk.Conversation) bool  // rows of this part, nil = all that the statement gives
}

const lists = "conversations"

func (s conversations) List(q store.ConversationQuery) ([]desk.Conversation, string, error) {
	w := &walk{s: s, q: q, page: []desk.Conversation{}, previews: map[desk.ID]string{}}
	name, asOf := lists+"-"+string(q.Sort), millis(s.t.at)
	further, err := decodeCursor(q.Page.After, name, &w.group, &w.key, &w.id, &asOf)
	if err != nil {
		return nil, "", err
	}
	w.asOf = time.UnixMilli(asOf).UTC()
	if err := w.drive(); err != nil {
		return nil, "", err
	}
	if w.group < 0 || w.group >= int64(len(w.groups)) {
		return nil, "", errCursor
	}
	if !further {
		w.key = w.groups[0].from
		if byRecency(q.Sort) && !q.Until.IsZero() {
			w.key, w.id = -millis(q.Until), maxKey
		}
	}
	n := limit(q.Page)
	more, err := w.fill(n)
	if err != nil || !more {
		return w.page, "", err
	}
	return w.page, encodeCursor(name, w.group, w.key, w.id, asOf), nil
}

// drive chooses what the list is read from.
func (w *walk) drive() error {
	for _, unresolved := range statesOf(w.q.View) {
		groups, err := w.drivers()
		if err != nil {
			return err
		}
		for _, g := range groups {
			g.unresolved = unresolved
			w.groups = append(w.groups, g)
		}
	}
	return nil
}

// statesOf are the parts of a view by whether its rows are unresolved, in the order of the list.
func statesOf(v desk.View) []int64 {
	switch {
	case v.Spans():
		return []int64{1, 0}
	case v == desk.ViewResolved:
		return []int64{0}
	}
	return []int64{1}
}

// drivers are what the rows of one state are read from.
func (w *walk) drivers() ([]listGroup, error) {
	q := w.q
	if !q.View.Known() {
		return nil, desk.Invalid("view", "view_invalid", "no view %q", q.View)
	}
	switch q.Sort {
	case "", store.SortActivity:
		return []listGroup{driveByRecency(q)}, nil
	case store.SortWaiting:
		return []listGroup{driveByUrgency(q, 0, 1, 2, 3)}, nil
	case store.SortPriority:
		var groups []listGroup
		for urgency := range int64(4) {
			groups = append(groups, driveByUrgency(q, urgency))
		}
		return groups, nil
	case store.SortWindow:
		return driveByWindow(q, w.asOf), nil
	case store.SortSLA:
		return driveBySLA(q), nil
	}
	return nil, desk.Invalid("sort", "sort_invalid", "no sort %q", q.Sort)
}

func byRecency(sort store.ConversationSort) bool { return sort == "" || sort == store.SortActivity }

func known(v desk.View) bool {
	switch v {
	case "", desk.ViewMine, desk.ViewUnassigned, desk.ViewAll, desk.ViewWaiting, desk.ViewReplied, desk.ViewSnoozed, desk.ViewResolved, desk.ViewTeam:
		return true
	}
	return false
}

func driveByRecency(q store.ConversationQuery) listGroup {
	g := listGroup{key: func(c desk.Conversation) int64 { return keysOf(c).recency }, from: -maxKey}
	switch {
	case q.View == desk.ViewMine:
		g.sql, g.streams = sqlListAssignee, []int64{int64(q.User)}
	case q.View == desk.ViewSnoozed:
		g.sql = sqlListSnoozed
	case q.View == desk.ViewMentions:
		g.sql, g.streams = sqlListMentions, []int64{int64(q.User)}
	case q.View == desk.ViewFailed:
		g.sql = sqlListFailed
	case q.View == desk.ViewBlocked:
		g.sql = sqlListBlocked
	case len(q.Tags) > 0:
		g.sql, g.streams = sqlListTag, streams(q.Tags)
	case q.View == desk.ViewUnassigned:
		g.sql, g.streams = sqlListAssignee, []int64{0}
	case len(q.Assignees) > 0:
		g.sql, g.streams = sqlListAssignee, streams(q.Assignees)
	case q.View == desk.ViewTeam && q.TeamID != 0:
		g.sql, g.streams = sqlListTeam, []int64{int64(q.TeamID)}
	case len(q.Teams) > 0 && !slices.Contains(q.Teams, 0):
		g.sql, g.streams = sqlListTeam, streams(q.Teams)
	case len(q.Priorities) > 0 && !slices.Contains(q.Priorities, desk.PriorityNormal):
		g.sql, g.streams = sqlListUnusual, urgencies(q.Priorities)
	case q.Scope == desk.ScopeOwn: // nothing of other people's is looked at
		g.sql, g.streams = sqlListAssignee, streams([]desk.ID{0, q.User})
	case len(q.Channels) > 0:
		g.sql, g.streams = sqlListChannel, streams(q.Channels)
	default:
		g.sql = sqlListAll
	}
	return g
}

func driveByUrgency(q store.ConversationQuery, urgencies ...int64) listGroup {
	g := listGroup{sql: sqlListUrgency, streams: urgencies, key: func(c desk.Conversation) int64 { return keysOf(c).wait }, from: -maxKey}
	if q.View == desk.ViewMine && q.User != 0 {
		g.sql, g.extra = sqlListAssigneeUrgency, []any{q.User}
	}
	return g
}

// driveBySLA walks what has a clock running towards later ends, and the rest.
func driveBySLA(q store.ConversationQuery) []listGroup {
	due := listGroup{sql: sqlListSLA, key: func(c desk.Conversation) int64 { return millis(c.SLA.Due) }}
	switch q.View {
	case desk.ViewMine:
		due.sql, due.streams = sqlListAssigneeSLA, []int64{int64(q.User)}
	case desk.ViewUnassigned:
		due.sql, due.streams = sqlListAssigneeSLA, []int64{0}
	}
	without := driveByRecency(q)
	without.only = func(c desk.Conversation) bool { return c.SLA.Due.IsZero() }
	return []listGroup{due, without}
}

// driveByWindow walks what is open at an instant towards later ends, what is closed towards earlier ones, and the rest.
func driveByWindow(q store.ConversationQuery, asOf time.Time) []listGroup {
	end := func(c desk.Conversation) int64 { return millis(c.ReplyUntil) }
	now := millis(asOf)
	open := listGroup{sql: sqlListWindow, key: end, from: now, only: func(c desk.Conversation) bool { return end(c) > now }}
	closed := listGroup{sql: sqlListClosed, key: end, from: now + 1}
	switch q.View {
	case desk.ViewMine:
		open.streams = []int64{int64(q.User)}
	case desk.ViewUnassigned:
		open.streams = []int64{0}
	}
	if open.streams != nil {
		closed.streams, open.sql, closed.sql = open.streams, sqlListAssigneeWindow, sqlListAssigneeClosed
	}
	without := driveByRecency(q)
	without.only = func(c desk.Conversation) bool { return c.ReplyUntil.IsZero() }
	return []listGroup{open, closed, without}
}

func urgencies(priorities []desk.Priority) []int64 {
	values := make([]int64, len(priorities))
	for i, p := range priorities {
		values[i] = urgencyOf(p)
	}
	slices.Sort(values)
	return slices.Compact(values)
}

func streams(ids []desk.ID) []int64 {
	values := make([]int64, len(ids))
	for i, id := range ids {
		values[i] = int64(id)
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// spare is how many rows more than its share a stream is asked for.
const spare = 8

// walk is a list being read.
type walk struct {
	s      conversations
	q      store.ConversationQuery
	asOf   time.Time // "now" of all its pages
	groups []listGroup

	group, key, id int64 // the last row looked at
	scanned        int
	previews       map[desk.ID]string // of the rows looked at, as stored
	page           []desk.Conversation
}

// look reads a row as far as filters need it: a sparse filter shows few of the rows it looks at.
func (w *walk) look(r row, c *desk.Conversation) error {
	var preview string
	if err := scan(r, conversationInto(c, &preview)...); err != nil {
		return err
	}
	w.previews[c.ID] = preview
	return nil
}

// show puts a row on the page.
func (w *walk) show(c desk.Conversation) error {
	if preview := w.previews[c.ID]; preview != "" {
		if err := json.Unmarshal([]byte(preview), &c.Preview); err != nil {
			return fmt.Errorf("decode the preview of conversation %s: %w", c.ID, err)
		}
	}
	w.page = append(w.page, c)
	return nil
}

// fill reads rows until the page has n and reports whether there may be more.
func (w *walk) fill(n int) (more bool, err error) {
	chunk := n + 1
	for w.scanned < maxScanned {
		rows, full, err := w.chunk(chunk)
		if err != nil {
			return false, err
		}
		fits, err := w.filter(rows)
		if err != nil {
			return false, err
		}
		for i, c := range rows {
			if len(w.page) == n {
				return true, nil
			}
			w.key, w.id = w.groups[w.group].key(c), int64(c.ID)
			w.scanned++
			if !fits[i] {
				continue
			}
			if err := w.show(c); err != nil {
				return false, err
			}
		}
		if !full || w.past(rows) {
			if w.group++; w.group == int64(len(w.groups)) {
				return false, nil
			}
			w.key, w.id = w.groups[w.group].from, 0
		}
		chunk = min(2*chunk, 400)
	}
	return true, nil
}

// past reports that the rows left the asked range of time, which by recency means that none will come back to it.
func (w *walk) past(rows []desk.Conversation) bool {
	from := w.q.Earliest(w.asOf)
	return byRecency(w.q.Sort) && !from.IsZero() && len(rows) > 0 && rows[len(rows)-1].LastActivityAt.Before(from)
}

// chunk reads the next rows of the group's streams in order; full means that there may be more in this group.
func (w *walk) chunk(n int) (rows []desk.Conversation, full bool, err error) {
	g := w.groups[w.group]
	if len(g.streams) == 0 {
		rows, err = list(w.s.t, w.look, g.sql, w.s.t.workspace, g.unresolved, w.key, w.id, n)
		return rows, len(rows) == n, err
	}
	compare := func(a, b desk.Conversation) int {
		return cmp.Or(cmp.Compare(g.key(a), g.key(b)), cmp.Compare(a.ID, b.ID))
	}
	var upTo *desk.Conversation // beyond the last row of a full stream, others may have rows that it has too
	if len(g.streams) > 1 {
		n = n/len(g.streams) + spare
	}
	for _, v := range g.streams {
		args := append([]any{w.s.t.workspace, g.unresolved, w.key, w.id, n, v}, g.extra...)
		part, err := list(w.s.t, w.look, g.sql, args...)
		if err != nil {
			return nil, false, err
		}
		rows = append(rows, part...)
		if len(part) == n && (upTo == nil || compare(part[n-1], *upTo) < 0) {
			upTo = &part[n-1]
		}
	}
	if len(g.streams) == 1 {
		return rows, upTo != nil, nil
	}
	slices.SortFunc(rows, compare)
	rows = slices.CompactFunc(rows, func(a, b desk.Conversation) bool { return a.ID == b.ID })
	if upTo == nil {
		return rows, false, nil
	}
	end, _ := slices.BinarySearchFunc(rows, *upTo, compare)
	return rows[:end+1], true, nil
}

// filter says of each row whether it is in the view and passes every filter.
func (w *walk) filter(rows []desk.Conversation) ([]bool, error) {
	fits := make([]bool, len(rows))
	only := w.groups[w.group].only
	viewer := desk.Viewer{Member: w.q.User, Teams: w.q.UserTeams}
	var ask []desk.ID
	for i, c := range rows {
		fits[i] = (only == nil || only(c)) && w.q.Scope.Sees(w.q.User, w.q.UserTeams, c) && w.q.MatchesForAll(c, w.q.User, w.asOf)
		fits[i] = fits[i] && (!w.q.Unread || viewer.Unread(c)) // who has read it is asked below
		if fits[i] && w.q.Unread {
			ask = append(ask, c.ID)
		}
	}
	if len(ask) == 0 {
		return fits, nil
	}
	reads, err := w.s.Reads(w.q.User, ask)
	for i, c := range rows {
		viewer.Read = reads[c.ID].Seq
		fits[i] = fits[i] && viewer.Unread(c)
	}
	return fits, err
}
