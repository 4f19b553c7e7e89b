package sqlstore

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"madoguchi/desk"
)

// postgresDB runs views on pooled connections and hands updates to its committers, by workspace.
type postgresDB struct {
	store      *Store
	pool       *pgxpool.Pool
	committers [4]*committer
	closing    chan struct{}
	ended      chan struct{}
	closed     atomic.Bool
}

func newPostgres(ctx context.Context, s *Store) (database, error) {
	config, err := pgxpool.ParseConfig(s.config.URL)
	if err != nil {
		return nil, desk.Errorf(desk.KindInvalid, "database_url_invalid", "the database URL cannot be read: %w", err)
	}
	config.MaxConns = int32(max(s.config.Readers, 12))
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, translatePostgres(err)
	}
	db := &postgresDB{store: s, pool: pool, closing: make(chan struct{}), ended: make(chan struct{})}
	var work sync.WaitGroup
	for i := range db.committers {
		c := newCommitter(db)
		db.committers[i] = c
		work.Go(func() { c.work(db.closing) })
	}
	go func() {
		work.Wait()
		close(db.ended)
	}()
	return db, nil
}

const (
	beginUpdate = "begin"
	beginView   = "begin isolation level repeatable read read only"
)

func (db *postgresDB) view(ctx context.Context, fn func(runner) error) error {
	return db.borrow(ctx, func(c *pgx.Conn) error {
		run := &pgRunner{ctx: ctx, conn: c, begin: beginView}
		if err := fn(run); err != nil {
			run.rollback()
			return err
		}
		return translatePostgres(run.finish())
	})
}

func (db *postgresDB) borrow(ctx context.Context, fn func(*pgx.Conn) error) error {
	c, err := db.pool.Acquire(ctx)
	if err != nil {
		if db.closed.Load() {
			return errClosed
		}
		return translatePostgres(err)
	}
	defer c.Release()
	return fn(c.Conn())
}

// update goes with a group, and alone if the group fails.
func (db *postgresDB) update(ctx context.Context, workspace desk.ID, fn func(*tx) error) error {
	err := queueJob(ctx, db.committers[uint64(workspace)%uint64(len(db.committers))].jobs, db.ended, workspace, fn)
	if errors.Is(err, errAlone) {
		return db.alone(ctx, workspace, fn)
	}
	return err
}

const maxConflicts = 8

// alone runs an update in a transaction of its own, again when the database refused it for the sake of order: deadlocks
// and serialization failures.
func (db *postgresDB) alone(ctx context.Context, workspace desk.ID, fn func(*tx) error) error {
	for try := 1; ; try++ {
		err := db.try(ctx, workspace, fn)
		if err != nil && ctx.Err() != nil {
			return desk.Errorf(desk.KindUncertain, "uncertain", "the update may have happened: %w", err)
		}
		if !again(err) || try == maxConflicts {
			return err
		}
		select {
		case <-time.After(time.Duration(rand.IntN(10*try)+1) * time.Millisecond):
		case <-ctx.Done():
			return desk.Errorf(desk.KindUncertain, "uncertain", "the update did not get through: %w", ctx.Err())
		}
	}
}

// again reports a conflict of the database's own making.
func again(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

func (db *postgresDB) try(ctx context.Context, workspace desk.ID, fn func(*tx) error) (err error) {
	return db.borrow(ctx, func(c *pgx.Conn) error {
		run := &pgRunner{ctx: ctx, conn: c, begin: beginUpdate}
		t := newTx(db.store, run, workspace)
		if err := db.run(t, fn); err != nil {
			run.rollback()
			return err
		}
		all, err := run.commit([]*tx{t})
		if err != nil {
			run.rollback()
			return err
		}
		db.store.announce(all)
		return nil
	})
}

func (db *postgresDB) run(t *tx, fn func(*tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = db.store.panicked(p, debug.Stack())
		}
	}()
	return db.store.timed(t, fn)
}

func (db *postgresDB) ready(ctx context.Context) error { return translatePostgres(db.pool.Ping(ctx)) }

func (db *postgresDB) close() error {
	close(db.closing)
	<-db.ended
	db.closed.Store(true)
	db.pool.Close()
	return nil
}
