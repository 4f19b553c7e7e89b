package inbox

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// visit is one conversation on the counter inside one transaction: opened under its lock, changed, then put back once,
// with the system lines and events that follow from what changed.
type visit struct {
	tx     store.Tx
	actor  Actor
	row    desk.Conversation
	ticket desk.Ticket
	now    time.Time

	first desk.Ticket // as it was found: what the event's Changes are counted from
	told  desk.Ticket // as the last system line left it
	spoke bool        // a message or line was added
	holds desk.ID     // the last member who was found to answer, and does until the transaction's end
}

// atTicket runs fn with a ticket, which must be its conversation's latest: older cases are history.
func (s *Service) atTicket(ctx context.Context, a Actor, ticket desk.ID, fn func(*visit) error) (desk.Conversation, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (row desk.Conversation, err error) {
		t, err := tx.Tickets().Get(ticket)
		if err != nil {
			return row, err
		}
		v, err := openVisit(tx, a, t.ConversationID)
		if err != nil {
			return row, err
		}
		if v.ticket.ID != ticket {
			return row, desk.Errorf(desk.KindConflict, "ticket_superseded", "ticket %d was followed by ticket %d", t.Number, v.ticket.Number)
		}
		if err := fn(v); err != nil {
			return row, err
		}
		err = v.close()
		return v.row, err
	})
}

func openVisit(tx store.Tx, a Actor, conversation desk.ID) (*visit, error) {
	row, err := tx.WriteConversations().Lock(conversation)
	if err != nil {
		return nil, err
	}
	if err := a.sees(tx, row); err != nil {
		return nil, err
	}
	t, err := tx.Tickets().Get(row.TicketID)
	if err != nil {
		return nil, fmt.Errorf("read ticket of conversation %d: %w", row.ID, err)
	}
	v := &visit{tx: tx, actor: a, row: row, ticket: t, now: tx.Now()}
	v.ticket.TagIDs = slices.Clone(t.TagIDs)
	v.first, v.told = t, t
	return v, nil
}

// openMessage opens the conversation of a message, and reads that as it is under the lock: of two who press a button one finds it changed.
func openMessage(tx store.Tx, a Actor, id desk.ID) (*visit, desk.Message, error) {
	m, err := tx.Messages().Get(id)
	if err != nil {
		return nil, m, err
	}
	v, err := openVisit(tx, a, m.ConversationID)
	if err != nil {
		return nil, m, err
	}
	m, err = tx.Messages().Get(id)
	return v, m, err
}

// say adds a message to the thread and to the row.
func (v *visit) say(m *desk.Message) error {
	m.TicketID = v.ticket.ID
	v.spoke = true
	return store.AddMessage(v.tx, &v.row, m, v.actor.By)
}

// line adds a system line: quiet, immutable, rendered in each viewer's language.
func (v *visit) line(code string, params map[string]string) error {
	v.spoke = true
	return store.AddLine(v.tx, &v.row, v.ticket.ID, v.actor.By, code, params)
}

// begin opens the conversation's next case, because the last one is closed for good (0.4).
func (v *visit) begin() error {
	number, err := v.tx.WriteWorkspaces().NextTicketNumber()
	if err != nil {
		return fmt.Errorf("draw ticket number: %w", err)
	}
	ch, err := v.tx.Channels().Get(v.row.ChannelID)
	if err != nil {
		return err
	}
	v.ticket = desk.OpenTicket(v.tx.NewID(), number, v.row, ch.TeamID, v.now)
	v.ticket.Version = 1
	v.first, v.told = v.ticket, v.ticket
	if err := v.tx.WriteTickets().Put(v.ticket); err != nil {
		return fmt.Errorf("put ticket: %w", err)
	}
	v.tx.Emit(desk.Event{Kind: desk.EventTicketCreated, At: v.now, Actor: v.actor.By, ConversationID: v.row.ID, TicketID: v.ticket.ID})
	return v.line("ticket_opened", map[string]string{"number": strconv.FormatInt(number, 10)})
}

// tell writes the system lines for what changed since the last ones; quiet as store.TellTicket has it.
func (v *visit) tell(quiet bool) error {
	was, is := v.told, v.ticket
	v.told = is
	v.told.TagIDs = slices.Clone(is.TagIDs)
	spoke, err := store.TellTicket(v.tx, &v.row, was, is, v.actor.hand(), quiet)
	v.spoke = v.spoke || spoke
	return err
}

func (v *visit) memberName(user desk.ID) (string, error) {
	m, err := v.tx.Members().Get(user)
	if err != nil {
		return "", err
	}
	return m.ShownName(), nil
}

// close keeps the ticket and the row, and says in the log what changed.
func (v *visit) close() error {
	if err := v.mayKeep(v.first, v.ticket); err != nil {
		return err
	}
	if err := v.tell(false); err != nil {
		return err
	}
	changed, err := store.KeepTicket(v.tx, &v.row, v.first, &v.ticket, v.actor.hand())
	if err != nil || !changed && !v.spoke {
		return err
	}
	v.row.Version++
	if err := v.tx.WriteConversations().Put(v.row); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	return nil
}
