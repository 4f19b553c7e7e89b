package app

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"madoguchi/archive"
	"madoguchi/blob"
	"madoguchi/desk"
	"madoguchi/seal"
)

// ArchiveParams say which archive to read and how to open it.
type ArchiveParams struct {
	From       string    // "-" = In
	In         io.Reader // standard input
	Passphrase string    // or
	Identities string    // a file with AGE-SECRET-KEY-…
	Tell       func(Step)
}

// withArchive opens an archive for work.
func (p ArchiveParams) withArchive(ctx context.Context, work func(*archive.Reader) error) error {
	if p.From == "" {
		return desk.Invalid("from", "from_missing", "name the archive to read; - is standard input")
	}
	from := p.In
	if p.From != "-" {
		f, err := os.Open(p.From)
		if err != nil {
			return desk.Invalid("from", "file_unreadable", "the archive cannot be read: %w", err)
		}
		defer f.Close()
		from = f
	}
	key := archive.Key{Passphrase: p.Passphrase}
	if p.Identities != "" {
		f, err := os.Open(p.Identities)
		if err != nil {
			return desk.Invalid("identity-file", "file_unreadable", "the identity cannot be read: %w", err)
		}
		defer f.Close()
		key.Identities = f
	}
	r, err := archive.Open(ctx, from, key)
	if err != nil {
		return err
	}
	defer r.Close()
	return work(r)
}

// VerifyBackup reads an archive from beginning to end and checks it.
func VerifyBackup(ctx context.Context, p ArchiveParams) (sums Sums, madeAt time.Time, err error) {
	err = p.withArchive(ctx, func(r *archive.Reader) (err error) {
		madeAt = r.Head.MadeAt
		sums, err = archive.Verify(ctx, r, p.Tell)
		return err
	})
	return sums, madeAt, err
}

// NewIdentity makes what opens archives (to be kept elsewhere) and the recipient that locks them for it.
func NewIdentity() (identity, recipient string, err error) { return archive.NewIdentity() }

// RestoreParams say what comes back.
type RestoreParams struct {
	ArchiveParams
	KeyFile    string // copied into the data folder; "" = it lies there already
	WithoutKey bool   // it is lost: the secrets of channels must be entered again
}

// restoringMark lies in a data folder while it is restored into: what is there then is ours to replace.
const restoringMark = "restoring"

// Restore puts an archive into an empty place: a data folder, and the database of c.DatabaseURL where one is named. After a
// failure the place is as empty as before, or may be restored into again.
func Restore(ctx context.Context, c Config, p RestoreParams) (sums Sums, err error) {
	err = p.withArchive(ctx, func(r *archive.Reader) error {
		if err := c.prepareData(); err != nil {
			return err
		}
		done, err := c.markRestoring(ctx)
		if err != nil {
			return err
		}
		if err := c.bringKey(r.Head, p); err != nil {
			return errors.Join(err, done())
		}
		place, _, err := c.place()
		if err != nil {
			return err
		}
		if sums, err = archive.Restore(ctx, r, place, p.Tell); err != nil {
			return roomless(c.Data, err)
		}
		return done()
	})
	return sums, err
}

// markRestoring refuses a folder with files that no restore left.
func (c Config) markRestoring(ctx context.Context) (done func() error, err error) {
	mark := c.path(restoringMark)
	if _, err := os.Stat(mark); err == nil {
		return func() error { return os.Remove(mark) }, nil // an attempt was killed: the archive replaces what it left
	}
	blobs, err := c.openBlobs()
	if err != nil {
		return nil, err
	}
	err = blobs.Walk(ctx, func(blob.Info) error {
		return desk.Errorf(desk.KindConflict, "place_taken", "there are files of a desk in %s: restore into an empty place", c.Data)
	})
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(mark, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(f.Close(), flushFolder(c.Data)); err != nil {
		return nil, err
	}
	return func() error { return os.Remove(mark) }, nil
}

// bringKey puts the key file where it belongs.
func (c Config) bringKey(head archive.Head, p RestoreParams) error {
	to := c.path(keyFile)
	_, err := os.Stat(to)
	there := err == nil
	switch {
	case p.WithoutKey && p.KeyFile != "":
		return desk.Invalid("key", "key_ambiguous", "--key and --without-key exclude each other")
	case p.KeyFile == "" && !there && !p.WithoutKey && head.KeyFile != "":
		return desk.Invalid("key", "key_file_missing", "secrets in the archive are sealed under the key file with the fingerprint %s, which is kept apart: "+
			"name it with --key FILE, or say --without-key and enter the secrets of channels again", head.KeyFile)
	case p.KeyFile == "" || p.WithoutKey:
		return nil
	}
	return copyKey(p.KeyFile, to)
}

// copyKey copies a key file; one that is there must be the same.
func copyKey(from, to string) error {
	keys, err := seal.LoadKeyring(from)
	if err != nil {
		return err
	}
	if there, err := seal.LoadKeyring(to); err == nil {
		if there.Fingerprint() != keys.Fingerprint() {
			return desk.Invalid("key", "key_file_exists", "%s is another key file (fingerprint %s)", to, there.Fingerprint())
		}
		return nil
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return writeWhole(to, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}
