package archive

import (
	"context"
	"fmt"
	"io"

	"madoguchi/blob"
	"madoguchi/desk"
	"madoguchi/store"
)

// Restore puts what an archive holds into an empty place, and commits only when every sum agrees: those of the archive, and those
// of what was written, read again. "place_taken" (conflict) where there is a desk already, "key_file_wrong" (invalid)
// where the place's key file does not open the archive's secrets.
func Restore(ctx context.Context, r *Reader, to Place, tell Progress) (Sums, error) {
	var sums Sums
	err := to.Fill(ctx, r.Head.Schema, func(f store.Filler) error {
		if err := empty(f); err != nil {
			return err
		}
		var err error
		if sums, err = r.body(ctx, restoring{ctx, f, to}, tell); err != nil {
			return err
		}
		return check(ctx, f, r.Head, sums, tell)
	})
	if err != nil {
		return Sums{}, fmt.Errorf("restore: %w", err)
	}
	return sums, nil
}

// empty refuses a place that somebody uses.
func empty(s store.Snapshot) error {
	for _, table := range []string{"workspaces", "users"} {
		n, err := s.Count(table, 0)
		if err != nil {
			return err
		}
		if n > 0 {
			return desk.Errorf(desk.KindConflict, "place_taken", "there is a desk here already (%d %s): restore into an empty place", n, table)
		}
	}
	return nil
}

// check reads again what was written.
func check(ctx context.Context, s store.Snapshot, head Head, want Sums, tell Progress) error {
	got := newTally()
	var done int64
	for _, t := range head.Tables {
		got.begin(t.Table)
		err := s.Rows(t.Name, 0, func(r store.Row) error {
			if done++; done%1000 == 0 {
				tell.step("checking", done, head.rows(), 0)
				if ctx.Err() != nil {
					return ctx.Err()
				}
			}
			_, err := got.add(t.Table, r)
			return err
		})
		if err != nil {
			return err
		}
	}
	sums, err := got.sums()
	if err != nil {
		return err
	}
	if err := want.compare(sums); err != nil {
		return desk.Errorf(desk.KindInternal, "copy_differs", "what was written does not read as it was: %w", err)
	}
	return nil
}

// restoring takes an archive's content into a place.
type restoring struct {
	ctx  context.Context
	into store.Filler
	to   Place
}

func (r restoring) rows(t store.Table, rows []store.Row) error {
	if err := r.to.Secrets.opens(t, rows); err != nil {
		return err
	}
	return r.into.Put(t, rows)
}

func (r restoring) file(f File, size int64, from io.Reader) error {
	return importFile(r.ctx, r.to.Blobs, f, size, from)
}

func importFile(ctx context.Context, to blob.Store, f File, size int64, from io.Reader) error {
	importer, ok := to.(blob.Importer)
	if !ok {
		return desk.Errorf(desk.KindInternal, "import_unsupported", "a %T takes no files from elsewhere", to)
	}
	return importer.Import(ctx, f.Workspace, f.Key, size, from)
}

// Verify reads an archive from beginning to end and checks everything that can be checked without restoring it.
func Verify(ctx context.Context, r *Reader, tell Progress) (Sums, error) {
	sums, err := r.body(ctx, nowhere{}, tell)
	if err != nil {
		return Sums{}, fmt.Errorf("verify: %w", err)
	}
	return sums, nil
}

// nowhere takes everything and keeps nothing.
type nowhere struct{}

func (nowhere) rows(store.Table, []store.Row) error { return nil }

func (nowhere) file(_ File, _ int64, from io.Reader) error {
	_, err := io.Copy(io.Discard, from)
	return err
}
