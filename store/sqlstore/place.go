package sqlstore

import (
	"context"
	"errors"
	"os"

	"madoguchi/desk"
	"madoguchi/store"
)

const slotsAlive = `SELECT count(*) FROM node_slots WHERE until > $1`

// Served reports whether a desk is serving a database now, or was killed less than the length of a lease ago.
func Served(ctx context.Context, c Config) (served bool, err error) {
	err = Snapshot(ctx, c, func(view store.Snapshot) error {
		s := view.(*snapshot)
		var alive int64
		err := s.run.query(slotsAlive, []any{s.store.now().UnixMilli()}, func(r row) error { return r.into(&alive) })
		served = alive > 0
		return err
	})
	return served, err
}

// Settled is what holds for all nodes of a database, "" where nothing was settled or there is no desk.
func Settled(ctx context.Context, c Config, f store.Fact) (value string, err error) {
	err = Snapshot(ctx, c, func(view store.Snapshot) error {
		s := view.(*snapshot)
		has := int64(0) // an older schema has no such table
		err := s.run.query(s.store.dialect.hasTable, []any{"installation"}, func(r row) error { return r.into(&has) })
		if err != nil || has == 0 {
			return err
		}
		return s.run.query(sqlFactGet, []any{string(f)}, func(r row) error { return r.into(&value) })
	})
	if desk.CodeOf(err) == errNoDatabase.Code {
		err = nil
	}
	return value, err
}

// whichDatabase names the tables that a connection sees: the server's start, the database, the schema.
const whichDatabase = `SELECT pg_postmaster_start_time()::text || ' ' || (SELECT oid FROM pg_database WHERE datname = current_database())::text || ' ' ||
	coalesce(current_schema(), '')`

// SamePlace reports whether two configurations mean the same database, however they are written.
func SamePlace(ctx context.Context, a, b Config) (bool, error) {
	if (a.URL == "") != (b.URL == "") {
		return false, nil
	}
	if a.URL == "" {
		x, err := os.Stat(a.Path)
		if err != nil {
			return false, ignoreMissing(err)
		}
		y, err := os.Stat(b.Path)
		return err == nil && os.SameFile(x, y), ignoreMissing(err)
	}
	var names [2]string
	for i, c := range []Config{a, b} {
		conn, err := prepare(c).dial(ctx)
		if err != nil {
			return false, err
		}
		err = conn.QueryRow(ctx, whichDatabase).Scan(&names[i])
		if err = errors.Join(translatePostgres(err), conn.Close(ctx)); err != nil {
			return false, err
		}
	}
	return names[0] == names[1], nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
