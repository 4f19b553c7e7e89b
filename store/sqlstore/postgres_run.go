package sqlstore

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"madoguchi/desk"
)

// pgCall is one statement and what becomes of its answer.
type pgCall struct {
	sql  string
	args []any
	each func(row) error // nil for a write
	rows *int64          // how many a write touched, may be nil
}

// pgRunner sends writes that nobody waits for together with the next statement: one round trip for many.
type pgRunner struct {
	ctx     context.Context
	conn    *pgx.Conn
	begin   string // sent before the first statement
	begun   bool
	waiting []pgCall
}

func (r *pgRunner) later(sql string, args []any) error {
	r.waiting = append(r.waiting, pgCall{sql: sql, args: args})
	return nil
}

func (r *pgRunner) exec(sql string, args []any) (n int64, err error) {
	err = r.send(pgCall{sql: sql, args: args, rows: &n})
	return n, err
}

func (r *pgRunner) query(sql string, args []any, each func(row) error) error {
	return r.send(pgCall{sql: sql, args: args, each: each})
}

// hold has nothing to wait for: the row's lock in the database does it.
func (r *pgRunner) hold(_, _ desk.ID) error { return nil }

// send makes one round trip of everything that waited and these calls.
func (r *pgRunner) send(calls ...pgCall) error {
	all := append(r.waiting, calls...)
	r.waiting = nil
	if !r.begun {
		r.begun = true
		all = append([]pgCall{{sql: r.begin}}, all...)
	}
	batch := &pgx.Batch{}
	for _, c := range all {
		batch.Queue(postgresStatement(c.sql), c.args...)
	}
	results := r.conn.SendBatch(r.ctx, batch)
	for _, c := range all {
		if err := c.answer(results); err != nil {
			_ = results.Close() // repeats the error
			return err
		}
	}
	return results.Close()
}

func (c pgCall) answer(results pgx.BatchResults) error {
	if c.each == nil {
		tag, err := results.Exec()
		if c.rows != nil {
			*c.rows = tag.RowsAffected()
		}
		return err
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := c.each(pgRow{rows}); err != nil {
			return err
		}
	}
	return rows.Err()
}

type pgRow struct{ rows pgx.Rows }

func (r pgRow) into(dest ...any) error { return r.rows.Scan(dest...) }

// commit sends the rest of the writes, what the transactions put off to their end, and the commit, in one round trip.
// Only when the answer to it is missing, nobody knows.
func (r *pgRunner) commit(done []*tx) ([]*news, error) {
	var last pgRecorder
	all, err := end(&last, done)
	if err != nil {
		return nil, err
	}
	if !r.begun && len(r.waiting) == 0 && len(last) == 0 {
		return all, nil
	}
	return all, uncertain(r.send(append(last, pgCall{sql: "commit"})...))
}

// pgRecorder notes statements instead of running them.
type pgRecorder []pgCall

func (r *pgRecorder) later(sql string, args []any) error { return r.query(sql, args, nil) }

func (r *pgRecorder) exec(sql string, args []any) (int64, error) { return 0, r.query(sql, args, nil) }

func (r *pgRecorder) query(sql string, args []any, each func(row) error) error {
	*r = append(*r, pgCall{sql: sql, args: args, each: each})
	return nil
}

func (r *pgRecorder) hold(_, _ desk.ID) error { return nil }

// uncertain marks a failure after which the transaction may be durable: the server did not say no.
func uncertain(err error) error {
	if err == nil {
		return nil
	}
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.Severity == "ERROR" {
		return translatePostgres(err)
	}
	if pgconn.SafeToRetry(err) { // nothing was sent
		return desk.Errorf(desk.KindUnavailable, "database_unavailable", "the database cannot be reached: %w", err)
	}
	return desk.Errorf(desk.KindUncertain, "uncertain", "the commit's answer is missing: %w", err)
}

// finish ends a view.
func (r *pgRunner) finish() error {
	if !r.begun {
		return nil
	}
	return r.send(pgCall{sql: "commit"})
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
