package trigger_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

func contains(word string) desk.Conditions {
	return desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: []desk.Condition{{Fact: desk.FactMessage, Op: desk.OpContains, Values: []string{word}}}}}}
}

func priority(p desk.Priority) desk.Action {
	return desk.Action{Kind: desk.ActionPriority, Priority: p}
}

func TestTriggerTagsAndReplies(t *testing.T) { // E28
	each(t, func(t *testing.T, w *world) {
		id := w.keeps(t, "返品", desk.OnCustomerWrote, 0, contains("返品"),
			desk.Action{Kind: desk.ActionAddTag, TagID: vip}, desk.Action{Kind: desk.ActionNote, Text: "#{{ticket.number}}"},
			desk.Action{Kind: desk.ActionReply, Texts: map[desk.Locale]string{desk.LocaleJA: "{{contact.name}}様、承りました"}},
			desk.Action{Kind: desk.ActionStatus, Status: desk.StatusPending}, // 0.2 forbids it to a case that nobody has
			desk.Action{Kind: desk.ActionTeam, TeamID: 99})
		f := w.hears(t, "こんにちは")
		if runs := w.runs(t, id); len(runs) != 0 {
			t.Fatalf("ran where its conditions do not hold: %+v", runs)
		}
		w.hears(t, "返品したいです")
		w.round(t)
		if got := w.ticket(t, f.Ticket.ID); !slices.Equal(got.TagIDs, []desk.ID{vip}) || got.Status != desk.StatusQueued {
			t.Errorf("%+v", got)
		}
		if got := w.said(t, f.Conversation.ID); !slices.Equal(got, []string{"#1", "花子様、承りました"}) {
			t.Errorf("said %q", got)
		}
		runs := w.runs(t, id)
		if len(runs) != 1 || len(runs[0].Matched) != 1 || runs[0].Depth != 1 {
			t.Fatalf("runs %+v", runs)
		}
		var codes []string
		for _, s := range runs[0].Steps {
			codes = append(codes, s.Code)
		}
		if !slices.Equal(codes, []string{"", "", "", "invalid_transition", "action_target_unknown"}) {
			t.Errorf("steps %q", codes)
		}
		if c := runs[0].Steps[0].Changes; len(c) != 1 || c[0].Field != "tag_ids" || c[0].To != vip.String() {
			t.Errorf("what changed: %+v", c)
		}
	})
}

// E11, E16: a trigger that takes a case up again gives it to the queue where whom it was with answers no more.
func TestATriggerGivesNothingToWhoIsGone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.keeps(t, "再開", desk.OnTagAdded, 0, desk.Conditions{},
			desk.Action{Kind: desk.ActionStatus, Status: desk.StatusOpen}, desk.Action{Kind: desk.ActionAssign, MemberID: aoi})
		f := w.hears(t, "こんにちは")
		w.replies(t, f.Conversation.ID, "はい")
		for _, do := range []func() (desk.Conversation, error){
			func() (desk.Conversation, error) { return w.members.Resolve(t.Context(), member(), f.Ticket.ID, "") },
			func() (desk.Conversation, error) {
				return w.members.Change(t.Context(), member(), f.Ticket.ID, inbox.Change{Tags: &[]desk.ID{vip}})
			},
		} {
			_, err := do()
			must(t, err)
		}
		w.update(t, func(tx store.Tx) error {
			m, err := tx.Members().Get(aoi)
			if err != nil {
				return err
			}
			m.Active = false
			return tx.WriteMembers().Put(m)
		})
		w.round(t)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusQueued || got.Assignee != 0 || got.LastAssignee != aoi {
			t.Errorf("the ticket is %s with %s, last with %s", got.Status, got.Assignee, got.LastAssignee)
		}
		if runs := w.runs(t, id); len(runs) != 1 || runs[0].Steps[0].Code != "" || runs[0].Steps[1].Code != "action_target_unknown" {
			t.Errorf("runs %+v", runs)
		}
	})
}

func TestTwoTriggersThatStartEachOtherStop(t *testing.T) { // E28: depth 5
	each(t, func(t *testing.T, w *world) {
		tag := w.keeps(t, "tag", desk.OnTagAdded, 0, desk.Conditions{}, desk.Action{Kind: desk.ActionRemoveTag, TagID: vip}, desk.Action{Kind: desk.ActionAssign, MemberID: aoi})
		give := w.keeps(t, "give", desk.OnAssigned, 0, desk.Conditions{}, desk.Action{Kind: desk.ActionAssign}, desk.Action{Kind: desk.ActionAddTag, TagID: vip})
		f := w.hears(t, "hi")
		_, err := w.members.Assign(t.Context(), member(), f.Ticket.ID, aoi)
		must(t, err)
		for range 20 {
			w.round(t)
		}
		all := append(w.runs(t, tag), w.runs(t, give)...)
		stopped := 0
		for _, r := range all {
			if r.Code == desk.CodeAutomationLoop {
				stopped++
			}
		}
		if len(all) != desk.MaxTriggerDepth+1 || stopped != 1 {
			t.Errorf("%d runs, %d stopped: %+v", len(all), stopped, all)
		}
	})
}

func TestFiresOnceOnManyNodes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		wrote := w.keeps(t, "wrote", desk.OnCustomerWrote, 0, desk.Conditions{}, priority(desk.PriorityHigh))
		waits := w.keeps(t, "waits", desk.SinceWaiting, 30, desk.Conditions{}, desk.Action{Kind: desk.ActionNote, Text: "30分"})
		f := w.hears(t, "hi")
		w.now.Add((30 * time.Minute).Milliseconds())
		var nodes sync.WaitGroup
		for range 4 {
			node := w.node()
			nodes.Go(func() {
				_, err := node.Due(t.Context())
				if err := errors.Join(node.Round(t.Context()), err); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		if a, b := len(w.runs(t, wrote)), len(w.runs(t, waits)); a != 1 || b != 1 {
			t.Errorf("ran %d and %d times", a, b)
		}
		if got := w.said(t, f.Conversation.ID); !slices.Equal(got, []string{"30分"}) {
			t.Errorf("said %q", got)
		}
	})
}

// dying fails transactions at their end, as a process does that is killed there.
type dying struct{ store.Store }

var errKilled = errors.New("killed")

func (d dying) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	return d.Store.Update(ctx, workspace, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errKilled
	})
}

func TestKilledBetweenIsDoneOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.keeps(t, "wrote", desk.OnCustomerWrote, 0, desk.Conditions{}, desk.Action{Kind: desk.ActionNote, Text: "見ました"})
		waits := w.keeps(t, "waits", desk.SinceWaiting, 30, desk.Conditions{}, desk.Action{Kind: desk.ActionNote, Text: "30分"})
		alive := w.triggers
		w.store = dying{w.store}
		dead := w.node()
		w.store = w.store.(dying).Store
		w.triggers = dead
		taken := w.takes(t, "hi")
		if err := dead.Round(t.Context()); !errors.Is(err, errKilled) {
			t.Fatalf("it lives: %v", err)
		}
		must(t, alive.Round(t.Context()))
		w.now.Add((30 * time.Minute).Milliseconds())
		if _, err := dead.Due(t.Context()); !errors.Is(err, errKilled) {
			t.Fatalf("it lives: %v", err)
		}
		w.triggers = alive
		w.later(t, 0)
		if got := w.said(t, taken.Conversation.ID); !slices.Equal(got, []string{"見ました", "30分"}) || len(w.runs(t, id))+len(w.runs(t, waits)) != 2 {
			t.Errorf("said %q", got)
		}
	})
}

func TestTimeSinceAMark(t *testing.T) { // E28
	each(t, func(t *testing.T, w *world) {
		id := w.keeps(t, "放置", desk.SincePending, 60, desk.Conditions{}, desk.Action{Kind: desk.ActionStatus, Status: desk.StatusResolved})
		f := w.hears(t, "hi")
		w.replies(t, f.Conversation.ID, "はい")
		w.later(t, 50*time.Minute)
		w.hears(t, "もう一つ") // not pending any more: the time begins anew
		w.replies(t, f.Conversation.ID, "はい")
		w.later(t, 59*time.Minute)
		if n := len(w.runs(t, id)); n != 0 {
			t.Fatalf("%d runs before the hour is over", n)
		}
		w.later(t, time.Minute)
		w.later(t, time.Hour)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusResolved || len(w.runs(t, id)) != 1 {
			t.Errorf("%+v", got)
		}
	})
}

func TestPromisedRequestIsSignedAndTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		answers := []int{http.StatusInternalServerError, http.StatusNoContent}
		var bodies []string
		service := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			bodies = append(bodies, string(body))
			if !strings.HasPrefix(r.Header.Get("Madoguchi-Signature"), "v1=") || r.Header.Get("Madoguchi-Timestamp") == "" {
				t.Errorf("headers %v", r.Header)
			}
			rw.WriteHeader(answers[len(bodies)-1])
		}))
		t.Cleanup(service.Close)
		w.client = service.Client()
		w.triggers = w.node()
		w.keeps(t, "call", desk.OnTicketCreated, 0, desk.Conditions{}, desk.Action{Kind: desk.ActionWebhook, URL: service.URL})
		w.hears(t, "hi")
		call := func() {
			t.Helper()
			_, err := w.triggers.Call(t.Context())
			must(t, err)
		}
		call()
		call()
		if len(bodies) != 1 {
			t.Fatalf("%d requests", len(bodies))
		}
		w.now.Add(time.Minute.Milliseconds())
		call()
		w.now.Add(time.Hour.Milliseconds())
		call()
		if len(bodies) != 2 || bodies[0] != bodies[1] || !strings.Contains(bodies[0], `"number":1`) {
			t.Errorf("requests %q", bodies)
		}
	})
}
