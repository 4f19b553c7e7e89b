package archive

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"madoguchi/blob"
	"madoguchi/desk"
	"madoguchi/store"
)

// Place is where a desk lies.
type Place struct {
	// Snapshot hands out all records at one instant.
	Snapshot func(ctx context.Context, fn func(store.Snapshot) error) error
	// Fill puts records in, all or nothing (as sqlstore.Fill).
	Fill  func(ctx context.Context, schema int64, fn func(store.Filler) error) error
	Blobs blob.Store
	// Secrets opens and seals what is kept under the place's key file.
	Secrets Secrets
}

// Step is how far work has come.
type Step struct {
	Doing    string // a table's name, "files" or "checking"
	Done, Of int64  // rows or files; Of is 0 where nobody knows
	Bytes    int64  // so far, before compression
}

// Progress hears of steps, often; it may be nil.
type Progress func(Step)

func (p Progress) step(doing string, done, of, bytes int64) {
	if p != nil {
		p(Step{doing, done, of, bytes})
	}
}

// BackupParams describe an archive to make.
type BackupParams struct {
	Lock    Lock
	Program string // version
	KeyFile string // fingerprint
	Now     desk.Clock
	Tell    Progress
}

// Backup writes a desk to an archive while it serves. Records are those of one instant; files come after them, and a row
// is written only when its file lies there, so each named file is there, unless it was deleted meanwhile. When it fails,
// what was written is no archive. Stopped by ctx.
func Backup(ctx context.Context, from Place, to io.Writer, p BackupParams) (Sums, error) {
	sealed, err := lock(to, p.Lock)
	if err != nil {
		return Sums{}, err
	}
	sums, err := backup(ctx, from, sealed, p)
	if err != nil {
		return Sums{}, fmt.Errorf("back up: %w", err)
	}
	if err := sealed.Close(); err != nil {
		return Sums{}, fmt.Errorf("back up: %w", err)
	}
	return sums, nil
}

func backup(ctx context.Context, from Place, to io.Writer, p BackupParams) (Sums, error) {
	w := newWriter(ctx, to, p.Now().UTC().Truncate(time.Second))
	err := from.Snapshot(ctx, func(s store.Snapshot) error { return w.records(s, p) })
	if err != nil {
		return Sums{}, err
	}
	sums, err := w.tally.sums()
	if err != nil {
		return Sums{}, err
	}
	if err := w.blobs(from.Blobs, p.Tell); err != nil {
		return Sums{}, err
	}
	for f := range w.tally.named { // what is left was not found
		sums.Missing = append(sums.Missing, f)
	}
	slices.SortFunc(sums.Missing, func(a, b File) int { return strings.Compare(fileName(a), fileName(b)) })
	return w.finish(sums)
}

// records writes the head and all rows.
func (w *writer) records(s store.Snapshot, p BackupParams) error {
	head := Head{Format: format, Version: version, Schema: s.Schema(), MadeAt: w.at, Program: p.Program, KeyFile: p.KeyFile}
	for _, t := range s.Tables() {
		n, err := s.Count(t.Name, 0)
		if err != nil {
			return err
		}
		head.Tables = append(head.Tables, TableHead{t, n})
	}
	if err := w.json(headName, head); err != nil {
		return err
	}
	var done, bytes int64
	for _, t := range head.Tables {
		w.begin(t.Table)
		err := s.Rows(t.Name, 0, func(r store.Row) error {
			if done++; done%1000 == 0 {
				p.Tell.step(t.Name, done, head.rows(), bytes)
			}
			if err := w.row(r); err != nil {
				return err
			}
			bytes += int64(len(w.tally.line))
			return nil
		})
		if err != nil {
			return err
		}
		if err := w.end(); err != nil {
			return err
		}
	}
	p.Tell.step("records", done, head.rows(), bytes)
	return nil
}

// blobs writes every file that is there; one that vanishes meanwhile is left out.
func (w *writer) blobs(from blob.Store, tell Progress) error {
	return from.Walk(w.ctx, func(i blob.Info) error {
		opened, info, err := from.Open(w.ctx, i.Workspace, i.Key)
		if desk.CodeOf(err) == blob.CodeNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		defer opened.Close()
		f := File{i.Workspace, i.Key}
		if err := w.file(f, info.Size, opened); err != nil {
			return err
		}
		delete(w.tally.named, f)
		tell.step("files", w.files.Count, 0, w.files.Bytes)
		return nil
	})
}
