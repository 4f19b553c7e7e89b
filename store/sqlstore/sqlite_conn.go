package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"

	"modernc.org/sqlite"

	"madoguchi/desk"
)

// sqliteConn is one connection with its prepared statements. It speaks to the driver itself: database/sql would add
// locks and conversions to every row.
type sqliteConn struct {
	conn     driver.Conn
	prepared map[string]driver.Stmt
	rewrite  func(string) string
}

var errColumns = errors.New("the statement's columns do not fit")

// private makes a database file that is not there yet, for its owner alone: SQLite would let everybody on the machine read
// it. Its -wal and -shm files take its mode. What goes wrong is SQLite's to say.
func private(path string) {
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err == nil {
		_ = f.Close()
	}
}

func openSQLite(d *sqlite.Driver, path string, pragmas []string, rewrite func(string) string) (*sqliteConn, error) {
	private(path)
	conn, err := d.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	c := &sqliteConn{conn: conn, prepared: map[string]driver.Stmt{}, rewrite: rewrite}
	for _, p := range pragmas {
		if err := c.script("PRAGMA " + p); err != nil {
			return nil, errors.Join(fmt.Errorf("pragma %s: %w", p, err), conn.Close())
		}
	}
	return c, nil
}

// script runs text that is not worth keeping prepared, statement after statement.
func (c *sqliteConn) script(text string) error {
	s, err := c.conn.Prepare(text)
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = s.(driver.StmtExecContext).ExecContext(context.Background(), nil)
	return err
}

func (c *sqliteConn) stmt(sql string) (driver.Stmt, error) {
	if s := c.prepared[sql]; s != nil {
		return s, nil
	}
	s, err := c.conn.Prepare(c.rewrite(sql))
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", sql, err)
	}
	c.prepared[sql] = s
	return s, nil
}

func driverArgs(args []any) []driver.NamedValue {
	values := make([]driver.NamedValue, len(args))
	for i, a := range args {
		if b, ok := a.([]byte); ok && b == nil {
			a = nil
		}
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return values
}

func (c *sqliteConn) exec(sql string, args []any) (int64, error) {
	s, err := c.stmt(sql)
	if err != nil {
		return 0, err
	}
	r, err := s.(driver.StmtExecContext).ExecContext(context.Background(), driverArgs(args))
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (c *sqliteConn) later(sql string, args []any) error {
	_, err := c.exec(sql, args)
	return err
}

// hold has nothing to wait for: updates go one after another.
func (c *sqliteConn) hold(_, _ desk.ID) error { return nil }

func (c *sqliteConn) query(sql string, args []any, each func(row) error) (err error) {
	s, err := c.stmt(sql)
	if err != nil {
		return err
	}
	rows, err := s.(driver.StmtQueryContext).QueryContext(context.Background(), driverArgs(args))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	values := make(sqliteRow, len(rows.Columns()))
	for {
		if err := rows.Next(values); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := each(values); err != nil {
			return err
		}
	}
}

func (c *sqliteConn) close() error {
	var all error
	for _, s := range c.prepared {
		all = errors.Join(all, s.Close())
	}
	return errors.Join(all, c.conn.Close())
}

// sqliteRow is the driver's values of one row.
type sqliteRow []driver.Value

func (values sqliteRow) into(dest ...any) error {
	if len(dest) != len(values) {
		return fmt.Errorf("%d columns into %d: %w", len(values), len(dest), errColumns)
	}
	for i, d := range dest {
		if !assign(d, values[i]) {
			return fmt.Errorf("column %d is a %T, not a %T: %w", i+1, values[i], d, errColumns)
		}
	}
	return nil
}

func assign(dest any, v driver.Value) (ok bool) {
	switch p := dest.(type) {
	case *int64:
		*p, ok = v.(int64)
	case *string:
		*p, ok = v.(string)
	case *[]byte:
		*p, ok = v.([]byte)
		ok = ok || v == nil
	}
	return ok
}
