package assign

import (
	"fmt"
	"slices"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

var system = store.Hand{By: desk.Actor{Kind: desk.ActorSystem}}

// decide does what is to be done now, under the lock that the caller holds, and says when something is due next.
func decide(tx store.Tx) (plan, error) {
	p, err := look(tx, tx.Now())
	if err != nil {
		return p, err
	}
	for _, o := range p.ended {
		if err := end(tx, o, system.By); err != nil {
			return p, err
		}
	}
	for _, t := range p.done {
		if err := forget(tx, t); err != nil {
			return p, err
		}
	}
	if err := tx.WriteRouting().DropOffers(p.stale); err != nil {
		return p, err
	}
	for _, o := range p.stuck {
		if err := tellDeclined(tx, o); err != nil {
			return p, err
		}
	}
	for _, a := range p.left {
		if err := takeBack(tx, a); err != nil {
			return p, err
		}
	}
	for _, g := range p.gifts {
		if err := g.give(tx); err != nil {
			return p, err
		}
	}
	return p, nil
}

// forget removes what was offered of a ticket that waits no more. One that was given back since it was read waits again, and who gave it
// back has declined it: that is asked under the lock in which they did.
func forget(tx store.Tx, t desk.Ticket) error {
	_, is, err := hold(tx, t.ConversationID, t.ID)
	if err != nil || is.Status == desk.StatusQueued {
		return err
	}
	return tx.WriteRouting().ForgetOffers(t.ID)
}

// tellDeclined tells the supervisors of a team at once of a ticket that everybody declined (E12).
func tellDeclined(tx store.Tx, o desk.Offer) error {
	row, err := tx.Conversations().Get(o.ConversationID)
	if err != nil {
		return fmt.Errorf("read conversation: %w", err)
	}
	o.Told = true
	if err := tx.WriteRouting().PutOffer(o); err != nil {
		return fmt.Errorf("put offer: %w", err)
	}
	w, err := tx.Workspaces().Current()
	if err != nil {
		return fmt.Errorf("read workspace: %w", err)
	}
	members, err := tx.Members().List()
	if err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	teams, err := tx.Teams().List()
	if err != nil {
		return fmt.Errorf("read teams: %w", err)
	}
	for _, user := range auth.Supervisors(w, members, teams, row.TeamID, row) {
		if err := store.Notify(tx, desk.NotifyWaiting(row, user, desk.NotifyAllDeclined)); err != nil {
			return err
		}
	}
	return nil
}

// give hands a ticket over, or asks whether it is wanted. One that somebody took meanwhile is theirs, and who gave it back since the plan
// was made has declined it.
func (g gift) give(tx store.Tx) error {
	row, t, err := hold(tx, g.ticket.ConversationID, g.ticket.TicketID)
	if err != nil || t.Status != desk.StatusQueued {
		return err
	}
	offers, err := tx.Routing().OffersOf(t.ID)
	if err != nil {
		return fmt.Errorf("read offers: %w", err)
	}
	declined := slices.ContainsFunc(offers, func(o desk.Offer) bool {
		return o.UserID == g.to && o.State == desk.OfferDeclined && o.Counts(tx.Now())
	})
	answers, err := store.StillAnswers(tx, g.to)
	if err != nil || declined || !answers {
		return err
	}
	if g.ask {
		err = g.offer(tx)
	} else {
		err = assignTo(tx, row, t, g.to, system)
	}
	if err != nil {
		return err
	}
	return g.count(tx)
}

// count notes whose turn it was, where a team has turns.
func (g gift) count(tx store.Tx) error {
	if g.turn == 0 {
		return nil
	}
	return tx.WriteRouting().SetTurn(g.ticket.TeamID, g.to, g.turn)
}

func (g gift) offer(tx store.Tx) error {
	o := desk.Offer{
		ID: tx.NewID(), TicketID: g.ticket.TicketID, ConversationID: g.ticket.ConversationID, UserID: g.to,
		State: desk.OfferOpen, MadeAt: tx.Now(), Until: tx.Now().Add(desk.OfferFor),
	}
	if err := tx.WriteRouting().PutOffer(o); err != nil {
		return fmt.Errorf("put offer: %w", err)
	}
	tx.Emit(desk.OfferEvent(o, system.By, tx.Now()))
	return nil
}

// withQueued gives a queued ticket to somebody; false if it is not queued any more, or they answer no more.
func withQueued(tx store.Tx, conversation, ticket, user desk.ID, by store.Hand) (bool, error) {
	row, t, err := hold(tx, conversation, ticket)
	if err != nil || t.Status != desk.StatusQueued {
		return false, err
	}
	if answers, err := store.StillAnswers(tx, user); err != nil || !answers {
		return false, err
	}
	return true, assignTo(tx, row, t, user, by)
}

// assignTo gives somebody a ticket that the caller holds.
func assignTo(tx store.Tx, row desk.Conversation, t desk.Ticket, user desk.ID, by store.Hand) error {
	was := t
	if err := t.AssignTo(user, tx.Now()); err != nil {
		return err
	}
	if _, err := store.TellTicket(tx, &row, was, t, by, false); err != nil {
		return err
	}
	if err := keep(tx, &row, was, &t, by.By); err != nil {
		return err
	}
	return tx.WriteRouting().ForgetOffers(t.ID)
}

// takeBack puts a ticket that its assignee left into its team's queue again (E15).
func takeBack(tx store.Tx, a desk.Awaited) error {
	row, t, err := hold(tx, a.ConversationID, a.TicketID)
	if err != nil || t.Status != desk.StatusOpen || t.Assignee != a.Assignee {
		return err
	}
	return requeue(tx, row, t, "assignee_offline")
}

// returned looks at a ticket that was taken up again for whom it was with last: by its customer, or by somebody else. They keep it
// if they could be given it now, else it waits in the queue (E11).
func returned(tx store.Tx, e desk.Event) error {
	reopened := false
	for _, c := range e.Changes {
		if c.Field == "assignee_id" {
			return nil // somebody said who has it
		}
		reopened = reopened || c.Field == "status" && c.From == string(desk.StatusResolved) && c.To == string(desk.StatusOpen)
	}
	if !reopened {
		return nil
	}
	row, t, err := hold(tx, e.ConversationID, e.TicketID)
	if err != nil || t.Status != desk.StatusOpen || t.Assignee == 0 || e.Actor == (desk.Actor{Kind: desk.ActorUser, ID: t.Assignee}) {
		return err
	}
	keeps, err := keepsReturned(tx, t)
	if err != nil || keeps {
		return err
	}
	return requeue(tx, row, t, "assignee_unavailable")
}

func keepsReturned(tx store.Tx, t desk.Ticket) (bool, error) {
	f, err := read(tx, tx.Now())
	if err != nil {
		return false, err
	}
	f.hold(t.Assignee, -t.Slots(f.now)) // what it takes itself does not count
	return f.takes(t.Assignee) && f.agents[t.Assignee].Serves(t.ChannelID) && desk.ReturnsTo(t.Assignee, f.teams[t.TeamID]), nil
}

// hold locks a ticket's conversation; without one, or with a later case, the ticket comes back zero.
func hold(tx store.Tx, conversation, ticket desk.ID) (desk.Conversation, desk.Ticket, error) {
	row, err := tx.WriteConversations().Lock(conversation)
	if desk.KindOf(err) == desk.KindNotFound || err == nil && row.TicketID != ticket {
		return row, desk.Ticket{}, nil
	}
	if err != nil {
		return row, desk.Ticket{}, err
	}
	t, err := tx.Tickets().Get(ticket)
	return row, t, err
}

// requeue puts a ticket back and says why.
func requeue(tx store.Tx, row desk.Conversation, t desk.Ticket, why string) error {
	was := t
	m, err := tx.Members().Get(t.Assignee)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return err
	}
	if err := t.TransferTo(0, tx.Now()); err != nil {
		return err
	}
	if err := store.AddLine(tx, &row, t.ID, system.By, why, map[string]string{"name": m.ShownName()}); err != nil {
		return err
	}
	return keep(tx, &row, was, &t, system.By)
}

func keep(tx store.Tx, row *desk.Conversation, was desk.Ticket, t *desk.Ticket, by desk.Actor) error {
	if _, err := store.KeepTicket(tx, row, was, t, store.Hand{By: by}); err != nil {
		return err
	}
	row.Version++
	if err := tx.WriteConversations().Put(*row); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	return nil
}
