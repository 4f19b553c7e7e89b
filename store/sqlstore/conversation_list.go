package sqlstore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// A list is driven by one index, chosen by its view and filters; the other filters are checked on the rows it gives, of
// which one page looks at maxScanned at most: a page may be short and still have a next one.
const maxScanned = 1000

// All drivers take $1 workspace, $2 unresolved, ($3, $4) the keys of the last row seen, $5 limit.
const (
	listByRecency = ` AND c.unresolved = $2 AND (c.recency, c.id) > ($3, $4) ORDER BY c.recency, c.id LIMIT $5`
	listByWait    = ` AND c.unresolved = $2 AND (c.wait_key, c.id) > ($3, $4) ORDER BY c.wait_key, c.id LIMIT $5`
	listFrom      = `SELECT ` + conversationColumns + ` FROM conversations c WHERE c.workspace_id = $1`

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
	// Only with a priority other than the usual one, whose rows are everywhere in the other indexes.
	sqlListUnusual         = listFrom + ` AND c.urgency = $6 AND c.urgency <> 2` + listByRecency
	sqlListUrgency         = listFrom + ` AND c.urgency = $6` + listByWait
	sqlListAssigneeUrgency = listFrom + ` AND c.assignee_id = $7 AND c.assignee_id > 0 AND c.urgency = $6` + listByWait
)

// listDriver is how a list walks: groups one after another, the streams of a group merged by the sort keys.
type listDriver struct {
	sql    string
	groups [][]int64 // the streams' $6; no groups at all means one stream without $6
	extra  []any     // $7
}

const lists = "conversations"

func (s conversations) List(q store.ConversationQuery) ([]desk.Conversation, string, error) {
	w, err := s.walk(q)
	if err != nil {
		return nil, "", err
	}
	name := lists + "-" + string(q.Sort)
	if _, err := decodeCursor(q.Page.After, name, &w.group, &w.key, &w.id); err != nil {
		return nil, "", err
	}
	if w.group < 0 || w.group >= int64(len(w.driver.groups)) {
		return nil, "", errCursor
	}
	n := limit(q.Page)
	more, err := w.fill(n)
	if err != nil || !more {
		return w.page, "", err
	}
	return w.page, encodeCursor(name, w.group, w.key, w.id), nil
}

func (s conversations) walk(q store.ConversationQuery) (*walk, error) {
	w := &walk{s: s, q: q, unresolved: flag(q.View != store.ViewResolved), key: -maxKey, page: []desk.Conversation{}, previews: map[desk.ID]string{}}
	switch q.Sort {
	case "", store.SortActivity:
		w.driver = driveByRecency(q)
		if !q.Until.IsZero() {
			w.key, w.id = -millis(q.Until), maxKey
		}
	case store.SortWaiting:
		w.driver = driveByUrgency(q, [][]int64{{0, 1, 2, 3}})
	case store.SortPriority:
		w.driver = driveByUrgency(q, [][]int64{{0}, {1}, {2}, {3}})
	default:
		return nil, desk.Invalid("sort", "sort_invalid", "no sort %q", q.Sort)
	}
	if w.driver.groups == nil {
		w.driver.groups = [][]int64{nil}
	}
	if !known(q.View) {
		return nil, desk.Invalid("view", "view_invalid", "no view %q", q.View)
	}
	return w, nil
}

func known(v store.View) bool {
	switch v {
	case "", store.ViewMine, store.ViewUnassigned, store.ViewAll, store.ViewWaiting, store.ViewReplied, store.ViewSnoozed, store.ViewResolved, store.ViewTeam:
		return true
	}
	return false
}

func driveByRecency(q store.ConversationQuery) listDriver {
	switch {
	case q.View == store.ViewMine:
		return listDriver{sql: sqlListAssignee, groups: [][]int64{{int64(q.User)}}}
	case q.View == store.ViewSnoozed:
		return listDriver{sql: sqlListSnoozed}
	case len(q.Tags) > 0:
		return listDriver{sql: sqlListTag, groups: streams(q.Tags)}
	case q.View == store.ViewUnassigned:
		return listDriver{sql: sqlListAssignee, groups: [][]int64{{0}}}
	case len(q.Assignees) > 0:
		return listDriver{sql: sqlListAssignee, groups: streams(q.Assignees)}
	case q.View == store.ViewTeam && q.TeamID != 0:
		return listDriver{sql: sqlListTeam, groups: [][]int64{{int64(q.TeamID)}}}
	case len(q.Teams) > 0 && !slices.Contains(q.Teams, 0):
		return listDriver{sql: sqlListTeam, groups: streams(q.Teams)}
	case len(q.Priorities) > 0 && !slices.Contains(q.Priorities, desk.PriorityNormal):
		return listDriver{sql: sqlListUnusual, groups: urgencies(q.Priorities)}
	case q.Scope == desk.ScopeOwn: // nothing of other people's is looked at
		return listDriver{sql: sqlListAssignee, groups: streams([]desk.ID{0, q.User})}
	case len(q.Channels) > 0:
		return listDriver{sql: sqlListChannel, groups: streams(q.Channels)}
	default:
		return listDriver{sql: sqlListAll}
	}
}

func driveByUrgency(q store.ConversationQuery, groups [][]int64) listDriver {
	if q.View == store.ViewMine && q.User != 0 {
		return listDriver{sql: sqlListAssigneeUrgency, groups: groups, extra: []any{q.User}}
	}
	return listDriver{sql: sqlListUrgency, groups: groups}
}

func urgencies(priorities []desk.Priority) [][]int64 {
	values := make([]int64, len(priorities))
	for i, p := range priorities {
		values[i] = urgencyOf(p)
	}
	slices.Sort(values)
	return [][]int64{slices.Compact(values)}
}

func streams(ids []desk.ID) [][]int64 {
	values := make([]int64, len(ids))
	for i, id := range ids {
		values[i] = int64(id)
	}
	slices.Sort(values)
	return [][]int64{slices.Compact(values)}
}

// spare is how many rows more than its share a stream is asked for.
const spare = 8

// walk is a list being read.
type walk struct {
	s          conversations
	q          store.ConversationQuery
	driver     listDriver
	unresolved int64

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
			w.key, w.id = w.keyOf(c), int64(c.ID)
			w.scanned++
			if !fits[i] {
				continue
			}
			if err := w.show(c); err != nil {
				return false, err
			}
		}
		if w.past(rows) {
			return false, nil
		}
		if !full {
			if w.group++; w.group == int64(len(w.driver.groups)) {
				return false, nil
			}
			w.key, w.id = -maxKey, 0
		}
		chunk = min(2*chunk, 400)
	}
	return true, nil
}

// past reports that the rows left the asked range of time, which by recency means that none will come back to it.
func (w *walk) past(rows []desk.Conversation) bool {
	byRecency := w.q.Sort == "" || w.q.Sort == store.SortActivity
	return byRecency && !w.q.Since.IsZero() && len(rows) > 0 && rows[len(rows)-1].LastActivityAt.Before(w.q.Since)
}

// chunk reads the next rows of the group's streams in order; full means that there may be more in this group.
func (w *walk) chunk(n int) (rows []desk.Conversation, full bool, err error) {
	values := w.driver.groups[w.group]
	if values == nil {
		rows, err = list(w.s.t, w.look, w.driver.sql, w.s.t.workspace, w.unresolved, w.key, w.id, n)
		return rows, len(rows) == n, err
	}
	type cut struct{ key, id int64 }
	var upTo *cut // beyond the last row of a full stream, others may have rows that it has too
	if len(values) > 1 {
		n = n/len(values) + spare
	}
	for _, v := range values {
		args := append([]any{w.s.t.workspace, w.unresolved, w.key, w.id, n, v}, w.driver.extra...)
		part, err := list(w.s.t, w.look, w.driver.sql, args...)
		if err != nil {
			return nil, false, err
		}
		rows = append(rows, part...)
		if len(part) == n {
			last := part[n-1]
			if c := (cut{w.keyOf(last), int64(last.ID)}); upTo == nil || cmp.Or(cmp.Compare(c.key, upTo.key), cmp.Compare(c.id, upTo.id)) < 0 {
				upTo = &c
			}
		}
	}
	if len(values) == 1 {
		return rows, upTo != nil, nil
	}
	slices.SortFunc(rows, w.compare)
	rows = slices.CompactFunc(rows, func(a, b desk.Conversation) bool { return a.ID == b.ID })
	if upTo == nil {
		return rows, false, nil
	}
	end, _ := slices.BinarySearchFunc(rows, *upTo, func(c desk.Conversation, u cut) int {
		return cmp.Or(cmp.Compare(w.keyOf(c), u.key), cmp.Compare(int64(c.ID), u.id))
	})
	return rows[:end+1], true, nil
}

func (w *walk) keyOf(c desk.Conversation) int64 {
	if w.q.Sort == "" || w.q.Sort == store.SortActivity {
		return keysOf(c).recency
	}
	return keysOf(c).wait
}

func (w *walk) compare(a, b desk.Conversation) int {
	return cmp.Or(cmp.Compare(w.keyOf(a), w.keyOf(b)), cmp.Compare(a.ID, b.ID))
}

// filter says of each row whether it is in the view and passes every filter.
func (w *walk) filter(rows []desk.Conversation) ([]bool, error) {
	fits := make([]bool, len(rows))
	var ask []desk.ID
	for i, c := range rows {
		fits[i] = inView(w.q, c) && passes(w.q, c)
		if fits[i] && w.q.Unread {
			ask = append(ask, c.ID)
		}
	}
	if len(ask) == 0 {
		return fits, nil
	}
	reads, err := w.s.Reads(w.q.User, ask)
	for i, c := range rows {
		fits[i] = fits[i] && c.LastInboundSeq > reads[c.ID].Seq
	}
	return fits, err
}

func inView(q store.ConversationQuery, c desk.Conversation) bool {
	open := !c.Status.Resolved()
	switch q.View {
	case store.ViewMine:
		return open && c.Assignee == q.User
	case store.ViewUnassigned:
		return open && c.Assignee == 0
	case store.ViewWaiting:
		return c.Waiting()
	case store.ViewReplied:
		return open && !c.Waiting()
	case store.ViewSnoozed:
		return c.Status == desk.StatusSnoozed
	case store.ViewResolved:
		return !open
	case store.ViewTeam:
		return open && c.TeamID == q.TeamID
	default:
		return open
	}
}

func passes(q store.ConversationQuery, c desk.Conversation) bool {
	return q.Scope.Sees(q.User, q.ScopeTeams, c) && oneOf(q.Channels, c.ChannelID) && oneOf(q.Statuses, c.Status) && oneOf(q.Assignees, c.Assignee) && oneOf(q.Teams, c.TeamID) &&
		oneOf(q.Priorities, c.Priority) &&
		(len(q.Tags) == 0 || slices.ContainsFunc(c.TagIDs, func(tag desk.ID) bool { return slices.Contains(q.Tags, tag) })) &&
		(q.Since.IsZero() || !c.LastActivityAt.Before(q.Since)) && (q.Until.IsZero() || c.LastActivityAt.Before(q.Until))
}

// oneOf reports that a filter is not set or names the value.
func oneOf[T comparable](filter []T, v T) bool { return len(filter) == 0 || slices.Contains(filter, v) }
