package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const maxKeyFile = 64 << 10 // bytes

// ErrExposedKey says that others than its owner may read or write the key file.
var ErrExposedKey = errors.New("key file is open to others: its mode must be 0600 or stricter")

// LoadKeyring reads a key file: one key per line, 32 bytes in base64, the one to seal with first (to rotate, put a new
// line on top). A file that others may read or write is refused with ErrExposedKey, a missing one with
// fs.ErrNotExist.
func LoadKeyring(path string) (*Keyring, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("load key file: %w", err)
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("load key file: %w", err)
	}
	if !stat.Mode().IsRegular() {
		return nil, fmt.Errorf("load key file %s: not a regular file", path)
	}
	if stat.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("load key file %s (mode %04o): %w", path, stat.Mode().Perm(), ErrExposedKey)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("load key file: %w", err)
	}
	var secrets [][]byte
	for number, line := range bytes.Split(bytes.TrimSpace(text), []byte("\n")) {
		secret, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(line)))
		if err != nil || len(secret) != KeySize { // never print the line: it may be a key with a typing error
			return nil, fmt.Errorf("load key file %s: line %d is not a key of %d bytes in base64", path, number+1, KeySize)
		}
		secrets = append(secrets, secret)
	}
	ring, err := NewKeyring(secrets...)
	if err != nil {
		return nil, err
	}
	ring.file, ring.seen = path, stat
	return ring, nil
}

// LoadOrCreateKeyring is LoadKeyring, but makes a key file with a new key (mode 0600) where there is none. When several
// processes start at once they all end with the same key, and a crash leaves a whole key file or none.
func LoadOrCreateKeyring(path string) (*Keyring, error) {
	ring, err := LoadKeyring(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return ring, err
	}
	if err := createKeyFile(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("create key file: %w", err)
	}
	return LoadKeyring(path)
}

// createKeyFile writes and flushes a temporary file and links it to its name, which fails if another was faster.
func createKeyFile(path string) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	secret := make([]byte, KeySize)
	rand.Read(secret) // never fails
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(secret) + "\n")
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
