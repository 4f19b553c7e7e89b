package live

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// memory is a link that ends in memory.
type memory struct {
	arrived chan struct{} // one token per change

	mu     sync.Mutex
	frames [][]byte // payloads of text frames
	code   uint16
	dead   bool
	stuck  chan struct{} // a Write hangs on it
	ping   func()        // what a ping does
}

func newMemory() *memory { return &memory{arrived: make(chan struct{}, 1)} }

func (m *memory) changed() {
	select {
	case m.arrived <- struct{}{}:
	default:
	}
}

func (m *memory) Write(frames [][]byte) error {
	m.mu.Lock()
	stuck, ping := m.stuck, m.ping
	m.mu.Unlock()
	if stuck != nil {
		<-stuck
		return context.DeadlineExceeded
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range frames {
		if f[0] == 0x89 && ping != nil {
			m.mu.Unlock()
			ping()
			m.mu.Lock()
		}
		if f[0] == 0x81 {
			m.frames = append(m.frames, payload(f))
		}
	}
	m.changed()
	return nil
}

func payload(frame []byte) []byte {
	switch {
	case frame[1] < 126:
		return frame[2:]
	case frame[1] == 126:
		return frame[4:]
	}
	return frame[10:]
}

func (m *memory) Close(code uint16) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.code = code
	m.changed()
}

func (m *memory) Kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.dead && m.stuck != nil {
		close(m.stuck)
	}
	m.dead = true
	m.changed()
}

// tab is a client at the other end of a link, with what it made of the patches.
type tab struct {
	t     testing.TB
	link  *memory
	read  int // frames taken
	seq   int64
	seqs  []int64
	rows  map[desk.ID]view.Row
	said  map[desk.ID]view.Message
	agent *agent
	guest *visitor
	once  sync.Once
}

// heard is any frame of the server.
type heard struct {
	Type         string          `json:"type"`
	Seq          int64           `json:"seq"`
	LastSeq      int64           `json:"last_seq"`
	Kind         desk.EventKind  `json:"kind"`
	Subject      desk.ID         `json:"subject_id"`
	Code         string          `json:"code"`
	On           bool            `json:"on"`
	Open         *bool           `json:"open"`
	Name         string          `json:"name"`
	Conversation *view.Row       `json:"conversation"`
	Member       *view.Member    `json:"member"`
	Counts       *view.Counts    `json:"counts"`
	Contact      *view.Contact   `json:"contact"`
	Read         *readJSON       `json:"read"`
	Seen         *seenJSON       `json:"seen"`
	Draft        *draftJSON      `json:"draft"`
	Message      json.RawMessage `json:"message"`
	ID           desk.ID         `json:"conversation_id"`
	Who          []viewerJSON    `json:"who"`
	Customer     bool            `json:"customer_typing"`
	Board        *view.Board     `json:"board"`
	raw          string
}

// sits opens a tab of an agent.
func (o *office) sits(h *Hub, s Session) *tab {
	o.t.Helper()
	r, err := h.enter(s.Workspace)
	if err != nil {
		o.t.Fatal(err)
	}
	c := newTab(o.t)
	c.agent = &agent{socket: socket{link: c.link}, room: r, session: s}
	c.agent.ctx, c.agent.cancel = context.WithCancel(context.Background())
	c.agent.opened()
	o.t.Cleanup(c.leave)
	return c
}

// visits opens a browser's socket of a visitor, whose token is "token of key".
func (o *office) visits(h *Hub, key string) *tab {
	o.t.Helper()
	c := newTab(o.t)
	c.guest = &visitor{socket: socket{link: c.link}, hub: h}
	c.guest.ctx, c.guest.cancel = context.WithCancel(context.Background())
	h.working.Add(1)
	c.guest.opened()
	o.t.Cleanup(c.leave)
	return c
}

func newTab(t testing.TB) *tab {
	return &tab{t: t, link: newMemory(), rows: map[desk.ID]view.Row{}, said: map[desk.ID]view.Message{}}
}

func (c *tab) leave() {
	c.once.Do(func() {
		if c.agent != nil {
			c.agent.closed()
		} else {
			c.guest.closed()
		}
	})
}

func (c *tab) say(format string, args ...any) {
	message := fmt.Appendf(nil, format, args...)
	if c.agent != nil {
		c.agent.received(message)
	} else {
		c.guest.received(message)
	}
}

// hello says hello and takes everything up to ready in.
func (c *tab) hello(seq int64) *tab {
	c.t.Helper()
	c.say(`{"type":"hello","seq":%d}`, seq)
	c.until(func(f heard) bool { return f.Type == "ready" })
	return c
}

// next waits for one frame.
func (c *tab) next() heard {
	c.t.Helper()
	for {
		c.link.mu.Lock()
		if len(c.link.frames) > c.read {
			text := c.link.frames[c.read]
			c.link.frames[c.read] = nil
			c.read++
			c.link.mu.Unlock()
			f := heard{raw: string(text)}
			if err := json.Unmarshal(text, &f); err != nil {
				c.t.Fatalf("%s: %v", text, err)
			}
			c.take(f)
			return f
		}
		ended := c.link.code != 0 || c.link.dead
		c.link.mu.Unlock()
		if ended {
			return heard{Type: "closed"}
		}
		select {
		case <-c.link.arrived:
		case <-c.t.Context().Done():
			c.t.Fatal("nothing more came")
		}
	}
}

// until takes frames in up to the first that fits.
func (c *tab) until(fits func(heard) bool) heard {
	c.t.Helper()
	for {
		f := c.next()
		if fits(f) {
			return f
		}
		if f.Type == "closed" {
			c.t.Fatal("the socket was closed")
		}
	}
}

// reach takes patches in until the tab knows the log up to a position.
func (c *tab) reach(seq int64) {
	c.t.Helper()
	for c.seq < seq {
		if c.next().Type == "closed" {
			c.t.Fatalf("the socket was closed at %d of %d", c.seq, seq)
		}
	}
}

// take does what a client does with a frame.
func (c *tab) take(f heard) {
	switch f.Type {
	case "ready", "reset":
		c.seq = max(c.seq, f.Seq)
	case "patch":
		if f.Kind != "counts" {
			c.seqs = append(c.seqs, f.Seq)
			c.seq = f.Seq
		}
		if f.Kind == desk.EventConversationDeleted {
			delete(c.rows, f.Subject)
		}
		if r := f.Conversation; r != nil && r.Version >= c.rows[r.ID].Version {
			c.rows[r.ID] = *r
		}
		if len(f.Message) > 0 {
			var m view.Message
			if err := json.Unmarshal(f.Message, &m); err != nil {
				c.t.Fatal(err)
			}
			if m.Version >= c.said[m.ID].Version {
				c.said[m.ID] = m
			}
		}
	}
}

// wantServerState checks that what patches made equals what the API would answer now.
func (o *office) wantServerState(c *tab, user desk.ID) {
	o.t.Helper()
	o.view(func(r store.Reader) error {
		rows, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}, User: user, Page: store.Page{Limit: 200}})
		if err != nil {
			return err
		}
		views, err := view.Rows(r, user, rows)
		if err != nil {
			return err
		}
		if len(views) == 0 {
			o.t.Error("the server has no rows")
		}
		for _, want := range views {
			if got := c.rows[want.ID]; asText(got) != asText(want) {
				o.t.Errorf("the client has\n  %s\nthe server\n  %s", asText(got), asText(want))
			}
			messages, err := r.Messages().After(want.ID, 0, 10_000)
			if err != nil {
				return err
			}
			for _, m := range messages {
				got, want := c.said[m.ID], view.MessageOf(m, nil, view.MemberLinks())
				if asText(got) != asText(want) {
					o.t.Errorf("the client has\n  %s\nthe server\n  %s", asText(got), asText(want))
				}
			}
		}
		return nil
	})
}

func asText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
