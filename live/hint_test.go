package live

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// inBubble runs a test with time that only moves when everybody waits.
func inBubble(t *testing.T, agents int, test func(t *testing.T, o *office)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { test(t, newOffice(t, agents)) })
}

// heardNow is every frame that has come so far.
func (c *tab) heardNow() []heard {
	c.t.Helper()
	synctest.Wait()
	var all []heard
	for {
		c.link.mu.Lock()
		more := len(c.link.frames) > c.read
		c.link.mu.Unlock()
		if !more {
			return all
		}
		all = append(all, c.next())
	}
}

func (c *tab) viewings() []string {
	c.t.Helper()
	var all []string
	for _, f := range c.heardNow() {
		if f.Type == "viewing" {
			line := fmt.Sprintf("%d customer=%v", f.ID, f.Customer)
			for _, w := range f.Who {
				line += fmt.Sprintf(" %d typing=%v %s", w.UserID, w.Typing, w.Mode)
			}
			all = append(all, line)
		}
	}
	return all
}

func (c *tab) wantViewing(want ...string) {
	c.t.Helper()
	got := c.viewings()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		c.t.Errorf("got viewing %q, want %q", got, want)
	}
}

func TestViewingAndTyping(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, o *office) {
		o.newVisitor("v")
		row := o.writes("v", "hi")
		guest := o.visits(o.hub, "v")
		guest.say(`{"type":"hello","token":"token of v","after":0}`)
		guest.heardNow()
		a, b := o.agents[0].User, o.agents[1].User
		aoi, ken := o.sits(o.hub, o.session(0)).hello(0), o.sits(o.newHub(), o.session(1)).hello(0) // on two nodes
		look := func(c *tab, typing bool, mode string) {
			c.say(`{"type":"view","conversation_id":%d,"typing":%v,"mode":%q}`, row.ID, typing, mode)
			synctest.Wait()
		}
		look(aoi, false, "reply")
		aoi.wantViewing(fmt.Sprintf("%d customer=false %d typing=false reply", row.ID, a))
		ken.wantViewing()
		look(ken, true, "note")
		both := fmt.Sprintf("%d customer=false %d typing=false reply %d typing=true note", row.ID, a, b)
		aoi.wantViewing(both)
		ken.wantViewing(fmt.Sprintf("%d customer=false %d typing=false reply", row.ID, a), both) // what was there, then itself
		for _, f := range guest.heardNow() {
			t.Errorf("the customer hears of a note: %s", f.raw)
		}
		look(ken, true, "reply")
		if f := guest.heardNow(); len(f) != 1 || f[0].Type != "typing" || !f[0].On || f[0].Name != "Agent 1" {
			t.Errorf("the customer heard %+v", f)
		}
		aoi.viewings()
		look(ken, true, "reply") // announced again: nothing new
		aoi.wantViewing()
		o.answers(1, row.ID, inbox.ModeReply, "はい") // who has written has stopped typing
		aoi.wantViewing(fmt.Sprintf("%d customer=false %d typing=false reply %d typing=false reply", row.ID, a, b))
		stopped := false
		for _, f := range guest.heardNow() {
			stopped = stopped || f.Type == "typing" && !f.On
		}
		if !stopped {
			t.Error("the customer did not hear that typing stopped")
		}
		ken.leave()
		aoi.wantViewing(fmt.Sprintf("%d customer=false %d typing=false reply", row.ID, a))

		o.hub.CustomerTyping(t.Context(), o.workspace, row.ID)
		aoi.wantViewing(fmt.Sprintf("%d customer=true %d typing=false reply", row.ID, a))
		time.Sleep(11 * time.Second)
		look(aoi, false, "reply")
		aoi.wantViewing()
		time.Sleep(2 * time.Second) // the customer's hint ran out, the agent's was renewed
		aoi.wantViewing(fmt.Sprintf("%d customer=false %d typing=false reply", row.ID, a))
		time.Sleep(15 * time.Second)
		aoi.wantViewing(fmt.Sprintf("%d customer=false", row.ID))
	})
}

// Who may not reply is not seen typing, also by a role that was taken away while the socket was open, told of or not (J4).
func TestOnlyWhoMayReplyIsSeenTyping(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, o *office) {
		o.newVisitor("v")
		row := o.writes("v", "hi")
		guest := o.visits(o.hub, "v")
		guest.say(`{"type":"hello","token":"token of v","after":0}`)
		guest.heardNow()
		viewer := o.session(0)
		viewer.Silent = true
		aoi, ken := o.sits(o.hub, viewer).hello(0), o.sits(o.newHub(), o.session(1)).hello(0)
		types := func(c *tab) []heard {
			c.say(`{"type":"view","conversation_id":%d,"typing":true,"mode":"reply"}`, row.ID)
			synctest.Wait()
			return guest.heardNow()
		}
		if f := types(aoi); len(f) != 0 {
			t.Errorf("a viewer types: %s", f[0].raw)
		}
		if f := types(ken); len(f) != 1 {
			t.Errorf("an agent types: %d frames", len(f))
		}
		ken.say(`{"type":"view","conversation_id":0}`)
		o.update(func(tx store.Tx) error { // without an event or a hint
			m, err := tx.Members().Get(o.agents[1].User)
			if err != nil {
				return err
			}
			m.Role = desk.RoleViewer
			return tx.WriteMembers().Put(m)
		})
		time.Sleep(5 * time.Second)
		guest.heardNow()
		if f := types(ken); len(f) != 0 {
			t.Errorf("a member who became a viewer types: %s", f[0].raw)
		}
	})
}

func (o *office) availability(user desk.ID) (p desk.Presence) {
	o.t.Helper()
	o.view(func(r store.Reader) (err error) { p, err = r.Members().Presence(user); return err })
	return p
}

func (c *tab) availabilities() []string {
	c.t.Helper()
	var all []string
	for _, f := range c.heardNow() {
		if f.Kind == desk.EventAvailabilityChanged {
			all = append(all, string(f.Member.Availability))
		}
	}
	return all
}

func TestPresence(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, o *office) {
		watcher := o.sits(o.hub, o.session(1)).hello(0)
		want := func(when string, is desk.Availability, told ...string) {
			t.Helper()
			if got := watcher.availabilities(); fmt.Sprint(got) != fmt.Sprint(told) {
				t.Errorf("%s: told %v, want %v", when, got, told)
			}
			if got := o.availability(o.agents[0].User).At(time.Now()); got != is {
				t.Errorf("%s: %s, want %s", when, got, is)
			}
		}
		aoi := o.sits(o.hub, o.session(0)).hello(0)
		beat := func(c *tab, idle bool) { c.say(`{"type":"beat","idle":%v}`, idle) }
		want("before a beat", desk.Offline)
		beat(aoi, false)
		want("at the first beat", desk.Online, "online")
		before := o.head()
		for range 30 { // ten minutes
			time.Sleep(20 * time.Second)
			beat(aoi, false)
		}
		want("all the while", desk.Online)
		if o.head() != before {
			t.Errorf("%d events for nothing new", o.head()-before)
		}
		second := o.sits(o.hub, o.session(0)).hello(0)
		beat(second, true)
		want("idle in one of two tabs", desk.Online)
		beat(aoi, true)
		want("idle everywhere", desk.Away, "away")
		beat(second, false)
		want("back", desk.Online, "online")
		aoi.leave()
		second.leave()
		time.Sleep(55 * time.Second)
		want("55 s after the last beat", desk.Online)
		time.Sleep(12 * time.Second)
		want("67 s after the last beat", desk.Offline, "offline")
		time.Sleep(5 * time.Minute)
		want("later", desk.Offline)
	})
}

// Browsers see no pings: by the answer to its beat a page knows that the server is still there.
func TestABeatIsAnswered(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, o *office) {
		aoi := o.sits(o.hub, o.session(0)).hello(0)
		aoi.heardNow()
		aoi.say(`{"type":"beat","idle":false}`)
		synctest.Wait()
		answers := 0
		for _, f := range aoi.heardNow() {
			if f.Type == "beat" {
				answers++
			}
		}
		if answers != 1 {
			t.Errorf("%d answers", answers)
		}
	})
}

// A member's tabs on two nodes: somebody at one of them is enough, and the last one that goes leaves what the other says.
func TestPresenceOnTwoNodes(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, o *office) {
		aoi, second := o.sits(o.hub, o.session(0)).hello(0), o.sits(o.newHub(), o.session(0)).hello(0)
		aoi.say(`{"type":"beat","idle":false}`)
		second.say(`{"type":"beat","idle":false}`)
		synctest.Wait()
		second.say(`{"type":"beat","idle":true}`)
		synctest.Wait()
		o.wantAvailability("idle on one node, awake on the other", desk.Online)
		for range 6 {
			time.Sleep(20 * time.Second)
			aoi.say(`{"type":"beat","idle":false}`)
			second.say(`{"type":"beat","idle":true}`)
			synctest.Wait()
			o.wantAvailability("all the while", desk.Online)
		}
		aoi.leave()
		time.Sleep(expireEvery + time.Second)
		synctest.Wait()
		o.wantAvailability("awake nowhere", desk.Away)
		second.say(`{"type":"beat","idle":false}`)
		synctest.Wait()
		o.wantAvailability("back", desk.Online)
	})
}

// A browser throttles the timers of a hidden tab to one a minute, but answers pings: its member stays what the last beat
// said, and is gone 60 s after the last answer.
func TestPresenceOfHiddenTab(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, o *office) {
		watcher := o.sits(o.hub, o.session(1)).hello(0)
		aoi := o.sits(o.hub, o.session(0)).hello(0)
		aoi.answersPings(true)
		for range 90 {
			time.Sleep(time.Second)
			o.wantAvailability("before a beat", desk.Offline)
		}
		for _, stage := range []struct {
			idle bool
			is   desk.Availability
		}{{false, desk.Online}, {true, desk.Away}} {
			for range 5 {
				aoi.say(`{"type":"beat","idle":%v}`, stage.idle)
				synctest.Wait()
				for range 63 { // a minute, and a timer's slack
					o.wantAvailability("hidden", stage.is)
					time.Sleep(time.Second)
				}
			}
		}
		if told := watcher.availabilities(); fmt.Sprint(told) != "[online away]" {
			t.Errorf("told %v", told)
		}
		synctest.Wait()
		o.hub.mu.Lock()
		room := o.hub.rooms[o.workspace]
		o.hub.mu.Unlock()
		room.mu.Lock()
		last := room.presence.beats[o.agents[0].User].at
		room.mu.Unlock()
		aoi.answersPings(false) // the cable is pulled
		time.Sleep(time.Until(last.Add(54 * time.Second)))
		o.wantAvailability("54 s after the last answer", desk.Away)
		time.Sleep(6 * time.Second)
		o.wantAvailability("60 s after the last answer", desk.Offline)
		time.Sleep(2 * expireEvery)
		if told := watcher.availabilities(); fmt.Sprint(told) != "[offline]" {
			t.Errorf("told %v", told)
		}
	})
}

func (o *office) wantAvailability(when string, want desk.Availability) {
	o.t.Helper()
	if got := o.availability(o.agents[0].User).At(time.Now()); got != want {
		o.t.Errorf("%s: %s, want %s", when, got, want)
	}
}

// answersPings is whether there is a browser at the other end.
func (c *tab) answersPings(yes bool) {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	c.link.ping = nil
	if yes {
		c.link.ping = c.agent.ponged
	}
}

// The last member's leaving is told too, though nobody is left to hear it but the log.
func TestLastMemberLeaves(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, o *office) {
		aoi := o.sits(o.hub, o.session(0)).hello(0)
		aoi.say(`{"type":"beat","idle":false}`)
		synctest.Wait()
		before := o.head()
		aoi.leave()
		time.Sleep(70 * time.Second)
		synctest.Wait()
		events, err := o.store.Events(t.Context(), o.workspace, before, 10)
		if err != nil || len(events) != 1 || events[0].Kind != desk.EventAvailabilityChanged || events[0].Changes[0].To != "offline" {
			t.Errorf("%+v, %v", events, err)
		}
		o.hub.mu.Lock()
		defer o.hub.mu.Unlock()
		if len(o.hub.rooms) != 0 {
			t.Error("the empty room is still open")
		}
	})
}

// A node that dies leaves leases behind: another tells that they ran out.
func TestDeadNodesMembers(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, o *office) {
		o.update(func(tx store.Tx) error {
			return tx.WriteMembers().PutPresence(desk.Presence{UserID: o.agents[0].User, Chosen: desk.Online, LeaseUntil: tx.Now().Add(time.Minute)})
		})
		watcher := o.sits(o.hub, o.session(1)).hello(0)
		time.Sleep(90 * time.Second)
		if got := watcher.availabilities(); fmt.Sprint(got) != "[offline]" {
			t.Errorf("told %v", got)
		}
	})
}

// A member whose lease this node could not renew in time is told to be gone by another; their next beat here brings them back.
func TestToldGoneByAnotherNode(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, o *office) {
		watcher := o.sits(o.hub, o.session(1)).hello(0)
		aoi := o.sits(o.hub, o.session(0)).hello(0)
		aoi.say(`{"type":"beat","idle":false}`)
		synctest.Wait()
		o.update(func(tx store.Tx) error {
			p, err := tx.Members().Presence(o.agents[0].User)
			if err != nil {
				return err
			}
			was := p.At(tx.Now())
			p.LeaseUntil = time.Time{}
			return putPresence(tx, p, was)
		})
		synctest.Wait()
		time.Sleep(20 * time.Second)
		aoi.say(`{"type":"beat","idle":false}`)
		if got := watcher.availabilities(); fmt.Sprint(got) != "[online offline online]" {
			t.Errorf("told %v", got)
		}
		if got := o.availability(o.agents[0].User).At(time.Now()); got != desk.Online {
			t.Errorf("the row says %s", got)
		}
	})
}

func TestChosenAvailabilityStays(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, o *office) {
		o.update(func(tx store.Tx) error {
			return tx.WriteMembers().PutPresence(desk.Presence{UserID: o.agents[0].User, Chosen: desk.TransferOnly})
		})
		aoi := o.sits(o.hub, o.session(0)).hello(0)
		aoi.say(`{"type":"beat","idle":false}`)
		if got := aoi.availabilities(); fmt.Sprint(got) != "[transfer_only]" {
			t.Errorf("told %v", got)
		}
	})
}

func (c *tab) wantBye(code string) {
	c.t.Helper()
	frames := c.heardNow()
	if len(frames) == 0 || frames[len(frames)-1].Type != "bye" || frames[len(frames)-1].Code != code {
		c.t.Errorf("no goodbye: %+v", frames)
		return
	}
	if c.link.closedWith() == 0 {
		c.t.Error("still connected")
	}
}

func TestSessionsThatEnd(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, o *office) {
		var tabs []*tab
		for i := range 3 {
			tabs = append(tabs, o.sits(o.hub, o.session(i)).hello(0))
		}
		err := o.store.Update(t.Context(), 0, func(tx store.Tx) error { return tx.WriteAccounts().DeleteSession(o.session(0).TokenHash) })
		if err != nil {
			t.Fatal(err)
		}
		o.hub.SessionEnded(t.Context(), o.workspace, o.agents[0].User)
		tabs[0].wantBye("signed_out") // told: at once
		o.update(func(tx store.Tx) error {
			m, err := tx.Members().Get(o.agents[1].User)
			m.Active = false
			tx.Emit(desk.Event{Kind: desk.EventMemberChanged, At: tx.Now(), SubjectID: m.UserID})
			if err == nil {
				err = tx.WriteMembers().Put(m)
			}
			return err
		})
		tabs[1].wantBye("signed_out")
		err = o.store.Update(t.Context(), 0, func(tx store.Tx) error { return tx.WriteAccounts().DeleteSession(o.session(2).TokenHash) })
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		tabs[2].wantBye("signed_out") // not told: found within 5 s
	})
}

func TestShutdownSaysGoodbye(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, o *office) {
		aoi := o.sits(o.hub, o.session(0)).hello(0)
		o.newVisitor("v")
		guest := o.visits(o.hub, "v")
		guest.say(`{"type":"hello","token":"token of v"}`)
		silent := o.visits(o.hub, "v")
		synctest.Wait()
		if err := o.bus.Close(); err != nil { // as the end of the program does
			t.Fatal(err)
		}
		aoi.wantBye("shutdown")
		guest.wantBye("shutdown")
		silent.wantBye("shutdown")
		if _, err := o.hub.enter(o.workspace); desk.KindOf(err) != desk.KindUnavailable {
			t.Errorf("a new socket: %v", err)
		}
	})
}

// TestOnlyTypedRepliesGoOutwards: customers on providers' channels are told of replies alone, by the node at which they are
// typed, and of nobody's who may not reply.
func TestOnlyTypedRepliesGoOutwards(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, o *office) {
		o.newVisitor("v")
		row := o.writes("v", "hi")
		silent := o.session(1)
		silent.Silent = true
		aoi, ken := o.sits(o.hub, o.session(0)).hello(0), o.sits(o.newHub(), silent).hello(0)
		for c, frames := range map[*tab][]string{
			aoi: {`"typing":false,"mode":"reply"`, `"typing":true,"mode":"note"`, `"typing":true,"mode":"reply"`}, ken: {`"typing":true,"mode":"reply"`},
		} {
			for _, f := range frames {
				c.say(`{"type":"view","conversation_id":%d,%s}`, row.ID, f)
				synctest.Wait()
			}
		}
		if len(o.types) != 1 {
			t.Fatalf("%d told outwards", len(o.types))
		}
		if got, want := <-o.types, fmt.Sprint(row.ID, o.agents[0].User); got != want {
			t.Errorf("told %s, want %s", got, want)
		}
	})
}
