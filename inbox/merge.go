package inbox

import (
	"context"
	"fmt"
	"strconv"

	"madoguchi/desk"
	"madoguchi/store"
)

// Merge files what was said in one case under another of the same contact's (0.1): the first becomes resolved as merged, and the
// second goes on with what was to be done. Two cases of different conversations keep their threads; the messages' case changes.
// "ticket_merged_already" (conflict) for one that was merged before; "merge_other_contact", "merge_same_ticket" (invalid);
// "unresolved_ticket_exists" (conflict) where the second would be taken up beside a newer open case of its conversation.
// It answers the second one's conversation.
func (s *Service) Merge(ctx context.Context, a Actor, ticket, into desk.ID) (desk.Conversation, error) {
	row, err := store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (row desk.Conversation, err error) {
		m, err := openMerge(tx, a, ticket, into)
		if err != nil {
			return row, err
		}
		if err := m.merge(); err != nil {
			return row, err
		}
		return m.to.row, nil
	})
	if err != nil {
		return row, fmt.Errorf("merge tickets: %w", err)
	}
	return row, nil
}

// merge is two cases at the counter at once; from and to are one visit where they lie in one conversation.
type merge struct {
	from, to             *visit
	ticket, into         desk.Ticket
	ticketWas, intoWas   desk.Ticket
	ticketLast, intoLast bool // it is the case that its row shows
}

// openMerge locks both conversations, the older first, so that two merges never wait for each other.
func openMerge(tx store.Tx, a Actor, ticket, into desk.ID) (*merge, error) {
	m := &merge{}
	var err error
	if m.ticket, err = tx.Tickets().Get(ticket); err != nil {
		return nil, err
	}
	if m.into, err = tx.Tickets().Get(into); err != nil {
		return nil, err
	}
	from, to := m.ticket.ConversationID, m.into.ConversationID
	visits := map[desk.ID]*visit{}
	for _, conversation := range []desk.ID{min(from, to), max(from, to)} {
		if visits[conversation] != nil {
			continue
		}
		if visits[conversation], err = openVisit(tx, a, conversation); err != nil {
			return nil, err
		}
	}
	m.from, m.to = visits[from], visits[to]
	for _, t := range []*desk.Ticket{&m.ticket, &m.into} { // again, under the locks
		if *t, err = tx.Tickets().Get(t.ID); err != nil {
			return nil, err
		}
	}
	for _, t := range []desk.Ticket{m.ticket, m.into} {
		if err := visits[t.ConversationID].mayDecide(t); err != nil {
			return nil, err
		}
	}
	m.ticketWas, m.intoWas = m.ticket, m.into
	m.ticketLast, m.intoLast = m.from.row.TicketID == ticket, m.to.row.TicketID == into
	return m, nil
}

func (m *merge) merge() error {
	if err := m.into.Absorb(&m.ticket, m.to.now); err != nil {
		return err
	}
	if !m.into.Status.Resolved() && m.from != m.to && !m.intoLast && !m.to.ticket.Status.Resolved() {
		return openAlready(m.to.ticket)
	}
	// The other goes first: a conversation has one unresolved case at most (0.1).
	if err := m.from.keep(m.ticketWas, m.ticket); err != nil {
		return err
	}
	if err := m.to.keep(m.intoWas, m.into); err != nil {
		return err
	}
	if err := m.to.tx.WriteMessages().Refile(store.Refiling{From: m.ticket.ID, To: m.into.ID}); err != nil {
		return fmt.Errorf("file messages: %w", err)
	}
	return m.tell()
}

// tell follows in the rows and says in both threads what happened.
func (m *merge) tell() error {
	if m.from != m.to {
		if m.ticketLast {
			m.from.row.Follow(m.ticket)
		}
		if err := m.from.leave(m.ticket, m.into, "merged_into", desk.Event{Kind: desk.EventTicketMerged}); err != nil {
			return err
		}
		if m.intoLast || !m.into.Status.Resolved() {
			m.to.row.Follow(m.into)
		}
	} else if m.ticketLast || m.intoLast || !m.into.Status.Resolved() {
		m.to.row.Follow(m.into)
	}
	return m.to.leave(m.into, m.ticket, "merged", desk.Event{Kind: desk.EventTicketMerged, Changes: renumbered(m.ticket, m.into)})
}

func openAlready(t desk.Ticket) error {
	e := desk.Errorf(desk.KindConflict, "unresolved_ticket_exists", "ticket %d of the conversation is open", t.Number)
	e.Params = map[string]string{"number": strconv.FormatInt(t.Number, 10)}
	return e
}

// keep puts a case that changed and says so in the log; whether the row follows it is decided later.
func (v *visit) keep(was, is desk.Ticket) error {
	if err := v.mayKeep(was, is); err != nil {
		return err
	}
	row := v.row
	_, err := store.KeepTicket(v.tx, &row, was, &is, v.actor.hand())
	return err
}

// leave ends the visit with a line about another case, filed under t, and an event that screens read the thread anew for.
func (v *visit) leave(t, other desk.Ticket, line string, e desk.Event) error {
	v.ticket = t
	if err := v.line(line, map[string]string{"number": strconv.FormatInt(other.Number, 10), "by": v.actor.Name}); err != nil {
		return err
	}
	v.row.Version++
	if err := v.tx.WriteConversations().Put(v.row); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	e.At, e.Actor, e.ConversationID, e.TicketID, e.SubjectID = v.now, v.actor.By, v.row.ID, t.ID, other.ID
	v.tx.Emit(e)
	return nil
}

// renumbered says under which number what was said in one case lies now.
func renumbered(was, is desk.Ticket) []desk.Change {
	return []desk.Change{{Field: "number", From: strconv.FormatInt(was.Number, 10), To: strconv.FormatInt(is.Number, 10)}}
}

// Range is a stretch of a thread, both ends included.
type Range struct {
	From, To int64 // Seqs; To 0 = to the end
}

// maxSplit is how many messages become a case of their own at most.
const maxSplit = 500

// Split makes a case of its own, the actor's, of the messages of one case in a stretch of the thread (0.1). Only while no case of
// the conversation is open: "unresolved_ticket_exists" (conflict). "split_nothing" and "split_everything" (invalid) where nothing
// that people said would go or stay.
func (s *Service) Split(ctx context.Context, a Actor, ticket desk.ID, r Range) (desk.Conversation, error) {
	row, err := store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (row desk.Conversation, err error) {
		t, err := tx.Tickets().Get(ticket)
		if err != nil {
			return row, err
		}
		v, err := openVisit(tx, a, t.ConversationID)
		if err != nil {
			return row, err
		}
		if !v.ticket.Status.Resolved() {
			return row, openAlready(v.ticket)
		}
		err = v.split(t, r)
		return v.row, err
	})
	if err != nil {
		return row, fmt.Errorf("split ticket: %w", err)
	}
	return row, nil
}

func (v *visit) split(from desk.Ticket, r Range) error {
	if r.To == 0 {
		r.To = v.row.LastSeq
	}
	moved, err := v.stretch(from.ID, r)
	if err != nil {
		return err
	}
	if err := v.mayHave(v.actor.User); err != nil {
		return err
	}
	number, err := v.tx.WriteWorkspaces().NextTicketNumber()
	if err != nil {
		return fmt.Errorf("draw ticket number: %w", err)
	}
	t := desk.SplitTicket(v.tx.NewID(), number, v.row, from, moved, v.actor.User, v.now)
	t.Version = 1
	if err := v.tx.WriteTickets().Put(t); err != nil {
		return fmt.Errorf("put ticket: %w", err)
	}
	refiling := store.Refiling{From: from.ID, To: t.ID, Conversation: v.row.ID, FromSeq: r.From, ToSeq: r.To}
	if err := v.tx.WriteMessages().Refile(refiling); err != nil {
		return fmt.Errorf("file messages: %w", err)
	}
	v.tx.Emit(desk.Event{Kind: desk.EventTicketCreated, At: v.now, Actor: v.actor.By, ConversationID: v.row.ID, TicketID: t.ID})
	v.row.Follow(t)
	return v.leave(t, from, "split_from", desk.Event{Kind: desk.EventTicketSplit, Changes: renumbered(from, t)})
}

// stretch reads the messages of a case between two Seqs, oldest first, and refuses to take all or nothing of it.
func (v *visit) stretch(ticket desk.ID, r Range) ([]desk.Message, error) {
	if r.From < 1 || r.To < r.From || r.To-r.From >= maxSplit {
		return nil, desk.Invalid("from_seq", "split_range_invalid", "messages %d to %d are no stretch of at most %d", r.From, r.To, maxSplit)
	}
	some, err := v.tx.Messages().After(v.row.ID, r.From-1, int(r.To-r.From)+1)
	if err != nil {
		return nil, err
	}
	var moved []desk.Message
	spoken := false
	for _, m := range some {
		if m.TicketID == ticket && m.Seq <= r.To {
			moved = append(moved, m)
			spoken = spoken || m.Author.Kind.Spoken()
		}
	}
	if !spoken {
		return nil, desk.Invalid("from_seq", "split_nothing", "nobody said anything of that case there")
	}
	stays, err := v.tx.Messages().SpokenOutside(ticket, moved[0].Seq, moved[len(moved)-1].Seq)
	if err == nil && !stays {
		err = desk.Invalid("from_seq", "split_everything", "nothing of the case would stay")
	}
	return moved, err
}
