package trigger_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/trigger"
)

// tries adds the stretches of a trial up.
func (w *world) tries(t *testing.T, d desk.Trigger) (sum trigger.Tried) {
	t.Helper()
	for {
		next, err := trigger.Try(t.Context(), w.store, workspace, w.Now(), trigger.Trial{Trigger: d, After: sum.Next, Sees: func(desk.Conversation) bool { return true }, Channels: w.channels})
		must(t, err)
		next.Runs, next.Examples = next.Runs+sum.Runs, append(sum.Examples, next.Examples...)
		if sum = next; sum.Next == "" {
			return sum
		}
	}
}

func TestATriggerIsTriedOnWhatHappened(t *testing.T) { // E28
	each(t, func(t *testing.T, w *world) {
		draft := func(on desk.TriggerOn, minutes int, c desk.Conditions) desk.Trigger {
			return desk.Trigger{On: on, Minutes: minutes, Conditions: c, Actions: []desk.Action{priority(desk.PriorityHigh)}}
		}
		w.hears(t, "返品の前に、古い話")
		w.now.Add((31 * 24 * time.Hour).Milliseconds()) // out of what a trial looks at
		f := w.hears(t, "こんにちは")
		w.replies(t, f.Conversation.ID, "はい")
		w.now.Add((2 * time.Hour).Milliseconds())
		w.hears(t, "返品したいです")
		w.replies(t, f.Conversation.ID, "承りました")
		w.now.Add((3 * time.Hour).Milliseconds())
		before := w.ticket(t, f.Ticket.ID)
		for name, c := range map[string]struct {
			tried desk.Trigger
			runs  int
		}{
			"on messages":                     {draft(desk.OnCustomerWrote, 0, desk.Conditions{}), 2},
			"if they say it":                  {draft(desk.OnCustomerWrote, 0, contains("返品")), 1},
			"on replies":                      {draft(desk.OnMemberReplied, 0, desk.Conditions{}), 2},
			"an hour without an answer":       {draft(desk.SincePending, 60, desk.Conditions{}), 2},
			"longer than the first one lasts": {draft(desk.SincePending, 150, desk.Conditions{}), 1},
			"if the last thing they said":     {draft(desk.SincePending, 60, contains("返品")), 1},
			"not over yet":                    {draft(desk.SincePending, 600, desk.Conditions{}), 0},
		} {
			got := w.tries(t, c.tried)
			if got.Runs != c.runs || len(got.Examples) != c.runs {
				t.Errorf("%s: %d runs, %d examples, want %d", name, got.Runs, len(got.Examples), c.runs)
			}
			for _, e := range got.Examples {
				if e.Ticket.ID != f.Ticket.ID || e.Contact.Name != "花子" || e.At.After(w.Now()) {
					t.Errorf("%s: %+v", name, e)
				}
			}
		}
		if after := w.ticket(t, f.Ticket.ID); after.Version != before.Version || after.Priority != before.Priority {
			t.Errorf("the trial did something: %+v", after)
		}
		none, err := trigger.Try(t.Context(), w.store, workspace, w.Now(), trigger.Trial{Trigger: draft(desk.OnCustomerWrote, 0, desk.Conditions{}), Sees: func(desk.Conversation) bool { return false }})
		if err != nil || none.Runs != 0 {
			t.Errorf("what the asker does not see: %+v, %v", none, err)
		}
		_, err = trigger.Try(t.Context(), w.store, workspace, w.Now(), trigger.Trial{Trigger: desk.Trigger{On: "never"}, Sees: func(desk.Conversation) bool { return true }})
		if desk.CodeOf(err) != "trigger_event_unknown" {
			t.Errorf("a trigger that cannot be kept: %v", err)
		}
	})
}

func TestATrialJudgesATicketAsItWas(t *testing.T) { // E28
	each(t, func(t *testing.T, w *world) {
		is := func(fact desk.Fact, values ...string) desk.Conditions {
			return desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: []desk.Condition{{Fact: fact, Op: desk.OpIs, Values: values}}}}}
		}
		tagged := desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: []desk.Condition{{Fact: desk.FactTag, Op: desk.OpHasAny, Values: []string{vip.String()}}}}}}
		f := w.hears(t, "一")
		w.now.Add(time.Hour.Milliseconds())
		high := desk.PriorityHigh
		_, err := w.members.Change(t.Context(), member(), f.Ticket.ID, inbox.Change{Assignee: ptr(aoi), Priority: &high, Tags: &[]desk.ID{vip}})
		must(t, err)
		w.now.Add(time.Hour.Milliseconds())
		w.hears(t, "二")
		w.now.Add(time.Hour.Milliseconds())
		w.replies(t, f.Conversation.ID, "はい")
		_, err = w.members.Change(t.Context(), member(), f.Ticket.ID, inbox.Change{Tags: &[]desk.ID{}})
		must(t, err)
		w.now.Add(time.Hour.Milliseconds())
		for name, c := range map[string]struct {
			asked desk.Conditions
			runs  int
			first bool // which of the customer's messages, where it is one
		}{
			"queued": {is(desk.FactStatus, "queued"), 1, true}, "open": {is(desk.FactStatus, "open"), 1, false}, "pending": {is(desk.FactStatus, "pending"), 0, false},
			"normal": {is(desk.FactPriority, "normal"), 1, true}, "high": {is(desk.FactPriority, "high"), 1, false},
			"with somebody": {is(desk.FactAssignee, aoi.String()), 1, false}, "tagged": {tagged, 1, false},
			"spoken last": {is(desk.FactLastAuthor, "customer"), 2, false}, "answered last": {is(desk.FactLastAuthor, "human"), 0, false},
		} {
			got := w.tries(t, desk.Trigger{On: desk.OnCustomerWrote, Conditions: c.asked, Actions: []desk.Action{priority(desk.PriorityHigh)}})
			if got.Runs != c.runs {
				t.Errorf("%s: %d runs, want %d", name, got.Runs, c.runs)
			}
			if got.Runs == 1 && got.Examples[0].Steps[0].Same == c.first {
				t.Errorf("%s: the wrong one, at %s: %+v", name, got.Examples[0].At, got.Examples[0].Steps)
			}
		}
		waited := w.tries(t, desk.Trigger{On: desk.SinceCustomer, Minutes: 30, Conditions: tagged, Actions: []desk.Action{priority(desk.PriorityHigh)}})
		if waited.Runs != 1 || !waited.Examples[0].Steps[0].Same {
			t.Errorf("half an hour after: %+v", waited)
		}
	})
}

func ptr[T any](v T) *T { return &v }

func TestATrialShowsWhatEachActionWouldDo(t *testing.T) { // E28
	each(t, func(t *testing.T, w *world) {
		reply := desk.Action{Kind: desk.ActionReply, Texts: map[desk.Locale]string{desk.LocaleJA: "{{contact.name}}様、承りました"}}
		d := desk.Trigger{On: desk.OnCustomerWrote, Actions: []desk.Action{
			priority(desk.PriorityHigh), priority(desk.PriorityHigh), {Kind: desk.ActionStatus, Status: desk.StatusPending}, reply,
			{Kind: desk.ActionNote, Text: "#{{ticket.number}}"}, {Kind: desk.ActionSurvey}, {Kind: desk.ActionSnooze, Minutes: 60},
		}}
		f := w.hears(t, "hi")
		last := func() []trigger.TriedStep {
			t.Helper()
			got := w.tries(t, d)
			return got.Examples[len(got.Examples)-1].Steps
		}
		steps := last()
		if c := steps[0].Changes; len(c) != 1 || c[0].Field != "priority" || c[0].From != "normal" || c[0].To != "high" || !steps[1].Same {
			t.Errorf("%+v", steps[:2])
		}
		if steps[2].Code != "invalid_transition" || steps[3].Text != "花子様、承りました" || steps[3].Code != "" || steps[4].Text != "#1" || steps[5].Code != desk.CodeSurveyUnresolved {
			t.Errorf("%+v", steps[2:])
		}
		w.update(t, func(tx store.Tx) error {
			i, err := tx.Contacts().Identity(f.Conversation.IdentityID)
			i.BlockedAt = tx.Now()
			if err != nil {
				return err
			}
			return tx.WriteContacts().PutIdentity(i)
		})
		if steps := last(); steps[3].Code != desk.SilentBlocked || steps[4].Code != "" {
			t.Errorf("to somebody who is blocked: %+v", steps)
		}
		if got := w.said(t, f.Conversation.ID); len(got) != 0 {
			t.Errorf("the trial said %q", got)
		}
	})
}
