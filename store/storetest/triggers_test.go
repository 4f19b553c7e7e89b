package storetest_test

import (
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
)

func checkTrigger(t *testing.T, w, other *world) {
	v := desk.Trigger{ID: 211, Name: "放置", Position: 2, Enabled: true, On: desk.SincePending, Minutes: 60,
		Conditions: desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: []desk.Condition{{Fact: desk.FactPriority, Op: desk.OpIs, Values: []string{"low"}}}}}},
		Actions:    []desk.Action{{Kind: desk.ActionSurvey}}, CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	get := func(r store.Reader) (desk.Trigger, error) { return r.Triggers().Get(v.ID) }
	put := func(tx store.Tx) error { return tx.WriteTriggers().Put(v) }
	stored(t, w, other, "trigger", put, get, v)
	first := v
	first.ID, first.Position, first.Enabled, first.On, first.Minutes = 212, 1, false, desk.OnRated, 0
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTriggers().Put(first) })
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Triggers().List()
		equal(t, got, []desk.Trigger{first, v})
		return err
	})
	timer := desk.TriggerTimer{Owner: v.ID, TicketID: 5, ConversationID: 6, MarkedAt: at(1), DueAt: at(2)}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTriggers().PutTimer(timer) })
	another, unowned := timer, timer
	another.TicketID, unowned.Owner = 6, 213
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		return all(tx.WriteTriggers().PutTimer(another), tx.WriteTriggers().PutTimer(unowned), tx.WriteTriggers().Delete(v.ID))
	})
	for _, want := range []int64{1, 1, 0} {
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			n, err := tx.WriteTriggers().StopSomeOf(v.ID, 1)
			equal(t, n, want)
			return err
		})
	}
	wantTimers(t, w, unowned)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTriggers().StopTimersOf(unowned.Owner) })
}

func checkRuns(t *testing.T, w, other *world) {
	v := desk.TriggerRun{ID: 221, TriggerID: 211, TicketID: 5, ConversationID: 6, Occurrence: "e7", Depth: 1, At: at(1),
		Matched: []desk.Finding{{Fact: desk.FactTag, Op: desk.OpHasAny, Value: "3"}}}
	add := func(v desk.TriggerRun) (fresh bool) {
		update(t, w.s, w.workspace, func(tx store.Tx) (err error) {
			fresh, err = tx.WriteTriggers().AddRun(v)
			return err
		})
		return fresh
	}
	again, later := v, v
	again.ID = 222
	later.ID, later.Occurrence = 223, "e8"
	if !add(v) || add(again) || !add(later) {
		t.Error("one run for each occurrence")
	}
	v.Code, v.Steps = desk.CodeAutomationLoop, []desk.RunStep{{Action: desk.ActionReply, Code: "template_unsendable", Params: map[string]string{"status": "paused"}}}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTriggers().EndRun(v) })
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Triggers().Run(v.ID)
		equal(t, got, v)
		if err != nil {
			return err
		}
		all, err := r.Triggers().Runs(store.RunQuery{Trigger: 211, Limit: 10})
		equal(t, all, []desk.TriggerRun{later, v})
		if err != nil {
			return err
		}
		all, err = r.Triggers().Runs(store.RunQuery{Trigger: 211, Below: later.ID, Limit: 10})
		equal(t, all, []desk.TriggerRun{v})
		if err != nil {
			return err
		}
		for q, want := range map[store.RunQuery][]desk.TriggerRun{
			{Trigger: 211, Refused: true, Limit: 10}:            {v},
			{Trigger: 211, Ticket: 5, Limit: 10}:                {later, v},
			{Trigger: 211, Ticket: 5, Refused: true, Limit: 10}: {v},
		} {
			got, err := r.Triggers().Runs(q)
			equal(t, got, want)
			if err != nil {
				return err
			}
		}
		n, err := r.Triggers().RunsSince(211, 5, v.ID, 10)
		equal(t, n, 2)
		return err
	})
	view(t, w.s, other.workspace, func(r store.Reader) error {
		all, err := r.Triggers().Runs(store.RunQuery{Trigger: 211, Limit: 10})
		equal(t, len(all), 0)
		return err
	})
}

func wantTimers(t *testing.T, w *world, want ...desk.TriggerTimer) {
	t.Helper()
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Triggers().Timers(10)
		equal(t, append([]desk.TriggerTimer{}, got...), append([]desk.TriggerTimer{}, want...))
		return err
	})
}

func checkTimers(t *testing.T, w, _ *world) {
	v := desk.TriggerTimer{Owner: 231, Step: desk.TimerClose, TicketID: 5, ConversationID: 6, MarkedAt: at(1), DueAt: at(9)}
	notice := v
	notice.Step, notice.DueAt = desk.TimerNotice, at(8)
	other := v
	other.Owner, other.DueAt = 232, at(7)
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		for _, one := range []desk.TriggerTimer{v, notice, other} {
			if err := tx.WriteTriggers().PutTimer(one); err != nil {
				return err
			}
		}
		return nil
	})
	wantTimers(t, w, other, notice, v)
	moved := v
	moved.MarkedAt, moved.DueAt = at(2), at(10)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTriggers().PutTimer(moved) })
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTriggers().AddTimer(v) }) // there is one already
	take := func(v desk.TriggerTimer) (ours bool) {
		update(t, w.s, w.workspace, func(tx store.Tx) (err error) {
			ours, err = tx.WriteTriggers().TakeTimer(v)
			return err
		})
		return ours
	}
	if take(v) || !take(moved) || take(moved) {
		t.Error("a timer is taken once, as it is")
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTriggers().StopTimer(231, 5) })
	wantTimers(t, w, other)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTriggers().StopTimersOf(232) })
	wantTimers(t, w)
}

func checkCatchUps(t *testing.T, w, other *world) {
	v := desk.TriggerCatchUp{TriggerID: 251, Version: 3, Overdue: true, SavedAt: at(4)}
	further := v
	further.After = desk.TicketPlace{At: at(2), ID: 9}
	put := func(v desk.TriggerCatchUp) {
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTriggers().PutCatchUp(v) })
	}
	take := func(workspace desk.ID, v desk.TriggerCatchUp) (ours bool) {
		update(t, w.s, workspace, func(tx store.Tx) (err error) {
			ours, err = tx.WriteTriggers().TakeCatchUp(v)
			return err
		})
		return ours
	}
	want := func(want desk.TriggerCatchUp, there bool) {
		t.Helper()
		view(t, w.s, w.workspace, func(r store.Reader) error {
			got, found, err := r.Triggers().CatchUp()
			equal(t, got, want)
			equal(t, found, there)
			return err
		})
	}
	put(v)
	put(further)
	want(further, true)
	if take(w.workspace, v) || take(other.workspace, further) || !take(w.workspace, further) || take(w.workspace, further) {
		t.Error("a step is taken once, as it is")
	}
	put(v)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTriggers().StopTimersOf(251) })
	want(desk.TriggerCatchUp{}, false)
}

func checkCalls(t *testing.T, w, other *world) {
	var call desk.WebhookCall
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		call = desk.WebhookCall{ID: 241, ConversationID: 6, URL: "https://example.com/x", Body: "{}", NotBefore: tx.Now(), CreatedAt: tx.Now()}
		return tx.WriteWebhookCalls().Add(call)
	})
	claim := func(workspace desk.ID) (c desk.WebhookCall, found bool) {
		update(t, w.s, workspace, func(tx store.Tx) (err error) {
			c, found, err = tx.WriteWebhookCalls().Claim(at(1 << 20))
			return err
		})
		return c, found
	}
	if _, found := claim(other.workspace); found {
		t.Error("another workspace took it")
	}
	want := call
	want.Attempts, want.NotBefore = 1, at(1<<20)
	got, found := claim(w.workspace)
	equal(t, got, want)
	if _, again := claim(w.workspace); !found || again {
		t.Error("a call is taken once")
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteWebhookCalls().Retry(call.ID, at(3)) })
	view(t, w.s, w.workspace, func(r store.Reader) error {
		next, err := r.WebhookCalls().Next()
		equal(t, next, at(3))
		return err
	})
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteWebhookCalls().Done(call.ID) })
	view(t, w.s, w.workspace, func(r store.Reader) error {
		next, err := r.WebhookCalls().Next()
		equal(t, next.IsZero(), true)
		return err
	})
}
