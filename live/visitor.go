package live

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Limits of a visitor's socket.
const (
	helloWithin   = 10 * time.Second
	customerBatch = 200
	lookBack      = 50 // messages before the client's position that may have changed since
)

// visitor is one socket of a widget. Its room is known only after the hello: the bearer token comes in the first frame.
type visitor struct {
	socket
	hub    *Hub
	ctx    context.Context
	cancel context.CancelFunc
	from   string // the address that it is counted under
	rate   rate
	late   *time.Timer // ends a socket that never says hello

	mu     sync.Mutex // guards room and gone
	room   *room
	gone   bool
	greets bool

	// Under the room's lock:
	number       int
	record       desk.Visitor // as it was at the hello
	identity     desk.ID      // whose conversation was looked for last
	conversation desk.ID
	waits        bool           // was told that they wait in a queue
	joining      bool           // reads what it missed; news waits in held
	held         []customerNews // in order
	// What was read while joining, by version: the log may tell it again up to a position.
	sent   map[desk.ID]int64
	sentAt int64
}

// ServeVisitor upgrades a request of a widget to its live socket and returns; the socket lives on. Who it is says the
// first frame, so that no cookie or address counts; from names where it comes from, as its sockets are counted. The caller
// answers an error (see crowd.join); a request that is no WebSocket's has been refused without one.
func (h *Hub) ServeVisitor(w http.ResponseWriter, r *http.Request, from string) error {
	if err := h.crowd.join(from); err != nil {
		return err
	}
	upgraded, err := h.serveVisitor(w, r, from)
	if !upgraded {
		h.crowd.leave(from)
	}
	return err
}

func (h *Hub) serveVisitor(w http.ResponseWriter, r *http.Request, from string) (upgraded bool, err error) {
	h.mu.Lock()
	if h.ctx == nil {
		h.mu.Unlock()
		return false, desk.Errorf(desk.KindUnavailable, "not_serving", "the live hub does not run")
	}
	h.working.Add(1)
	h.mu.Unlock()
	upgraded, err = serve(h.upgrade, w, r, func(l link) reader {
		v := &visitor{socket: socket{link: l}, hub: h, from: from}
		v.ctx, v.cancel = context.WithCancel(context.Background())
		return v
	})
	if !upgraded {
		h.working.Done()
	}
	return upgraded, err
}

func (v *visitor) opened() {
	v.hub.mu.Lock()
	v.hub.lobby[v] = struct{}{}
	stopped := v.hub.ctx == nil
	v.hub.mu.Unlock()
	if stopped {
		v.end(closeGoingAway, byeFrame("shutdown"))
	}
	v.late = time.AfterFunc(helloWithin, func() { v.end(closePolicy, nil) })
}

func (v *visitor) closed() {
	v.cancel()
	v.late.Stop()
	v.kill()
	v.mu.Lock()
	v.gone = true
	r := v.room
	v.mu.Unlock()
	v.hub.crowd.leave(v.from)
	v.hub.mu.Lock()
	delete(v.hub.lobby, v)
	v.hub.mu.Unlock()
	if r != nil {
		r.mu.Lock()
		delete(r.visitors, v)
		r.unbind(v)
		r.mu.Unlock()
		v.hub.leave(r)
	}
	v.hub.working.Done()
}

func (v *visitor) admits() bool { return v.rate.allow(v.hub.now()) }

func (*visitor) ponged() {}

// fromVisitor is what a widget says.
type fromVisitor struct {
	Type  string `json:"type"`
	Token string `json:"token"`
	After int64  `json:"after"`
}

func (v *visitor) received(message []byte) {
	var m fromVisitor
	if json.Unmarshal(message, &m) != nil {
		v.end(closePolicy, nil)
		return
	}
	if m.Type != "hello" || v.greets {
		return
	}
	v.greets = true
	v.late.Stop()
	v.hub.mu.Lock()
	delete(v.hub.lobby, v)
	v.hub.mu.Unlock()
	v.hub.working.Go(func() { v.hello(m) })
}

func (v *visitor) hello(m fromVisitor) {
	if v.hub.config.VisitorByToken == nil {
		v.end(closeTryLater, nil)
		return
	}
	workspace, record, err := v.hub.config.VisitorByToken(v.ctx, m.Token)
	if err == nil {
		err = v.enter(workspace, record)
	}
	if err == nil {
		err = v.catchUp(m.After)
	}
	switch {
	case err == nil || v.ctx.Err() != nil:
	case desk.KindOf(err) == desk.KindForbidden:
		v.refuse(err)
	case desk.KindOf(err) == desk.KindUnauthentic || desk.KindOf(err) == desk.KindNotFound:
		v.end(closeNotAllowed, byeFrame("signed_out")) // the client need not know which
	default:
		v.hub.log.Warn("catch a visitor's socket up", "workspace", workspace, "error", err)
		v.end(closeTryLater, nil)
	}
}

// enter takes the socket into its workspace's room.
func (v *visitor) enter(workspace desk.ID, record desk.Visitor) error {
	r, err := v.hub.enter(workspace)
	if err != nil {
		return err
	}
	v.mu.Lock()
	if v.gone {
		v.mu.Unlock()
		v.hub.leave(r)
		return context.Canceled
	}
	v.room = r
	v.mu.Unlock()
	select {
	case <-r.entered:
	case <-v.ctx.Done():
		return v.ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if v.ctx.Err() != nil {
		return v.ctx.Err() // closed() has been through
	}
	r.number++
	v.record, v.joining, v.number = record, true, r.number
	r.visitors[v] = struct{}{}
	r.await(v)
	return nil
}

// await files a visitor without a conversation under its key: a conversation that begins finds it.
func (r *room) await(v *visitor) {
	if r.unknown[v.record.Key] == nil {
		r.unknown[v.record.Key] = map[*visitor]struct{}{}
	}
	r.unknown[v.record.Key][v] = struct{}{}
}

// bind makes a visitor hear of a conversation; unbind ends that. They hold the room's lock.
func (r *room) bind(v *visitor, conversation desk.ID) {
	if v.conversation == conversation {
		return
	}
	r.unbind(v)
	v.conversation = conversation
	if r.threads[conversation] == nil {
		r.threads[conversation] = map[*visitor]struct{}{}
	}
	r.threads[conversation][v] = struct{}{}
}

func (r *room) unbind(v *visitor) {
	drop(r.threads, v.conversation, v)
	drop(r.unknown, v.record.Key, v)
	v.conversation = 0
}

func drop[K comparable](from map[K]map[*visitor]struct{}, key K, v *visitor) {
	delete(from[key], v)
	if len(from[key]) == 0 {
		delete(from, key)
	}
}

// learnOpen notes what visitors of a channel were told when they came, so that a change is told.
func (r *room) learnOpen(reader store.Reader, channel desk.ID) error {
	if r.hub.config.ChannelOpen == nil || channel == 0 {
		return nil
	}
	r.mu.Lock()
	_, known := r.open[channel]
	r.mu.Unlock()
	if known {
		return nil
	}
	open, err := r.hub.config.ChannelOpen(reader, channel, r.hub.now())
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.open[channel] = open
	r.mu.Unlock()
	return nil
}
