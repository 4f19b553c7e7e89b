package archive

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

const (
	headName = "archive.json"
	sumsName = "sums.json"

	format  = "madoguchi archive"
	version = 1

	// chunkSize is about how long a member with rows is, in bytes: tar wants lengths first.
	chunkSize = 1 << 20
)

// Head is the first member: what the archive is.
type Head struct {
	Format  string      `json:"format"`
	Version int         `json:"version"`
	Schema  int64       `json:"schema"`
	MadeAt  time.Time   `json:"made_at"`
	Program string      `json:"program"`  // the version that wrote it
	KeyFile string      `json:"key_file"` // fingerprint of the key file that its secrets are sealed under
	Tables  []TableHead `json:"tables"`
}

// TableHead is a table with the number of its rows.
type TableHead struct {
	store.Table
	Rows int64 `json:"rows"`
}

// writer writes the members of an archive.
type writer struct {
	ctx   context.Context
	tar   *tar.Writer
	at    time.Time
	tally *tally
	files FileSum
	sum   hash.Hash // of the files

	table store.Table
	chunk []byte
	part  int
}

func newWriter(ctx context.Context, to io.Writer, at time.Time) *writer {
	return &writer{ctx: ctx, tar: tar.NewWriter(to), at: at, tally: newTally(), sum: sha256.New()}
}

func (w *writer) member(name string, size int64) error {
	return w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: w.at})
}

func (w *writer) whole(name string, content []byte) error {
	if err := w.member(name, int64(len(content))); err != nil {
		return err
	}
	_, err := w.tar.Write(content)
	return err
}

func (w *writer) json(name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return w.whole(name, append(text, '\n'))
}

func (w *writer) begin(t store.Table) {
	w.table, w.part, w.chunk = t, 0, w.chunk[:0]
	w.tally.begin(t)
}

// row adds a row of the table begun.
func (w *writer) row(r store.Row) error {
	if err := w.ctx.Err(); err != nil {
		return w.ctx.Err()
	}
	line, err := w.tally.add(w.table, r)
	if err != nil {
		return err
	}
	if w.chunk = append(w.chunk, line...); len(w.chunk) >= chunkSize {
		return w.end()
	}
	return nil
}

// end writes the rows that wait.
func (w *writer) end() error {
	if len(w.chunk) == 0 {
		return nil
	}
	w.part++
	err := w.whole(fmt.Sprintf("tables/%s/%06d.jsonl", w.table.Name, w.part), w.chunk)
	w.chunk = w.chunk[:0]
	return err
}

func fileName(f File) string { return fmt.Sprintf("files/%d/%s", f.Workspace, f.Key) }

// file adds the bytes of a blob.
func (w *writer) file(f File, size int64, from io.Reader) error {
	if err := w.member(fileName(f), size); err != nil {
		return err
	}
	n, err := io.Copy(io.MultiWriter(w.tar, w.sum), stopping{w.ctx, from})
	if err != nil {
		return err
	}
	if n != size {
		return desk.Errorf(desk.KindInternal, "file_changed", "file %s has %d bytes, not %d", fileName(f), n, size)
	}
	w.sum.Write([]byte(fileName(f)))
	w.files.Count++
	w.files.Bytes += size
	return nil
}

// finish writes the sums and the end.
func (w *writer) finish(s Sums) (Sums, error) {
	w.files.SHA256 = hex.EncodeToString(w.sum.Sum(nil))
	s.Files = w.files
	if err := w.json(sumsName, s); err != nil {
		return s, err
	}
	return s, w.tar.Close()
}

// stopping is a reader that ends with its context.
type stopping struct {
	ctx  context.Context
	from io.Reader
}

func (r stopping) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, r.ctx.Err()
	}
	return r.from.Read(p)
}
