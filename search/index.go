package search

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"madoguchi/bus"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	// logTask is the task of following the event log; its position is where the index stands there.
	logTask = "log"
	// eventsAtOnce is how many events one transaction of the index covers.
	eventsAtOnce = 200
	// messagesAtOnce is how many messages of one conversation, or of the past, are indexed at once.
	messagesAtOnce = 200
	// rest is the least time between two rounds: under load, messages gather and share a commit.
	rest = 100 * time.Millisecond
	// fillFor is how long one round works at the past of one workspace.
	fillFor = 200 * time.Millisecond
	// lookEvery finds what lost hints and new workspaces brought.
	lookEvery = 15 * time.Second
	// retryAfter is the pause after a failure.
	retryAfter = 2 * time.Second
)

// Config is what an Indexer needs.
type Config struct {
	Store store.Store
	Bus   bus.Bus
	Log   *slog.Logger // nil = slog.Default()
	Now   desk.Clock   // nil = time.Now
}

// Indexer keeps the index up to date. Several nodes may run one each: they take turns at the stored position.
type Indexer struct {
	store store.Store
	bus   bus.Bus
	log   *slog.Logger
	now   desk.Clock

	behind  atomic.Int64 // events
	entries atomic.Int64

	told   time.Time // when progress was last logged
	passed int       // records since the filling of a workspace began here
}

// New makes an indexer; it works while Run runs.
func New(c Config) *Indexer {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Indexer{store: c.Store, bus: c.Bus, log: c.Log, now: c.Now}
}

// Behind is by how many events the index lags behind the logs of all workspaces: 0 when the last round caught up, what was
// found at its beginning while one works or after it failed.
func (x *Indexer) Behind() int64 { return x.behind.Load() }

// Entries is how many entries this indexer has written.
func (x *Indexer) Entries() int64 { return x.entries.Load() }

// Run follows the log until ctx ends. A failure is logged and tried again; only what makes following impossible is
// returned.
func (x *Indexer) Run(ctx context.Context) error {
	hints, err := x.bus.Subscribe(ctx, bus.TopicEvents)
	if err != nil {
		return fmt.Errorf("follow hints: %w", err)
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		more, err := x.Round(ctx)
		if err != nil && ctx.Err() == nil {
			x.log.ErrorContext(ctx, "index for search", "error", err)
		}
		pause := rest
		if err != nil {
			pause = retryAfter
		}
		if !wait(ctx, pause) {
			return nil
		}
		if more || err != nil {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-hints:
			if !ok {
				return nil
			}
		case <-look.C:
		}
	}
}

func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// Round catches up with the log of every workspace, then indexes a little of the past, and reports whether there is more
// of that.
func (x *Indexer) Round(ctx context.Context) (more bool, err error) {
	var workspaces []desk.Workspace
	err = x.store.View(ctx, 0, func(r store.Reader) (err error) {
		workspaces, err = r.Workspaces().All()
		return err
	})
	if err != nil {
		return false, fmt.Errorf("list workspaces: %w", err)
	}
	positions := make([]int64, len(workspaces))
	var behind int64
	for i, w := range workspaces {
		at, head, err := x.begin(ctx, w.ID)
		if err != nil {
			return false, fmt.Errorf("find where the index of workspace %s stands: %w", w.ID, err)
		}
		positions[i] = at
		behind += head - at
	}
	x.behind.Store(behind)
	for i, w := range workspaces {
		if err := x.follow(ctx, w.ID, positions[i]); err != nil {
			return false, fmt.Errorf("follow the log of workspace %s: %w", w.ID, err)
		}
	}
	x.behind.Store(0)
	for _, w := range workspaces {
		left := true
		for began := time.Now(); left && time.Since(began) < fillFor; {
			if left, err = x.fill(ctx, w.ID); err != nil {
				return false, fmt.Errorf("index what workspace %s has: %w", w.ID, err)
			}
		}
		more = more || left
	}
	return more, nil
}

// follow works through the log to its end.
func (x *Indexer) follow(ctx context.Context, workspace desk.ID, at int64) error {
	wrote := false
	for {
		events, err := x.store.Events(ctx, workspace, at, eventsAtOnce)
		if err != nil || len(events) == 0 {
			if wrote && err == nil {
				err = x.tidy(ctx, workspace)
			}
			return err
		}
		entries, err := x.read(ctx, workspace, touchedBy(events))
		if err != nil {
			return err
		}
		next := events[len(events)-1].Seq
		if at, err = x.write(ctx, workspace, at, next, entries); err != nil {
			return err
		}
		wrote = wrote || len(entries) > 0
	}
}

// write puts entries and moves the position on, unless another node was first: then it gives where that one stands.
func (x *Indexer) write(ctx context.Context, workspace desk.ID, at, next int64, entries []store.SearchEntry) (int64, error) {
	now, err := store.Result(ctx, x.store, workspace, func(tx store.Tx) (int64, error) {
		held, err := tx.WriteSearch().Hold(logTask)
		if err != nil || held != at {
			return held, err
		}
		if err := tx.WriteSearch().Put(entries...); err != nil {
			return held, err
		}
		return next, tx.WriteSearch().SetPosition(logTask, next)
	})
	if err == nil && now == next {
		x.entries.Add(int64(len(entries)))
	}
	return now, err
}

// tidySteps bounds the upkeep after a round.
const tidySteps = 8

func (x *Indexer) tidy(ctx context.Context, workspace desk.ID) error {
	for range tidySteps {
		more := false
		err := x.store.Update(ctx, workspace, func(tx store.Tx) (err error) {
			more, err = tx.WriteSearch().Tidy()
			return err
		})
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// touched are the records whose words may have changed.
type touched struct {
	messages, conversations, contacts []desk.ID
	seen                              map[desk.ID]bool
}

func (t *touched) add(list *[]desk.ID, id desk.ID) {
	if id != 0 && !t.seen[id] {
		t.seen[id] = true
		*list = append(*list, id)
	}
}

func touchedBy(events []desk.Event) *touched {
	t := &touched{seen: map[desk.ID]bool{}}
	for _, e := range events {
		switch e.Kind {
		case desk.EventMessageCreated:
			t.add(&t.messages, e.MessageID)
		case desk.EventMessageChanged:
			if !deliveryOnly(e.Changes) {
				t.add(&t.messages, e.MessageID)
			}
		case desk.EventConversationCreated: // it may have come with messages (imports, demo data)
			t.add(&t.conversations, e.ConversationID)
		case desk.EventContactCreated, desk.EventContactChanged, desk.EventContactNoteChanged:
			t.add(&t.contacts, e.SubjectID)
		}
	}
	return t
}

// deliveryOnly reports changes that are about how a message travelled, not about what it says.
func deliveryOnly(changes []desk.Change) bool {
	for _, c := range changes {
		if c.Field != "status" {
			return false
		}
	}
	return len(changes) > 0
}

// read makes the entries of records as they are now. One that changes before they are written has an event after these.
func (x *Indexer) read(ctx context.Context, workspace desk.ID, t *touched) (entries []store.SearchEntry, err error) {
	err = x.store.View(ctx, workspace, func(r store.Reader) error {
		entries = nil
		said, err := r.Messages().Many(t.messages)
		if err != nil {
			return err
		}
		for _, id := range t.conversations {
			for after := int64(0); ; {
				page, err := r.Messages().After(id, after, messagesAtOnce)
				if err != nil {
					return err
				}
				for _, m := range page {
					if !t.seen[m.ID] {
						said = append(said, m)
					}
				}
				if len(page) < messagesAtOnce {
					break
				}
				after = page[len(page)-1].Seq
			}
		}
		for _, m := range said {
			if m.Author.Kind != desk.AuthorSystem {
				entries = append(entries, messageEntry(m))
			}
		}
		contacts, err := r.Contacts().Many(t.contacts)
		if err != nil {
			return err
		}
		for _, id := range t.contacts {
			c, ok := contacts[id]
			if !ok {
				continue
			}
			entries = append(entries, contactEntry(c))
			notes, err := r.Contacts().Notes(id)
			if err != nil {
				return err
			}
			for _, n := range notes {
				entries = append(entries, noteEntry(n))
			}
		}
		return nil
	})
	return entries, err
}
