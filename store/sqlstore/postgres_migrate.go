package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"madoguchi/desk"
)

// migrationLock is the advisory lock that migrating nodes take, any fixed number.
const migrationLock = 0x6d61646f

// Nodes of the release before go on working while the schema changes under them. The migration takes every table before it
// begins: were it to wait for one with another in hand, it and their transactions would stand in each other's way for
// good. While it waits, everybody waits, so it gives up soon and tries again in another order.
const (
	tableWait    = 300 * time.Millisecond
	tablePause   = 200 * time.Millisecond // at most, between tries
	tablesWithin = time.Minute
)

const tableNames = `SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()`

func (s *Store) migratePostgres(ctx context.Context) (err error) {
	conn, err := pgx.Connect(ctx, s.config.URL)
	if err != nil {
		return translatePostgres(err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	for began := time.Now(); ; {
		err := s.tryMigratePostgres(ctx, conn)
		switch {
		case !tablesTaken(err):
			return err
		case time.Since(began) > tablesWithin:
			return desk.Errorf(desk.KindUnavailable, "database_busy", "other nodes or programs work on the tables all the time: stop them while this node starts: %w", err)
		}
		select {
		case <-time.After(rand.N(tablePause)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// tablesTaken reports that somebody else had a table: the transaction is rolled back and nothing happened.
func tablesTaken(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "55P03" || again(err))
}

func (s *Store) tryMigratePostgres(ctx context.Context, conn *pgx.Conn) error {
	script := func(text string) error {
		_, err := conn.PgConn().Exec(ctx, text).ReadAll()
		return err
	}
	if err := script(fmt.Sprintf("BEGIN; SELECT pg_advisory_xact_lock(%d); %s", migrationLock, schemaTables)); err != nil {
		return errors.Join(err, script("ROLLBACK"))
	}
	run := &pgRunner{ctx: ctx, conn: conn, begun: true}
	err := s.takeTables(run, script)
	if err == nil {
		err = s.apply(run, script)
	}
	if err != nil {
		return errors.Join(err, script("ROLLBACK"))
	}
	return script("COMMIT")
}

// takeTables locks every table there is, if anything is to be done.
func (s *Store) takeTables(run runner, script func(string) error) error {
	is, err := s.readSchema(run)
	if err != nil || is.applied == 0 || len(is.missing) == 0 {
		return err
	}
	var tables []string
	err = run.query(tableNames, nil, func(r row) error {
		var name string
		err := r.into(&name)
		tables = append(tables, pgx.Identifier{name}.Sanitize())
		return err
	})
	if err != nil || len(tables) == 0 {
		return err
	}
	rand.Shuffle(len(tables), func(i, j int) { tables[i], tables[j] = tables[j], tables[i] })
	return script(fmt.Sprintf("SET LOCAL lock_timeout = %d; LOCK TABLE %s IN ACCESS EXCLUSIVE MODE; SET LOCAL lock_timeout = DEFAULT",
		tableWait.Milliseconds(), strings.Join(tables, ", ")))
}
