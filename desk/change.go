package desk

import (
	"maps"
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

// Undone is the ticket as it was before some changes, as far as conditions ask about it: ChangesFrom, the other way.
func (t Ticket) Undone(changes []Change) Ticket {
	t.Fields = maps.Clone(t.Fields)
	for _, c := range changes {
		switch c.Field {
		case "status":
			t.Status = TicketStatus(c.From)
		case "reason":
			t.Reason = Reason(c.From)
		case "snoozed_until":
			t.SnoozedUntil = instantOf(c.From)
		case "assignee_id":
			t.Assignee = idOf(c.From)
		case "team_id":
			t.TeamID = idOf(c.From)
		case "priority":
			t.Priority = Priority(c.From)
		case "tag_ids":
			t.TagIDs = idsOf(c.From)
		case "sla_policy_id":
			t.SLAPolicy = idOf(c.From)
		case "wait_since":
			t.WaitSince = instantOf(c.From)
		}
		if key, custom := strings.CutPrefix(c.Field, "fields."); custom {
			if t.Fields == nil {
				t.Fields = map[string]string{}
			}
			if t.Fields[key] = c.From; c.From == "" {
				delete(t.Fields, key)
			}
		}
	}
	return t
}

const instantForm = "2006-01-02T15:04:05.000Z"

// instantOf reads what Instant wrote.
func instantOf(text string) time.Time {
	at, _ := time.Parse(instantForm, text) // "" is none
	return at
}

func idOf(text string) ID {
	id, _ := ParseID(text) // nobody and no team are 0
	return id
}

func idsOf(text string) []ID {
	var all []ID
	for _, one := range strings.Split(text, ",") {
		if id := idOf(one); id != 0 {
			all = append(all, id)
		}
	}
	return all
}

// Instant is a time as system lines and events carry it: RFC 3339 in UTC with milliseconds, "" for none.
func Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(instantForm)
}

func idList(ids []ID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return strings.Join(texts, ",")
}
