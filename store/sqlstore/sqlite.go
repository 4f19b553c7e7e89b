package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"

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
	closing chan struct{}         // closed to end the writer
	ended   chan struct{}         // closed when it has
	broken  atomic.Pointer[error] // the last commit's failure, nil after a good one
}

var (
	filePragmas = []string{
		"journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY", "wal_autocheckpoint = 4000",
	}
	durablePragmas   = append([]string{"busy_timeout = 5000"}, filePragmas...)
	impatientPragmas = append([]string{"busy_timeout = 200"}, filePragmas...) // for who tries again
)

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
	return queueJob(ctx, db.jobs, db.ended, workspace, fn)
}

// alone is update: they run one after another.
func (db *sqliteDB) alone(ctx context.Context, workspace desk.ID, fn func(*tx) error) error {
	return db.update(ctx, workspace, fn)
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
		if j.err = db.run(j); j.err != nil && j.tx.wrote {
			db.rollback()
			db.replay(batch)
			return batch
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
		if j.err = db.run(j); j.err != nil {
			db.rollback()
			j.finish(j.err)
			continue
		}
		if err := db.commit(batch[i : i+1]); err != nil {
			j.finish(err)
		}
	}
}

// run calls the update's function; a panic becomes its error.
func (db *sqliteDB) run(j *job) (err error) {
	j.tx = newTx(db.store, db.writer, j.workspace)
	defer func() {
		if p := recover(); p != nil {
			err = db.store.panicked(p, debug.Stack())
			j.tx.wrote = true
		}
	}()
	return db.store.timed(j.tx, j.fn)
}

// errCommit marks a failure of the commit itself, of which every caller has heard.
var errCommit = errors.New("commit failed")

// commit writes the events of the batch in its order, commits, and tells the callers. An error that is not errCommit
// came before the commit: the batch was rolled back and nobody has heard.
func (db *sqliteDB) commit(batch []*job) error {
	var done []*tx
	for _, j := range batch {
		if j.tx != nil && j.err == nil && !j.finished {
			done = append(done, j.tx)
		}
	}
	news, err := end(db.writer, done)
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
		j.finish(j.err)
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
