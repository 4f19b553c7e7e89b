package app

import (
	"context"
	"log/slog"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
)

// databaseFile is SQLite's file in the data folder; keyFile holds the keys that secrets are sealed under.
const (
	databaseFile = "madoguchi.db"
	keyFile      = "key"
	blobFolder   = "files"

	journalFolder = "journal" // requests that were taken while the database was away
	journalBytes  = 256 << 20 // what they may take up
)

func (c Config) storeConfig(log *slog.Logger) sqlstore.Config {
	sc := sqlstore.Config{Log: log, Clock: c.clock()}
	if c.DatabaseURL != "" {
		sc.URL = c.DatabaseURL
	} else {
		sc.Path = c.path(databaseFile)
	}
	return sc
}

// openStore prepares the data folder and opens the database; onCommit may be nil.
func (c Config) openStore(ctx context.Context, onCommit func(desk.ID, int64, bool)) (*sqlstore.Store, *slog.Logger, error) {
	log, err := c.logger()
	if err != nil {
		return nil, nil, err
	}
	if err := c.ready(); err != nil {
		return nil, nil, err
	}
	sc := c.storeConfig(log)
	sc.OnCommit = onCommit
	s, err := sqlstore.Open(ctx, sc)
	return s, log, c.explainStorage(err)
}

// firstWorkspace is the one that commands mean when none is named.
func firstWorkspace(ctx context.Context, s store.Store) (id desk.ID, err error) {
	err = s.View(ctx, 0, func(r store.Reader) error {
		all, err := r.Workspaces().All()
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return &desk.Error{Kind: desk.KindNotFound, Code: "workspace_not_found", Message: "there is no workspace yet: run madoguchi setup, or open the set-up page"}
		}
		id = all[0].ID
		return nil
	})
	return id, err
}
