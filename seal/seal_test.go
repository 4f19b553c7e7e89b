package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"madoguchi/seal"
)

func ring(t testing.TB, fill ...byte) *seal.Keyring {
	t.Helper()
	var secrets [][]byte
	for _, b := range fill {
		secrets = append(secrets, bytes.Repeat([]byte{b}, seal.KeySize))
	}
	r, err := seal.NewKeyring(secrets...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustSeal(t testing.TB, r *seal.Keyring, plain, context string) []byte {
	t.Helper()
	sealed, err := r.Seal([]byte(plain), context)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestSealOpens(t *testing.T) {
	t.Parallel()
	r := ring(t, 1)
	for _, plain := range []string{"", "x", strings.Repeat("秘密", 10_000)} {
		sealed := mustSeal(t, r, plain, "channel/12/settings")
		if len(sealed) != len(plain)+seal.Overhead {
			t.Errorf("%d bytes became %d", len(plain), len(sealed))
		}
		if plain != "" && bytes.Contains(sealed, []byte(plain)) && len(plain) > 1 {
			t.Error("the value is readable")
		}
		got, err := r.Open(sealed, "channel/12/settings")
		if err != nil || string(got) != plain {
			t.Errorf("opened %d bytes, %v", len(got), err)
		}
	}
	if bytes.Equal(mustSeal(t, r, "x", "a"), mustSeal(t, r, "x", "a")) {
		t.Error("the same value sealed twice looks the same")
	}
}

func TestSealIsBoundToItsPlace(t *testing.T) {
	t.Parallel()
	r := ring(t, 1)
	sealed := mustSeal(t, r, "token", "channel/12/settings")
	for _, context := range []string{"channel/13/settings", "", "channel/12/settings/"} {
		if got, err := r.Open(sealed, context); !errors.Is(err, seal.ErrUnopened) || got != nil {
			t.Errorf("opened at %q: %q, %v", context, got, err)
		}
	}
}

func TestEveryChangedBitIsNoticed(t *testing.T) {
	t.Parallel()
	r := ring(t, 1)
	sealed := mustSeal(t, r, "token", "here")
	for i := range len(sealed) * 8 {
		changed := bytes.Clone(sealed)
		changed[i/8] ^= 1 << (i % 8)
		if _, err := r.Open(changed, "here"); !errors.Is(err, seal.ErrUnopened) {
			t.Fatalf("bit %d changed and it still opens: %v", i, err)
		}
	}
	for n := range len(sealed) {
		if _, err := r.Open(sealed[:n], "here"); !errors.Is(err, seal.ErrUnopened) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	before, after, other := ring(t, 1), ring(t, 2, 1), ring(t, 3)
	old := mustSeal(t, before, "token", "here")
	if got, err := after.Open(old, "here"); err != nil || string(got) != "token" {
		t.Errorf("the old key no longer opens: %q, %v", got, err)
	}
	fresh := mustSeal(t, after, "token", "here")
	if !after.Stale(old) || after.Stale(fresh) {
		t.Error("stale values are not told from fresh ones")
	}
	if _, err := before.Open(fresh, "here"); !errors.Is(err, seal.ErrUnknownKey) {
		t.Errorf("a value of the new key: %v", err)
	}
	if _, err := other.Open(old, "here"); !errors.Is(err, seal.ErrUnknownKey) || !errors.Is(err, seal.ErrUnopened) {
		t.Errorf("a foreign key: %v", err)
	}
}

func TestFingerprintAndDerivedSecretsTellNothing(t *testing.T) {
	t.Parallel()
	a, b := ring(t, 1), ring(t, 2)
	if a.Fingerprint() != ring(t, 1, 2).Fingerprint() || a.Fingerprint() == b.Fingerprint() {
		t.Error("the fingerprint is of the key that seals")
	}
	links, err := a.Derive("links")
	if err != nil {
		t.Fatal(err)
	}
	again, _ := ring(t, 1).Derive("links")
	cookies, _ := a.Derive("cookies")
	foreign, _ := b.Derive("links")
	if len(links) != seal.KeySize || !bytes.Equal(links, again) || bytes.Equal(links, cookies) || bytes.Equal(links, foreign) {
		t.Error("derived secrets must differ by purpose and key, and be the same everywhere")
	}
	if bytes.Equal(links, bytes.Repeat([]byte{1}, seal.KeySize)) {
		t.Error("a derived secret is the key")
	}
}

func TestKeyFileIsMadeOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	if _, err := seal.LoadKeyring(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	prints := make([]string, 8) // eight processes start at once
	var wg sync.WaitGroup
	for i := range prints {
		wg.Go(func() {
			r, err := seal.LoadOrCreateKeyring(path)
			if err != nil {
				t.Error(err)
				return
			}
			prints[i] = r.Fingerprint()
		})
	}
	wg.Wait()
	for _, print := range prints {
		if print != prints[0] || print == "" {
			t.Errorf("different keys: %v", prints)
		}
	}
	stat, err := os.Stat(path)
	if err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", stat.Mode(), err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left beside the key: %v", entries)
	}
}

func TestKeyFileRefusals(t *testing.T) {
	t.Parallel()
	good := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1}, seal.KeySize))
	write := func(t *testing.T, text string, mode fs.FileMode) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, mode := range []fs.FileMode{0o644, 0o640, 0o660, 0o602, 0o604, 0o777} {
		if _, err := seal.LoadOrCreateKeyring(write(t, good, mode)); !errors.Is(err, seal.ErrExposedKey) {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	for name, text := range map[string]string{"empty": "", "short": "c2hvcnQ=", "not base64": strings.Repeat("!", 44), "second line": good + "\nnonsense"} {
		_, err := seal.LoadOrCreateKeyring(write(t, text, 0o600))
		if err == nil {
			t.Errorf("%s: accepted", name)
		} else if text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%s: the error shows the file: %v", name, err)
		}
	}
	if _, err := seal.LoadKeyring(t.TempDir()); err == nil {
		t.Error("a folder is no key file")
	}
	two, err := seal.LoadKeyring(write(t, good+"\r\n"+base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{2}, seal.KeySize))+"\n\n", 0o400))
	if err != nil || two.Fingerprint() != ring(t, 1).Fingerprint() {
		t.Errorf("two keys: %v", err)
	}
	if _, err := seal.NewKeyring(); err == nil {
		t.Error("a keyring without a key")
	}
}

func FuzzOpen(f *testing.F) {
	r := ring(f, 1)
	f.Add(mustSeal(f, r, "token", "here"))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, sealed []byte) {
		plain, err := r.Open(sealed, "elsewhere")
		if err == nil {
			t.Fatalf("opened %x as %q", sealed, plain)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	r, plain := ring(b, 1), bytes.Repeat([]byte("x"), 1024)
	for b.Loop() {
		if _, err := r.Seal(plain, "here"); err != nil {
			b.Fatal(err)
		}
	}
}
