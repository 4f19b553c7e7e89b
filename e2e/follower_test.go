package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/lxzan/gws"
)

// follower is an inbox in a browser, without the pictures: it follows the live socket, connects again with the last
// position it has, and keeps the newest version of everything.
type follower struct {
	gws.BuiltinEventHandler
	desk *desk

	mu       sync.Mutex
	seq      int64
	ready    bool
	messages map[int64]message
	arrived  map[int64]time.Time // when a message was first shown
	closed   chan struct{}
}

// follow connects and returns when the server says that the follower has everything so far.
func (d *desk) follow(t testing.TB) *follower {
	t.Helper()
	f := &follower{desk: d, messages: map[int64]message{}, arrived: map[int64]time.Time{}}
	ctx := t.Context()
	go func() {
		for ctx.Err() == nil {
			f.connect(ctx)
			pause(ctx)
			f.mu.Lock()
			f.desk = f.desk.next()
			f.mu.Unlock()
		}
	}()
	settle(ctx, t, "the live socket", func() (bool, string) {
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.ready, "not ready"
	})
	return f
}

func (f *follower) connect(ctx context.Context) {
	f.mu.Lock()
	node := f.desk
	f.mu.Unlock()
	socket, _, err := gws.NewClient(f, &gws.ClientOption{
		Addr:             "ws://" + node.listen + "/api/v1/live",
		HandshakeTimeout: 5 * time.Second,
		RequestHeader:    http.Header{"Authorization": {"Bearer " + node.setup.APIKey}},
	})
	if err != nil {
		return
	}
	f.mu.Lock()
	f.closed = make(chan struct{})
	closed, seq := f.closed, f.seq
	f.mu.Unlock()
	_ = socket.WriteString(fmt.Sprintf(`{"type":"hello","seq":%d}`, seq))
	stop := context.AfterFunc(ctx, func() { socket.NetConn().Close() })
	defer stop()
	socket.ReadLoop()
	<-closed
}

// OnClose is called once, when the socket ended.
func (f *follower) OnClose(*gws.Conn, error) { close(f.closed) }

// OnMessage applies one frame.
func (f *follower) OnMessage(_ *gws.Conn, frame *gws.Message) {
	defer frame.Close()
	var p struct {
		Type    string   `json:"type"`
		Seq     int64    `json:"seq"`
		Message *message `json:"message"`
	}
	if json.Unmarshal(frame.Bytes(), &p) != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch p.Type {
	case "ready":
		f.ready = true
		fallthrough
	case "patch", "reset":
		f.seq = max(f.seq, p.Seq)
	}
	if m := p.Message; m != nil && f.arrived[m.ID].IsZero() {
		f.arrived[m.ID] = time.Now()
	}
	if m := p.Message; m != nil && m.Version >= f.messages[m.ID].Version {
		f.messages[m.ID] = *m
	}
}

// equals waits until the follower has what the server has, and nothing else. The server is read anew each time: what it
// writes by itself (where a case went, who waits) may come after the last customer was heard.
func (f *follower) equals(t testing.TB, l *load) {
	t.Helper()
	settle(t.Context(), t, "the browser's state against the server's", func() (bool, string) {
		_, threads, err := l.read(t.Context())
		if err != nil {
			return false, err.Error()
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		all := 0
		for _, messages := range threads {
			all += len(messages)
			for _, m := range messages {
				mine, ok := f.messages[m.ID]
				if !ok || mine.Version != m.Version || mine.Status != m.Status || mine.Seq != m.Seq || mine.text() != m.text() {
					return false, fmt.Sprintf("message %d is %+v in the browser, %+v on the server", m.ID, mine, m)
				}
			}
		}
		return all == len(f.messages), fmt.Sprintf("%d messages in the browser, %d on the server", len(f.messages), all)
	})
}
