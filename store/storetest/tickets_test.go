package storetest_test

import (
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
)

func checkTicket(t *testing.T, w, other *world) {
	c := w.newConversation(t)
	v := desk.Ticket{Fields: map[string]string{"order": "A-1"}, ID: 79, Number: 5, ConversationID: c.ID, ChannelID: c.ChannelID, ContactID: c.ContactID, Status: desk.StatusSnoozed,
		SnoozedUntil: at(60), PendingSince: at(61), Assignee: w.user, LastAssignee: 4, PreferredAgent: 8, TeamID: 5, Priority: desk.PriorityHigh, TagIDs: []desk.ID{6, 7}, WaitSince: at(1), CreatedAt: at(2), QueuedAt: at(3),
		AssignedAt: at(4), RepliedAt: at(5), ResolvedAt: at(6), ReopenedCount: 7, RoutingRule: 8, UpdatedAt: at(8), Version: 9}
	put := func(tx store.Tx) error { return tx.WriteTickets().Put(v) }
	get := func(r store.Reader) (desk.Ticket, error) { return r.Tickets().Get(v.ID) }
	stored(t, w, other, "ticket", put, get, v)
	stored(t, w, other, "ticket", put, func(r store.Reader) (desk.Ticket, error) { return r.Tickets().ByNumber(5) }, v)
	view(t, w.s, w.workspace, func(r store.Reader) error {
		tickets := r.Tickets()
		a, err := tickets.OfConversation(c.ID)
		b, err2 := tickets.OfContact(c.ContactID)
		d, err3 := tickets.UnresolvedOf(w.user) // E16
		e, err4 := tickets.Sleeping(at(61), 10)
		early, err5 := tickets.Sleeping(at(60), 10)
		many, err6 := tickets.Many([]desk.ID{v.ID, 1})
		for _, got := range [][]desk.Ticket{a, b, d, e} {
			equal(t, got, []desk.Ticket{v})
		}
		equal(t, len(early), 0)
		equal(t, many, map[desk.ID]desk.Ticket{v.ID: v})
		return all(err, err2, err3, err4, err5, err6)
	})
	v.Status, v.Reason, v.TagIDs = desk.StatusResolved, desk.ReasonManual, nil
	stored(t, w, other, "ticket", put, get, v)
	next := v // a second case of the conversation, now that the first is resolved
	next.ID, next.Number, next.Status, next.Reason = 80, 6, desk.StatusQueued, ""
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTickets().Put(next) })
	for _, made := range []struct {
		before, since desk.ID
		want          []desk.Ticket
	}{{81, 79, []desk.Ticket{next, v}}, {80, 79, []desk.Ticket{v}}, {81, 80, []desk.Ticket{next}}} {
		view(t, w.s, w.workspace, func(r store.Reader) error {
			got, err := r.Tickets().Made(made.before, made.since, 9)
			equal(t, got, made.want)
			return err
		})
	}
	view(t, w.s, w.workspace, func(r store.Reader) error {
		tickets := r.Tickets()
		open, err := tickets.Unresolved(desk.TicketPlace{ID: c.ID - 1}, 1)
		beyond, err2 := tickets.Unresolved(desk.TicketPlace{ID: c.ID}, 1)
		resolved, err3 := tickets.Resolved(desk.TicketPlace{At: at(6), ID: 78}, 1)
		after, err4 := tickets.Resolved(desk.TicketPlace{At: at(6), ID: 79}, 1)
		equal(t, open, []desk.Ticket{next})
		equal(t, resolved, []desk.Ticket{v})
		equal(t, len(beyond)+len(after), 0)
		return all(err, err2, err3, err4)
	})
}

func checkReads(t *testing.T, w, _ *world) {
	c := w.newConversation(t)
	read := func(seq int64) desk.Read { return desk.Read{UserID: w.user, ConversationID: c.ID, Seq: seq, At: at(1)} }
	seen := func(seq int64) desk.CustomerRead {
		return desk.CustomerRead{ConversationID: c.ID, Seq: seq, At: at(1)}
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		for range 3 {
			m := w.message(tx, c.ID, "hello")
			m.Author = desk.Author{Kind: desk.AuthorCustomer, ID: c.ContactID}
			if err := tx.WriteMessages().Add(m); err != nil {
				return err
			}
			c.LastSeq, c.LastInboundSeq = m.Seq, m.Seq
		}
		write := tx.WriteConversations()
		return all(write.Put(c), write.PutRead(read(3)), write.PutRead(read(1)), write.PutCustomerRead(seen(3)), write.PutCustomerRead(seen(2)))
	})
	view(t, w.s, w.workspace, func(r store.Reader) error {
		list := r.Conversations()
		reads, err := list.Reads(w.user, []desk.ID{c.ID, 1})
		equal(t, reads, map[desk.ID]desk.Read{c.ID: read(1)}) // back: 未読にする (G2.7)
		of, err2 := list.ReadsOf(c.ID)
		equal(t, of, []desk.Read{read(1)})
		customer, err3 := list.CustomerRead(c.ID)
		equal(t, customer, seen(3)) // only forward
		none, err4 := list.CustomerRead(1)
		equal(t, none, desk.CustomerRead{})
		unread, err5 := list.Unread(w.user, []desk.ID{c.ID, 1})
		equal(t, unread, map[desk.ID]int{c.ID: 2})
		seqs, err6 := list.InboundSeqs(c.ID, 2)
		equal(t, seqs, []int64{3, 2})
		return all(err, err2, err3, err4, err5, err6)
	})
}
