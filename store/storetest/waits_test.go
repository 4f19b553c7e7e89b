package storetest_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// How long assignments took and what was expected comes back as it was, counted per team, in its own workspace only (E24).
func TestWaits(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		hand := newClock()
		s := open(hand.option())
		w, other := newWorld(t, s), newWorld(t, s)
		now := hand.now()
		use := desk.SlotUse{TicketID: 7, TeamID: 5, Assignee: w.user, Since: now, Held: 90 * time.Second}
		get := func(r store.Reader) (desk.SlotUse, error) { return r.Waits().SlotUse(7) }
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteWaits().PutSlotUse(use) })
		view(t, s, w.workspace, func(r store.Reader) error {
			got, err := get(r)
			equal(t, got, use)
			return err
		})
		view(t, s, other.workspace, func(r store.Reader) error {
			got, err := get(r)
			equal(t, got, desk.SlotUse{})
			return err
		})
		update(t, s, w.workspace, func(tx store.Tx) error {
			err := tx.WriteWaits().PutSlotUse(desk.SlotUse{TicketID: 7})
			for i := range desk.WaitSamples + 5 {
				err = all(err, tx.WriteWaits().AddSample(5, time.Duration(1+i%2)*time.Minute))
			}
			return all(err, tx.WriteWaits().AddSample(6, time.Hour))
		})
		mean := func(workspace, team desk.ID) (mean time.Duration, samples int) {
			view(t, s, workspace, func(r store.Reader) (err error) {
				mean, samples, err = r.Waits().Mean(team)
				return err
			})
			return mean, samples
		}
		got, n := mean(w.workspace, 5)
		equal(t, got, 90*time.Second)
		equal(t, n, desk.WaitSamples)
		_, n = mean(other.workspace, 5)
		equal(t, n, 0)

		for i, waited := range []time.Duration{5 * time.Minute, 30 * time.Minute, 6 * time.Minute} {
			e := desk.Estimate{TicketID: desk.ID(20 + i), TeamID: 5, At: now, Wait: 5 * time.Minute}
			update(t, s, w.workspace, func(tx store.Tx) error {
				return all(tx.WriteWaits().PutEstimate(e), tx.WriteWaits().PutEstimate(e), tx.WriteWaits().EndEstimates(e.TicketID, now.Add(waited)),
					tx.WriteWaits().EndEstimates(e.TicketID, now.Add(time.Hour)))
			})
		}
		update(t, s, w.workspace, func(tx store.Tx) error {
			return all(tx.WriteWaits().PutEstimate(desk.Estimate{TicketID: 30, TeamID: 5, At: now.Add(-time.Minute), Wait: time.Hour}),
				tx.WriteWaits().PutEstimate(desk.Estimate{TicketID: 30, TeamID: 5, At: now, Wait: time.Minute}))
		})
		view(t, s, w.workspace, func(r store.Reader) error {
			waits, err := r.Waits().Expected(30)
			over, err2 := r.Waits().Expected(20)
			equal(t, []desk.Estimate{waits, over}, []desk.Estimate{{TicketID: 30, TeamID: 5, At: now, Wait: time.Minute}, {}})
			return all(err, err2)
		})
		for workspace, want := range map[desk.ID][]desk.WaitScore{
			w.workspace: {{TeamID: 5, Estimates: 3, Kept: 2, Off: time.Minute}}, other.workspace: {},
		} {
			view(t, s, workspace, func(r store.Reader) error {
				scores, err := r.Waits().Scores(now.Add(-time.Hour))
				equal(t, scores, want)
				return err
			})
		}
	})
}

// TestQueueOf is what a ticket in a queue sees of it (E24, E30): who is ahead, and the slots of those who are online.
func TestQueueOf(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		hand := newClock()
		s := open(hand.option())
		w := newWorld(t, s)
		now := hand.now()
		first, second, third := w.newConversation(t), w.newConversation(t), w.newConversation(t)
		at := func(id desk.ID, c desk.Conversation, ago time.Duration, p desk.Priority) desk.Ticket {
			ticket := desk.OpenTicket(id, int64(id), c, 0, now.Add(-ago))
			ticket.Priority = p
			return ticket
		}
		tickets := []desk.Ticket{at(80, first, time.Hour, desk.PriorityLow), at(81, second, time.Minute, desk.PriorityUrgent), at(82, third, time.Second, desk.PriorityNormal)}
		update(t, s, w.workspace, func(tx store.Tx) error {
			var err error
			for _, ticket := range tickets {
				err = all(err, tx.WriteTickets().Put(ticket))
			}
			return err
		})
		look := func(ticket desk.Ticket) (q desk.Queue) {
			view(t, s, w.workspace, func(r store.Reader) error {
				var err error
				for queues, i := store.QueuesAt(r, now), 0; i < len(tickets) && err == nil; i++ { // what is read for all of them is each one's
					alone, together := desk.Queue{}, desk.Queue{}
					if alone, err = store.QueueOf(r, tickets[i], now); err == nil {
						together, err = queues.Of(tickets[i])
					}
					equal(t, together, alone)
					if tickets[i].ID == ticket.ID {
						q = alone
					}
				}
				return err
			})
			return q
		}
		for i, ahead := range []int{2, 0, 1} {
			equal(t, look(tickets[i]), desk.Queue{Ahead: ahead, Open: true})
		}
		update(t, s, w.workspace, func(tx store.Tx) error {
			return tx.WriteMembers().PutPresence(desk.Presence{UserID: w.user, Chosen: desk.Online, LeaseUntil: now.Add(time.Hour)})
		})
		equal(t, look(tickets[0]), desk.Queue{Ahead: 2, Free: desk.DefaultCapacity, Slots: desk.DefaultCapacity, Open: true})
		taken := tickets[1]
		if err := taken.AssignTo(w.user, now); err != nil {
			t.Fatal(err)
		}
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteTickets().Put(taken) })
		equal(t, look(tickets[0]), desk.Queue{Ahead: 1, Free: desk.DefaultCapacity - 1, Slots: desk.DefaultCapacity, Open: true})
		tickets[1] = taken
		equal(t, look(taken), desk.Queue{})
		update(t, s, w.workspace, func(tx store.Tx) error { // who serves other channels is no slot here (E4)
			m, err := tx.Members().Get(w.user)
			m.ChannelIDs = []desk.ID{w.channel.ID + 1}
			return all(err, tx.WriteMembers().Put(m))
		})
		equal(t, look(tickets[0]), desk.Queue{Ahead: 1, Open: true})
	})
}
