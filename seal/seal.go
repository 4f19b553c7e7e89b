// Package seal encrypts what must not be readable from the database or a backup of it: provider secrets and tokens,
// raw requests, the local journal (J16, J17).
//
// Where it sits: store and inbound keep sealed bytes, app loads the one Keyring from the key file and hands it to
// those who need it. Every value is sealed for a place (its context, e.g. "channel/12/settings"): moved to another row it does not
// open. Lose the key file and the sealed values are lost; that is why it is backed up apart from the data.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// KeySize is the length of a key in bytes: AES-256.
const KeySize = 32

// Overhead is how many bytes longer a sealed value is.
const Overhead = headerLen + tagLen

const (
	version   = 1
	idLen     = 8  // of the key that sealed
	saltLen   = 24 // makes a key of its own for every value, so that no nonce is ever used twice with one key
	headerLen = 1 + idLen + saltLen
	tagLen    = 16
	nonceLen  = 12
)

// ErrUnopened says that a sealed value cannot be opened: it is damaged, belongs elsewhere, or was sealed under a key
// that the key file does not hold.
var ErrUnopened = errors.New("sealed value does not open")

// ErrUnknownKey is the ErrUnopened of a value whose key is missing from the key file.
var ErrUnknownKey = fmt.Errorf("%w: its key is not in the key file", ErrUnopened)

type key struct {
	id     [idLen]byte
	secret []byte
}

// Keyring seals with its first key and opens with every one it holds. It is safe for concurrent use. One that was loaded
// from a file follows the file: after a rotation it seals with the new key, without a restart.
type Keyring struct {
	file string // "" = the keys were given
	mu   sync.Mutex
	seen fs.FileInfo // the file as keys were read from it
	keys []key
}

// NewKeyring makes a Keyring of raw keys of KeySize bytes each, the one to seal with first.
func NewKeyring(secrets ...[]byte) (*Keyring, error) {
	if len(secrets) == 0 {
		return nil, errors.New("a keyring needs a key")
	}
	ring := &Keyring{}
	for _, secret := range secrets {
		if len(secret) != KeySize {
			return nil, fmt.Errorf("key of %d bytes, want %d", len(secret), KeySize)
		}
		k := key{secret: append([]byte(nil), secret...)}
		id, err := hkdf.Key(sha256.New, k.secret, nil, "madoguchi key id", idLen)
		if err != nil {
			return nil, fmt.Errorf("derive key id: %w", err)
		}
		copy(k.id[:], id)
		ring.keys = append(ring.keys, k)
	}
	return ring, nil
}

// current are the keys as the file has them now. A file that cannot be read at the moment, or is being replaced, changes
// nothing: what was known opens and seals on.
func (r *Keyring) current() []key {
	if r.file == "" {
		return r.keys
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now, err := os.Stat(r.file)
	if err != nil || os.SameFile(now, r.seen) && now.ModTime().Equal(r.seen.ModTime()) && now.Size() == r.seen.Size() {
		return r.keys
	}
	if again, err := LoadKeyring(r.file); err == nil {
		r.keys, r.seen = again.keys, again.seen
	}
	return r.keys
}

// Fingerprints names every key, the one that seals first.
func (r *Keyring) Fingerprints() []string {
	var all []string
	for _, k := range r.current() {
		all = append(all, hex.EncodeToString(k.id[:]))
	}
	return all
}

// Seal encrypts a value for a context; the same context opens it. The result is binary and Overhead bytes longer.
func (r *Keyring) Seal(plain []byte, context string) ([]byte, error) {
	k := r.current()[0]
	sealed := make([]byte, headerLen, len(plain)+Overhead)
	sealed[0] = version
	copy(sealed[1:], k.id[:])
	rand.Read(sealed[1+idLen : headerLen]) // never fails
	aead, nonce, err := k.cipher(sealed[1+idLen : headerLen])
	if err != nil {
		return nil, err
	}
	return aead.Seal(sealed, nonce, plain, associated(sealed[:headerLen], context)), nil
}

// Open decrypts what Seal made for the same context; otherwise the error is ErrUnopened.
func (r *Keyring) Open(sealed []byte, context string) ([]byte, error) {
	if len(sealed) < Overhead || sealed[0] != version {
		return nil, ErrUnopened
	}
	for _, k := range r.current() {
		if [idLen]byte(sealed[1:1+idLen]) != k.id {
			continue
		}
		aead, nonce, err := k.cipher(sealed[1+idLen : headerLen])
		if err != nil {
			return nil, err
		}
		plain, err := aead.Open(nil, nonce, sealed[headerLen:], associated(sealed[:headerLen], context))
		if err != nil {
			return nil, ErrUnopened
		}
		return plain, nil
	}
	return nil, ErrUnknownKey
}

// Fingerprint names the key that seals, without telling it: nodes that share a database compare it with the one stored
// there.
func (r *Keyring) Fingerprint() string { return hex.EncodeToString(r.current()[0].id[:]) }

// Holds reports whether the key with a fingerprint is among those that open.
func (r *Keyring) Holds(fingerprint string) bool {
	for _, k := range r.current() {
		if hex.EncodeToString(k.id[:]) == fingerprint {
			return true
		}
	}
	return false
}

// Stale reports whether a value was sealed under a key other than the one that seals now.
func (r *Keyring) Stale(sealed []byte) bool {
	return len(sealed) < Overhead || [idLen]byte(sealed[1:1+idLen]) != r.current()[0].id
}

// SealedUnder reports whether a value was sealed under the key with a fingerprint.
func SealedUnder(fingerprint string, sealed []byte) bool {
	return len(sealed) >= Overhead && hex.EncodeToString(sealed[1:1+idLen]) == fingerprint
}

// Derive makes a secret of KeySize bytes for another use of the key file (signing links, say), independent of all
// others. The same purpose gives the same secret on every node, until the key is rotated.
func (r *Keyring) Derive(purpose string) ([]byte, error) {
	secret, err := hkdf.Key(sha256.New, r.current()[0].secret, nil, "madoguchi derive "+purpose, KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive secret for %s: %w", purpose, err)
	}
	return secret, nil
}

// cipher derives the AES-256-GCM key and nonce of one value from its salt. Random 12-byte nonces under one key would
// have to stop at 2^32 values; with 24 bytes of salt there is no such limit to count.
func (k key) cipher(salt []byte) (cipher.AEAD, []byte, error) {
	derived, err := hkdf.Key(sha256.New, k.secret, salt, "madoguchi seal v1", KeySize+nonceLen)
	if err != nil {
		return nil, nil, fmt.Errorf("derive sealing key: %w", err)
	}
	block, err := aes.NewCipher(derived[:KeySize])
	if err != nil {
		return nil, nil, fmt.Errorf("derive sealing key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, nil, fmt.Errorf("derive sealing key: %w", err)
	}
	return aead, derived[KeySize:], nil
}

// associated is what the seal covers beside the value: its header and its place.
func associated(header []byte, context string) []byte {
	return append(append(make([]byte, 0, len(header)+len(context)), header...), context...)
}
