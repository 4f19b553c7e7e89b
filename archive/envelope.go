package archive

import (
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"madoguchi/desk"
)

// Lock says who will be able to open an archive: whoever knows the passphrase, or the holders of the recipients' keys
// (age1…), who need not be on the machine that makes backups. One of the two.
type Lock struct {
	Passphrase string
	Recipients []string

	work int // scrypt's work factor, 0 = age's default; tests take a small one
}

// minPassphrase is the shortest passphrase taken, in bytes.
const minPassphrase = 12

func (l Lock) recipients() ([]age.Recipient, error) {
	switch {
	case l.Passphrase != "" && len(l.Recipients) > 0:
		return nil, desk.Invalid("recipient", "lock_ambiguous", "an archive is locked with a passphrase or for recipients, not both")
	case len(l.Recipients) > 0:
		var all []age.Recipient
		for _, text := range l.Recipients {
			r, err := age.ParseX25519Recipient(text)
			if err != nil {
				return nil, desk.Invalid("recipient", "recipient_invalid", "%q is not a recipient (age1…): %w", text, err)
			}
			all = append(all, r)
		}
		return all, nil
	case l.Passphrase == "":
		return nil, desk.Invalid("passphrase-file", "lock_missing", "say who may open the archive: a file with a passphrase, or a --recipient")
	case len(l.Passphrase) < minPassphrase:
		return nil, desk.Invalid("passphrase-file", "passphrase_short", "the passphrase has %d bytes; take at least %d", len(l.Passphrase), minPassphrase)
	}
	r, err := age.NewScryptRecipient(l.Passphrase)
	if err != nil {
		return nil, fmt.Errorf("lock the archive: %w", err)
	}
	if l.work > 0 {
		r.SetWorkFactor(l.work)
	}
	return []age.Recipient{r}, nil
}

// Key opens an archive: the passphrase, or the text of a file with identities (AGE-SECRET-KEY-…).
type Key struct {
	Passphrase string
	Identities io.Reader
}

func (k Key) identities() ([]age.Identity, error) {
	if k.Identities != nil {
		all, err := age.ParseIdentities(k.Identities)
		if err != nil { // never the text: it may be a key with a typing error
			return nil, desk.Invalid("identity-file", "identity_invalid", "the file holds no identity (AGE-SECRET-KEY-…)")
		}
		return all, nil
	}
	if k.Passphrase == "" {
		return nil, desk.Invalid("passphrase-file", "key_missing", "the archive is encrypted: give its passphrase in a file, or an --identity-file")
	}
	id, err := age.NewScryptIdentity(k.Passphrase)
	if err != nil {
		return nil, fmt.Errorf("unlock the archive: %w", err)
	}
	return []age.Identity{id}, nil
}

// NewIdentity makes the two halves of a lock for recipients: what opens (keep it elsewhere), and what locks.
func NewIdentity() (identity, recipient string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("make an identity: %w", err)
	}
	return id.String(), id.Recipient().String(), nil
}

// envelope compresses and encrypts what is written to it.
type envelope struct {
	*zstd.Encoder
	sealed io.WriteCloser
}

func lock(to io.Writer, l Lock) (*envelope, error) {
	recipients, err := l.recipients()
	if err != nil {
		return nil, err
	}
	sealed, err := age.Encrypt(to, recipients...)
	if err != nil {
		return nil, fmt.Errorf("lock the archive: %w", err)
	}
	packed, err := zstd.NewWriter(sealed, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return nil, fmt.Errorf("compress the archive: %w", err)
	}
	return &envelope{packed, sealed}, nil
}

// Close writes the ends, without which an archive counts as cut off.
func (e *envelope) Close() error { return errors.Join(e.Encoder.Close(), e.sealed.Close()) }

// maxWindow bounds the memory that a made-up archive may ask for, in bytes.
const maxWindow = 64 << 20

// unlock gives what is in an envelope. Every byte it yields is authenticated.
func unlock(from io.Reader, k Key) (*zstd.Decoder, error) {
	identities, err := k.identities()
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(from, identities...)
	var mismatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &mismatch) && k.Identities != nil:
		return nil, desk.Errorf(desk.KindInvalid, "archive_locked", "none of the identities opens the archive")
	case errors.As(err, &mismatch):
		return nil, desk.Errorf(desk.KindInvalid, "archive_locked", "the passphrase does not open the archive")
	case err != nil:
		return nil, desk.Errorf(desk.KindInvalid, "archive_foreign", "this is no archive of ours, or its first bytes are damaged: %w", err)
	}
	unpacked, err := zstd.NewReader(plain, zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, damaged(err)
	}
	return unpacked, nil
}

// damaged says that an archive is not as it was written.
func damaged(err error) error {
	if err == nil || desk.CodeOf(err) == codeDamaged {
		return err
	}
	return desk.Errorf(desk.KindInvalid, codeDamaged, "the archive is damaged or cut off: %w", err)
}

const codeDamaged = "archive_damaged"
