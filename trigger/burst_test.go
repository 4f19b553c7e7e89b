package trigger_test

import (
	"context"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/trigger"
)

// ringing lets what is due happen after every transaction, as the node beside it does while a reactor still reads.
type ringing struct {
	store.Store
	clock *trigger.Service
}

func (r ringing) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	if err := r.Store.Update(ctx, workspace, fn); err != nil {
		return err
	}
	_, err := r.clock.Due(ctx)
	return err
}

// readsLate is a node that reads what happened in its absence while the clock rings.
func (w *world) readsLate(t *testing.T) {
	t.Helper()
	kept := w.store
	w.store = ringing{kept, w.node()}
	late := w.node()
	w.store = kept
	must(t, late.Round(t.Context()))
	_, err := late.Due(t.Context())
	must(t, err)
}

// E28: what customers wrote one after the other while nobody read the log is one mark, the last of them.
func TestABurstThatIsReadLateRunsOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		wrote := w.keeps(t, "wrote", desk.SinceCustomer, 30, desk.Conditions{}, desk.Action{Kind: desk.ActionNote, Text: "30分"})
		waits := w.keeps(t, "waits", desk.SinceWaiting, 30, desk.Conditions{}, desk.Action{Kind: desk.ActionNote, Text: "待っています"})
		says := func(text string) {
			w.takes(t, text)
			w.now.Add(time.Minute.Milliseconds())
		}
		f := w.takes(t, "hi")
		w.now.Add(time.Minute.Milliseconds())
		says("まだですか")
		w.answers(t, f.Conversation.ID, "はい")
		says("もしもし")
		says("聞こえますか")
		w.now.Add((3 * time.Hour).Milliseconds())
		w.readsLate(t)
		w.later(t, time.Hour)
		if a, b := len(w.runs(t, wrote)), len(w.runs(t, waits)); a != 1 || b != 1 {
			t.Errorf("ran %d and %d times", a, b)
		}
	})
}

// E28: a mark whose time is over does not run where a newer one stands whose time is not.
func TestALateTimerWaitsForTheMarkThatStands(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.keeps(t, "wrote", desk.SinceCustomer, 30, desk.Conditions{}, desk.Action{Kind: desk.ActionNote, Text: "30分"})
		w.takes(t, "hi")
		w.now.Add((29 * time.Minute).Milliseconds())
		w.takes(t, "まだですか")
		w.now.Add((2 * time.Minute).Milliseconds())
		w.readsLate(t)
		w.later(t, 27*time.Minute)
		if n := len(w.runs(t, id)); n != 0 {
			t.Fatalf("%d runs before the half hour is over", n)
		}
		w.later(t, time.Minute)
		if n := len(w.runs(t, id)); n != 1 {
			t.Errorf("%d runs", n)
		}
	})
}
