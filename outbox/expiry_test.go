package outbox_test

import (
	"slices"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/outbox"
)

func TestThrottleHoldsTheChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, plain)
	w.provider.Trouble("first", testchannel.Trouble{Refuse: 429, RetryAfter: 90 * time.Second})
	w.start(t)
	a, b := w.thread(t, 1), w.thread(t, 2)
	first := w.say(t, a, "first")
	w.until(t, func() bool { return w.waits(t, []desk.ID{first}) }, func() string { return "never paused" })
	if wait := w.due(t).Sub(w.clock.Now()); wait != 90*time.Second {
		t.Errorf("paused for %s, want Retry-After's 90 s", wait)
	}
	after, other := w.say(t, a, "second"), w.say(t, b, "other")
	w.move(t, 89*time.Second)
	if n := w.provider.Requests("second") + w.provider.Requests("other") + w.provider.Requests("first"); n != 1 {
		t.Errorf("%d requests during the pause", n)
	}
	w.move(t, 2*time.Second)
	for _, id := range []desk.ID{first, after, other} {
		w.await(t, id, desk.DeliverySent)
	}
	if got := w.provider.Taken(); slices.IndexFunc(got, func(m testchannel.Message) bool { return m.Text == "first" }) > slices.IndexFunc(got, func(m testchannel.Message) bool { return m.Text == "second" }) {
		t.Errorf("order: %q", texts(got))
	}
}

func (w *world) due(t *testing.T) time.Time {
	t.Helper()
	due, err := w.store.Queue().NextDue(t.Context())
	must(t, err)
	return due
}

func TestRepliesExpire(t *testing.T) {
	t.Parallel()
	w := newWorld(t, idempotent)
	w.config.Backoff = func(int) time.Duration { return time.Hour } // longer than a reply lives
	w.provider.Always(func(string, int) testchannel.Trouble { return testchannel.Trouble{Refuse: 500} })
	w.start(t)
	id := w.say(t, w.thread(t, 1), "too late")
	w.until(t, func() bool { return w.waits(t, []desk.ID{id}) }, func() string { return "never tried" })
	w.move(t, 15*time.Minute)
	m := w.await(t, id, desk.DeliveryUnknown) // a 500 leaves open whether the provider took it
	if m.Fault.Code != outbox.CodeExpired || w.provider.Requests("too late") != 1 {
		t.Errorf("fault %+v after %d requests", m.Fault, w.provider.Requests("too late"))
	}
}

// TestRepliesExpireForCertain is of a provider that took none of them for certain.
func TestRepliesExpireForCertain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, idempotent)
	w.provider.Always(func(string, int) testchannel.Trouble { return testchannel.Trouble{Refuse: 429, RetryAfter: time.Hour} })
	w.start(t)
	id := w.say(t, w.thread(t, 1), "too late")
	w.until(t, func() bool { return w.waits(t, []desk.ID{id}) }, func() string { return "never tried" })
	w.move(t, 15*time.Minute)
	m := w.await(t, id, desk.DeliveryFailed)
	if m.Fault.Code != outbox.CodeExpired || m.Fault.Last == nil || m.Fault.Last.Kind != string(channel.ActThrottle) {
		t.Errorf("fault %+v", m.Fault)
	}
}

func TestRepliesExpireWhileTheirChannelIsPaused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, plain)
	w.provider.Trouble("first", testchannel.Trouble{Refuse: 429, RetryAfter: time.Hour})
	w.start(t)
	first := w.say(t, w.thread(t, 1), "first")
	w.until(t, func() bool { return w.waits(t, []desk.ID{first}) }, func() string { return "never paused" })
	other := w.say(t, w.thread(t, 2), "other")
	w.move(t, 15*time.Minute)
	for _, id := range []desk.ID{first, other} {
		if m := w.await(t, id, desk.DeliveryFailed); m.Fault.Code != outbox.CodeExpired {
			t.Errorf("%+v", m.Fault)
		}
	}
	if n := w.provider.Requests("first") + w.provider.Requests("other"); n != 1 {
		t.Errorf("%d requests against Retry-After", n)
	}
}

func TestExpiredBeforeTheStartIsNeverSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, plain)
	id := w.say(t, w.thread(t, 1), "old") // H4
	w.clock.now.Add((16 * time.Minute).Milliseconds())
	w.start(t)
	if m := w.await(t, id, desk.DeliveryFailed); m.Fault.Code != outbox.CodeExpired || w.provider.Requests("old") != 0 {
		t.Errorf("%+v, %d requests", m.Fault, w.provider.Requests("old"))
	}
}
