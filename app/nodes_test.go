package app

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"madoguchi/desk"
)

// tryBuild builds the program and closes it again.
func tryBuild(t *testing.T, c Config) error {
	t.Helper()
	c.LogTo, c.PublicURL = io.Discard, "http://127.0.0.1:1"
	log, err := c.logger()
	if err != nil {
		t.Fatal(err)
	}
	p, err := build(t.Context(), c, traffic{}, log)
	if err == nil {
		err = p.close()
	}
	return err
}

// A node is let in with the key file and the files that the database was served with before, and with no others.
func TestANodeMustBringTheSameKeyAndFiles(t *testing.T) {
	t.Parallel()
	c := Config{Data: t.TempDir()}
	if err := tryBuild(t, c); err != nil {
		t.Fatal(err)
	}
	if err := tryBuild(t, c); err != nil {
		t.Fatalf("a second start: %v", err)
	}
	key := filepath.Join(c.Data, keyFile)
	right, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	other := Config{Data: t.TempDir()}
	if err := tryBuild(t, other); err != nil {
		t.Fatal(err)
	}
	wrong, err := os.ReadFile(filepath.Join(other.Data, keyFile))
	if err != nil {
		t.Fatal(err)
	}
	with := func(what, want string) {
		t.Helper()
		if err := tryBuild(t, c); err != nil && want == "" || desk.CodeOf(err) != want && want != "" {
			t.Errorf("%s: %v, want %q", what, err, want)
		}
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	with("without the key file", "key_file_missing")
	if _, err := os.Stat(key); err == nil {
		t.Error("a key was made although the database has one")
	}
	write := func(text []byte) {
		t.Helper()
		if err := os.WriteFile(key, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(wrong)
	with("with another key file", "key_file_wrong")
	write(append(append([]byte{}, wrong...), right...))
	with("with the key rotated", "")
	write(right)
	with("with the key from before the rotation", "key_file_wrong")
	c.Adopt = true
	with("with the key from before the rotation, told to", "")
	c.Adopt = false
	with("after it", "")
	if err := os.RemoveAll(filepath.Join(c.Data, blobFolder)); err != nil {
		t.Fatal(err)
	}
	with("without the files", "files_elsewhere")
	c.Adopt = true
	with("without the files, told to", "")
}
