package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// ErrRotating says that somebody else changes the key file at this moment, or was killed while doing so.
var ErrRotating = errors.New("the key file is being changed")

// ErrSealingKey refuses to remove the key that seals.
var ErrSealingKey = errors.New("this key seals")

// AddKey makes a new key and puts it at the end of a key file: it opens, and does not seal yet. Copied to every node first,
// no node ever meets a value that it cannot open. It returns the new key's fingerprint.
func AddKey(path string) (fingerprint string, err error) {
	err = changeKeyFile(path, func(keys []key) ([]key, error) {
		secret := make([]byte, KeySize)
		rand.Read(secret) // never fails
		fresh, err := NewKeyring(secret)
		if err != nil {
			return nil, err
		}
		fingerprint = fresh.Fingerprint()
		return append(keys, fresh.keys[0]), nil
	})
	return fingerprint, err
}

// Promote makes a key of the file the one that seals.
func Promote(path, fingerprint string) error {
	return changeKeyFile(path, func(keys []key) ([]key, error) {
		i := find(keys, fingerprint)
		if i < 0 {
			return nil, ErrUnknownKey
		}
		promoted := keys[i]
		return append([]key{promoted}, slices.Delete(keys, i, i+1)...), nil
	})
}

// Remove takes a key out of the file; not the one that seals (ErrSealingKey). Nothing may be sealed under it any more, backups included: the
// caller has made sure.
func Remove(path, fingerprint string) error {
	return changeKeyFile(path, func(keys []key) ([]key, error) {
		i := find(keys, fingerprint)
		if i < 0 {
			return nil, ErrUnknownKey
		}
		if i == 0 {
			return nil, ErrSealingKey
		}
		return slices.Delete(keys, i, i+1), nil
	})
}

func find(keys []key, fingerprint string) int {
	return slices.IndexFunc(keys, func(k key) bool { return hex.EncodeToString(k.id[:]) == fingerprint })
}

// changeKeyFile replaces a key file by one with other keys: a crash leaves the old file or the new one, whole. Two at once
// would lose a key, so a lock file keeps the second out (ErrRotating).
func changeKeyFile(path string, change func([]key) ([]key, error)) (err error) {
	lock := path + ".lock"
	held, err := os.OpenFile(lock, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: if nobody does, remove %s", ErrRotating, lock)
	}
	if err != nil {
		return fmt.Errorf("lock the key file: %w", err)
	}
	defer func() { err = errors.Join(err, held.Close(), os.Remove(lock)) }()
	ring, err := LoadKeyring(path)
	if err != nil {
		return err
	}
	keys, err := change(slices.Clone(ring.keys))
	if err != nil {
		return fmt.Errorf("change key file %s: %w", path, err)
	}
	var text bytes.Buffer
	for _, k := range keys {
		text.WriteString(base64.StdEncoding.EncodeToString(k.secret) + "\n")
	}
	return replaceFile(path, text.Bytes())
}

// replaceFile writes beside, flushes, and renames over.
func replaceFile(path string, text []byte) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already where it was renamed
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
