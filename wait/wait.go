// Package wait keeps count of how long people wait (E24): for how long assignments occupy a slot, and how the estimates that
// customers are told compare with what really happened.
package wait

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"madoguchi/bus"
	"madoguchi/desk"
	"madoguchi/reactor"
	"madoguchi/store"
)

// Config is what a Service needs.
type Config struct {
	Store store.Store
	Bus   bus.Bus
	Log   *slog.Logger // nil = slog.Default()
	Now   desk.Clock   // nil = time.Now
}

// Service follows tickets into the queue, to somebody, and out of their hands.
type Service struct{ reactor reactor.Reactor }

// fresh is how old news may be: what happened while no node ran still counts as work done.
const fresh = 24 * time.Hour

// New makes the service; it works while Run runs.
func New(c Config) *Service {
	return &Service{reactor.Reactor{Name: "wait", Store: c.Store, Bus: c.Bus, Log: c.Log, Now: c.Now, Fresh: fresh, Wants: wants, Together: react}}
}

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error { return s.reactor.Run(ctx) }

// Round works through what happened since the last one.
func (s *Service) Round(ctx context.Context) error { return s.reactor.Round(ctx) }

func wants(e desk.Event) bool {
	return e.Kind == desk.EventTicketCreated ||
		e.Kind == desk.EventTicketChanged && slices.ContainsFunc(e.Changes, func(c desk.Change) bool {
			return c.Field == "status" || c.Field == "assignee_id" || c.Field == "team_id"
		})
}

func react(tx store.Tx, events []desk.Event) error {
	ids := make([]desk.ID, len(events))
	for i, e := range events {
		ids[i] = e.TicketID
	}
	tickets, err := tx.Tickets().Many(ids)
	if err != nil {
		return fmt.Errorf("read tickets: %w", err)
	}
	queues := store.QueuesAt(tx, tx.Now())
	for _, e := range events {
		t, there := tickets[e.TicketID]
		if !there {
			continue // deleted meanwhile
		}
		if err := follow(tx, queues, t, e); err != nil {
			return err
		}
	}
	return nil
}

// follow notes what an event made of a ticket.
func follow(tx store.Tx, queues *store.Queues, t desk.Ticket, e desk.Event) error {
	if err := use(tx, t, e.At); err != nil {
		return fmt.Errorf("note the slot of ticket %d: %w", t.Number, err)
	}
	switch {
	case t.Status != desk.StatusQueued: // somebody has it, or it left the queue without anybody
		return tx.WriteWaits().EndEstimates(t.ID, e.At)
	case entered(e):
		return expect(tx, queues, t, e.At)
	}
	return nil
}

// use follows the ticket's assignment, and counts it once it is over.
func use(tx store.Tx, t desk.Ticket, at time.Time) error {
	was, err := tx.Waits().SlotUse(t.ID)
	if err != nil {
		return err
	}
	next, held, finished := was.Step(t, at)
	if finished {
		if err := tx.WriteWaits().AddSample(was.TeamID, held); err != nil {
			return err
		}
	}
	if next == was || was.Assignee == 0 && next.Assignee == 0 {
		return nil
	}
	return tx.WriteWaits().PutSlotUse(next)
}

// entered reports whether the event brought the ticket into a queue: also into another team's.
func entered(e desk.Event) bool {
	return e.Kind == desk.EventTicketCreated ||
		slices.ContainsFunc(e.Changes, func(c desk.Change) bool {
			return c.Field == "team_id" || c.Field == "status" && c.To == string(desk.StatusQueued)
		})
}

// expect keeps what is expected of a ticket that waits now, if anything is.
func expect(tx store.Tx, queues *store.Queues, t desk.Ticket, at time.Time) error {
	q, err := queues.Of(t)
	if err != nil {
		return fmt.Errorf("read the queue before ticket %d: %w", t.Number, err)
	}
	if w := q.Wait(); w.Known && t.Status == desk.StatusQueued {
		return tx.WriteWaits().PutEstimate(desk.Estimate{TicketID: t.ID, TeamID: t.TeamID, At: at, Wait: w.Time})
	}
	return nil
}
