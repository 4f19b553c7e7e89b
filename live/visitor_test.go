package live

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

func TestVisitors(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, o *office) {
		record := o.newVisitor("v")
		stranger := o.visits(o.hub, "nobody")
		stranger.say(`{"type":"hello","token":"token of nobody"}`)
		stranger.wantBye("signed_out")
		silent := o.visits(o.hub, "v")
		time.Sleep(11 * time.Second)
		if synctest.Wait(); silent.link.closedWith() != closePolicy {
			t.Error("a socket that never says hello lives")
		}
		first := o.visits(o.hub, "v")
		first.say(`{"type":"hello","token":"token of v"}`)
		if f := first.heardNow(); len(f) != 1 || f[0].Type != "ready" {
			t.Fatalf("%+v", f)
		}
		row := o.writes("v", "1")
		if f := first.heardNow(); len(f) != 2 || f[0].Type != "message" { // the ticket's line and the message
			t.Errorf("%+v", f)
		}
		o.answers(0, row.ID, inbox.ModeReply, "2")
		o.answers(0, row.ID, inbox.ModeNote, "secret")
		last := o.writes("v", "3")
		again := o.visits(o.hub, "v")
		again.say(`{"type":"hello","token":"token of v","after":%d}`, row.LastSeq)
		f := again.heardNow()
		if len(f) != 4 || f[3].Type != "ready" || f[3].LastSeq != last.LastSeq { // joined, 2, 3
			t.Errorf("%+v", f)
		}
		o.open.Store(false)
		first.heardNow()
		o.update(func(tx store.Tx) error {
			tx.Emit(desk.Event{Kind: desk.EventScheduleChanged, At: tx.Now()})
			return nil
		})
		time.Sleep(2 * time.Second)
		if f := first.heardNow(); len(f) != 1 || f[0].Type != "config" || f[0].Open == nil || *f[0].Open {
			t.Errorf("%+v", f)
		}
		if err := o.inbox.MarkRead(t.Context(), o.agents[0], row.ID, last.LastSeq); err != nil {
			t.Fatal(err)
		}
		if f := first.heardNow(); len(f) != 1 || f[0].Type != "read" || f[0].Seq != last.LastSeq {
			t.Errorf("%+v", f)
		}
		o.update(func(tx store.Tx) error {
			v, err := tx.Visitors().Get(record.ID)
			v.EndedAt = tx.Now()
			if err == nil {
				err = tx.WriteVisitors().Put(v)
			}
			return err
		})
		o.hub.VisitorChanged(t.Context(), o.workspace, record.ID)
		first.wantBye("signed_out")
	})
}

// Who comes into a queue, stays there or leaves it has news to ask for (E26, E30); nobody else has.
func TestVisitorsWhoWait(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, o *office) {
		o.newVisitor("waits")
		o.newVisitor("looks")
		waits, looks := o.greets("waits"), o.greets("looks")
		row := o.writes("waits", "hello")
		news := func(c *tab) (n int) {
			for _, f := range c.heardNow() {
				if f.Type == "config" {
					n++
				}
			}
			return n
		}
		time.Sleep(2 * time.Second)
		if n := news(waits); n != 1 {
			t.Errorf("who came into the queue was told %d times", n)
		}
		time.Sleep(desk.WaitToldEvery + time.Second)
		if n := news(waits); n != 1 {
			t.Errorf("who stayed in it was told %d times", n)
		}
		o.answers(0, row.ID, inbox.ModeReply, "hi")
		time.Sleep(2 * time.Second)
		if n := news(waits); n != 1 {
			t.Errorf("who left it was told %d times", n)
		}
		time.Sleep(2 * desk.WaitToldEvery)
		if n, others := news(waits), news(looks); n != 0 || others != 0 {
			t.Errorf("afterwards %d, others %d", n, others)
		}
	})
}

// greets opens a socket of a visitor that says hello; what it hears first is left out.
func (o *office) greets(key string) *tab {
	o.t.Helper()
	c := o.visits(o.hub, key)
	c.say(`{"type":"hello","token":"token of %s"}`, key)
	c.heardNow()
	return c
}

// What nobody told of (another process, a lost hint) is found within 5 s, and who is not served does not come back in.
func TestVisitorsWhoseStandingChangesUntold(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, o *office) {
		records := map[string]desk.Visitor{}
		for _, key := range []string{"ended", "blocked", "identified", "kept"} {
			records[key] = o.newVisitor(key)
		}
		blocked, earlier := o.writes("blocked", "spam"), o.writes("a day before", "hello")
		ended, spammer, identified, kept := o.greets("ended"), o.greets("blocked"), o.greets("identified"), o.greets("kept")
		time.Sleep(2 * checkEvery)
		for key, c := range map[string]*tab{"ended": ended, "blocked": spammer, "identified": identified, "kept": kept} {
			if f := c.heardNow(); len(f) > 0 || c.link.closedWith() != 0 {
				t.Errorf("%s: %+v, closed with %d", key, f, c.link.closedWith())
			}
		}
		o.update(func(tx store.Tx) error {
			v := records["ended"]
			v.EndedAt = tx.Now()
			if err := tx.WriteVisitors().Put(v); err != nil {
				return err
			}
			v = records["identified"]
			v.IdentityID, v.ContactID = earlier.IdentityID, earlier.ContactID
			if err := tx.WriteVisitors().Put(v); err != nil {
				return err
			}
			i, err := tx.Contacts().Identity(blocked.IdentityID)
			i.BlockedAt = tx.Now()
			if err == nil {
				err = tx.WriteContacts().PutIdentity(i)
			}
			return err
		})
		time.Sleep(5 * time.Second)
		ended.wantBye("signed_out")
		again := o.visits(o.hub, "ended")
		again.say(`{"type":"hello","token":"token of ended"}`)
		again.wantBye("signed_out")
		if f := spammer.heardNow(); len(f) > 0 || spammer.link.closedWith() != 0 { // F12: they notice nothing
			t.Errorf("who was blocked: %+v, closed with %d", f, spammer.link.closedWith())
		}
		o.answers(0, earlier.ID, inbox.ModeReply, "welcome back")
		if f := identified.heardNow(); len(f) == 0 || !strings.Contains(f[len(f)-1].raw, "welcome back") {
			t.Errorf("who was identified does not hear the conversation: %+v", f)
		}
		if f := kept.heardNow(); len(f) > 0 || kept.link.closedWith() != 0 {
			t.Errorf("who stays: %+v", f)
		}

		o.update(func(tx store.Tx) error {
			c, err := tx.Channels().Get(o.channel)
			c.State = desk.ChannelDisabled
			c.Version++
			if err == nil {
				err = tx.WriteChannels().Put(c)
			}
			return err
		})
		time.Sleep(5 * time.Second)
		kept.wantBye("channel_disabled")
		again = o.visits(o.hub, "kept")
		again.say(`{"type":"hello","token":"token of kept"}`)
		again.wantBye("channel_disabled")
	})
}
