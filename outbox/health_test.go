package outbox_test

import (
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
)

func (w *world) channel(t *testing.T) (c desk.Channel, faults []desk.FaultCount) {
	t.Helper()
	must(t, w.store.View(t.Context(), workspace, func(r store.Reader) (err error) {
		if c, err = r.Channels().Get(chID); err != nil {
			return err
		}
		faults, err = r.Channels().Faults(chID, w.clock.Now().Add(-24*time.Hour))
		return err
	}))
	return c, faults
}

// causes are what admins were told of, oldest first.
func (w *world) causes(t *testing.T) (all []string) {
	t.Helper()
	events, err := w.store.Events(t.Context(), workspace, 0, 1000)
	must(t, err)
	for _, e := range events {
		for _, c := range e.Changes {
			if e.Kind == desk.EventChannelChanged && c.Field == "cause" {
				all = append(all, c.To)
			}
		}
	}
	return all
}

// TestTheChannelsHealthFollowsItsSends is H1, H2 and H7 as far as sends show them.
func TestTheChannelsHealthFollowsItsSends(t *testing.T) {
	t.Parallel()
	c := &shaped{shape: func(*channel.Spec) {}}
	w := newWorld(t, c)
	w.config.Backoff = func(int) time.Duration { return time.Minute }
	w.start(t)
	thread := w.thread(t, 1)
	w.provider.Trouble("x", testchannel.Trouble{Refuse: 429, RetryAfter: 2 * time.Minute})
	id := w.utter(t, c, thread, func(*desk.Message) {})
	w.until(t, func() bool { return w.state(t) == desk.ChannelRateLimited }, func() string { return string(w.state(t)) })
	ch, faults := w.channel(t)
	if h := ch.Health; h.Reason != "http_429" || !h.Until.Equal(w.clock.Now().Add(2*time.Minute)) || len(faults) != 1 || faults[0].Code != "http_429" || faults[0].N != 1 {
		t.Errorf("%+v %+v", h, faults)
	}
	w.move(t, 2*time.Minute)
	w.await(t, id, desk.DeliverySent)
	ch, _ = w.channel(t)
	if ch.State != desk.ChannelActive || !ch.Health.SentAt.Equal(w.clock.Now()) || ch.Health.Reason != "" {
		t.Errorf("%s %+v", ch.State, ch.Health)
	}

	w.provider.Trouble("x", testchannel.Trouble{Refuse: 401})
	w.await(t, w.utter(t, c, thread, func(*desk.Message) {}), desk.DeliveryFailed)
	if ch, faults = w.channel(t); ch.State != desk.ChannelAuthExpired || ch.Health.FailedCode != "http_401" || len(faults) != 2 {
		t.Errorf("%s %+v %+v", ch.State, ch.Health, faults)
	}
	w.await(t, w.utter(t, c, thread, func(*desk.Message) {}), desk.DeliveryFailed) // H2: fails at once, and is no news
	w.setState(t, desk.ChannelActive)
	w.provider.Trouble("x", testchannel.Trouble{Refuse: 401})
	w.await(t, w.utter(t, c, thread, func(*desk.Message) {}), desk.DeliveryFailed)
	if got := w.causes(t); len(got) != 2 || got[0] != "http_429" || got[1] != "http_401" {
		t.Errorf("within one hour admins are told once of each cause: %q", got)
	}
}

func TestTroubleOfThreeMinutesIsToldAndEnds(t *testing.T) {
	t.Parallel()
	c := &shaped{Connector: testchannel.Connector{Idempotent: true}, shape: func(*channel.Spec) {}}
	w := newWorld(t, c)
	w.config.Backoff = func(int) time.Duration { return time.Minute }
	for range 4 {
		w.provider.Trouble("x", testchannel.Trouble{Refuse: 500})
	}
	id := w.utter(t, c, w.thread(t, 1), func(*desk.Message) {})
	w.start(t)
	for i := range 4 {
		w.until(t, func() bool { return w.provider.Requests("x") == i+1 && w.waits(t, []desk.ID{id}) }, func() string { return "no attempt" })
		if got, want := w.state(t) == desk.ChannelDegraded, i == 3; got != want {
			t.Errorf("after %d minutes it is %s", i, w.state(t))
		}
		w.move(t, time.Minute)
	}
	w.await(t, id, desk.DeliverySent)
	if w.state(t) != desk.ChannelActive || len(w.causes(t)) != 1 {
		t.Errorf("%s, told %q", w.state(t), w.causes(t))
	}
}
