package blobtest

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"madoguchi/blob"
	"madoguchi/desk"
)

// RunImporter proves a store that takes bytes from another; open gives an empty one for each test.
func RunImporter(t *testing.T, open func(t *testing.T) blob.Store) {
	importer := func(t *testing.T) (blob.Store, blob.Importer) {
		t.Helper()
		s := open(t)
		i, ok := s.(blob.Importer)
		if !ok {
			t.Fatalf("a %T imports nothing", s)
		}
		return s, i
	}
	key := strings.Repeat("a", 26)
	t.Run("the key stays", func(t *testing.T) {
		t.Parallel()
		s, i := importer(t)
		for _, content := range []string{"first", "another time, replaced"} {
			if err := i.Import(t.Context(), here, key, int64(len(content)), strings.NewReader(content)); err != nil {
				t.Fatal(err)
			}
			f, info, err := s.Open(t.Context(), here, key)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(f)
			if err != nil || string(got) != content || info.Size != int64(len(content)) {
				t.Errorf("%q of %d bytes, %v", got, info.Size, err)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
		if _, _, err := s.Open(t.Context(), there, key); desk.CodeOf(err) != blob.CodeNotFound {
			t.Errorf("another workspace: %v", err)
		}
	})
	t.Run("what fails is not kept", func(t *testing.T) {
		t.Parallel()
		s, i := importer(t)
		broken := errors.New("broken")
		for what, try := range map[string]func() error{
			"too short":  func() error { return i.Import(t.Context(), here, key, 6, strings.NewReader("short")) },
			"too long":   func() error { return i.Import(t.Context(), here, key, 6, strings.NewReader("too long")) },
			"unreadable": func() error { return i.Import(t.Context(), here, key, 6, iotest.ErrReader(broken)) },
		} {
			if err := try(); err == nil || what == "unreadable" && !errors.Is(err, broken) {
				t.Errorf("%s: %v", what, err)
			}
			if _, _, err := s.Open(t.Context(), here, key); desk.CodeOf(err) != blob.CodeNotFound {
				t.Errorf("%s: it is there: %v", what, err)
			}
		}
	})
	t.Run("strange keys are refused", func(t *testing.T) {
		t.Parallel()
		_, i := importer(t)
		for _, strange := range []string{"", ".", "../" + key, "/etc/passwd", key + "/", strings.ToUpper(key), key + "\x00", key[1:]} {
			if err := i.Import(t.Context(), here, strange, 1, strings.NewReader("x")); desk.CodeOf(err) != blob.CodeKeyInvalid {
				t.Errorf("%q: %v", strange, err)
			}
		}
	})
}
