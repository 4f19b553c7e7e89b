package inbox_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// settles ends the attempt at the promise that is next with each of the outcomes.
func (c *counter) settles(outcomes ...store.Outcome) {
	c.t.Helper()
	q := c.store.Queue()
	for _, o := range outcomes {
		leased, err := q.Lease(c.ctx(), "w", 1, time.Minute)
		if err != nil || len(leased) != 1 {
			c.t.Fatalf("leased %d: %v", len(leased), err)
		}
		must(c.t, q.Settle(c.ctx(), leased[0], o))
	}
}

func (c *counter) message(id desk.ID) (m desk.Message) {
	c.t.Helper()
	c.view(func(r store.Reader) (err error) { m, err = r.Messages().Get(id); return err })
	return m
}

var (
	went    = store.Outcome{Status: desk.DeliverySent, ExternalID: "x"}
	unknown = store.Outcome{Status: desk.DeliveryUnknown, Fault: &desk.MessageFault{Kind: "retry", Code: "no_answer"}}
)

// A member knows that it arrived (G2.3): the message counts as sent, the row shows no failure any more, and the thread says who
// knew it.
func TestAMemberSaysThatItArrived(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, on sqlstore.Config) {
		c := newCounterOn(t, on)
		row := c.writes(c.post, "p", "hi")
		in := inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: append(text("one"), text("two")...)}
		m, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, in)
		must(t, err)
		c.refused(second(c.service.Arrived(c.ctx(), c.aoi, m.ID)), desk.KindConflict, "fate_known") // it is on its way
		c.settles(went, unknown)
		if m := c.message(m.ID); m.Status != desk.DeliveryUnknown || !c.row(row.ID).Preview.Failed {
			t.Fatalf("%+v, %+v", m, c.row(row.ID).Preview)
		}
		c.refused(second(c.service.Arrived(c.ctx(), c.ken, m.ID)), desk.KindForbidden, "ticket_of_colleague")
		boss := c.ken
		boss.AssignsOthers = true
		before := c.row(row.ID).Version
		m, err = c.service.Arrived(c.ctx(), boss, m.ID)
		must(t, err)
		if after := c.row(row.ID); m.Status != desk.DeliverySent || m.Fault != nil || after.Preview.Failed || after.Preview.Seq != m.Seq || after.Version <= before {
			t.Errorf("%+v, %+v", m, after)
		}
		if thread := c.thread(row.ID); thread[len(thread)-1] != "+arrived by="+boss.Name {
			t.Errorf("%q", thread)
		}
		c.wantInStep(row.ID)
		c.refused(second(c.service.Arrived(c.ctx(), boss, m.ID)), desk.KindConflict, "fate_known")
		c.refused(second(c.service.Retry(c.ctx(), c.aoi, m.ID)), desk.KindConflict, "not_retryable")
		if rest, err := c.store.Queue().Lease(c.ctx(), "w", 10, time.Minute); err != nil || len(rest) != 0 {
			t.Errorf("%d more go out: %v", len(rest), err)
		}
	})
}

// What is still on its way when an earlier piece is sent again goes out once.
func TestRetryLeavesWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "p", "hi")
	in := inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: append(text("one"), text("two")...)}
	m, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, in)
	must(t, err)
	c.settles(unknown)
	must(t, second(c.service.Retry(c.ctx(), c.aoi, m.ID)))
	c.settles(went, store.Outcome{Status: desk.DeliverySent, ExternalID: "y"})
	if m := c.message(m.ID); m.Status != desk.DeliverySent {
		t.Errorf("it is %s", m.Status)
	}
	if rest, err := c.store.Queue().Lease(c.ctx(), "w", 10, time.Minute); err != nil || len(rest) != 0 {
		t.Errorf("%d more go out: %v", len(rest), err)
	}
}

// Our own chat delivers with the commit: what failed there, as in demo data or an archive of another place, is there when it is sent
// again, and nothing is promised that no provider would take.
func TestRetryOnOurOwnChatDelivers(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	m := c.say(c.aoi, row.ID, inbox.ModeReply, "hello")
	c.update(func(tx store.Tx) error {
		held, err := tx.WriteConversations().Lock(row.ID)
		if err != nil {
			return err
		}
		m.Status, m.Fault = desk.DeliveryFailed, &desk.MessageFault{Kind: "fail", Code: "expired"}
		held.Settled(m)
		if err := tx.WriteConversations().Put(held); err != nil {
			return err
		}
		return tx.WriteMessages().Update(&m)
	})
	must(t, second(c.service.Retry(c.ctx(), c.aoi, m.ID)))
	if got := c.message(m.ID); got.Status != desk.DeliverySent || got.Fault != nil || c.row(row.ID).Preview.Failed {
		t.Errorf("%+v", got)
	}
	if rest, err := c.store.Queue().Lease(c.ctx(), "w", 1, time.Minute); err != nil || len(rest) != 0 {
		t.Errorf("%d are promised: %v", len(rest), err)
	}
}
