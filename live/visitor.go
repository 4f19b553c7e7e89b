package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
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
	rate   rate
	late   *time.Timer // ends a socket that never says hello

	mu     sync.Mutex // guards room and gone
	room   *room
	gone   bool
	greets bool

	// Under the room's lock:
	number       int
	record       desk.Visitor
	conversation desk.ID
	joining      bool           // reads what it missed; news waits in held
	held         []customerNews // in order
	// What was read while joining, by version: the log may tell it again up to a position.
	sent   map[desk.ID]int64
	sentAt int64
}

// ServeVisitor upgrades a request of a widget to its live socket and returns; the socket lives on. Who it is says the
// first frame, so that no cookie or address counts. The caller answers an error; a request that is no WebSocket's has
// been refused without one.
func (h *Hub) ServeVisitor(w http.ResponseWriter, r *http.Request) error {
	h.mu.Lock()
	if h.ctx == nil {
		h.mu.Unlock()
		return desk.Errorf(desk.KindUnavailable, "not_serving", "the live hub does not run")
	}
	h.working.Add(1)
	h.mu.Unlock()
	upgraded, err := serve(h.upgrade, w, r, func(l link) reader {
		v := &visitor{socket: socket{link: l}, hub: h}
		v.ctx, v.cancel = context.WithCancel(context.Background())
		return v
	})
	if !upgraded {
		h.working.Done()
	}
	return err
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

func (*visitor) ponged() {}

// fromVisitor is what a widget says.
type fromVisitor struct {
	Type  string `json:"type"`
	Token string `json:"token"`
	After int64  `json:"after"`
}

func (v *visitor) received(message []byte) {
	var m fromVisitor
	if !v.rate.allow(v.hub.now()) || json.Unmarshal(message, &m) != nil {
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
	if err == nil && !record.EndedAt.IsZero() {
		err = desk.Errorf(desk.KindUnauthentic, "signed_out", "the visitor logged out")
	}
	if err == nil {
		err = v.enter(workspace, record)
	}
	if err == nil {
		err = v.catchUp(m.After)
	}
	switch {
	case err == nil || v.ctx.Err() != nil:
	case desk.KindOf(err) == desk.KindUnauthentic || desk.KindOf(err) == desk.KindNotFound:
		v.end(closeNotAllowed, byeFrame("signed_out"))
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

// catchUp sends what the client does not have, then lets the socket follow. News that comes meanwhile is held back and
// sent after it, unless it was sent already.
func (v *visitor) catchUp(after int64) error {
	sent := map[desk.ID]int64{} // versions by message
	var last int64
	for first := true; ; first = false {
		page, conversation, head, err := v.missed(after, first)
		if err != nil {
			return err
		}
		v.room.mu.Lock()
		if conversation != 0 {
			v.room.bind(v, conversation)
		}
		v.room.mu.Unlock()
		last = head
		frames := make([][]byte, 0, len(page))
		for _, n := range page {
			if n.frame != nil {
				frames = append(frames, n.frame)
				sent[n.message] = n.version
			}
			after = max(after, n.seq)
		}
		if len(frames) > 0 && !v.sendAll(v.ctx, frames...) {
			return context.Canceled
		}
		if conversation == 0 || after >= head {
			break
		}
	}
	r := v.room
	logged, err := v.hub.store.Head(v.ctx, r.workspace)
	if err != nil {
		return fmt.Errorf("find the log's head: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	held := v.held
	v.held, v.joining, v.sent, v.sentAt = nil, false, sent, logged
	for _, n := range held {
		v.hear(n)
		last = max(last, n.seq)
	}
	if logged <= r.pos {
		v.sent = nil // the log has told it all
	}
	v.send(textFrame(fmt.Appendf(nil, `{"type":"ready","last_seq":%d}`, last)))
	if w := r.views[v.conversation]; v.conversation != 0 && w != nil && w.told {
		w.told = false // say it again, to everybody: it is a hint
		r.tellCustomer(v.conversation, w)
	}
	return nil
}

// missed reads one page of what a client after a position does not have. The first page also has what changed before it.
// A client without any message gets the newest ones only.
func (v *visitor) missed(after int64, first bool) (page []customerNews, conversation desk.ID, head int64, err error) {
	workspace := v.room.workspace
	err = v.hub.store.View(v.ctx, workspace, func(reader store.Reader) error {
		page = nil
		record, err := reader.Visitors().Get(v.record.ID)
		if err != nil {
			return err
		}
		if !record.EndedAt.IsZero() {
			return desk.Errorf(desk.KindUnauthentic, "signed_out", "the visitor logged out")
		}
		if err := v.room.learnOpen(reader, record.ChannelID); err != nil || record.IdentityID == 0 {
			return err
		}
		c, err := reader.Conversations().ByIdentity(record.IdentityID)
		if desk.KindOf(err) == desk.KindNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		conversation, head = c.ID, c.LastSeq
		var changed, fresh []desk.Message
		if first && after > 0 {
			if changed, err = reader.Messages().Before(c.ID, after+1, lookBack); err != nil {
				return err
			}
		}
		if after == 0 {
			after = max(head-customerBatch, 0)
		}
		if fresh, err = reader.Messages().After(c.ID, after, customerBatch); err != nil {
			return err
		}
		page, err = v.hub.customerPage(reader, workspace, changed, fresh)
		if len(fresh) == 0 {
			page = append(page, customerNews{seq: head}) // nothing more, whatever the row's LastSeq says
		}
		return err
	})
	return page, conversation, head, err
}

// customerPage encodes messages for the customer: of the older ones those that changed since they were written. What the
// customer does not see has no frame, only its place.
func (h *Hub) customerPage(reader store.Reader, workspace desk.ID, older, fresh []desk.Message) ([]customerNews, error) {
	y := &hydration{hub: h, reader: reader, workspace: workspace, people: map[desk.ID]*desk.Member{}}
	links := h.config.CustomerLinks(workspace)
	var page []customerNews
	add := func(m desk.Message) error {
		people, err := y.member(m.Author)
		if err != nil {
			return err
		}
		n := customerNews{conversation: m.ConversationID, message: m.ID, seq: m.Seq, version: m.Version}
		if seen, ok := view.WMessageOf(m, people, links); ok {
			if n.frame, err = encodeFrame(customerMessageJSON{"message", seen}); err != nil {
				return err
			}
		}
		page = append(page, n)
		return nil
	}
	for i := len(older) - 1; i >= 0; i-- { // they come newest first
		if older[i].Version > 1 {
			if err := add(older[i]); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range fresh {
		if err := add(m); err != nil {
			return nil, err
		}
	}
	return page, nil
}

// toVisitors hands news to the browsers of its conversation. It holds the room's lock.
func (r *room) toVisitors(patches []patch) {
	for i := range patches {
		for _, n := range patches[i].seen {
			if n.born != nil {
				r.meet(n)
				continue
			}
			for v := range r.threads[n.conversation] {
				if v.joining {
					v.held = append(v.held, n)
				} else {
					v.hear(n)
				}
			}
		}
	}
}

// hear sends a piece of news, unless the socket read it itself when it came. It holds the room's lock.
func (v *visitor) hear(n customerNews) {
	if v.sent != nil && n.at > v.sentAt {
		v.sent = nil // from here on everything is news
	}
	if known, was := v.sent[n.message]; was && n.message != 0 && known >= n.version {
		return
	}
	v.send(n.frame)
}

// meet binds the browsers that a new conversation belongs to.
func (r *room) meet(n customerNews) {
	for v := range r.unknown[n.born.ExternalID] {
		if v.record.ChannelID == n.born.ChannelID {
			r.bind(v, n.conversation)
		}
	}
}

// recheckVisitor looks again at who a visitor is: identified, so that another conversation is theirs, or logged out.
func (r *room) recheckVisitor(ctx context.Context, id desk.ID) error {
	var mine []*visitor
	r.mu.Lock()
	for v := range r.visitors {
		if v.record.ID == id {
			mine = append(mine, v)
		}
	}
	r.mu.Unlock()
	if len(mine) == 0 {
		return nil
	}
	var conversation desk.ID
	ended := false
	err := r.hub.store.View(ctx, r.workspace, func(reader store.Reader) error {
		record, err := reader.Visitors().Get(id)
		ended = desk.KindOf(err) == desk.KindNotFound || err == nil && !record.EndedAt.IsZero()
		if ended || err != nil || record.IdentityID == 0 {
			if ended {
				return nil
			}
			return err
		}
		c, err := reader.Conversations().ByIdentity(record.IdentityID)
		if err == nil {
			conversation = c.ID
		} else if desk.KindOf(err) == desk.KindNotFound {
			err = nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("look again at a visitor: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range mine {
		if _, here := r.visitors[v]; !here {
			continue
		}
		if ended {
			v.end(closeNotAllowed, byeFrame("signed_out"))
		} else if conversation != 0 {
			r.bind(v, conversation)
		}
	}
	return nil
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
