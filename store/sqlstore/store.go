package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Config says where the data lies.
type Config struct {
	// URL is PostgreSQL's address (postgres://…). Empty means SQLite at Path.
	URL string
	// Path is the SQLite file; it and its -wal and -shm files are made when missing.
	Path string
	// Clock tells the time, time.Now if nil.
	Clock desk.Clock
	// Log hears of slow and failed work, slog.Default() if nil.
	Log *slog.Logger
	// OnCommit is told after a durable commit how far a workspace's log goes now (0 if it did not grow) and whether
	// promises to send were made. It must not block.
	OnCommit func(workspace desk.ID, seq int64, deliveries bool)
	// Readers is how many views run at a time, 0 = 4 (SQLite) or 8 (PostgreSQL, shared with the updates).
	Readers int
}

// Store is a store.Store on one of the two databases.
type Store struct {
	config  Config
	dialect dialect
	log     *slog.Logger
	db      database
	slot    *slot

	migrations []migration // only while migrating

	stop context.CancelFunc
	work sync.WaitGroup
}

// database runs transactions on one of the two.
type database interface {
	view(ctx context.Context, fn func(runner) error) error
	update(ctx context.Context, workspace desk.ID, fn func(*tx) error) error
	// alone is update for work that locks rows against others of its kind, and so shares no transaction with them.
	alone(ctx context.Context, workspace desk.ID, fn func(*tx) error) error
	ready(ctx context.Context) error
	close() error
}

var _ store.Store = (*Store)(nil)

// Open migrates the database and opens the store. A schema that is newer than this program is refused with
// "schema_newer".
func Open(ctx context.Context, c Config) (*Store, error) {
	if err := Migrate(ctx, c); err != nil {
		return nil, err
	}
	s := prepare(c)
	if err := s.connect(ctx); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := s.takeSlot(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("take a node slot: %w", err), s.db.close())
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.work.Go(func() { s.keepSlot(background) })
	s.work.Go(func() { s.sweep(background) })
	return s, nil
}

func prepare(c Config) *Store {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &Store{config: c, log: c.Log, dialect: sqliteDialect()}
	if c.URL != "" {
		s.dialect = postgresDialect()
	}
	return s
}

func (s *Store) connect(ctx context.Context) error {
	if s.config.URL != "" {
		db, err := newPostgres(ctx, s)
		s.db = db
		return err
	}
	readers := s.config.Readers
	if readers <= 0 {
		readers = 4
	}
	db, err := newSQLite(s, s.config.Path, readers)
	if err != nil {
		return err
	}
	go db.write()
	s.db = db
	return nil
}

// now is the clock in UTC and whole milliseconds.
func (s *Store) now() time.Time { return s.config.Clock().UTC().Truncate(time.Millisecond) }

// View runs fn on a snapshot.
func (s *Store) View(ctx context.Context, workspace desk.ID, fn func(store.Reader) error) error {
	return s.db.view(ctx, func(run runner) error {
		t := newTx(s, run, workspace)
		if err := fn(t); err != nil {
			return err
		}
		return t.failed
	})
}

// Update runs fn in a durable transaction.
func (s *Store) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	if err := s.slotOurs(ctx); err != nil {
		return err
	}
	return s.update(ctx, workspace, func(t *tx) error { return fn(t) })
}

func (s *Store) update(ctx context.Context, workspace desk.ID, fn func(*tx) error) error {
	return s.db.update(ctx, workspace, fn)
}

// Queue is the outbox.
func (s *Store) Queue() store.Queue { return queue{s} }

// Ready reports whether the database serves.
func (s *Store) Ready(ctx context.Context) error { return s.db.ready(ctx) }

// Close ends the work that was queued, gives the node slot back and closes the database.
func (s *Store) Close() error {
	s.stop()
	s.work.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := s.leaveSlot(ctx); err != nil {
		s.log.Warn("give the node slot back", slog.Any("error", err))
	}
	return s.db.close()
}

const slowUpdate = 250 * time.Millisecond

// timed runs an update's function and logs a slow one.
func (s *Store) timed(t *tx, fn func(*tx) error) error {
	began := time.Now()
	defer func() {
		if took := time.Since(began); took > slowUpdate {
			s.log.Warn("slow update", slog.Duration("took", took), slog.String("workspace", t.workspace.String()))
		}
	}()
	return t.finished(fn)
}

func (s *Store) panicked(value any, stack []byte) error {
	s.log.Error("an update panicked", slog.Any("panic", value), slog.String("stack", string(stack)))
	return desk.Errorf(desk.KindInternal, "internal", "an update panicked: %v", value)
}
