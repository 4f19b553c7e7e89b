package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"

	"madoguchi/desk"
)

// maxBatch is how many updates share one commit at most.
const maxBatch = 128

// sqliteDB has one writer, a goroutine that commits updates in groups, and a pool of readers beside it.
type sqliteDB struct {
	store   *Store
	writer  *sqliteConn
	readers chan *sqliteConn
	all     []*sqliteConn

	jobs    chan *job
	closing chan struct{} // closed to end the writer
	ended   chan struct{} // closed when it has
	broken  atomic.Pointer[error] // the last commit's failure, nil after a good one
}

// job is one update on its way to the writer.
type job struct {
	workspace desk.ID
	fn        func(*tx) error
	state     atomic.Int32
	done      chan error
	tx        *tx
	finished  bool // only the writer's
}

const (
	jobQueued int32 = iota
	jobTaken
	jobAbandoned
)

var errClosed = &desk.Error{Kind: desk.KindUnavailable, Code: "store_closed", Message: "the store is closed"}

var durablePragmas = []string{
	"busy_timeout = 5000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY", "wal_autocheckpoint = 4000",
}

func newSQLite(s *Store, path string, readers int) (*sqliteDB, error) {
	db := &sqliteDB{store: s, jobs: make(chan *job, 1024), closing: make(chan struct{}), ended: make(chan struct{}), readers: make(chan *sqliteConn, readers)}
	driver := &sqlite.Driver{}
	for i := range readers + 1 {
		pragmas := append([]string{"cache_size = -8000"}, durablePragmas...)
		if i == 0 {
			pragmas[0] = "cache_size = -32000"
		} else {
			pragmas = append(pragmas, "query_only = ON")
		}
		c, err := openSQLite(driver, path, pragmas, s.dialect.statement)
		if err != nil {
			return nil, errors.Join(err, db.closeConns())
		}
		db.all = append(db.all, c)
		if i > 0 {
			db.readers <- c
		}
	}
	db.writer = db.all[0]
	return db, nil
}

// view lends a reader its snapshot: BEGIN is deferred, the first read fixes it.
func (db *sqliteDB) view(ctx context.Context, fn func(runner) error) (err error) {
	var c *sqliteConn
	select {
	case c = <-db.readers:
	case <-ctx.Done():
		return ctx.Err()
	case <-db.closing:
		return errClosed
	}
	defer func() { db.readers <- c }()
	if _, err := c.exec("BEGIN", nil); err != nil {
		return translateSQLite(err)
	}
	defer func() {
		_, end := c.exec("COMMIT", nil)
		err = errors.Join(err, end)
	}()
	if err := fn(c); err != nil {
		return err
	}
	return nil
}

func (db *sqliteDB) update(ctx context.Context, workspace desk.ID, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	j := &job{workspace: workspace, fn: fn, done: make(chan error, 1)}
	select {
	case db.jobs <- j:
	case <-ctx.Done():
		return fmt.Errorf("queue update: %w", ctx.Err())
	case <-db.ended:
		return errClosed
	}
	select {
	case err := <-j.done:
		return err
	case <-db.ended: // the writer went without taking it, or just before this was looked at
		select {
		case err := <-j.done:
			return err
		default:
			return errClosed
		}
	case <-ctx.Done():
		j.state.CompareAndSwap(jobQueued, jobAbandoned)
		return desk.Errorf(desk.KindUncertain, "uncertain", "the update may still happen: %w", ctx.Err())
	}
}

// write is the writer: it takes what waits, and whatever arrives meanwhile joins the same commit.
func (db *sqliteDB) write() {
	var batch []*job
	defer func() { // a closure may end the goroutine (t.FailNow does): its caller hears of it, the desk goes on
		select {
		case <-db.closing:
			close(db.ended)
		default:
			db.rollback()
			for _, j := range batch {
				j.finish(errEnded)
			}
			go db.write()
		}
	}()
	for {
		batch = batch[:0]
		select {
		case j := <-db.jobs:
			batch = append(batch, j)
		case <-db.closing:
			db.refuse()
			return
		}
		batch = db.commitBatch(batch)
	}
}

var errEnded = &desk.Error{Kind: desk.KindInternal, Code: "internal", Message: "an update ended its goroutine"}

func (db *sqliteDB) refuse() {
	for {
		select {
		case j := <-db.jobs:
			j.finish(errClosed)
		default:
			return
		}
	}
}

func (j *job) finish(err error) {
	if !j.finished {
		j.finished = true
		j.done <- err
	}
}

// commitBatch runs updates in one transaction; if one that wrote fails, all are replayed one by one.
func (db *sqliteDB) commitBatch(batch []*job) []*job {
	if err := db.begin(); err != nil {
		for _, j := range batch {
			j.finish(err)
		}
		return batch
	}
	for i := 0; i < len(batch); i++ {
		j := batch[i]
		if i == len(batch)-1 && len(batch) < maxBatch {
			select {
			case next := <-db.jobs:
				batch = append(batch, next)
			default:
			}
		}
		if !j.state.CompareAndSwap(jobQueued, jobTaken) {
			j.finish(errClosed) // nobody listens
			continue
		}
		err := db.run(j)
		switch {
		case err != nil && j.tx.wrote:
			db.rollback()
			db.replay(batch)
			return batch
		case err != nil:
			j.finish(err)
		}
	}
	if err := db.commit(batch); err != nil && !errors.Is(err, errCommit) {
		db.replay(batch)
	}
	return batch
}

// replay runs each update of a failed batch in a transaction of its own.
func (db *sqliteDB) replay(batch []*job) {
	for i, j := range batch {
		if j.finished || j.state.Load() == jobAbandoned {
			continue
		}
		if err := db.begin(); err != nil {
			j.finish(err)
			continue
		}
		if err := db.run(j); err != nil {
			db.rollback()
			j.finish(err)
			continue
		}
		if err := db.commit(batch[i : i+1]); err != nil {
			j.finish(err)
		}
	}
}

const slowUpdate = 100 * time.Millisecond

// run calls the update's function; a panic becomes its error.
func (db *sqliteDB) run(j *job) (err error) {
	began := time.Now()
	j.tx = newTx(db.store, db.writer, j.workspace)
	defer func() {
		if p := recover(); p != nil {
			err = db.store.panicked(p, debug.Stack())
			j.tx.wrote = true
		}
		if took := time.Since(began); took > slowUpdate {
			db.store.log.Warn("slow update", slog.Duration("took", took), slog.String("workspace", j.workspace.String()))
		}
	}()
	return j.tx.finished(j.fn)
}

// errCommit marks a failure of the commit itself, of which every caller has heard.
var errCommit = errors.New("commit failed")

// commit writes the events of the batch in its order, commits, and tells the callers. An error that is not errCommit
// came before the commit: the batch was rolled back and nobody has heard.
func (db *sqliteDB) commit(batch []*job) error {
	news, err := db.writeEvents(batch)
	if err != nil {
		db.rollback()
		return translateSQLite(err)
	}
	if _, err = db.writer.exec("COMMIT", nil); err != nil {
		db.rollback()
		err = commitError(err)
		db.broken.Store(&err)
		for _, j := range batch {
			j.finish(err)
		}
		return errors.Join(errCommit, err)
	}
	db.broken.Store(nil)
	db.store.announce(news)
	for _, j := range batch {
		j.finish(nil)
	}
	return nil
}

// commitError says whether a failed COMMIT may yet have reached the disk: a full disk and a lock are certain refusals,
// a failed flush is not.
func commitError(err error) error {
	err = translateSQLite(err)
	if code := desk.CodeOf(err); code == "disk_full" {
		return err
	}
	return desk.Errorf(desk.KindUncertain, "uncertain", "the commit failed: %w", err)
}

func (db *sqliteDB) writeEvents(batch []*job) ([]news, error) {
	var all []news
	for _, j := range batch {
		if j.finished || j.tx == nil || (len(j.tx.events) == 0 && !j.tx.outgoing) {
			continue
		}
		i := 0
		for i < len(all) && all[i].workspace != j.workspace {
			i++
		}
		if i == len(all) {
			all = append(all, news{workspace: j.workspace})
		}
		all[i].events = append(all[i].events, j.tx.events...)
		all[i].deliveries = all[i].deliveries || j.tx.outgoing
	}
	for i := range all {
		if err := all[i].write(db.writer); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (db *sqliteDB) begin() error {
	if _, err := db.writer.exec("BEGIN IMMEDIATE", nil); err != nil {
		return fmt.Errorf("begin: %w", translateSQLite(err))
	}
	return nil
}

// rollback ends the transaction; an error only says that SQLite ended it already.
func (db *sqliteDB) rollback() { _, _ = db.writer.exec("ROLLBACK", nil) }

func (db *sqliteDB) ready(ctx context.Context) error {
	if err := db.broken.Load(); err != nil {
		return *err
	}
	return db.view(ctx, func(run runner) error { return run.query("SELECT 1", nil, func(row) error { return nil }) })
}

func (db *sqliteDB) close() error {
	close(db.closing)
	<-db.ended
	for range cap(db.readers) {
		<-db.readers
	}
	return db.closeConns()
}

func (db *sqliteDB) closeConns() error {
	var all error
	for _, c := range db.all {
		all = errors.Join(all, c.close())
	}
	return all
}
