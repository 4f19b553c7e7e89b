package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/bus"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
	"madoguchi/view"
)

// office is a desk on a real store with a hub, agents and customers.
type office struct {
	t         testing.TB
	store     store.Store
	bus       bus.Bus
	hub       *Hub
	inbox     *inbox.Service
	customers *inbound.Service
	workspace desk.ID
	channel   desk.ID
	team      desk.ID
	agents    []inbox.Actor
	said      atomic.Int64
	open      atomic.Bool
}

func newOffice(t testing.TB, agents int) *office {
	t.Helper()
	return officeOn(t, agents, func(options ...storetest.Option) store.Store { return storetest.SQLite(t, options...) })
}

func officeOn(t testing.TB, agents int, open func(...storetest.Option) store.Store) *office {
	t.Helper()
	o := &office{t: t, bus: membus.New()}
	o.store = open(func(c *sqlstore.Config) {
		c.OnCommit = func(workspace desk.ID, seq int64, _ bool) {
			if err := o.bus.Publish(context.Background(), bus.Hint{Topic: bus.TopicEvents, Workspace: workspace, Seq: seq}); err != nil && desk.KindOf(err) != desk.KindUnavailable {
				t.Errorf("hint: %v", err)
			}
		}
	})
	registry := channel.Registry{webchat.Kind: webchat.New()}
	o.inbox = inbox.New(inbox.Config{Store: o.store, Channels: registry})
	o.customers = inbound.New(inbound.Config{Store: o.store, Channels: registry, Now: time.Now})
	o.furnish(agents)
	o.open.Store(true)
	o.hub = o.newHub()
	return o
}

// newHub runs another node on the same store and bus.
func (o *office) newHub() *Hub {
	o.t.Helper()
	h := New(Config{
		Store: o.store, Bus: o.bus, CustomerLinks: func(desk.ID) view.Links { return view.Links{} },
		VisitorByToken: func(ctx context.Context, token string) (workspace desk.ID, v desk.Visitor, err error) {
			err = o.store.View(ctx, 0, func(r store.Reader) (err error) {
				workspace, v, err = r.Visitors().ByToken(token)
				return err
			})
			return workspace, v, err
		},
		ChannelOpen: func(store.Reader, desk.ID, time.Time) (bool, error) { return o.open.Load(), nil },
	})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	<-h.Ready()
	o.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	})
	return h
}

func (o *office) furnish(agents int) {
	o.t.Helper()
	ctx := o.t.Context()
	ids := make([]desk.ID, agents+3)
	err := o.store.Update(ctx, 0, func(tx store.Tx) error {
		for i := range ids {
			ids[i] = tx.NewID()
		}
		for i := range agents {
			u := desk.User{ID: ids[3+i], Email: fmt.Sprintf("a%d@example.com", i), Name: fmt.Sprintf("agent %d", i), CreatedAt: tx.Now()}
			if err := tx.WriteAccounts().PutUser(u); err != nil {
				return err
			}
			err := tx.WriteAccounts().PutSession(desk.Session{
				ID: tx.NewID(), TokenHash: "session of " + u.ID.String(), UserID: u.ID, WorkspaceID: ids[0],
				CreatedAt: tx.Now(), LastSeenAt: tx.Now(), ExpiresAt: tx.Now().AddDate(0, 1, 0),
			})
			if err != nil {
				return err
			}
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: ids[0], Name: "窓口", Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.workspace, o.channel, o.team = ids[0], ids[1], ids[2]
	o.update(func(tx store.Tx) error {
		brand := desk.Brand{ID: tx.NewID(), Name: "b", CreatedAt: tx.Now()}
		if err := tx.WriteWorkspaces().PutBrand(brand); err != nil {
			return err
		}
		ch := desk.Channel{ID: o.channel, BrandID: brand.ID, Kind: webchat.Kind, Account: "chat", State: desk.ChannelActive, Version: 1}
		if err := tx.WriteChannels().Put(ch); err != nil {
			return err
		}
		for i := range agents {
			m := desk.Member{UserID: ids[3+i], Role: desk.RoleAgent, DisplayName: fmt.Sprintf("Agent %d", i), Active: true, CreatedAt: tx.Now()}
			if err := tx.WriteMembers().Put(m); err != nil {
				return err
			}
		}
		tx.Emit(desk.Event{Kind: desk.EventWorkspaceChanged, At: tx.Now()}) // so that the log has a beginning to resume from
		return tx.WriteTeams().Put(desk.Team{ID: o.team, Name: "サポート", MemberIDs: ids[3:]})
	})
	for i := range agents {
		id := ids[3+i]
		o.agents = append(o.agents, inbox.Actor{
			Workspace: o.workspace, By: desk.Actor{Kind: desk.ActorUser, ID: id}, User: id, Name: fmt.Sprintf("Agent %d", i),
		})
	}
}

func (o *office) update(fn func(store.Tx) error) {
	o.t.Helper()
	if err := o.store.Update(o.t.Context(), o.workspace, fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) view(fn func(store.Reader) error) {
	o.t.Helper()
	if err := o.store.View(o.t.Context(), o.workspace, fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) head() int64 {
	o.t.Helper()
	head, err := o.store.Head(o.t.Context(), o.workspace)
	if err != nil {
		o.t.Fatal(err)
	}
	return head
}

// writes is a customer's message in the widget; the key is whose browser it is.
func (o *office) writes(key, text string) desk.Conversation {
	o.t.Helper()
	filed, err := o.tryWrite(key, text)
	if err != nil {
		o.t.Fatal(err)
	}
	return filed.Conversation
}

func (o *office) tryWrite(key, text string) (inbound.Filed, error) {
	body, err := json.Marshal(webchat.Written{
		ClientID: fmt.Sprintf("c%d", o.said.Add(1)), Parts: []webchat.WrittenPart{{Kind: desk.PartText, Text: text}},
	})
	if err != nil {
		return inbound.Filed{}, err
	}
	taken, err := o.customers.Accept(context.Background(), inbound.Call{
		Workspace: o.workspace, Channel: o.channel, Request: channel.Request{Method: http.MethodPost, URL: "/messages", Body: body, Peer: key},
		Also: func(tx store.Tx, f *inbound.Filed) error {
			_, v, err := tx.Visitors().ByToken("token of " + key)
			if desk.KindOf(err) == desk.KindNotFound || err == nil && v.IdentityID != 0 {
				return nil
			}
			v.IdentityID, v.ContactID = f.Identity.ID, f.Contact.ID
			if err == nil {
				err = tx.WriteVisitors().Put(v)
			}
			return err
		},
	})
	if err != nil {
		return inbound.Filed{}, err
	}
	return taken.Messages[0], nil
}

func (o *office) answers(agent int, conversation desk.ID, mode inbox.Mode, text string) desk.Message {
	o.t.Helper()
	m, _, err := o.inbox.Write(o.t.Context(), o.agents[agent], conversation, inbox.NewMessage{
		ClientID: fmt.Sprintf("a%d", o.said.Add(1)), Mode: mode, Parts: []desk.Part{{Kind: desk.PartText, Text: text}},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

func (o *office) session(agent int) Session {
	a := o.agents[agent]
	return Session{Workspace: o.workspace, User: a.User, Name: a.Name, TokenHash: "session of " + a.User.String()}
}

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

func (o *office) newVisitor(key string) desk.Visitor {
	o.t.Helper()
	var v desk.Visitor
	o.update(func(tx store.Tx) error {
		v = desk.Visitor{ID: tx.NewID(), ChannelID: o.channel, Key: key, TokenHash: "token of " + key, CreatedAt: tx.Now(), SeenAt: tx.Now()}
		return tx.WriteVisitors().Put(v)
	})
	return v
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
		rows, _, err := r.Conversations().List(store.ConversationQuery{View: store.ViewAll, User: user, Page: store.Page{Limit: 200}})
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
