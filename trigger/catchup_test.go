package trigger_test

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/trigger"
)

// saves keeps a trigger as an administrator does.
func (w *world) saves(t *testing.T, v desk.Trigger, overdue bool) desk.Trigger {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		was := desk.Trigger{}
		if v.ID == 0 {
			v.ID = tx.NewID()
		} else if kept, err := tx.Triggers().Get(v.ID); err != nil {
			return err
		} else {
			was = kept
		}
		v.Version = was.Version + 1
		return errors.Join(trigger.Saved(tx, was, v, overdue), tx.WriteTriggers().Put(v))
	})
	return v
}

func (w *world) catchesUp(t *testing.T) {
	t.Helper()
	_, err := w.triggers.CatchUp(t.Context())
	must(t, err)
}

func (w *world) timers(t *testing.T) (all []desk.TriggerTimer) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		all, err = r.Triggers().Timers(1000)
		return err
	})
	return all
}

func closer(minutes int) desk.Trigger {
	return desk.Trigger{Name: "放置", Enabled: true, On: desk.SincePending, Minutes: minutes, Actions: []desk.Action{{Kind: desk.ActionStatus, Status: desk.StatusResolved}}}
}

func TestStandingTicketsAreCountedFromTheirMarks(t *testing.T) { // E28
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "hi")
		w.replies(t, f.Conversation.ID, "はい")
		w.later(t, 50*time.Minute)
		v := w.saves(t, closer(60), false)
		w.catchesUp(t)
		w.later(t, 10*time.Minute-time.Second)
		if n := len(w.runs(t, v.ID)); n != 0 {
			t.Fatalf("%d runs before the hour is over", n)
		}
		w.later(t, time.Second)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusResolved || len(w.runs(t, v.ID)) != 1 {
			t.Errorf("%+v", got)
		}
	})
}

func TestOverdueTicketsAreLeftUnlessAskedFor(t *testing.T) { // E28
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "hi")
		w.replies(t, f.Conversation.ID, "はい")
		w.later(t, 2*time.Hour)
		v := closer(60)
		v.Actions = []desk.Action{{Kind: desk.ActionNote, Text: "遅い"}}
		v = w.saves(t, v, false)
		w.catchesUp(t)
		w.later(t, 24*time.Hour)
		if n := len(w.runs(t, v.ID)); n != 0 {
			t.Fatalf("%d runs that nobody asked for", n)
		}
		for range 2 { // what it ran for once it does not run for again
			v = w.saves(t, v, true)
			w.catchesUp(t)
			w.later(t, 0)
		}
		if got := w.said(t, f.Conversation.ID); !slices.Equal(got, []string{"遅い"}) {
			t.Errorf("said %q", got)
		}
	})
}

func TestASavedTriggerSetsItsTimersAnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "hi")
		w.replies(t, f.Conversation.ID, "はい")
		replied := w.Now()
		v := w.saves(t, closer(600), false)
		due := func(what string, want ...time.Duration) {
			t.Helper()
			w.catchesUp(t)
			var got []time.Duration
			for _, one := range w.timers(t) {
				got = append(got, one.DueAt.Sub(replied))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: due %v after the mark, want %v", what, got, want)
			}
		}
		due("new", 10*time.Hour)
		v.Minutes = 60
		v = w.saves(t, v, false)
		due("shorter", time.Hour)
		v.Enabled = false
		v = w.saves(t, v, false)
		due("off")
		v.Enabled = true
		v = w.saves(t, v, false)
		due("on again", time.Hour)
		v.On = desk.SinceSnoozed
		v = w.saves(t, v, false)
		due("another mark, which does not stand")
		v.On = desk.OnRated
		v.Minutes = 0
		w.saves(t, v, false)
		due("not on time any more")
	})
}

// The many timers of a trigger that is turned off, or deleted, go in steps; until they have, they do nothing.
func TestTheTimersOfATriggerThatIsOffGoInSteps(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "hi")
		w.replies(t, f.Conversation.ID, "はい")
		v := w.saves(t, closer(60), false)
		w.catchesUp(t)
		const many = 2_500 // of tickets that are long gone
		pile := func() {
			t.Helper()
			w.update(t, func(tx store.Tx) error {
				for i := range desk.ID(many) {
					one := desk.TriggerTimer{Owner: v.ID, TicketID: 1 + i, ConversationID: 1 + i, MarkedAt: w.Now(), DueAt: w.Now().Add(100 * time.Hour)}
					if err := tx.WriteTriggers().AddTimer(one); err != nil {
						return err
					}
				}
				return nil
			})
		}
		left := func(when string, want int) {
			t.Helper()
			var n int
			w.view(t, func(r store.Reader) error {
				all, err := r.Triggers().Timers(10_000)
				n = len(all)
				return err
			})
			if n != want {
				t.Errorf("%s: %d timers, want %d", when, n, want)
			}
		}
		pile()
		v.Enabled = false
		v = w.saves(t, v, false)
		left("just turned off", many+1)
		w.later(t, 2*time.Hour)
		if k := w.ticket(t, f.Ticket.ID); k.Status.Resolved() {
			t.Error("a trigger that is off closed a case")
		}
		w.catchesUp(t)
		left("off", 0)

		pile()
		v.Enabled = true
		v = w.saves(t, v, true)
		w.catchesUp(t)
		left("turned on before they had gone", 1)

		pile()
		w.update(t, func(tx store.Tx) error { return trigger.Delete(tx, v) })
		w.catchesUp(t)
		left("deleted", 0)
	})
}

func TestEachMarkIsFoundWhereItStands(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		began := w.Now()
		f := w.hears(t, "hi")
		w.later(t, time.Minute)
		w.replies(t, f.Conversation.ID, "はい")
		w.later(t, time.Minute)
		snoozed := w.Now()
		_, err := w.members.Snooze(t.Context(), member(), f.Ticket.ID, snoozed.Add(10*time.Hour))
		must(t, err)
		want := map[desk.TriggerOn]time.Time{
			desk.SinceCreated: began, desk.SinceCustomer: began, desk.SinceReply: began.Add(time.Minute), desk.SinceSnoozed: snoozed,
			desk.SincePending: {}, desk.SinceWaiting: {}, desk.SinceResolved: {},
		}
		check := func() {
			t.Helper()
			for on, at := range want {
				v := closer(600)
				v.On = on
				v = w.saves(t, v, false)
				w.catchesUp(t)
				got := time.Time{}
				if all := w.timers(t); len(all) > 0 {
					got = all[0].MarkedAt
				}
				if !got.Equal(at) {
					t.Errorf("%s: %v, want %v", on, got, at)
				}
				v.Enabled = false
				w.saves(t, v, false)
			}
		}
		check()
		w.later(t, time.Minute)
		resolved := w.Now()
		_, err = w.members.Resolve(t.Context(), member(), f.Ticket.ID, desk.ReasonManual)
		must(t, err)
		want = map[desk.TriggerOn]time.Time{desk.SinceResolved: resolved, desk.SinceCreated: {}, desk.SinceSnoozed: {}} // of resolved tickets only this
		check()
	})
}

func TestManyNodesCatchUpOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const tickets = 450 // more than two stretches
		w.stand(t, tickets)
		w.saves(t, closer(60), false)
		var nodes sync.WaitGroup
		for range 3 {
			node := w.node()
			nodes.Go(func() {
				if _, err := node.CatchUp(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		if n := len(w.timers(t)); n != tickets {
			t.Errorf("%d timers", n)
		}
	})
}

func TestACatchUpGoesOnAfterADeath(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.stand(t, 1)
		w.saves(t, closer(60), false)
		alive := w.store
		w.store = dying{alive}
		dead := w.node()
		w.store = alive
		if _, err := dead.CatchUp(t.Context()); !errors.Is(err, errKilled) {
			t.Fatalf("it lives: %v", err)
		}
		w.catchesUp(t)
		if n := len(w.timers(t)); n != 1 {
			t.Errorf("%d timers", n)
		}
	})
}

// stand makes tickets that are pending since now.
func (w *world) stand(t *testing.T, tickets int) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		for i := range tickets {
			contact := desk.Contact{ID: tx.NewID(), Name: "c" + strconv.Itoa(i), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}
			identity := desk.Identity{ID: tx.NewID(), ChannelID: number, ContactID: contact.ID, Kind: testchannel.Kind, Scope: "a1", ExternalID: "s" + strconv.Itoa(i), CreatedAt: tx.Now()}
			row := desk.Conversation{ID: tx.NewID(), ChannelID: number, IdentityID: identity.ID, ContactID: contact.ID, CreatedAt: tx.Now(), Version: 1}
			ticket := desk.OpenTicket(tx.NewID(), int64(i+1), row, 0, tx.Now())
			if err := ticket.AssignTo(aoi, tx.Now()); err != nil {
				return err
			}
			if err := ticket.SetPending(tx.Now()); err != nil {
				return err
			}
			row.TicketID = ticket.ID
			row.Follow(ticket)
			if err := errors.Join(tx.WriteContacts().Put(contact), tx.WriteContacts().PutIdentity(identity), tx.WriteConversations().Put(row), tx.WriteTickets().Put(ticket)); err != nil {
				return err
			}
		}
		return nil
	})
}
