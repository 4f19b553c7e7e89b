package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"madoguchi/account"
	"madoguchi/audit"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/inbound/journal"
	"madoguchi/notify"
	"madoguchi/seal"
	"madoguchi/store"
)

// Rotation is what a rotation of keys did.
type Rotation struct {
	From, To string // fingerprints; the same where an earlier rotation was gone on with
	Sealed   int    // values sealed anew
}

// KeyFingerprints names the keys of the key file, the one that seals first.
func KeyFingerprints(c Config) ([]string, error) {
	keys, err := seal.LoadKeyring(c.path(keyFile))
	if err != nil {
		return nil, c.explainKeys(err)
	}
	return keys.Fingerprints(), nil
}

// AddKey puts a new key into the key file that opens and does not seal yet: for copying to all nodes before RotateKeys.
func AddKey(c Config) (fingerprint string, err error) {
	fingerprint, err = seal.AddKey(c.path(keyFile))
	return fingerprint, c.explainRotation(err)
}

// RotateKeys makes a new key the one that seals, and seals everything anew, while the desk serves. to is the fingerprint of
// a key that is in the file on every node already; "" makes one. A rotation that was cut short is gone on with: as long as a
// value is sealed under another key than the first, no new key is made. Older keys stay in the file and open backups made
// under them.
func RotateKeys(ctx context.Context, c Config, to string, progress func(done int)) (r Rotation, err error) {
	s, _, err := c.openStore(ctx, nil)
	if err != nil {
		return r, err
	}
	defer func() {
		if closing := s.Close(); err == nil {
			err = closing
		}
	}()
	keys, err := c.openKeys(ctx, s)
	if err != nil {
		return r, err
	}
	r.From, r.To = keys.Fingerprint(), keys.Fingerprint()
	rest, err := staleValues(ctx, s, keys)
	if err != nil {
		return r, err
	}
	if to != "" || rest == 0 {
		if to == "" {
			if to, err = seal.AddKey(c.path(keyFile)); err != nil {
				return r, c.explainRotation(err)
			}
		}
		if err := seal.Promote(c.path(keyFile), to); err != nil {
			return r, c.explainRotation(err)
		}
		r.To = keys.Fingerprint()
	}
	// First of all: a node that starts from now on must hold the new key, or it is told so.
	if _, err := settle(ctx, s, store.FactKey, r.To, true); err != nil {
		return r, err
	}
	if r.Sealed, err = sealAnew(ctx, s, keys, progress); err != nil {
		return r, err
	}
	if rest, err = staleValues(ctx, s, keys); err == nil && rest > 0 {
		err = desk.Errorf(desk.KindConflict, "rotation_unfinished", "%d values were sealed under an older key meanwhile: does every node have this key file? Run the command again", rest)
	}
	if err != nil {
		return r, err
	}
	return r, noteRotation(ctx, s, r)
}

// RemoveKey takes a key out of the key file that nothing in the database is sealed under any more. Backups made while it
// sealed need it.
func RemoveKey(ctx context.Context, c Config, fingerprint string) (err error) {
	s, _, err := c.openStore(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if closing := s.Close(); err == nil {
			err = closing
		}
	}()
	keys, err := c.openKeys(ctx, s)
	if err != nil {
		return err
	}
	rest, err := staleValues(ctx, s, keys)
	if err != nil {
		return err
	}
	if rest > 0 {
		return desk.Errorf(desk.KindConflict, "key_in_use", "%d values are sealed under an older key: finish with madoguchi keys rotate first", rest)
	}
	if err := c.requestsUnder(ctx, s, fingerprint); err != nil {
		return err
	}
	return c.explainRotation(seal.Remove(c.path(keyFile), fingerprint))
}

// requestsUnder refuses while requests of providers are sealed under a key: those kept to be replayed, of which the last goes
// RawKeptFor after the rotation, and those that wait on this node's disk. They are not sealed anew: nobody reads them but a replay.
func (c Config) requestsUnder(ctx context.Context, s store.Store, fingerprint string) error {
	waiting, err := journal.Holds(c.path(journalFolder))
	if err != nil {
		return fmt.Errorf("look into the journal: %w", err)
	}
	if waiting {
		return desk.Errorf(desk.KindConflict, "key_in_use", "requests of providers wait in %s: let the desk take them first", c.path(journalFolder))
	}
	ids, err := workspaceIDs(ctx, s)
	if err != nil {
		return err
	}
	for _, id := range ids {
		newest, err := newestRequestUnder(ctx, s, id, fingerprint)
		if err != nil {
			return fmt.Errorf("read requests of workspace %d: %w", id, err)
		}
		if !newest.IsZero() {
			return desk.Errorf(desk.KindConflict, "key_in_use", "requests of providers that are kept to be replayed are sealed under this key: the last of them goes on %s",
				newest.Add(store.RawKeptFor).UTC().Format(time.RFC3339))
		}
	}
	return nil
}

// newestRequestUnder is when the newest request came that is sealed under a key, zero if none is.
func newestRequestUnder(ctx context.Context, s store.Store, workspace desk.ID, fingerprint string) (newest time.Time, err error) {
	var channels []desk.Channel
	err = s.View(ctx, workspace, func(r store.Reader) (err error) {
		channels, err = r.Channels().List()
		return err
	})
	for _, ch := range channels {
		for after, full := desk.ID(0), true; full && err == nil; {
			err = s.View(ctx, workspace, func(r store.Reader) error {
				page, err := r.Raw().Of(ch.ID, after, time.Time{}, requestPage)
				full = len(page) == requestPage
				for i := 0; i < len(page) && err == nil; i++ {
					after = page[i].ID
					var q store.RawRequest // a list is without what is sealed
					if q, err = r.Raw().Get(after); seal.SealedUnder(fingerprint, q.Sealed) && q.ReceivedAt.After(newest) {
						newest = q.ReceivedAt
					}
				}
				return err
			})
		}
	}
	return newest, err
}

// requestPage is how many kept requests one transaction looks at.
const requestPage = 500

// explainRotation says what stands in the way of a change of the key file.
func (c Config) explainRotation(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, seal.ErrRotating):
		return desk.Errorf(desk.KindConflict, "key_file_busy", "%w", err)
	case errors.Is(err, seal.ErrUnknownKey):
		return desk.Invalid("fingerprint", "key_unknown", "%s has no key with this fingerprint: madoguchi keys list shows them", c.path(keyFile))
	case errors.Is(err, seal.ErrSealingKey):
		return desk.Invalid("fingerprint", "key_in_use", "this key seals: rotate first")
	}
	return c.explainKeys(err)
}

// workspaceIDs are all workspaces, and 0: the server itself.
func workspaceIDs(ctx context.Context, s store.Store) (ids []desk.ID, err error) {
	err = s.View(ctx, 0, func(r store.Reader) error {
		all, err := r.Workspaces().All()
		ids = []desk.ID{0}
		for _, w := range all {
			ids = append(ids, w.ID)
		}
		return err
	})
	return ids, err
}

// eachSealed calls fn for every sealed value and where it is sealed for, workspace by workspace.
func eachSealed(ctx context.Context, s store.Store, fn func(place string, sealed []byte) error) error {
	ids, err := workspaceIDs(ctx, s)
	if err != nil {
		return fmt.Errorf("list workspaces: %w", err)
	}
	for _, id := range ids {
		var all []desk.Channel
		var head store.AuditHead
		err := s.View(ctx, id, func(r store.Reader) (err error) {
			if all, err = r.Channels().List(); err != nil {
				return err
			}
			head, err = r.Audit().Head()
			return err
		})
		if err != nil {
			return fmt.Errorf("read sealed values of workspace %d: %w", id, err)
		}
		for _, ch := range all {
			if len(ch.Secrets) == 0 {
				continue
			}
			if err := fn(channel.SecretsPlace(id, ch.ID), ch.Secrets); err != nil {
				return err
			}
		}
		if len(head.Sealed) > 0 {
			if err := fn(store.AuditHeadPlace(id), head.Sealed); err != nil {
				return err
			}
		}
	}
	return notify.EachSealed(ctx, s, ids, fn)
}

func staleValues(ctx context.Context, s store.Store, keys *seal.Keyring) (n int, err error) {
	err = eachSealed(ctx, s, func(_ string, sealed []byte) error {
		if keys.Stale(sealed) {
			n++
		}
		return nil
	})
	return n, err
}

// sealAnew takes every stale value to the key that seals, one transaction each, so that nobody waits.
func sealAnew(ctx context.Context, s store.Store, keys *seal.Keyring, progress func(done int)) (done int, err error) {
	ids, err := workspaceIDs(ctx, s)
	if err != nil {
		return 0, err
	}
	count := func(n int) {
		if done += n; n > 0 && progress != nil {
			progress(done)
		}
	}
	for _, id := range ids {
		var all []desk.Channel
		err := s.View(ctx, id, func(r store.Reader) (err error) {
			all, err = r.Channels().List()
			return err
		})
		if err != nil {
			return done, err
		}
		for _, ch := range all {
			if !keys.Stale(ch.Secrets) || len(ch.Secrets) == 0 {
				continue
			}
			if err := sealChannel(ctx, s, keys, id, ch.ID); err != nil {
				return done, fmt.Errorf("seal secrets of channel %d anew: %w", ch.ID, err)
			}
			count(1)
		}
		n, err := audit.Reseal(ctx, s, keys, id, keys.Stale)
		if err != nil {
			return done, err
		}
		count(n)
	}
	n, err := notify.Reseal(ctx, s, keys, ids, keys.Stale)
	count(n)
	return done, err
}

// sealChannel reads again under the lock of the administration: an edit that was faster stays.
func sealChannel(ctx context.Context, s store.Store, keys *seal.Keyring, workspace, id desk.ID) error {
	return s.Update(ctx, workspace, func(tx store.Tx) error {
		if err := account.InOrder(tx); err != nil {
			return err
		}
		ch, err := tx.Channels().Get(id)
		if err != nil || len(ch.Secrets) == 0 || !keys.Stale(ch.Secrets) {
			return err
		}
		secrets, err := channel.OpenSecrets(keys, workspace, ch)
		if err != nil {
			return err
		}
		if ch.Secrets, err = channel.SealSecrets(keys, workspace, id, secrets); err != nil {
			return err
		}
		return tx.WriteChannels().Put(ch)
	})
}

// noteRotation tells every workspace's audit log (J6).
func noteRotation(ctx context.Context, s store.Store, r Rotation) error {
	ids, err := workspaceIDs(ctx, s)
	if err != nil {
		return err
	}
	return audit.Watch(s, nil).Update(ctx, 0, func(tx store.Tx) error {
		for _, id := range ids {
			deed := desk.AuditEntry{Action: "key.rotated", Object: desk.AuditObject{Kind: "key", Name: r.To}, Changes: []desk.Change{{Field: "fingerprint", From: r.From, To: r.To}}}
			if err := tx.WriteAudit().Intend(id, deed); err != nil {
				return err
			}
		}
		return nil
	})
}
