package audit

import (
	"slices"
	"strings"

	"madoguchi/desk"
)

// told are the events that are an entry as they are, with what their subject is.
var told = map[desk.EventKind]string{
	desk.EventContactDeleted:      "contact",
	desk.EventIdentityBlocked:     "contact",
	desk.EventIdentityUnblocked:   "contact",
	desk.EventIdentityOptedOut:    "contact",
	desk.EventIdentityOptedIn:     "contact",
	desk.EventOptOutDismissed:     "contact",
	desk.EventConversationDeleted: "conversation",
	desk.EventTicketDeleted:       "ticket",
	desk.EventMonitored:           "conversation",
	desk.EventExportRequested:     "export",
	desk.EventExportEnded:         "export",
	desk.EventExportDownloaded:    "export",
}

// deedsOf are the entries that an event is worth (J6): who has a ticket, that it ended, that it began again, and what told
// lists. What is administered is derived from the records themselves (records.go).
func deedsOf(e desk.Event) []desk.AuditEntry {
	if kind, ok := told[e.Kind]; ok {
		return []desk.AuditEntry{{
			At: e.At, Actor: e.Actor, Action: desk.AuditAction(e.Kind), Object: desk.AuditObject{Kind: kind, ID: e.SubjectID}, Changes: slices.Clone(e.Changes),
		}}
	}
	if e.Kind == desk.EventMessageChanged && slices.ContainsFunc(e.Changes, func(c desk.Change) bool { return c.Field == "deleted" }) {
		return []desk.AuditEntry{{At: e.At, Actor: e.Actor, Action: "message.deleted", Object: desk.AuditObject{Kind: "message", ID: e.MessageID}}}
	}
	var deeds []desk.AuditEntry
	note := func(action desk.AuditAction, changes ...desk.Change) {
		deeds = append(deeds, desk.AuditEntry{
			At: e.At, Actor: e.Actor, Action: action, Object: desk.AuditObject{Kind: "ticket", ID: e.TicketID}, Changes: changes,
		})
	}
	switch {
	case e.Kind == desk.EventTicketMerged && len(e.Changes) > 0: // without: the other thread's half of it
		note("ticket.merged", e.Changes...)
	case e.Kind == desk.EventTicketSplit:
		note("ticket.split", e.Changes...)
	}
	if e.Kind != desk.EventTicketChanged {
		return deeds
	}
	var holder, status, joined []desk.Change
	for _, c := range e.Changes {
		switch c.Field {
		case "assignee_id", "team_id":
			holder = append(holder, c)
		case "joined_ids":
			joined = append(joined, c)
		case "status", "reason":
			status = append(status, c)
		}
	}
	switch {
	case e.TookOver() != 0:
		note("ticket.taken_over", holder...)
	case len(holder) > 0:
		note("ticket.assigned", holder...)
	case len(joined) > 0 && len(joined[0].To) > len(joined[0].From): // ids joined by commas: one more
		note("ticket.joined", joined...)
	}
	for _, c := range status {
		switch {
		case c.Field != "status":
		case c.To == string(desk.StatusResolved):
			note("ticket.resolved", status...)
		case c.From == string(desk.StatusResolved):
			note("ticket.reopened", status...)
		}
	}
	return deeds
}

// field is one thing about a record, as text.
type field struct{ name, value string }

// compare lists what is different between two states of a record, whose fields come in the same order.
func compare(was, now []field) []desk.Change {
	var changes []desk.Change
	of := make(map[string]string, len(was))
	for _, f := range was {
		of[f.name] = f.value
	}
	for _, f := range now {
		if of[f.name] != f.value {
			changes = append(changes, desk.Change{Field: f.name, From: of[f.name], To: f.value})
		}
		delete(of, f.name)
	}
	for _, f := range was {
		if value, left := of[f.name]; left && value != "" {
			changes = append(changes, desk.Change{Field: f.name, From: value})
		}
	}
	return changes
}

// masked stands for a secret: that it is there is told, and that it changed, never what it is.
func masked(was, now []byte) (before, after string) {
	if len(was) > 0 {
		before = desk.Masked
	}
	if len(now) > 0 {
		after = desk.Masked
	}
	if len(was) > 0 && len(now) > 0 && string(was) != string(now) {
		after = desk.Masked + desk.Masked
	}
	return before, after
}

func ids(all []desk.ID) string {
	texts := make([]string, len(all))
	for i, id := range all {
		texts[i] = id.String()
	}
	return strings.Join(texts, ",")
}
