package outbox_test

import (
	"context"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
)

// eager is a provider that takes a message and says that little is left of what it lets us call.
type eager struct{ testchannel.Connector }

func (e eager) Send(ctx context.Context, a channel.Account, out channel.Outgoing) (desk.ExternalID, error) {
	id, err := e.Connector.Send(ctx, a, out)
	a.Ease(20 * time.Second)
	return id, err
}

func TestAProviderAsksToBeSpared(t *testing.T) {
	t.Parallel()
	w := newWorld(t, eager{})
	w.start(t)
	w.await(t, w.say(t, w.thread(t, 1), "one"), desk.DeliverySent)
	second := w.say(t, w.thread(t, 2), "two")
	if due, err := w.store.Queue().NextDue(t.Context()); err != nil || !due.Equal(w.clock.Now().Add(20*time.Second)) {
		t.Errorf("the next goes at %v (%v)", due, err)
	}
	if n := w.provider.Requests("two"); n != 0 {
		t.Errorf("%d requests during the pause", n)
	}
	w.move(t, 20*time.Second)
	w.await(t, second, desk.DeliverySent)
}

func TestAShortPauseDoesNotEndALongOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, eager{})
	answer := make(chan struct{})
	w.provider.Arrived = make(chan struct{})
	w.provider.Trouble("one", testchannel.Trouble{Wait: answer})
	w.start(t)
	first := w.say(t, w.thread(t, 1), "one")
	<-w.provider.Arrived
	later := w.clock.Now().Add(10 * time.Minute)
	if err := w.store.Queue().Pause(t.Context(), workspace, chID, later); err != nil {
		t.Fatal(err)
	}
	close(answer)
	w.await(t, first, desk.DeliverySent)
	w.say(t, w.thread(t, 2), "two")
	if due, err := w.store.Queue().NextDue(t.Context()); err != nil || !due.Equal(later) {
		t.Errorf("the next goes at %v (%v), want %v", due, err, later)
	}
}
