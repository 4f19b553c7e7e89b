package archive

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
)

var fuzzed = store.Table{Name: "messages", Columns: []store.Column{
	{Name: "workspace_id", Kind: store.ColumnInteger}, {Name: "parts", Kind: store.ColumnText}, {Name: "blob_key", Kind: store.ColumnText},
	{Name: "secrets", Kind: store.ColumnBytes},
}}

// FuzzRow: any values come back, and any line that is taken is exactly the line of what was read.
func FuzzRow(f *testing.F) {
	f.Add(int64(-1), "窓口\x00\"\\\n<", []byte{0xff}, []byte(`[1,"a","b",null]`))
	f.Add(int64(1<<53), "\xff\xfe", []byte(nil), []byte(`[null,{"base64":"/w=="},"\u0041",""]`))
	f.Fuzz(func(t *testing.T, n int64, text string, b, line []byte) {
		r := store.Row{n, text, nil, b}
		written, err := appendRow(nil, fuzzed, r)
		if err != nil {
			t.Fatal(err)
		}
		read, err := parseRow(bytes.TrimSuffix(written, []byte("\n")), fuzzed)
		if err != nil {
			t.Fatalf("%q: %v", written, err)
		}
		got, _ := read[3].([]byte)
		if read[0] != n || read[1] != text || read[2] != nil || !bytes.Equal(got, b) || bytes.Count(written, []byte("\n")) != 1 {
			t.Fatalf("%q became %q", r, read)
		}
		if read, err := parseRow(line, fuzzed); err == nil {
			if _, err := appendRow(nil, fuzzed, read); err != nil {
				t.Fatalf("%q was taken as %q: %v", line, read, err)
			}
		}
	})
}

// collector notes what an archive makes a place do.
type collector struct {
	rowCount int64
	files    []File
}

func (c *collector) rows(t store.Table, rows []store.Row) error {
	for _, r := range rows {
		if len(r) != len(t.Columns) {
			panic("a row of another shape")
		}
	}
	c.rowCount += int64(len(rows))
	return nil
}

func (c *collector) file(f File, _ int64, from io.Reader) error {
	c.files = append(c.files, f)
	var into bytes.Buffer
	_, err := into.ReadFrom(from)
	return err
}

// FuzzReader: whatever lies inside the envelope (with recipients, anybody can make one), reading ends with the sums of exactly what
// was handed on, or with an error of ours; names never leave their folder.
func FuzzReader(f *testing.F) {
	for _, files := range []int{0, 2} {
		var whole bytes.Buffer
		w := newWriter(f.Context(), &whole, desk.ID(1).Time())
		head := Head{Format: format, Version: version, Schema: 1, Tables: []TableHead{{fuzzed, 2}}}
		if err := w.json(headName, head); err != nil {
			f.Fatal(err)
		}
		w.begin(fuzzed)
		for range 2 {
			if err := w.row(store.Row{int64(1), "a", "", []byte("b")}); err != nil {
				f.Fatal(err)
			}
		}
		if err := w.end(); err != nil {
			f.Fatal(err)
		}
		for i := range files {
			if err := w.file(File{1, strings.Repeat("a", i+1)}, 3, strings.NewReader("abc")); err != nil {
				f.Fatal(err)
			}
		}
		sums, err := w.tally.sums()
		if err != nil {
			f.Fatal(err)
		}
		if _, err := w.finish(sums); err != nil {
			f.Fatal(err)
		}
		f.Add(whole.Bytes())
		f.Add(bytes.Replace(whole.Bytes(), []byte(`"parts"`), []byte(`"id"`), 1))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := newReader(bytes.NewReader(content))
		if err != nil {
			if desk.KindOf(err) != desk.KindInvalid {
				t.Fatalf("%v is no refusal", err)
			}
			return
		}
		c := &collector{}
		sums, err := r.body(t.Context(), c, nil)
		if err != nil {
			if desk.KindOf(err) != desk.KindInvalid {
				t.Fatalf("%v is no refusal", err)
			}
			return
		}
		if sums.Rows() != c.rowCount || sums.Files.Count != int64(len(c.files)) {
			t.Fatalf("%d rows and %d files, the sums say %d and %d", c.rowCount, len(c.files), sums.Rows(), sums.Files.Count)
		}
		if slices.ContainsFunc(c.files, func(f File) bool { return strings.Contains(f.Key, "/") || f.Workspace <= 0 }) {
			t.Fatalf("files %v", c.files)
		}
	})
}
