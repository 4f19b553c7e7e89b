package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"madoguchi/desk"
)

// postgresDB runs each update in a transaction of its own on a pooled connection.
type postgresDB struct {
	store  *Store
	pool   *pgxpool.Pool
	closed atomic.Bool
}

func newPostgres(ctx context.Context, s *Store) (database, error) {
	config, err := pgxpool.ParseConfig(s.config.URL)
	if err != nil {
		return nil, desk.Errorf(desk.KindInvalid, "database_url_invalid", "the database URL cannot be read: %w", err)
	}
	config.MaxConns = int32(max(s.config.Readers, 8))
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, translatePostgres(err)
	}
	return &postgresDB{store: s, pool: pool}, nil
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
			return translatePostgres(err)
		}
		return translatePostgres(run.end())
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

const maxConflicts = 8

// update retries what the database refused for the sake of order: deadlocks and serialization failures.
func (db *postgresDB) update(ctx context.Context, workspace desk.ID, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	for try := 1; ; try++ {
		err := db.try(ctx, workspace, fn)
		if !again(err) || try == maxConflicts {
			if err != nil && ctx.Err() != nil {
				return desk.Errorf(desk.KindUncertain, "uncertain", "the update may have happened: %w", err)
			}
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
		n := news{workspace: workspace, events: t.events, deliveries: t.outgoing}
		if err := run.commit(&n); err != nil {
			run.rollback()
			return err
		}
		if n.deliveries || n.seq > 0 {
			db.store.announce([]news{n})
		}
		return nil
	})
}

func (db *postgresDB) run(t *tx, fn func(*tx) error) (err error) {
	began := time.Now()
	defer func() {
		if p := recover(); p != nil {
			err = db.store.panicked(p, debug.Stack())
		}
		if took := time.Since(began); took > slowUpdate {
			db.store.log.Warn("slow update", slog.Duration("took", took), slog.String("workspace", t.workspace.String()))
		}
	}()
	return t.finished(fn)
}

func (db *postgresDB) ready(ctx context.Context) error { return translatePostgres(db.pool.Ping(ctx)) }

func (db *postgresDB) close() error {
	db.closed.Store(true)
	db.pool.Close()
	return nil
}

// pgRunner sends writes that nobody waits for together with the next statement: one round trip for many.
type pgRunner struct {
	ctx     context.Context
	conn    *pgx.Conn
	begin   string // not yet sent
	begun   bool
	waiting []pgCall
}

type pgCall struct {
	sql  string
	args []any
}

func (r *pgRunner) later(sql string, args []any) error {
	r.waiting = append(r.waiting, pgCall{sql, args})
	return nil
}

// send starts a batch of everything that waited.
func (r *pgRunner) send(last ...pgCall) (pgx.BatchResults, error) {
	batch := &pgx.Batch{}
	n := len(r.waiting)
	if !r.begun {
		batch.Queue(r.begin)
		r.begun = true
		n++
	}
	for _, c := range r.waiting {
		batch.Queue(c.sql, c.args...)
	}
	r.waiting = r.waiting[:0]
	for _, c := range last {
		batch.Queue(c.sql, c.args...)
	}
	results := r.conn.SendBatch(r.ctx, batch)
	for range n {
		if _, err := results.Exec(); err != nil {
			return nil, errors.Join(err, ignoreSame(err, results.Close()))
		}
	}
	return results, nil
}

// ignoreSame drops what Close only repeats.
func ignoreSame(err, again error) error {
	if err != nil {
		return nil
	}
	return again
}

func (r *pgRunner) exec(sql string, args []any) (int64, error) {
	results, err := r.send(pgCall{sql, args})
	if err != nil {
		return 0, err
	}
	tag, err := results.Exec()
	return tag.RowsAffected(), errors.Join(err, ignoreSame(err, results.Close()))
}

func (r *pgRunner) query(sql string, args []any, each func(row) error) error {
	results, err := r.send(pgCall{sql, args})
	if err != nil {
		return err
	}
	err = readRows(results, each)
	return errors.Join(err, ignoreSame(err, results.Close()))
}

func readRows(results pgx.BatchResults, each func(row) error) error {
	rows, err := results.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(pgRow{rows}); err != nil {
			return err
		}
	}
	return rows.Err()
}

// commit sends the rest of the writes, the events and the commit in one round trip. Only when the answer to the commit
// itself is missing, nobody knows.
func (r *pgRunner) commit(n *news) error {
	if !r.begun && len(r.waiting) == 0 && len(n.events) == 0 {
		return nil
	}
	calls, err := n.calls()
	if err != nil {
		return err
	}
	results, err := r.send(append(calls, pgCall{sql: "commit"})...)
	if err != nil {
		return uncertain(err)
	}
	if len(calls) > 0 {
		if err := readRows(results, func(row row) error { return scan(row, &n.seq) }); err != nil {
			return uncertain(errors.Join(err, ignoreSame(err, results.Close())))
		}
	}
	for i := 1; i <= max(len(calls), 1); i++ {
		if _, err := results.Exec(); err != nil {
			return uncertain(errors.Join(err, ignoreSame(err, results.Close())))
		}
	}
	if err := results.Close(); err != nil {
		return uncertain(err)
	}
	return nil
}

// calls are the statements that append the events, first the one that draws the positions.
func (n *news) calls() ([]pgCall, error) {
	var r pgRecorder
	if len(n.events) == 0 {
		return nil, nil
	}
	if err := n.write(&r); err != nil {
		return nil, err
	}
	return r, nil
}

// pgRecorder notes statements instead of running them.
type pgRecorder []pgCall

func (r *pgRecorder) later(sql string, args []any) error {
	*r = append(*r, pgCall{sql, args})
	return nil
}

func (r *pgRecorder) exec(sql string, args []any) (int64, error) { return 0, r.later(sql, args) }

func (r *pgRecorder) query(sql string, args []any, _ func(row) error) error {
	return r.later(sql, args)
}

// uncertain marks a failure after which the transaction may be durable: the server did not say no.
func uncertain(err error) error {
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.Severity == "ERROR" || pgconn.SafeToRetry(err) {
		return translatePostgres(err)
	}
	return desk.Errorf(desk.KindUncertain, "uncertain", "the commit's answer is missing: %w", err)
}

// end ends a view.
func (r *pgRunner) end() error {
	if !r.begun {
		return nil
	}
	_, err := r.exec("commit", nil)
	return err
}

// rollback ends a failed transaction; a connection that cannot is dropped by the pool.
func (r *pgRunner) rollback() {
	if !r.begun || r.conn.IsClosed() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), 5*time.Second)
	defer cancel()
	_, _ = r.conn.Exec(ctx, "rollback")
}

type pgRow struct{ rows pgx.Rows }

func (r pgRow) into(dest ...any) error { return r.rows.Scan(dest...) }

// migrationLock is the advisory lock that migrating nodes take, any fixed number.
const migrationLock = 0x6d61646f

func (s *Store) migratePostgres(ctx context.Context) (err error) {
	conn, err := pgx.Connect(ctx, s.config.URL)
	if err != nil {
		return translatePostgres(err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	script := func(text string) error {
		_, err := conn.PgConn().Exec(ctx, text).ReadAll()
		return err
	}
	if err := script(fmt.Sprintf("BEGIN; SELECT pg_advisory_xact_lock(%d); %s", migrationLock, sqlSchemaTable)); err != nil {
		return err
	}
	run := &pgRunner{ctx: ctx, conn: conn, begun: true}
	if err := s.apply(run, script); err != nil {
		return errors.Join(err, script("ROLLBACK"))
	}
	return script("COMMIT")
}
