package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"madoguchi/bus"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// agent is one socket of the inbox.
type agent struct {
	socket
	room    *room
	session Session
	ctx     context.Context
	cancel  context.CancelFunc
	rate    rate
	silent  atomic.Bool // may not reply: nobody sees them type

	// Under the room's lock:
	number  int
	live    bool    // follows: gets every patch handed out
	from    int64   // has everything up to here already
	sent    int64   // the last patch's position
	viewing desk.ID // looks at this conversation, 0 = none
	watches desk.ID // is noted to watch this one, which is somebody else's work
	drafts  *drafts
	watch   watch  // saved views on the screen
	beaten  bool   // a beat has come
	idle    bool   // nobody at the keyboard, as the last beat said
	boards  bool   // watches the board
	shown   []byte // the last frame of it
}

// ServeAgent upgrades a request of a member to the live socket and returns; the socket lives on. The caller has checked
// the session and the Origin, and answers an error; a request that is no WebSocket's has been refused without one.
func (h *Hub) ServeAgent(w http.ResponseWriter, r *http.Request, s Session) error {
	rm, err := h.enter(s.Workspace)
	if err != nil {
		return err
	}
	upgraded, err := serve(h.upgrade, w, r, func(l link) reader {
		a := &agent{socket: socket{link: l}, room: rm, session: s}
		a.ctx, a.cancel = context.WithCancel(context.Background())
		return a
	})
	if !upgraded {
		h.leave(rm)
	}
	return err
}

func (a *agent) opened() {
	a.silent.Store(a.session.Silent)
	r := a.room
	r.mu.Lock()
	defer r.mu.Unlock()
	r.agents[a] = struct{}{}
	r.number++
	a.number = r.number
	d := r.drafted[a.session.User]
	if d == nil {
		d = &drafts{user: a.session.User, loaded: make(chan struct{})}
		r.drafted[a.session.User] = d
		r.asking = append(r.asking, d)
		r.hear()
	}
	d.here++
	a.drafts = d
	r.presence.come(a)
}

func (a *agent) closed() {
	a.cancel()
	a.kill()
	r := a.room
	r.mu.Lock()
	delete(r.agents, a)
	if a.drafts != nil {
		if a.drafts.here--; a.drafts.here == 0 {
			delete(r.drafted, a.session.User)
			r.counted.forget(a.session.User)
		}
	}
	parted := r.presence.part(a)
	elsewhere := a.viewing != 0 && !r.looksAt(a.session.User, a.viewing)
	viewing := a.viewing
	r.mu.Unlock()
	if elsewhere {
		r.hub.whisper(context.Background(), bus.TopicTyping, r.workspace, whisper{Conversation: viewing, User: a.session.User, Gone: true})
	}
	if parted {
		r.hub.whisper(context.Background(), bus.TopicTyping, r.workspace, whisper{User: a.session.User, Parted: true})
	}
	r.hub.leave(r)
}

// fromAgent is what a client says.
type fromAgent struct {
	Type           string    `json:"type"`
	Seq            int64     `json:"seq"`
	ConversationID desk.ID   `json:"conversation_id"`
	Typing         bool      `json:"typing"`
	Mode           string    `json:"mode"`
	Idle           bool      `json:"idle"`
	Open           bool      `json:"open"`
	Views          []desk.ID `json:"views"`
	Zone           string    `json:"zone"` // where the days of views begin
}

func (a *agent) received(message []byte) {
	var m fromAgent
	if json.Unmarshal(message, &m) != nil {
		a.end(closePolicy, nil)
		return
	}
	switch m.Type {
	case "hello":
		a.hello(m.Seq)
	case "view":
		a.look(m)
	case "beat":
		a.beat(m.Idle)
	case "views":
		a.watchViews(m.Views, m.Zone)
	case "board":
		a.watchBoard(m.Open)
	}
}

// hello brings the socket up to date and lets it follow. It reads at the client's own speed, in a goroutine of its own,
// so that beats are heard meanwhile.
func (a *agent) hello(seq int64) {
	r := a.room
	r.mu.Lock()
	first := !a.live && a.from == 0
	if first {
		a.from = max(seq, 1)
	}
	r.mu.Unlock()
	if !first {
		return
	}
	r.hub.working.Go(func() {
		if err := a.catchUp(seq); err != nil && a.ctx.Err() == nil {
			r.hub.log.Warn("catch a socket up", "workspace", r.workspace, "error", err)
			a.end(closeTryLater, nil)
		}
	})
}

func (a *agent) catchUp(pos int64) error {
	r := a.room
	for _, known := range []<-chan struct{}{r.entered, a.drafts.loaded} {
		select {
		case <-known:
		case <-a.ctx.Done():
			return nil
		}
	}
	head, err := r.hub.store.Head(a.ctx, r.workspace)
	if err != nil {
		return fmt.Errorf("find the log's head: %w", err)
	}
	if pos <= 0 {
		a.join("ready")
		return nil
	}
	if pos > head || head-pos > maxBehind {
		a.join("reset")
		return nil
	}
	for !a.joinFrom(pos) {
		if pos, err = a.replay(pos); err != nil {
			return err
		}
	}
	return nil
}

// join lets the socket follow from here on, whatever was before.
func (a *agent) join(kind string) {
	r := a.room
	r.mu.Lock()
	defer r.mu.Unlock()
	a.live, a.from, a.sent = true, r.pos, r.pos
	a.send(positionFrame(kind, r.pos))
	if kind == "reset" {
		a.send(positionFrame("ready", r.pos))
	}
}

// joinFrom lets the socket follow if the patches kept in memory reach back to where it stands.
func (a *agent) joinFrom(pos int64) bool {
	r := a.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if pos < r.keptFrom {
		return false
	}
	var frames [][]byte
	for i := range r.kept {
		p := &r.kept[i]
		if p.seq > pos && a.concerns(p) {
			frames = append(frames, a.frame(p, r.ownPart(p, a.session.User)))
		}
	}
	// A client may be ahead of this node's room; it then waits for what it does not have.
	a.live, a.from, a.sent = true, max(pos, r.pos), max(pos, r.pos)
	a.send(append(frames, positionFrame("ready", a.from))...)
	return true
}

// replay sends one batch of the log to this socket alone and waits until it is written.
func (a *agent) replay(pos int64) (int64, error) {
	r := a.room
	events, err := r.hub.store.Events(a.ctx, r.workspace, pos, catchUpBatch)
	if err != nil {
		return pos, fmt.Errorf("read events: %w", err)
	}
	if len(events) == 0 {
		// The room is ahead of what this snapshot shows; it will be there at the next look.
		pause(a.ctx, time.Millisecond)
		return pos, a.ctx.Err()
	}
	var patches []patch
	var in map[desk.ID]bool
	err = r.hub.store.View(a.ctx, r.workspace, func(reader store.Reader) (err error) {
		if in, err = view.Drafted(reader, a.session.User); err != nil {
			return err
		}
		patches, err = r.hub.hydrate(reader, r.workspace, events)
		return err
	})
	if err != nil {
		return pos, err
	}
	frames := a.framesOf(patches, in)
	if !a.sendAll(a.ctx, frames...) {
		return pos, context.Canceled
	}
	return events[len(events)-1].Seq, nil
}

// framesOf composes what of some patches is for this socket alone; in is where its member has drafts.
func (a *agent) framesOf(patches []patch, in map[desk.ID]bool) [][]byte {
	a.room.mu.Lock() // the scope may change
	defer a.room.mu.Unlock()
	frames := make([][]byte, 0, len(patches))
	for i := range patches {
		p := &patches[i]
		if !a.concerns(p) {
			continue
		}
		var mine own
		if p.row != nil {
			mine = p.row.of(a.session.User, in[p.row.conversation])
		}
		frames = append(frames, a.frame(p, mine))
	}
	return frames
}

// concerns reports whether the socket's member may have a patch, or a part of it.
func (a *agent) concerns(p *patch) bool {
	return (p.only == 0 || p.only == a.session.User) && (p.row == nil || p.bare != nil || a.session.sees(p.row.shown))
}

// frame is a patch that concerns the socket's member, as far as their scope goes.
func (a *agent) frame(p *patch, mine own) []byte {
	if p.row != nil && !a.session.sees(p.row.shown) {
		return p.bare
	}
	return p.frame(mine)
}

// wants reports whether a patch handed out now is news to the socket.
func (a *agent) wants(p *patch) bool { return a.live && p.seq > a.from && a.concerns(p) }

// staleAfter is how many positions a socket may fall behind because none of them concerned it; then it is told where the
// log stands, so that its next hello is not too far behind.
const staleAfter = 200

// beat hears that somebody is there, and answers: browsers see no pings, and a phone that slept or went to another network
// learns by what does not come back that its socket is dead.
func (a *agent) beat(idle bool) {
	r := a.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if a.live && r.pos-a.sent > staleAfter {
		a.sent = r.pos
		a.send(positionFrame("ready", r.pos))
	}
	if a.live {
		a.send(beatFrame())
	}
	a.beaten = true
	if r.presence.hear(a, idle, r.hub.now()) {
		r.keeper.poke()
	}
}

func (a *agent) admits() bool { return a.rate.allow(a.room.hub.now()) }

// ponged takes the browser's answer to a ping as a sign of life (E8).
func (a *agent) ponged() {
	r := a.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.presence.lives(a, r.hub.now()) {
		r.keeper.poke()
	}
}

// rate allows a socket 60 messages at once and 6 a second: more is no person at a keyboard.
type rate struct {
	left float64
	at   time.Time
}

const (
	rateBurst  = 60
	ratePerSec = 6
)

func (l *rate) allow(now time.Time) bool {
	if l.at.IsZero() {
		l.left = rateBurst
	} else {
		since := max(now.Sub(l.at).Seconds(), 0) // a clock that was set back takes nothing away
		l.left = min(l.left+since*ratePerSec, rateBurst)
	}
	l.at = now
	if l.left < 1 {
		return false
	}
	l.left--
	return true
}
