package storetest_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func TestSLA(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		hand := newClock()
		s := open(hand.option())
		w, other := newWorld(t, s), newWorld(t, s)
		c := w.newConversation(t)
		p := desk.SLAPolicy{ID: 1, Name: "標準", Position: 2, TeamIDs: []desk.ID{w.user}, ScheduleID: 5,
			Targets:   map[desk.Priority]desk.SLATargets{desk.PriorityHigh: {First: 10, Next: 20, Resolution: 30}},
			CreatedAt: hand.now(), UpdatedAt: hand.now()}
		putPolicy := func(tx store.Tx) error { return tx.WriteSLA().PutPolicy(p) }
		stored(t, w, other, "policy", putPolicy, func(r store.Reader) (desk.SLAPolicy, error) { return r.SLA().Policy(p.ID) }, p)
		first := desk.SLAPolicy{ID: 2, Name: "VIP", Position: 1}
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteSLA().PutPolicy(first) })
		policies := func(workspace desk.ID) (all []desk.SLAPolicy) {
			view(t, s, workspace, func(r store.Reader) (err error) { all, err = r.SLA().Policies(); return err })
			return all
		}
		equal(t, policies(w.workspace), []desk.SLAPolicy{first, p})
		equal(t, len(policies(other.workspace)), 0)
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteSLA().DeletePolicy(first.ID) })
		equal(t, policies(w.workspace), []desk.SLAPolicy{p})

		v, err := desk.OpenSLA(desk.Ticket{ID: 7, ConversationID: c.ID, CreatedAt: hand.now()}, desk.SLATerms{PolicyID: 1, Targets: desk.SLATargets{First: 60, Resolution: 600}})
		must(t, err)
		put := func(tx store.Tx) error { return tx.WriteSLA().Put(v) }
		get := func(r store.Reader) (desk.SLA, error) { return r.SLA().OfTicket(v.TicketID) }
		stored(t, w, other, "sla", put, get, v)
		v.Pass(hand.now().Add(2 * time.Hour))
		stored(t, w, other, "sla", put, get, v)
		due := func(workspace desk.ID) (all []store.SLADue) {
			view(t, s, workspace, func(r store.Reader) (err error) { all, err = r.SLA().Due(10); return err })
			return all
		}
		equal(t, due(w.workspace), []store.SLADue{{TicketID: 7, ConversationID: c.ID, At: hand.now().Add(450 * time.Minute)}})
		equal(t, len(due(other.workspace)), 0)
		hand.advance(time.Minute)
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteSLA().Recheck() })
		equal(t, due(w.workspace)[0].At, hand.now())
	})
}

func TestLongestWaiting(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		hand := newClock()
		s := open(hand.option())
		w, other := newWorld(t, s), newWorld(t, s)
		team := desk.ID(77)
		for i, one := range []desk.Conversation{
			{Status: desk.StatusQueued, TeamID: team, WaitSince: at(3)}, {Status: desk.StatusQueued, TeamID: team, WaitSince: at(2)},
			{Status: desk.StatusOpen, TeamID: team, WaitSince: at(1)}, {Status: desk.StatusQueued, WaitSince: at(0)}, {Status: desk.StatusQueued, TeamID: team},
		} {
			c := w.newConversation(t)
			c.TicketID, c.Status, c.TeamID, c.WaitSince = desk.ID(i+1), one.Status, one.TeamID, one.WaitSince
			c.SLA = desk.SLASummary{State: desk.SLAWarning, Due: at(i)}
			update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteConversations().Put(c) })
		}
		view(t, s, w.workspace, func(r store.Reader) error {
			c, err := r.SLA().LongestWaiting(team)
			must(t, err)
			equal(t, c.WaitSince, at(2))
			equal(t, c.SLA, desk.SLASummary{State: desk.SLAWarning, Due: at(1)})
			c, err = r.SLA().LongestWaiting(0)
			equal(t, c.WaitSince, at(0))
			return err
		})
		alert := func(workspace desk.ID) (a desk.WaitAlert) {
			view(t, s, workspace, func(r store.Reader) (err error) { a, err = r.SLA().WaitAlert(team); return err })
			return a
		}
		equal(t, alert(w.workspace), desk.WaitAlert{TeamID: team, Minutes: desk.DefaultWaitAlert})
		told := desk.WaitAlert{TeamID: team, Minutes: 7, ConversationID: 9, Since: at(2), Told: 2, ToldAt: hand.now()}
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteSLA().PutWaitAlert(told) })
		equal(t, alert(w.workspace), told)
		equal(t, alert(other.workspace).Minutes, desk.DefaultWaitAlert)
		view(t, s, other.workspace, func(r store.Reader) error {
			_, err := r.SLA().LongestWaiting(team)
			wantKind(t, err, desk.KindNotFound, "conversation_not_found")
			return nil
		})
	})
}
