package live

import (
	"context"
	"fmt"
	"sync"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

const (
	pollEvery    = 1500 * time.Millisecond // covers lost hints: news is never later than 2 s
	batchSize    = 500                     // events read at once
	keptPatches  = 512                     // newest patches kept for sockets that join
	retryPause   = 250 * time.Millisecond
	maxRetries   = 20   // then events whose records cannot be read are skipped, and every client starts afresh
	maxBehind    = 2000 // events; a client further behind reads its lists again
	catchUpBatch = 200
)

// room is a workspace with sockets on this node.
type room struct {
	hub       *Hub
	workspace desk.ID
	guests    int // sockets, under the hub's lock
	stop      context.CancelFunc

	news    chan struct{} // the log may have grown, or somebody asked
	keeper  keeper
	checks  chan whisper  // sessions and visitors to check at once
	entered chan struct{} // closed when the room knows its position

	mu         sync.Mutex
	pos        int64   // every event up to here was handed out
	kept       []patch // the newest ones
	keptFrom   int64   // kept holds everything after this position
	agents     map[*agent]struct{}
	visitors   map[*visitor]struct{}
	threads    map[desk.ID]map[*visitor]struct{} // visitors by conversation
	unknown    map[string]map[*visitor]struct{}  // visitors without a conversation, by key
	drafted    map[desk.ID]*drafts               // of the members who are here
	asking     []*drafts                         // members who just came
	views      map[desk.ID]*watched
	counted    counted
	saved      saved
	open       map[desk.ID]bool // channels as their visitors were told
	waiting    map[desk.ID]bool // conversations whose customers may wait or not wait any more
	unsure     bool             // somebody's availability or a schedule changed since they were told
	presence   presence
	boardStale bool      // what supervisors were told of the board may be no more so
	boardAt    time.Time // when it was read last
	number     int       // given to sockets as they come
	pinged     int       // the share of sockets that was pinged last
}

// drafts is in which conversations a member has unsent text: a draft, or a reply that came back.
type drafts struct {
	user   desk.ID
	here   int // the member's sockets
	in     map[desk.ID]bool
	loaded chan struct{}
}

func newRoom(h *Hub, workspace desk.ID) *room {
	return &room{
		hub: h, workspace: workspace,
		news: make(chan struct{}, 1), checks: make(chan whisper, 64), entered: make(chan struct{}),
		keeper:  keeper{poked: make(chan struct{}, 1)},
		waiting: map[desk.ID]bool{}, agents: map[*agent]struct{}{}, visitors: map[*visitor]struct{}{}, threads: map[desk.ID]map[*visitor]struct{}{},
		unknown: map[string]map[*visitor]struct{}{}, drafted: map[desk.ID]*drafts{}, views: map[desk.ID]*watched{},
		open: map[desk.ID]bool{}, presence: presence{beats: map[desk.ID]*beat{}},
	}
}

func (r *room) start(ctx context.Context) {
	ctx, r.stop = context.WithCancel(ctx)
	r.hub.working.Go(func() { r.follow(ctx) })
	r.hub.working.Go(func() { r.keep(ctx) })
}

// hear says that the log may have grown.
func (r *room) hear() {
	select {
	case r.news <- struct{}{}:
	default:
	}
}

// follow hands out what the log says, in order, from where it stands now.
func (r *room) follow(ctx context.Context) {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	failed := 0
	for ctx.Err() == nil {
		more, err := r.advance(ctx, failed >= maxRetries)
		if err != nil && ctx.Err() == nil {
			if failed++; failed&(failed-1) == 0 { // the 1st, 2nd, 4th, 8th … time
				r.hub.log.ErrorContext(ctx, "follow the event log", "workspace", r.workspace, "failures", failed, "error", err)
			}
			pause(ctx, retryPause)
			continue
		}
		failed = 0
		if more {
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.news:
		case <-poll.C:
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// advance hands out one batch and reports whether there may be more. With skip, what cannot be read is left out: every
// client is told to read its lists again.
func (r *room) advance(ctx context.Context, skip bool) (more bool, err error) {
	if !r.hasEntered() {
		return true, r.arrive(ctx)
	}
	r.mu.Lock()
	pos := r.pos
	asking := r.asking
	r.asking = nil
	r.mu.Unlock()
	events, patches, err := r.read(ctx, pos, asking)
	if err != nil && (!skip || len(events) == 0) {
		r.mu.Lock()
		r.asking = append(asking, r.asking...)
		r.mu.Unlock()
		return false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range asking {
		close(d.loaded)
	}
	if len(events) == 0 {
		return false, nil
	}
	last := events[len(events)-1].Seq
	if err != nil {
		r.pos, r.kept, r.keptFrom = last, nil, last
		r.saved.missed()
		r.tellAgents(positionFrame("reset", last))
		return true, nil
	}
	switch {
	case len(patches) == len(events):
		r.handOut(patches)
	case len(r.agents)+len(r.visitors) > 0:
		return true, nil // somebody came meanwhile: read it for them
	default:
		r.kept, r.keptFrom = nil, last // nobody is here to hear it
	}
	r.pos = last
	return len(events) == batchSize, nil
}

func (r *room) hasEntered() bool {
	select {
	case <-r.entered:
		return true
	default:
		return false
	}
}

// arrive finds where the log stands when the room opens.
func (r *room) arrive(ctx context.Context) error {
	head, err := r.hub.store.Head(ctx, r.workspace)
	if err != nil {
		return fmt.Errorf("find the log's head: %w", err)
	}
	r.mu.Lock()
	r.pos, r.keptFrom = head, head
	r.mu.Unlock()
	close(r.entered)
	return nil
}

// read reads a batch and what it is about, and the drafts of members who just came or wrote some.
func (r *room) read(ctx context.Context, after int64, asking []*drafts) (events []desk.Event, patches []patch, err error) {
	if events, err = r.hub.store.Events(ctx, r.workspace, after, batchSize); err != nil {
		return nil, nil, fmt.Errorf("read events: %w", err)
	}
	users := r.draftersOf(events, asking)
	if len(events) == 0 && len(users) == 0 || r.empty() {
		return events, nil, nil
	}
	found := map[desk.ID]map[desk.ID]bool{}
	err = r.hub.store.View(ctx, r.workspace, func(reader store.Reader) error {
		var err error
		if patches, err = r.hub.hydrate(reader, r.workspace, events); err != nil {
			return err
		}
		for user := range users {
			if found[user], err = view.Drafted(reader, user); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return events, nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for user, in := range found {
		if d, here := r.drafted[user]; here {
			d.in = in
		}
	}
	return events, patches, nil
}

// empty reports whether nobody is here: a room that only waits for leases to run out reads nothing.
func (r *room) empty() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.agents) == 0 && len(r.visitors) == 0
}

// draftersOf are the members here whose drafts have to be read.
func (r *room) draftersOf(events []desk.Event, asking []*drafts) map[desk.ID]bool {
	users := map[desk.ID]bool{}
	for _, d := range asking {
		users[d.user] = true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range events {
		if _, here := r.drafted[e.UserID]; here && (e.Kind == desk.EventDraftChanged || e.Kind == desk.EventScheduledChanged) {
			users[e.UserID] = true
		}
	}
	return users
}

// handOut gives patches to every socket they concern. It holds the room's lock and never blocks.
func (r *room) handOut(patches []patch) {
	r.quiet(patches)
	r.toAgents(patches)
	r.toVisitors(patches)
	r.remember(patches)
	r.note(patches)
	r.boardStale = true // what is told moves some number on it, more often than not
}

func (r *room) remember(patches []patch) {
	r.kept = append(r.kept, patches...)
	if over := len(r.kept) - keptPatches; over > 0 {
		r.keptFrom = r.kept[over-1].seq
		r.kept = append(make([]patch, 0, keptPatches), r.kept[over:]...)
	}
}

// toAgents composes each member's frames once per distinct value of their own part.
func (r *room) toAgents(patches []patch) {
	if len(r.agents) == 0 {
		return
	}
	frames := make([]map[own][]byte, len(patches))
	batch := make([][]byte, 0, len(patches))
	for a := range r.agents {
		batch = batch[:0]
		for i := range patches {
			p := &patches[i]
			if !a.wants(p) {
				continue
			}
			if p.row != nil && !a.session.sees(p.row.shown) {
				if a.viewing == p.row.conversation {
					a.viewing = 0 // nor who types in it
				}
				batch = append(batch, p.bare)
				a.sent = p.seq
				continue
			}
			mine := r.ownPart(p, a.session.User)
			if frames[i] == nil {
				frames[i] = map[own][]byte{}
			}
			frame, ok := frames[i][mine]
			if !ok {
				frame = p.frame(mine)
				frames[i][mine] = frame
			}
			batch = append(batch, frame)
			a.sent = p.seq
		}
		if len(batch) > 0 {
			a.send(batch...)
		}
	}
}

func (r *room) ownPart(p *patch, user desk.ID) own {
	if p.row == nil {
		return own{}
	}
	draft := false
	if d := r.drafted[user]; d != nil {
		draft = d.in[p.row.conversation]
	}
	return p.row.of(user, draft)
}

// note remembers what the patches make doubtful: counts, opening, sessions.
func (r *room) note(patches []patch) {
	for i := range patches {
		switch e := patches[i].event; e.Kind {
		case desk.EventMemberChanged:
			r.unsure = true
			r.recheck(whisper{User: e.SubjectID})
		case desk.EventAvailabilityChanged:
			r.unsure = true
			r.presence.gone(e)
			if r.presence.contradicted(e, r.hub.now()) {
				r.keeper.poke()
			}
		case desk.EventScheduleChanged, desk.EventChannelChanged:
			r.unsure = true
		case desk.EventTicketCreated, desk.EventTicketChanged:
			if len(r.threads[e.ConversationID]) > 0 {
				r.waiting[e.ConversationID] = true
			}
		case desk.EventTeamChanged:
			r.unsure = true
			r.recheckBounded()
			r.saved.doubt()
			r.counted.doubt(0) // whose queue it is decides what is unread (G2.7)
		case desk.EventSavedViewChanged:
			r.saved.changed(e.SubjectID)
		case desk.EventConversationDeleted:
			r.saved.gone(e.SubjectID)
		}
		if patches[i].row != nil {
			r.counted.moved(&patches[i])
			r.saved.apply(patches[i].row, r.hub.now())
		}
	}
}

// recheckBounded has those looked at whose scope depends on their teams. It holds the room's lock.
func (r *room) recheckBounded() {
	asked := map[desk.ID]bool{}
	for a := range r.agents {
		if a.session.bounded() && !asked[a.session.User] {
			asked[a.session.User] = true
			r.recheck(whisper{User: a.session.User})
		}
	}
}

// tellAgents sends the same frame to every agent. It holds the room's lock.
func (r *room) tellAgents(frame []byte) {
	for a := range r.agents {
		a.send(frame)
	}
}

func positionFrame(kind string, seq int64) []byte {
	return textFrame(fmt.Appendf(nil, `{"type":%q,"seq":%d}`, kind, seq))
}

func beatFrame() []byte { return textFrame([]byte(`{"type":"beat"}`)) }

func byeFrame(code string) []byte {
	return textFrame(fmt.Appendf(nil, `{"type":"bye","code":%q}`, code))
}

// sockets lists everybody's sending halves.
func (r *room) sockets() []*socket {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]*socket, 0, len(r.agents)+len(r.visitors))
	for a := range r.agents {
		all = append(all, &a.socket)
	}
	for v := range r.visitors {
		all = append(all, &v.socket)
	}
	return all
}

func (r *room) endAll(why string, code uint16) {
	for _, s := range r.sockets() {
		s.end(code, byeFrame(why))
	}
}

func (r *room) killAll() {
	for _, s := range r.sockets() {
		s.kill()
	}
}
