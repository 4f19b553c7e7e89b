package main

import (
	"context"
	"fmt"
	"time"

	"madoguchi/assign"
	"madoguchi/bus/membus"
	"madoguchi/desk"
	"madoguchi/store"
)

// decisions is how long the desk takes to find somebody for a ticket, one at a time and out of a queue, against giving
// tickets to somebody who is known already.
func (b *bench) decisions(ctx context.Context, s *served, title string) error {
	opened, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = opened.Close() }()
	d := decided{store: opened, workspace: desk.ID(s.setup.WorkspaceID), server: s.server,
		engine: assign.New(assign.Config{Store: opened, Bus: membus.New(), Log: quiet()})}
	if err := d.find(ctx); err != nil {
		return err
	}
	count := b.size(100, 1000)
	limit, err := d.measure(ctx, count, false, d.give)
	if err != nil {
		return err
	}
	single, err := d.measure(ctx, count, false, func(ctx context.Context, _ desk.Ticket) error { return d.engine.Round(ctx) })
	if err != nil {
		return err
	}
	queue, err := d.measure(ctx, count, true, func(ctx context.Context, _ desk.Ticket) error { return d.engine.Round(ctx) })
	if err != nil {
		return err
	}
	b.report.add(title+": tickets given to one who is known, a commit each (limit)", limit.String(), "")
	b.report.add("… decided, one ticket at a time", fmt.Sprintf("%s; against the limit %.2f", single, single.rate()/limit.rate()), "")
	b.report.add("… decided, out of a queue", fmt.Sprintf("%s; against the limit %.2f", queue, queue.rate()/limit.rate()), "")
	return nil
}

// decided is a desk on which the bench decides in the program's stead.
type decided struct {
	store     store.Store
	workspace desk.ID
	server    *server
	engine    *assign.Service
	channel   desk.Channel
	agent     desk.ID
	writer    batch
	customers int
}

func (d *decided) find(ctx context.Context) error {
	d.writer = batch{store: d.store, workspace: d.workspace, writer: -1}
	if err := d.engine.Round(ctx); err != nil { // what came before
		return err
	}
	return d.store.View(ctx, d.workspace, func(r store.Reader) error {
		channels, err := r.Channels().List()
		if err != nil || len(channels) == 0 {
			return fmt.Errorf("no channel: %w", err)
		}
		d.channel = channels[0]
		team, err := r.Teams().Get(d.channel.TeamID)
		if err != nil {
			return err
		}
		d.agent = team.MemberIDs[0]
		return nil
	})
}

// decidedRun is one measurement.
type decidedRun struct {
	timed
	cpu time.Duration
}

func (r decidedRun) String() string {
	if r.P50 == 0 {
		return fmt.Sprintf("%.0f/s, CPU %s each", r.rate(), ms(r.cpu))
	}
	return fmt.Sprintf("%.0f/s, p50 %s, p99 %s, CPU %s each", r.rate(), ms(r.P50), ms(r.P99), ms(r.cpu))
}

// measure times an act on so many tickets: each when it has come, or once when all have. Their coming is not timed.
func (d *decided) measure(ctx context.Context, count int, together bool, act func(context.Context, desk.Ticket) error) (r decidedRun, err error) {
	var took []time.Duration
	var span, cpu time.Duration
	for n := range count {
		ticket, err := d.arrive(ctx)
		if err != nil {
			return r, err
		}
		if together && n < count-1 {
			continue
		}
		before, began := selfCPU()+d.server.cpu(), time.Now()
		if err := act(ctx, ticket); err != nil {
			return r, err
		}
		took = append(took, time.Since(began))
		span += took[len(took)-1]
		cpu += selfCPU() + d.server.cpu() - before
	}
	if waiting, err := d.waiting(ctx); err != nil {
		return r, err
	} else if waiting > 0 {
		return r, fmt.Errorf("%d tickets are still waiting", waiting)
	}
	r = decidedRun{timed: collect([][]time.Duration{took}, span, 0), cpu: each(cpu, count)}
	if together {
		r.Count, r.P50 = count, 0
	}
	return r, nil
}

// arrive puts a ticket into the queue.
func (d *decided) arrive(ctx context.Context) (desk.Ticket, error) {
	d.customers++
	return store.Result(ctx, d.store, d.workspace, func(tx store.Tx) (desk.Ticket, error) {
		row, err := d.writer.begin(tx, d.channel, d.customers)
		if err != nil {
			return desk.Ticket{}, err
		}
		tx.Emit(desk.Event{Kind: desk.EventTicketCreated, At: tx.Now(), ConversationID: row.ID, TicketID: row.TicketID})
		return tx.Tickets().Get(row.TicketID)
	})
}

// give is what a decision writes, without deciding.
func (d *decided) give(ctx context.Context, t desk.Ticket) error {
	return d.store.Update(ctx, d.workspace, func(tx store.Tx) error {
		row, err := tx.WriteConversations().Lock(t.ConversationID)
		if err != nil {
			return err
		}
		was := t
		if err := t.AssignTo(d.agent, tx.Now()); err != nil {
			return err
		}
		by := desk.Actor{Kind: desk.ActorSystem}
		if _, err := store.TellTicket(tx, &row, was, t, store.Hand{By: by}, false); err != nil {
			return err
		}
		if _, err := store.KeepTicket(tx, &row, was, &t, store.Hand{By: by}); err != nil {
			return err
		}
		row.Version++
		return tx.WriteConversations().Put(row)
	})
}

func (d *decided) waiting(ctx context.Context) (n int, err error) {
	err = d.store.View(ctx, d.workspace, func(r store.Reader) error {
		queue, err := r.Routing().Queued([]desk.ID{d.channel.TeamID})
		n = len(queue)
		return err
	})
	return n, err
}
