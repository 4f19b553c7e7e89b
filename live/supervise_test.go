package live

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// watches opens a supervisor's tab; what is written down of their watching goes to the channel.
func (o *office) watches(agent int, notes chan desk.ID) *tab {
	o.t.Helper()
	session := o.session(agent)
	session.Monitors = true
	session.Monitored = func(_ context.Context, conversation desk.ID) error {
		notes <- conversation
		return nil
	}
	return o.sits(o.hub, session).hello(0)
}

// A supervisor who looks at somebody else's case is shown as watching to colleagues, and nothing of it reaches the customer (E21,
// E22), until they join. That they watch is written down once.
func TestMonitoringReachesNoCustomer(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, o *office) {
		o.newVisitor("v")
		row := o.writes("v", "hi")
		if _, err := o.inbox.Take(t.Context(), o.agents[1], row.TicketID); err != nil {
			t.Fatal(err)
		}
		guest := o.visits(o.hub, "v")
		guest.say(`{"type":"hello","token":"token of v","after":0}`)
		guest.heardNow()
		notes := make(chan desk.ID, 9)
		boss, again, agent := o.watches(0, notes), o.watches(0, notes), o.sits(o.hub, o.session(1)).hello(0)
		look := func(c *tab, typing bool) {
			c.say(`{"type":"view","conversation_id":%d,"typing":%v,"mode":"reply"}`, row.ID, typing)
			synctest.Wait()
		}
		look(agent, false)
		look(boss, false)
		look(again, false)
		look(boss, true)
		if all := agent.lookers(row.ID); all[len(all)-1] != fmt.Sprintf("%d monitors=true", o.agents[0].User) {
			t.Errorf("the assignee sees %q", all)
		}
		customerHears(t, guest, false)
		if len(o.types) != 0 || len(notes) != 1 || <-notes != row.ID {
			t.Errorf("typing was told %d times outwards, watching written down %d times", len(o.types), len(notes))
		}
		if _, err := o.inbox.Join(t.Context(), o.agents[0], row.TicketID); err != nil {
			t.Fatal(err)
		}
		look(boss, true)
		customerHears(t, guest, true)
		if all := agent.lookers(row.ID); all[len(all)-1] != fmt.Sprintf("%d monitors=false", o.agents[0].User) {
			t.Errorf("once joined, the assignee sees %q", all)
		}
	})
}

// Where the workspace hides it, only supervisors see a supervisor watch (E22).
func TestHiddenMonitoringIsSeenBySupervisorsOnly(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, o *office) {
		o.update(func(tx store.Tx) error {
			w, err := tx.Workspaces().Current()
			w.HideMonitoring = true
			if err != nil {
				return err
			}
			return tx.WriteWorkspaces().Put(w)
		})
		row := o.writes("v", "hi")
		if _, err := o.inbox.Take(t.Context(), o.agents[1], row.TicketID); err != nil {
			t.Fatal(err)
		}
		notes := make(chan desk.ID, 9)
		boss, other, agent := o.watches(0, notes), o.watches(2, notes), o.sits(o.hub, o.session(1)).hello(0)
		for _, c := range []*tab{agent, other, boss} {
			c.say(`{"type":"view","conversation_id":%d,"mode":"reply"}`, row.ID)
			synctest.Wait()
		}
		for _, seen := range agent.lookers(row.ID) {
			if seen != fmt.Sprintf("%d monitors=false", o.agents[1].User) {
				t.Errorf("the assignee sees %q", seen)
			}
		}
		if all := other.lookers(row.ID); len(all) == 0 || all[len(all)-1] != fmt.Sprintf("%d monitors=true", o.agents[0].User) {
			t.Errorf("the other supervisor sees %q", all)
		}
		if _, err := o.inbox.Transfer(t.Context(), o.agents[1], row.TicketID, inbox.Transfer{Assignee: o.agents[0].User}); err != nil {
			t.Fatal(err)
		}
		boss.say(`{"type":"view","conversation_id":%d,"mode":"reply"}`, row.ID)
		synctest.Wait()
		if all := agent.lookers(row.ID); len(all) == 0 || all[len(all)-1] != fmt.Sprintf("%d monitors=false", o.agents[0].User) {
			t.Errorf("whose case it is, is seen: %q", all)
		}
	})
}

// lookers are the others that a tab was told look at a conversation: who was first in each of the frames.
func (c *tab) lookers(conversation desk.ID) []string {
	c.t.Helper()
	var all []string
	for _, f := range c.heardNow() {
		if f.Type == "viewing" && f.ID == conversation && len(f.Who) > 0 {
			all = append(all, fmt.Sprintf("%d monitors=%v", f.Who[0].UserID, f.Who[0].Monitors))
		}
	}
	return all
}

func customerHears(t *testing.T, guest *tab, typing bool) {
	t.Helper()
	heard := false
	for _, f := range guest.heardNow() {
		heard = heard || f.Type == "typing" && f.On
	}
	if heard != typing {
		t.Errorf("the customer sees somebody type: %v, want %v", heard, typing)
	}
}
