package live

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/lxzan/gws"

	"madoguchi/bus"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// Config is what a Hub needs.
type Config struct {
	Store store.Store
	Bus   bus.Bus
	Log   *slog.Logger // nil = slog.Default()
	Now   desk.Clock   // nil = time.Now; leases and expiry, records take the store's

	// MemberLinks and CustomerLinks make the addresses in patches. The zero MemberLinks is view.MemberLinks().
	MemberLinks   view.Links
	CustomerLinks func(workspace desk.ID) view.Links

	// VisitorByToken finds who a widget's bearer token belongs to; desk.KindUnauthentic if nobody.
	VisitorByToken func(ctx context.Context, token string) (workspace desk.ID, v desk.Visitor, err error)
	Channels       channel.Registry // what channels carry
	// ChannelOpen reports whether somebody answers on a channel now (config frames); nil = never said.
	ChannelOpen func(r store.Reader, channel desk.ID, now time.Time) (bool, error)
	// MemberTypes hears every few seconds that a member at this node writes a reply, so that customers on other channels
	// than ours may be told; it does not wait. nil = nobody is.
	MemberTypes func(workspace, conversation, user desk.ID)
	// VisitorsFromOne is how many visitors' sockets this node keeps open from one address; 0 = any number.
	VisitorsFromOne int
}

// Hub serves the sockets of one node. It is safe for concurrent use.
type Hub struct {
	store   store.Store
	bus     bus.Bus
	log     *slog.Logger
	now     desk.Clock
	config  Config
	upgrade *gws.Upgrader
	crowd   *crowd
	ready   chan struct{} // closed when Run has subscribed

	mu      sync.Mutex
	ctx     context.Context // of Run; nil before and after
	rooms   map[desk.ID]*room
	lobby   map[*visitor]struct{} // have not said who they are
	working sync.WaitGroup        // rooms' goroutines and sockets
}

// New makes a hub; it serves while Run runs.
func New(c Config) *Hub {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.MemberLinks.File == nil {
		c.MemberLinks = view.MemberLinks()
	}
	if c.CustomerLinks == nil {
		c.CustomerLinks = func(desk.ID) view.Links { return view.Links{} }
	}
	return &Hub{
		store: c.Store, bus: c.Bus, log: c.Log, now: c.Now, config: c, upgrade: newUpgrader(), crowd: newCrowd(c.VisitorsFromOne),
		ready: make(chan struct{}), rooms: map[desk.ID]*room{}, lobby: map[*visitor]struct{}{},
	}
}

// Ready is closed once the hub serves.
func (h *Hub) Ready() <-chan struct{} { return h.ready }

// farewell is how long sockets get to hear goodbye when the program stops.
const farewell = 3 * time.Second

// Run serves until ctx ends, then says goodbye to every socket. It runs once.
func (h *Hub) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	hints, err := h.bus.Subscribe(ctx, bus.TopicEvents, bus.TopicTyping, bus.TopicSessions)
	if err != nil {
		return fmt.Errorf("follow hints: %w", err)
	}
	h.mu.Lock()
	h.ctx = ctx
	h.mu.Unlock()
	close(h.ready)
	for hint := range hints {
		h.dispatch(hint)
	}
	stop()
	h.goodbye()
	return nil
}

func (h *Hub) goodbye() {
	h.mu.Lock()
	h.ctx = nil // new sockets are refused from here on
	rooms := make([]*room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	for v := range h.lobby {
		v.end(closeGoingAway, byeFrame("shutdown"))
	}
	h.mu.Unlock()
	for _, r := range rooms {
		r.endAll("shutdown", closeGoingAway)
	}
	done := make(chan struct{})
	go func() {
		h.working.Wait()
		close(done)
	}()
	timer := time.NewTimer(farewell)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		for _, r := range rooms {
			r.killAll()
		}
		<-done
	}
}

// whisper is what the hints of TopicTyping and TopicSessions say.
type whisper struct {
	Conversation desk.ID `json:"conversation_id,omitempty"`
	User         desk.ID `json:"user_id,omitempty"`
	Name         string  `json:"name,omitempty"`
	Mode         string  `json:"mode,omitempty"`
	Typing       bool    `json:"typing,omitempty"`
	Monitors     bool    `json:"monitors,omitempty"` // a supervisor who watches somebody else's work
	Unseen       bool    `json:"unseen,omitempty"`   // and whom only supervisors see do it
	Gone         bool    `json:"gone,omitempty"`     // looks elsewhere now
	Customer     bool    `json:"customer,omitempty"` // the customer types
	Parted       bool    `json:"parted,omitempty"`   // the user's last tab on a node, at which somebody was, went
	Visitor      desk.ID `json:"visitor_id,omitempty"`
}

func (h *Hub) dispatch(hint bus.Hint) {
	h.mu.Lock()
	r := h.rooms[hint.Workspace]
	h.mu.Unlock()
	if r == nil {
		return
	}
	if hint.Topic == bus.TopicEvents {
		r.hear()
		return
	}
	var w whisper
	if err := json.Unmarshal(hint.Data, &w); err != nil {
		h.log.Warn("a hint that cannot be read", "topic", hint.Topic, "error", err)
		return
	}
	if hint.Topic == bus.TopicSessions {
		r.recheck(w)
		return
	}
	if w.Parted {
		r.parted(w.User)
		return
	}
	r.look(w)
}

func (h *Hub) whisper(ctx context.Context, topic bus.Topic, workspace desk.ID, w whisper) {
	data, err := json.Marshal(w)
	if err == nil {
		err = h.bus.Publish(ctx, bus.Hint{Topic: topic, Workspace: workspace, Data: data})
	}
	if err != nil && ctx.Err() == nil {
		h.log.WarnContext(ctx, "publish a hint", "topic", topic, "error", err)
	}
}

// CustomerTyping says that the customer of a conversation types: agents who look at it see it for 12 s.
func (h *Hub) CustomerTyping(ctx context.Context, workspace, conversation desk.ID) {
	h.whisper(ctx, bus.TopicTyping, workspace, whisper{Conversation: conversation, Customer: true})
}

// Sockets counts the open ones on this node: members' (and programs') and visitors', those that have not yet said who they
// are among them.
func (h *Hub) Sockets() (agents, visitors int) {
	h.mu.Lock()
	rooms := slices.Collect(maps.Values(h.rooms))
	visitors = len(h.lobby)
	h.mu.Unlock()
	for _, r := range rooms {
		r.mu.Lock()
		agents, visitors = agents+len(r.agents), visitors+len(r.visitors)
		r.mu.Unlock()
	}
	return agents, visitors
}

// SessionEnded says that a session or the membership of a user ended, or with user 0 an API key: the sockets concerned
// are checked at once, on every node.
func (h *Hub) SessionEnded(ctx context.Context, workspace, user desk.ID) {
	h.whisper(ctx, bus.TopicSessions, workspace, whisper{User: user})
}

// VisitorChanged says that a visitor was identified or logged out: their sockets follow the right conversation, or end.
func (h *Hub) VisitorChanged(ctx context.Context, workspace, visitor desk.ID) {
	h.whisper(ctx, bus.TopicSessions, workspace, whisper{Visitor: visitor})
}

// enter gives a workspace's room, opening it for its first socket. The caller leaves it again.
func (h *Hub) enter(workspace desk.ID) (*room, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ctx == nil {
		return nil, desk.Errorf(desk.KindUnavailable, "not_serving", "the live hub does not run")
	}
	r, ok := h.rooms[workspace]
	if !ok {
		r = newRoom(h, workspace)
		h.rooms[workspace] = r
		r.start(h.ctx)
	}
	r.guests++
	h.working.Add(1)
	return r, nil
}

// leave closes the room behind its last socket, unless it has to tell yet that its members are gone.
func (h *Hub) leave(r *room) {
	h.mu.Lock()
	r.guests--
	h.mu.Unlock()
	h.retire(r)
	h.working.Done()
}

// retire closes a room that has nothing left to do.
func (h *Hub) retire(r *room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.guests == 0 && h.rooms[r.workspace] == r && !r.awaitsDepartures() {
		delete(h.rooms, r.workspace)
		r.stop()
	}
}
