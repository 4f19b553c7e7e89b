package e2e_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// load is customers and a member who talk, and who try again with the same client id until they are heard: exactly what
// the widget and the inbox do.
type load struct {
	desk     *desk
	visitors []*caller
	acked    atomic.Int64

	mu    sync.Mutex
	heard map[string]message // by client id: what the server acknowledged
	order map[int][]string   // by visitor: client ids in the order acknowledged
}

// retryEvery is how long a client waits before it tries again.
const retryEvery = 25 * time.Millisecond

func newLoad(t testing.TB, d *desk, visitors int) *load {
	t.Helper()
	l := &load{desk: d, heard: map[string]message{}, order: map[int][]string{}}
	for range visitors {
		v, err := d.visitor(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l.visitors = append(l.visitors, v)
		d = d.next() // customers are spread over the nodes
	}
	return l
}

// run talks until ctx ends; what was begun then is still finished, so that every message ends up acknowledged.
func (l *load) run(ctx context.Context, end context.Context) {
	var all sync.WaitGroup
	for i, v := range l.visitors {
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				id := fmt.Sprintf("v%d-%d", i, n)
				m, ok := l.until(end, func() (message, error) { return v.write(end, id, "メッセージ "+id) })
				if !ok {
					return
				}
				l.note(i, id, m)
			}
		})
	}
	all.Go(func() { l.answer(ctx, end) })
	all.Wait()
}

// answer replies in every conversation in turn.
func (l *load) answer(ctx, end context.Context) {
	agent := l.desk.agent()
	agent.http.Timeout = impatience
	for n := 0; ctx.Err() == nil; {
		rows, err := agent.conversations(end)
		if err != nil || len(rows) == 0 {
			pause(end)
			continue
		}
		for _, r := range rows {
			if ctx.Err() != nil {
				return
			}
			id := fmt.Sprintf("a-%d", n)
			n++
			m, ok := l.until(end, func() (message, error) { return agent.reply(end, r.ID, id, "返信 "+id) })
			if !ok {
				return
			}
			l.note(-1, id, m)
		}
	}
}

func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(retryEvery):
	}
}

func (l *load) until(end context.Context, try func() (message, error)) (message, bool) {
	for {
		m, err := try()
		if err == nil {
			return m, true
		}
		if end.Err() != nil {
			return message{}, false
		}
		pause(end)
	}
}

func (l *load) note(writer int, id string, m message) {
	l.mu.Lock()
	l.heard[id] = m
	l.order[writer] = append(l.order[writer], id)
	l.mu.Unlock()
	l.acked.Add(1)
}

// verify reads everything back: every acknowledged message is there once, in order, and the list agrees with the threads.
func (l *load) verify(t testing.TB) {
	t.Helper()
	rows, threads, err := l.read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(l.visitors) {
		t.Errorf("%d conversations for %d visitors", len(rows), len(l.visitors))
	}
	found := map[string]message{}
	all := 0
	numbers := map[int64]bool{}
	for _, r := range rows {
		messages := threads[r.ID]
		all += len(messages)
		for i, m := range messages {
			if m.Seq != int64(i)+1 {
				t.Errorf("conversation %d: message %d has seq %d: the order has a hole or a double", r.ID, i+1, m.Seq)
			}
			if m.ClientID == "" {
				continue
			}
			if twice, ok := found[m.ClientID]; ok {
				t.Errorf("%s stands twice: message %d and %d", m.ClientID, twice.ID, m.ID)
			}
			found[m.ClientID] = m
			if m.Author.Kind == "human" && m.Status != "sent" && m.Status != "delivered" && m.Status != "read" {
				t.Errorf("%s is %q: a web chat reply is delivered by its commit", m.ClientID, m.Status)
			}
		}
		if n := int64(len(messages)); n < r.LastSeq || len(spoken(messages[r.LastSeq:])) > 0 {
			t.Errorf("conversation %d: the row says %d messages, the thread has %d", r.ID, r.LastSeq, n)
		}
		if numbers[r.Ticket.Number] {
			t.Errorf("ticket number %d was given twice", r.Ticket.Number)
		}
		numbers[r.Ticket.Number] = true
	}
	for id, m := range l.heard {
		if found[id].ID != m.ID {
			t.Errorf("%s was acknowledged as message %d, found as %d", id, m.ID, found[id].ID)
		}
	}
	for writer, ids := range l.order {
		last := map[int64]int64{}
		for _, id := range ids {
			m := found[id]
			if m.Seq <= last[m.ConversationID] {
				t.Errorf("writer %d: %s came out of order (seq %d after %d)", writer, id, m.Seq, last[m.ConversationID])
			}
			last[m.ConversationID] = m.Seq
		}
	}
	t.Logf("%d messages acknowledged and found, %d in all", len(l.heard), all)
}

// read reads every conversation and what stands in it, by conversation.
func (l *load) read(ctx context.Context) ([]row, map[int64][]message, error) {
	agent := l.desk.agent()
	rows, err := agent.conversations(ctx)
	if err != nil {
		return nil, nil, err
	}
	threads := map[int64][]message{}
	for _, r := range rows {
		if threads[r.ID], err = agent.thread(ctx, r.ID); err != nil {
			return nil, nil, err
		}
	}
	return rows, threads, nil
}

// spoken leaves the desk's own lines out: a reactor may add one after the row was read (a customer who writes too much, B6.3).
func spoken(messages []message) []message {
	return slices.DeleteFunc(slices.Clone(messages), func(m message) bool { return m.Author.Kind == "system" })
}
