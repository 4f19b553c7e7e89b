package storetest_test

import (
	"cmp"
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

func naiveView(q store.ConversationQuery, c desk.Conversation) bool {
	open := c.Status != desk.StatusResolved
	return map[desk.View]bool{
		desk.ViewMine: open && c.Assignee == q.User, desk.ViewUnassigned: open && c.Assignee == 0, desk.ViewAll: open, desk.ViewWaiting: c.Waiting(),
		desk.ViewReplied: open && !c.Waiting(), desk.ViewSnoozed: c.Status == desk.StatusSnoozed, desk.ViewResolved: !open, desk.ViewTeam: open && c.TeamID == q.TeamID,
		desk.ViewMentions: slices.Contains(c.MentionedIDs, q.User), desk.ViewFailed: open && c.Preview.Failed, desk.ViewBlocked: c.Blocked,
	}[q.View]
}

func naiveFilters(q store.ConversationQuery, c desk.Conversation, read int64) bool {
	tagged := len(q.Tags) == 0
	for _, tag := range c.TagIDs {
		tagged = tagged || slices.Contains(q.Tags, tag)
	}
	known := map[bool]desk.Acquaintance{false: desk.AcquaintanceNew, true: desk.AcquaintanceExisting}[c.Existing]
	return tagged && (len(q.Languages) == 0 || slices.Contains(q.Languages, c.Language)) && (len(q.Acquaintances) == 0 || slices.Contains(q.Acquaintances, known)) &&
		(!q.Attachment || c.Attached) && (len(q.Channels) == 0 || slices.Contains(q.Channels, c.ChannelID)) && (len(q.Statuses) == 0 || slices.Contains(q.Statuses, c.Status)) &&
		(len(q.Assignees) == 0 || slices.Contains(q.Assignees, c.Assignee)) && (len(q.Teams) == 0 || slices.Contains(q.Teams, c.TeamID)) &&
		(len(q.Priorities) == 0 || slices.Contains(q.Priorities, c.Priority)) && (!q.Unread || c.LastInboundSeq > read && naiveNews(q, c)) &&
		(q.Since.IsZero() || !c.LastActivityAt.Before(q.Since)) && (q.Until.IsZero() || c.LastActivityAt.Before(q.Until))
}

// naiveNews says whose a conversation's news is (G2.7).
func naiveNews(q store.ConversationQuery, c desk.Conversation) bool {
	waits := c.Assignee == 0 && (c.TeamID == 0 || slices.Contains(q.UserTeams, c.TeamID))
	return c.Status != desk.StatusResolved && (waits || c.Assignee == q.User || slices.Contains(c.MentionedIDs, q.User))
}

func naiveOrder(q store.ConversationQuery, now time.Time) func(a, b desk.Conversation) int {
	return func(a, b desk.Conversation) int {
		return cmp.Or(slices.Compare(keyOf(q, a, now), keyOf(q, b, now)), byID(a, b))
	}
}

// keyOf is what a list orders by, ascending (G1.5): what has both sorts of rows shows the unresolved ones first.
func keyOf(q store.ConversationQuery, c desk.Conversation, now time.Time) []int64 {
	if q.View.Spans() && c.Status == desk.StatusResolved {
		return append([]int64{1}, sortKey(q.Sort, c, now)...)
	}
	return append([]int64{0}, sortKey(q.Sort, c, now)...)
}

func sortKey(sort store.ConversationSort, c desk.Conversation, now time.Time) []int64 {
	activity := -c.LastActivityAt.UnixMilli()
	waiting := []int64{1, activity}
	if c.Waiting() {
		waiting = []int64{0, c.WaitSince.UnixMilli()}
	}
	switch sort {
	case store.SortWaiting:
		return waiting
	case store.SortPriority:
		return append([]int64{int64(-c.Priority.Rank())}, waiting...)
	case store.SortSLA:
		if c.SLA.Due.IsZero() {
			return []int64{1, activity}
		}
		return []int64{0, c.SLA.Due.UnixMilli()}
	case store.SortWindow:
		switch until := c.ReplyUntil.UnixMilli(); {
		case c.ReplyUntil.IsZero():
			return []int64{2, activity}
		case c.ReplyUntil.After(now):
			return []int64{0, until}
		default:
			return []int64{1, -until}
		}
	default:
		return []int64{activity}
	}
}
