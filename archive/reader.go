package archive

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"madoguchi/desk"
	"madoguchi/store"
)

// maxText bounds the members that are read into memory, in bytes: a row is far shorter.
const maxText = 256 << 20

// Reader reads an archive from its beginning to its end, once.
type Reader struct {
	Head Head

	unpacked *zstd.Decoder
	plain    io.Reader
	tar      *tar.Reader
}

// Open unlocks an archive and reads its head. The errors say whether the key is wrong ("archive_locked"), it is something
// else ("archive_foreign"), damaged ("archive_damaged") or of a newer program ("archive_newer").
func Open(ctx context.Context, from io.Reader, k Key) (*Reader, error) {
	unpacked, err := unlock(stopping{ctx, from}, k)
	if err != nil {
		return nil, err
	}
	r, err := newReader(unpacked)
	if err != nil {
		unpacked.Close()
		return nil, err
	}
	r.unpacked = unpacked
	return r, nil
}

func newReader(plain io.Reader) (*Reader, error) {
	plain = telling{plain}
	r := &Reader{plain: plain, tar: tar.NewReader(plain)}
	h, err := r.tar.Next()
	if err != nil {
		return nil, damaged(err)
	}
	if h.Name != headName {
		return nil, damaged(fmt.Errorf("it begins with %q", h.Name))
	}
	text, err := r.text(h)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &r.Head); err != nil || r.Head.Format != format {
		return nil, desk.Errorf(desk.KindInvalid, "archive_foreign", "this is no archive of ours: %w", err)
	}
	if r.Head.Version > version {
		return nil, desk.Errorf(desk.KindInvalid, "archive_newer", "the archive has format %d, this program knows %d: use the newer program", r.Head.Version, version)
	}
	return r, r.Head.check()
}

// check refuses tables that could not have been written: their names become SQL.
func (h Head) check() error {
	names := map[string]bool{}
	for _, t := range h.Tables {
		if t.Name == "" || names[t.Name] || len(t.Columns) == 0 {
			return damaged(fmt.Errorf("table %q", t.Name))
		}
		names[t.Name] = true
		for i, c := range t.Columns {
			known := []store.ColumnKind{store.ColumnInteger, store.ColumnText, store.ColumnBytes}
			if !slices.Contains(known, c.Kind) || t.Column(c.Name) != i {
				return damaged(fmt.Errorf("column %s.%s", t.Name, c.Name))
			}
		}
		// The tally reads these as numbers and keys.
		for name, with := range map[string][]string{"events": {"workspace_id", "seq"}, "event_heads": {"workspace_id", "seq"}} {
			for _, column := range with {
				if t.Name == name && t.Column(column) < 0 {
					return damaged(fmt.Errorf("table %s without %s", name, column))
				}
			}
		}
	}
	return nil
}

// Close frees what unpacking took.
func (r *Reader) Close() {
	if r.unpacked != nil {
		r.unpacked.Close()
	}
}

// taker takes what an archive holds; its errors end the reading and come back as they are.
type taker interface {
	rows(t store.Table, rows []store.Row) error
	file(f File, size int64, from io.Reader) error
}

// body reads everything after the head, hands it on, and checks it against the sums.
func (r *Reader) body(ctx context.Context, to taker, tell Progress) (Sums, error) {
	b := &bodyReader{Reader: r, ctx: ctx, to: to, tell: tell, tally: newTally(), sum: sha256.New(), read: map[File]bool{}}
	for _, t := range r.Head.Tables {
		b.tally.begin(t.Table)
	}
	for {
		h, err := r.tar.Next()
		if err == nil && ctx.Err() != nil {
			err = ctx.Err()
		}
		if err != nil {
			return Sums{}, cutOff(ctx, err)
		}
		if h.Typeflag != tar.TypeReg {
			return Sums{}, damaged(fmt.Errorf("member %q", h.Name))
		}
		kind, _, _ := strings.Cut(h.Name, "/")
		switch kind {
		case "tables":
			err = b.table(h)
		case "files":
			err = b.file(h)
		case sumsName:
			return b.end(h)
		default:
			err = damaged(fmt.Errorf("member %q", h.Name))
		}
		if err != nil {
			return Sums{}, err
		}
	}
}

// cutOff tells a reader that was stopped from an archive that ends too early.
func cutOff(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return damaged(err)
}

// text reads a member that fits memory.
func (r *Reader) text(h *tar.Header) ([]byte, error) {
	if h.Size > maxText {
		return nil, damaged(fmt.Errorf("member %q has %d bytes", h.Name, h.Size))
	}
	text, err := io.ReadAll(r.tar)
	return text, damaged(err)
}

// bodyReader is one reading.
type bodyReader struct {
	*Reader
	ctx   context.Context
	to    taker
	tell  Progress
	tally *tally
	files FileSum
	sum   interface {
		io.Writer
		Sum([]byte) []byte
	}
	read  map[File]bool
	at    int // position in Head.Tables of the table being read
	part  int
	rows  int64
	bytes int64
}

func (b *bodyReader) table(h *tar.Header) error {
	at := slices.IndexFunc(b.Head.Tables, func(t TableHead) bool { return strings.HasPrefix(h.Name, "tables/"+t.Name+"/") })
	if at > b.at {
		b.at, b.part = at, 0
	}
	b.part++
	if at != b.at || b.files.Count > 0 || h.Name != fmt.Sprintf("tables/%s/%06d.jsonl", b.Head.Tables[at].Name, b.part) {
		return damaged(fmt.Errorf("member %q is out of order", h.Name))
	}
	text, err := b.text(h)
	if err != nil {
		return cutOff(b.ctx, err)
	}
	t := b.Head.Tables[at].Table
	var rows []store.Row
	for len(text) > 0 {
		line, rest, ok := bytes.Cut(text, []byte("\n"))
		if !ok {
			return damaged(fmt.Errorf("member %q ends inside a row", h.Name))
		}
		r, err := parseRow(line, t)
		if err != nil {
			return damaged(err)
		}
		if err := b.tally.count(t, r, text[:len(line)+1]); err != nil {
			return damaged(err)
		}
		rows, text = append(rows, r), rest
	}
	b.rows += int64(len(rows))
	b.bytes += h.Size
	b.tell.step(t.Name, b.rows, b.Head.rows(), b.bytes)
	return b.to.rows(t, rows)
}

func (h Head) rows() (n int64) {
	for _, t := range h.Tables {
		n += t.Rows
	}
	return n
}

func (b *bodyReader) file(h *tar.Header) error {
	parts := strings.Split(h.Name, "/")
	if len(parts) != 3 {
		return damaged(fmt.Errorf("member %q", h.Name))
	}
	workspace, err := desk.ParseID(parts[1])
	f := File{workspace, parts[2]}
	if err != nil || fileName(f) != h.Name || b.read[f] {
		return damaged(fmt.Errorf("member %q", h.Name))
	}
	from := io.TeeReader(b.tar, b.sum)
	if err := b.to.file(f, h.Size, from); err != nil {
		return err
	}
	if n, err := io.Copy(io.Discard, from); err != nil || n > 0 {
		return cutOff(b.ctx, errors.Join(err, fmt.Errorf("%d bytes of %s were not taken", n, h.Name)))
	}
	_, _ = b.sum.Write([]byte(fileName(f)))
	b.read[f] = true
	b.files.Count++
	b.files.Bytes += h.Size
	b.bytes += h.Size
	b.tell.step("files", b.files.Count, 0, b.bytes)
	return nil
}

// end checks everything against the sums and that nothing follows.
func (b *bodyReader) end(h *tar.Header) (Sums, error) {
	text, err := b.text(h)
	if err != nil {
		return Sums{}, cutOff(b.ctx, err)
	}
	var want Sums
	if err := json.Unmarshal(text, &want); err != nil {
		return Sums{}, damaged(err)
	}
	if _, err := b.tar.Next(); !errors.Is(err, io.EOF) {
		return Sums{}, cutOff(b.ctx, errors.Join(err, errors.New("something follows the sums")))
	}
	if _, err := io.Copy(io.Discard, b.plain); err != nil { // to the envelope's own end
		return Sums{}, cutOff(b.ctx, err)
	}
	got, err := b.tally.sums()
	if err != nil {
		return Sums{}, damaged(err)
	}
	if err := want.compare(got); err != nil {
		return Sums{}, damaged(err)
	}
	b.files.SHA256 = hex.EncodeToString(b.sum.Sum(nil))
	if want.Files != b.files {
		return Sums{}, damaged(fmt.Errorf("%d files of %d bytes, not %d of %d, or other ones", b.files.Count, b.files.Bytes, want.Files.Count, want.Files.Bytes))
	}
	for _, f := range want.Missing {
		b.read[f] = true
	}
	for f := range b.tally.named {
		if !b.read[f] {
			return Sums{}, damaged(fmt.Errorf("%s is named and not there", fileName(f)))
		}
	}
	return want, nil
}

// telling marks every error of its reader as damage of the archive, so that those who copy from it know whose fault it was.
type telling struct{ from io.Reader }

func (t telling) Read(p []byte) (int, error) {
	n, err := t.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		err = damaged(err)
	}
	return n, err
}
