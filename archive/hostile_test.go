package archive_test

import (
	"archive/tar"
	"bytes"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"madoguchi/archive"
	"madoguchi/blob"
	"madoguchi/desk"
)

// envelope locks bytes as an archive is locked: for a recipient, whom everybody may know.
func envelope(t *testing.T, packed []byte) (file []byte, k archive.Key) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, id.Recipient())
	if err == nil {
		_, err = w.Write(packed)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), archive.Key{Identities: strings.NewReader(id.String())}
}

// member is one of a made-up archive: as long as it says, or with its content.
type member struct {
	name, content string
	claims        int64
	kind          byte // 0 = a file
}

// forge packs members.
func forge(t *testing.T, members ...member) []byte {
	t.Helper()
	var out bytes.Buffer
	packed, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(packed)
	for _, m := range members {
		h := &tar.Header{Typeflag: tar.TypeReg, Name: m.name, Size: max(int64(len(m.content)), m.claims), Mode: 0o600}
		if m.kind != 0 {
			h.Typeflag, h.Linkname = m.kind, "/etc/passwd"
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(m.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil { // the last member may be shorter than it claims
		t.Fatal(err)
	}
	return out.Bytes()
}

const head = `{"format":"madoguchi archive","version":1,"schema":1,"tables":[]}`

// TestAnArchiveWritesNowhereElse: whatever its members are called, restoring makes no file outside the store of files.
func TestAnArchiveWritesNowhereElse(t *testing.T) {
	t.Parallel()
	for _, m := range []member{
		{name: "files/1/.."}, {name: "files/1/../../../evil"}, {name: "files/../1/evil"}, {name: "../evil"}, {name: "/tmp/evil"}, {name: "files/1/evil"},
		{name: `files/1/..\..\evil`}, {name: "files/0/" + strings.Repeat("a", 26)}, {name: "files/-1/" + strings.Repeat("a", 26)},
		{name: "files/1/" + strings.Repeat("a", 26), kind: tar.TypeSymlink}, {name: "files/1/" + strings.Repeat("a", 26), kind: tar.TypeLink},
	} {
		if m.kind == 0 {
			m.content = "evil"
		}
		to := sqlitePlace(t)
		folder := filepath.Dir(to.config.Path)
		file, key := envelope(t, forge(t, member{name: "archive.json", content: head}, m))
		err := restore(t, file, key, to)
		if code := desk.CodeOf(err); code != "archive_damaged" && code != blob.CodeKeyInvalid {
			t.Errorf("%s (%q): %v", m.name, m.kind, err)
		}
		err = filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if path != folder {
				t.Errorf("%s left %s", m.name, path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestAnArchiveThatWouldFillTheMemory is refused by what it says of itself.
func TestAnArchiveThatWouldFillTheMemory(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		packed []byte
		why    string
	}{
		"a head without end": {forge(t, member{name: "archive.json", claims: 1 << 40}), "has 1099511627776 bytes"},
		// A frame with a window of 1 GiB, and one last, empty block.
		"a window of a gigabyte": {[]byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00}, "window size"},
	} {
		file, key := envelope(t, c.packed)
		_, err := archive.Open(t.Context(), bytes.NewReader(file), key)
		if desk.CodeOf(err) != "archive_damaged" || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
