package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"madoguchi/archive"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
)

// MoveParams say what moves.
type MoveParams struct {
	Workspaces []int64 // empty = all
	Keep       bool    // leave it where it was, too
	Tell       func(Step)
}

// Moved is what a move did with one workspace.
type Moved = archive.Moved

// Move takes workspaces from one place to another. Neither the source nor an SQLite target may be served meanwhile.
func Move(ctx context.Context, from, to Config, p MoveParams) ([]Moved, error) {
	params := archive.MoveParams{Keep: p.Keep, Tell: p.Tell}
	for _, w := range p.Workspaces {
		params.Workspaces = append(params.Workspaces, desk.ID(w))
	}
	if err := to.prepareData(); err != nil {
		return nil, err
	}
	if err := errors.Join(from.readyToMove(ctx, "from", true), to.readyToMove(ctx, "to", to.DatabaseURL == "")); err != nil {
		return nil, err
	}
	log, err := from.logger()
	if err != nil {
		return nil, err
	}
	if same, err := sqlstore.SamePlace(ctx, from.storeConfig(log), to.storeConfig(log)); same || err != nil {
		return nil, cmp.Or(err, error(desk.Invalid("to", "place_same", "that is where it is already")))
	}
	source, keys, err := from.place()
	if err != nil {
		return nil, err
	}
	if keys == nil {
		return nil, desk.Invalid("from", "key_file_missing", "there is no key file in %s", from.Data)
	}
	settled, err := sqlstore.Settled(ctx, to.storeConfig(log), store.FactKey)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(to.path(keyFile)); errors.Is(err, fs.ErrNotExist) && settled == "" {
		if err := copyKey(from.path(keyFile), to.path(keyFile)); err != nil {
			return nil, err
		}
	}
	target, newKeys, err := to.place()
	if err != nil {
		return nil, err
	}
	if newKeys == nil || settled != "" && !newKeys.Holds(settled) {
		return nil, desk.Invalid("to", "key_file_wrong", "the desk there seals under the key with the fingerprint %s: put its key file at %s", settled, to.path(keyFile))
	}
	params.SameKey = keys.Fingerprint() == newKeys.Fingerprint()
	if params.SharedBlob, err = sameFiles(ctx, source, target); err != nil {
		return nil, err
	}
	moved, err := archive.Move(ctx, source, target, params)
	return moved, roomless(to.Data, err)
}

// readyToMove brings a side that has a desk to this program's schema, and refuses one that is served where it must not be.
func (c Config) readyToMove(ctx context.Context, side string, still bool) error {
	log, err := c.logger()
	if err != nil {
		return err
	}
	sc := c.storeConfig(log)
	served, err := sqlstore.Served(ctx, sc)
	if desk.CodeOf(err) == "database_missing" && side == "to" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("--%s: %w", side, err)
	}
	if served && still {
		return desk.Invalid(side, "place_served", "a desk is serving there: stop it first (one that was killed counts for 20 seconds more)")
	}
	return sqlstore.Migrate(ctx, sc)
}

// sameFiles reports whether two places keep their files in the same folder or bucket.
func sameFiles(ctx context.Context, a, b archive.Place) (bool, error) {
	here, err := a.Blobs.Mark(ctx)
	if err != nil {
		return false, err
	}
	there, err := b.Blobs.Mark(ctx)
	return here == there, err
}
