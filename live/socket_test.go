package live

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
)

// A reader that stands still is dropped when too much waits for it, and blocks nobody meanwhile.
func TestSlowSocketIsDropped(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 2)
	row := o.writes("v", "hi")
	fast := o.sits(o.hub, o.session(0)).hello(0)
	slow := o.sits(o.hub, o.session(1)).hello(0)
	slow.link.mu.Lock()
	slow.link.stuck = make(chan struct{})
	slow.link.mu.Unlock()
	long := strings.Repeat("長", 9_000)
	for range 60 { // about 27 KB each
		o.answers(0, row.ID, inbox.ModeNote, long)
	}
	fast.reach(o.head())
	for {
		slow.link.mu.Lock()
		dead := slow.link.dead
		slow.link.mu.Unlock()
		if dead {
			break
		}
		<-slow.link.arrived
	}
	slow.leave()
	// It comes back and resumes where it stood.
	again := o.sits(o.hub, o.session(1)).hello(slow.seq)
	if again.seq != o.head() || len(again.seqs) == 0 {
		t.Errorf("resumed %d patches up to %d", len(again.seqs), again.seq)
	}
}

func TestSocketKeepsOrderAndLastWord(t *testing.T) {
	t.Parallel()
	for range 50 {
		m := newMemory()
		s := &socket{link: m}
		for i := range 100 {
			if !s.send(textFrame(fmt.Appendf(nil, "%d", i))) {
				t.Fatal("refused")
			}
		}
		s.end(closeGoingAway, byeFrame("shutdown"))
		if s.send(textFrame([]byte("late"))) {
			t.Error("sent after the end")
		}
		for m.closedWith() == 0 {
			<-m.arrived
		}
		if len(m.frames) != 101 || m.closedWith() != closeGoingAway || string(m.frames[100]) != `{"type":"bye","code":"shutdown"}` {
			t.Fatalf("%d frames, code %d", len(m.frames), m.code)
		}
		for i, f := range m.frames[:100] {
			if string(f) != fmt.Sprint(i) {
				t.Fatalf("frame %d is %s", i, f)
			}
		}
	}
}

func (m *memory) closedWith() uint16 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.code
}

// Catching up goes at the reader's speed, and ends when the reader is gone.
func TestSendAllWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		m.stuck = make(chan struct{})
		s := &socket{link: m}
		ctx, stop := context.WithCancel(t.Context())
		var group sync.WaitGroup
		var sent bool
		group.Go(func() { sent = s.sendAll(ctx, textFrame([]byte("x"))) })
		synctest.Wait()
		stop()
		group.Wait()
		if sent {
			t.Error("sent to a reader that stands still")
		}
		s.kill()
		synctest.Wait()
		if s.sendAll(t.Context(), textFrame([]byte("x"))) {
			t.Error("sent to a dead socket")
		}
	})
}

func TestFrames(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 125, 126, 65_535, 65_536, 100_000} {
		text := strings.Repeat("x", n)
		if got := string(payload(textFrame([]byte(text[:n/2]), []byte(text[n/2:])))); got != text {
			t.Errorf("%d bytes became %d", n, len(got))
		}
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	var r rate
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	allowed := 0
	for range 1000 {
		if r.allow(now) {
			allowed++
		}
	}
	if allowed != rateBurst {
		t.Errorf("%d at once", allowed)
	}
	for range 100 { // a person's pace goes on for ever
		now = now.Add(time.Second)
		if !r.allow(now) || !r.allow(now) {
			t.Fatal("a person is refused")
		}
	}
	if !r.allow(now.Add(-time.Hour)) {
		t.Error("the clock was set back, and a person is refused")
	}
}

// Unread is counted from what the batch read, however far somebody has read, for those whose news it is (G2.7).
func TestOwnPart(t *testing.T) {
	t.Parallel()
	inbound := make([]int64, 0, maxInbound)
	for seq := int64(300); len(inbound) < maxInbound; seq -= 2 {
		inbound = append(inbound, seq)
	}
	o := ownership{conversation: 1, inbound: inbound, reads: map[desk.ID]int64{1: 300, 2: 299, 3: 290, 4: 0, 6: 7}}
	o.shown.TeamID, o.queue = 9, []desk.ID{1, 2, 3, 4, 5}
	for user, want := range map[desk.ID]own{1: {300, 0, true, false}, 2: {299, 1, true, false}, 3: {290, 5, true, false}, 4: {0, 99, true, false}, 5: {0, 99, true, false}, 6: {read: 7}, 7: {}} {
		if got := o.of(user, false); got != want {
			t.Errorf("user %d: %+v, want %+v", user, got, want)
		}
	}
}
