package membus_test

import (
	"testing"

	"madoguchi/bus"
	"madoguchi/bus/bustest"
	"madoguchi/bus/membus"
)

func TestBus(t *testing.T) {
	t.Parallel()
	bustest.Run(t, func(t *testing.T) (a, b bus.Bus) {
		m := membus.New()
		t.Cleanup(func() { _ = m.Close() })
		return m, m
	})
}

// What a reader does not take in time is bounded and merged; the newest position of each workspace is never lost.
func TestSlowSubscriberIsBounded(t *testing.T) {
	t.Parallel()
	m := membus.New()
	hints, err := m.Subscribe(t.Context(), bus.TopicTyping, bus.TopicEvents)
	if err != nil {
		t.Fatal(err)
	}
	for range 10_000 {
		if err := m.Publish(t.Context(), bus.Hint{Topic: bus.TopicTyping}); err != nil {
			t.Fatal(err)
		}
	}
	for seq := range int64(10_000) {
		if err := m.Publish(t.Context(), bus.Hint{Topic: bus.TopicEvents, Workspace: 1, Seq: seq + 1}); err != nil {
			t.Fatal(err)
		}
	}
	typed, last := 0, int64(0)
	for last < 10_000 {
		if h := <-hints; h.Topic == bus.TopicTyping {
			typed++
		} else {
			last = h.Seq
		}
	}
	if typed > 5_000 {
		t.Errorf("%d typing hints waited", typed)
	}
}
