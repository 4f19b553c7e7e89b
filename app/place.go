package app

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"madoguchi/archive"
	"madoguchi/desk"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
)

// place is the desk that c describes, for archive; keys is nil where there is no key file.
func (c Config) place() (p archive.Place, keys *seal.Keyring, err error) {
	log, err := c.logger()
	if err != nil {
		return p, nil, err
	}
	if c.Data == "" {
		return p, nil, desk.Invalid("data", "data_missing", "a data folder is needed")
	}
	if _, err := os.Stat(c.Data); err != nil {
		return p, nil, desk.Invalid("data", "data_unreadable", "the data folder cannot be read: %w", err)
	}
	keys, err = seal.LoadKeyring(c.path(keyFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return p, nil, err
	}
	if p.Blobs, err = c.openBlobs(); err != nil {
		return p, nil, err
	}
	if keys != nil {
		p.Secrets.Sealer = keys
	}
	sc := c.storeConfig(log)
	p.Snapshot = func(ctx context.Context, fn func(store.Snapshot) error) error { return sqlstore.Snapshot(ctx, sc, fn) }
	p.Fill = func(ctx context.Context, schema int64, fn func(store.Filler) error) error {
		return sqlstore.Fill(ctx, sc, schema, fn)
	}
	return p, keys, nil
}
