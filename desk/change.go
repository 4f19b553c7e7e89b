package desk

import (
	"strings"
	"time"
)

// ChangesFrom lists what is different from an earlier state of the ticket, as its events say it.
func (t Ticket) ChangesFrom(was Ticket) []Change {
	var changes []Change
	add := func(field, from, to string) {
		if from != to {
			changes = append(changes, Change{Field: field, From: from, To: to})
		}
	}
	add("status", string(was.Status), string(t.Status))
	add("reason", string(was.Reason), string(t.Reason))
	add("snoozed_until", Instant(was.SnoozedUntil), Instant(t.SnoozedUntil))
	add("assignee_id", was.Assignee.String(), t.Assignee.String())
	add("team_id", was.TeamID.String(), t.TeamID.String())
	add("priority", string(was.Priority), string(t.Priority))
	add("tag_ids", idList(was.TagIDs), idList(t.TagIDs))
	add("sla_policy_id", was.SLAPolicy.String(), t.SLAPolicy.String())
	add("joined_ids", idList(was.JoinedIDs), idList(t.JoinedIDs))
	add("wait_since", Instant(was.WaitSince), Instant(t.WaitSince))
	add("replied_at", Instant(was.RepliedAt), Instant(t.RepliedAt))
	return append(changes, FieldChanges(was.Fields, t.Fields)...)
}

// Instant is a time as system lines and events carry it: RFC 3339 in UTC with milliseconds, "" for none.
func Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func idList(ids []ID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return strings.Join(texts, ",")
}
