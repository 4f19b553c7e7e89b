package trigger

import (
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// stood is a ticket on which a mark stands.
type stood struct {
	ticket desk.Ticket
	row    desk.Conversation
	mark   time.Time
}

func (s stood) due(t desk.Trigger) time.Time {
	return s.mark.Add(time.Duration(t.Minutes) * time.Minute)
}

// standing reads a stretch of the tickets that are not resolved, or of those that are where time since that counts, and finds on which
// of them a trigger's mark stands. next is where the stretch after it begins, with more false at the end. What the trigger ran on since
// its mark is left out.
func standing(r store.Reader, t desk.Trigger, after desk.TicketPlace, limit int) (found []stood, next desk.TicketPlace, more bool, err error) {
	walk := r.Tickets().Unresolved
	if t.On == desk.SinceResolved {
		walk = r.Tickets().Resolved
	}
	tickets, err := walk(after, limit)
	if err != nil || len(tickets) == 0 {
		return nil, after, false, err
	}
	var ids []desk.ID
	for _, ticket := range tickets {
		ids = append(ids, ticket.ConversationID)
	}
	rows, err := r.Conversations().Many(ids)
	if err != nil {
		return nil, after, false, fmt.Errorf("read conversations: %w", err)
	}
	for _, ticket := range tickets {
		row := rows[ticket.ConversationID]
		if row.TicketID != ticket.ID { // older cases are history
			continue
		}
		mark, err := markOf(r, t.On, row, ticket)
		if err != nil {
			return nil, after, false, err
		}
		if mark.IsZero() {
			continue
		}
		ran, err := r.Triggers().RunsSince(t.ID, ticket.ID, desk.FirstID(mark), 1)
		if err != nil {
			return nil, after, false, err
		}
		if ran == 0 {
			found = append(found, stood{ticket, row, mark})
		}
	}
	last := tickets[len(tickets)-1]
	next = desk.TicketPlace{ID: last.ConversationID}
	if t.On == desk.SinceResolved {
		next = desk.TicketPlace{At: last.ResolvedAt, ID: last.ID}
	}
	return found, next, len(tickets) == limit, nil
}

const (
	threadPage = 50
	threadMost = 1000 // messages in which a mark is looked for
)

// markOf is when a mark was set that stands on a ticket, zero where none does.
func markOf(r store.Reader, on desk.TriggerOn, row desk.Conversation, t desk.Ticket) (time.Time, error) {
	var sets func(desk.Message) bool
	switch on {
	case desk.SinceCustomer:
		return lastWritten(r, row, t)
	case desk.SinceReply:
		sets = func(m desk.Message) bool { return m.Author.Kind == desk.AuthorHuman }
	case desk.SinceSnoozed:
		sets = func(m desk.Message) bool { return m.System != nil && m.System.Code == "snoozed" }
	default:
		return on.Mark(t), nil
	}
	if !on.Stands(t) || on == desk.SinceReply && t.RepliedAt.IsZero() {
		return time.Time{}, nil
	}
	m, err := newest(r, row.ID, func(m desk.Message) bool { return m.TicketID == t.ID && sets(m) })
	if err != nil || m == nil {
		return time.Time{}, err
	}
	return m.ReceivedAt, nil
}

// lastWritten is when the customer wrote last in a case, zero where they did not.
func lastWritten(r store.Reader, row desk.Conversation, t desk.Ticket) (time.Time, error) {
	if row.LastInboundSeq == 0 {
		return time.Time{}, nil
	}
	page, err := r.Messages().After(row.ID, row.LastInboundSeq-1, 1)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the customer's last message: %w", err)
	}
	if len(page) == 0 || page[0].TicketID != t.ID {
		return time.Time{}, nil
	}
	return page[0].ReceivedAt, nil
}

// maxCounted is how many tickets are looked at to say how many a trigger finds.
const maxCounted = 1_000

// Standing is what a trigger on time finds that stands already.
type Standing struct {
	Waiting int  // their time is still to come: it will run for them
	Overdue int  // their time is over: it runs for them only when that is asked for
	More    bool // there are more tickets than were looked at
}

// CountStanding counts on how many of the tickets that stand a trigger, kept or drafted, would run, by its conditions as they hold now.
func CountStanding(r store.Reader, t desk.Trigger, now time.Time, sees func(desk.Conversation) bool) (n Standing, err error) {
	if err := checkDraft(r, t); err != nil || !t.On.Timed() {
		return n, err
	}
	found, _, more, err := standing(r, t, desk.TicketPlace{}, maxCounted)
	n.More = more
	for _, s := range found {
		if !sees(s.row) {
			continue
		}
		facts, err := factsOf(r, s.row, s.ticket, t.Conditions, nil, now)
		if err != nil {
			return n, err
		}
		if holds, _ := t.Conditions.Match(facts); !holds {
			continue
		}
		if s.due(t).After(now) {
			n.Waiting++
		} else {
			n.Overdue++
		}
	}
	return n, err
}
