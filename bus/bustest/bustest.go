// Package bustest is the contract of a bus as tests; every implementation runs it.
package bustest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"madoguchi/bus"
	"madoguchi/desk"
)

// Run checks a bus. open gives two ends of a fresh bus of the test's own, which closes with the test: two nodes, or the
// same end twice where the bus lives in one process.
func Run(t *testing.T, open func(t *testing.T) (a, b bus.Bus)) {
	t.Helper()
	tests := map[string]func(*testing.T, bus.Bus, bus.Bus){
		"every hint arrives in order":      inOrder,
		"only the topics asked for arrive": topics,
		"a subscription ends with ctx":     endsWithContext,
		"the bus's end closes channels":    endsWithBus,
		"a slow subscriber blocks nobody":  slow,
		"publishers do not disturb":        concurrent,
		"too much data is refused":         tooLarge,
		"data is the subscriber's own":     ownData,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := open(t)
			test(t, a, b)
		})
	}
}

func publish(t *testing.T, b bus.Bus, h bus.Hint) {
	t.Helper()
	if err := b.Publish(t.Context(), h); err != nil {
		t.Errorf("publish %+v: %v", h, err)
	}
}

func subscribe(t *testing.T, b bus.Bus, topics ...bus.Topic) <-chan bus.Hint {
	t.Helper()
	hints, err := b.Subscribe(t.Context(), topics...)
	if err != nil {
		t.Fatalf("subscribe: %v", err)
	}
	return hints
}

func typing(n int) bus.Hint {
	return bus.Hint{Topic: bus.TopicTyping, Workspace: 7, Data: fmt.Appendf(nil, `{"n":%d}`, n)}
}

func inOrder(t *testing.T, a, b bus.Bus) {
	hints := subscribe(t, b, bus.TopicTyping)
	const n = 200
	go func() {
		for i := range n {
			publish(t, a, typing(i))
		}
	}()
	for i := range n {
		h := <-hints
		if want := typing(i); string(h.Data) != string(want.Data) || h.Workspace != 7 || h.Topic != bus.TopicTyping {
			t.Fatalf("hint %d is %+v", i, h)
		}
	}
}

func topics(t *testing.T, a, b bus.Bus) {
	hints := subscribe(t, b, bus.TopicEvents, bus.TopicTyping)
	publish(t, a, bus.Hint{Topic: bus.TopicOutbox, Workspace: 1})
	publish(t, a, bus.Hint{Topic: bus.TopicEvents, Workspace: 2, Seq: 5})
	publish(t, a, typing(1))
	if h := <-hints; h.Topic != bus.TopicEvents || h.Workspace != 2 || h.Seq != 5 {
		t.Errorf("first %+v", h)
	}
	if h := <-hints; h.Topic != bus.TopicTyping {
		t.Errorf("second %+v", h)
	}
}

func endsWithContext(t *testing.T, a, b bus.Bus) {
	ctx, cancel := context.WithCancel(t.Context())
	hints, err := b.Subscribe(ctx, bus.TopicTyping)
	if err != nil {
		t.Fatal(err)
	}
	publish(t, a, typing(1))
	<-hints
	cancel()
	for range hints { // ends only when the channel is closed
	}
	publish(t, a, typing(2))
	if _, err := b.Subscribe(ctx, bus.TopicTyping); err == nil {
		t.Error("a context that ended subscribes")
	}
}

func endsWithBus(t *testing.T, a, b bus.Bus) {
	hints := subscribe(t, b, bus.TopicTyping)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for range hints {
	}
	if err := b.Publish(t.Context(), typing(1)); desk.KindOf(err) != desk.KindUnavailable {
		t.Errorf("publish after close: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Errorf("a second close: %v", err)
	}
}

// slow never reads one subscription: publishing goes on and the others hear everything; what waited of one workspace is
// at least its newest position.
func slow(t *testing.T, a, b bus.Bus) {
	lazy := subscribe(t, b, bus.TopicEvents)
	awake := subscribe(t, b, bus.TopicTyping)
	const n = 20_000
	for i := 1; i <= n; i++ {
		publish(t, a, bus.Hint{Topic: bus.TopicEvents, Workspace: desk.ID(i % 3), Seq: int64(i)})
	}
	publish(t, a, typing(1))
	<-awake
	newest := map[desk.ID]int64{}
	for newest[n%3] != n || newest[(n-1)%3] != n-1 || newest[(n-2)%3] != n-2 {
		h := <-lazy
		if h.Seq <= newest[h.Workspace] {
			t.Fatalf("workspace %d went back from %d to %d", h.Workspace, newest[h.Workspace], h.Seq)
		}
		newest[h.Workspace] = h.Seq
	}
}

func concurrent(t *testing.T, a, b bus.Bus) {
	hints := subscribe(t, b, bus.TopicTyping)
	const publishers, each = 16, 50
	var group sync.WaitGroup
	for p := range publishers {
		group.Go(func() {
			for i := range each {
				publish(t, a, typing(p*each+i))
			}
		})
	}
	seen := map[string]bool{}
	for range publishers * each {
		h := <-hints
		if seen[string(h.Data)] {
			t.Fatalf("%s twice", h.Data)
		}
		seen[string(h.Data)] = true
	}
	group.Wait()
}

func tooLarge(t *testing.T, a, _ bus.Bus) {
	err := a.Publish(t.Context(), bus.Hint{Topic: bus.TopicTyping, Data: make([]byte, 4<<10+1)})
	if desk.KindOf(err) != desk.KindInvalid {
		t.Errorf("published: %v", err)
	}
}

func ownData(t *testing.T, a, b bus.Bus) {
	hints := subscribe(t, b, bus.TopicTyping)
	data := []byte(`{"n":1}`)
	publish(t, a, bus.Hint{Topic: bus.TopicTyping, Data: data})
	data[5] = '2'
	if h := <-hints; string(h.Data) != `{"n":1}` {
		t.Errorf("the publisher changed it to %s", h.Data)
	}
}
