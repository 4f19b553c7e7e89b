package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/audit"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/inbound/journal"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// sealedDesk is a served desk with secrets in several channels and an audit chain.
func sealedDesk(t *testing.T, c Config) (*sqlstore.Store, *seal.Keyring, desk.ID) {
	t.Helper()
	made, err := Setup(t.Context(), c, SetupParams{Workspace: "Sakura", Email: "o@example.test", Password: "correct horse battery", Locale: "ja", Zone: "Asia/Tokyo"})
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.Open(t, c.storeConfig(nil))
	keys, err := c.openKeys(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), made.WorkspaceID, func(tx store.Tx) error {
		ch, err := tx.Channels().Get(made.ChannelID)
		for i := range 5 {
			if err != nil {
				return err
			}
			ch.ID, ch.Account = tx.NewID(), fmt.Sprint("account", i)
			if ch.Secrets, err = channel.SealSecrets(keys, made.WorkspaceID, ch.ID, map[string]string{"identify": fmt.Sprint("secret", i)}); err == nil {
				err = tx.WriteChannels().Put(ch)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := audit.NewChainer(s, keys, slog.New(slog.DiscardHandler)).LinkAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, keys, made.WorkspaceID
}

// keepRequest keeps a request of a provider that came at an instant.
func keepRequest(t *testing.T, s store.Store, keys *seal.Keyring, workspace desk.ID, at time.Time) {
	t.Helper()
	sealed, err := keys.Seal([]byte("a request"), "a place")
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), workspace, func(tx store.Tx) error {
		channels, err := tx.Channels().List()
		if err != nil {
			return err
		}
		return tx.WriteRaw().Put(store.RawRequest{ID: tx.NewID(), ChannelID: channels[0].ID, ReceivedAt: at, Sealed: sealed})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkSealed(t *testing.T, s store.Store, keys *seal.Keyring, stale int) {
	t.Helper()
	n := 0
	err := eachSealed(t.Context(), s, func(place string, sealed []byte) error {
		n++
		if _, err := keys.Open(sealed, place); err != nil {
			t.Errorf("%s: %v", place, err)
		}
		return nil
	})
	if err != nil || n < 6 {
		t.Errorf("%d sealed values, %v", n, err)
	}
	if rest, err := staleValues(t.Context(), s, keys); err != nil || rest != stale {
		t.Errorf("%d values are stale, want %d: %v", rest, stale, err)
	}
}

// A rotation is cut short after the second value; a running desk opens everything all the while, and the next run finishes
// without making yet another key.
func TestARotationThatIsCutShortIsGoneOnWith(t *testing.T) {
	t.Parallel()
	c := Config{Data: t.TempDir(), LogLevel: "error"}
	s, running, workspace := sealedDesk(t, c)
	before := running.Fingerprint()
	cut, stop := context.WithCancel(t.Context())
	_, err := RotateKeys(cut, c, "", func(done int) {
		if done == 2 {
			stop()
		}
	})
	if err == nil {
		t.Fatal("it was not cut short")
	}
	if running.Fingerprint() == before || !running.Holds(before) {
		t.Error("the running desk did not follow the key file")
	}
	checkSealed(t, s, running, 4)
	r, err := RotateKeys(t.Context(), c, "", nil)
	if err != nil || r.Sealed != 4 || r.From != r.To || len(running.Fingerprints()) != 2 {
		t.Errorf("%+v, %v, keys %v", r, err, running.Fingerprints())
	}
	checkSealed(t, s, running, 0)
	v, err := audit.Verify(t.Context(), s, running, workspace)
	if err != nil || !v.Whole() || v.Entries == 0 {
		t.Errorf("%+v, %v", v, err)
	}
	if settled, err := fact(t.Context(), s, store.FactKey); err != nil || settled != running.Fingerprint() {
		t.Errorf("the database names key %s: %v", settled, err)
	}
}

func TestAPreparedKeyIsRotatedTo(t *testing.T) {
	t.Parallel()
	c := Config{Data: t.TempDir(), LogLevel: "error"}
	s, running, workspace := sealedDesk(t, c)
	before := running.Fingerprint()
	keepRequest(t, s, running, workspace, time.Now().Add(-store.RawKeptFor-time.Hour))
	next, err := AddKey(c)
	if err != nil || running.Fingerprint() != before {
		t.Fatalf("%v; sealing with %s", err, running.Fingerprint())
	}
	if err := RemoveKey(t.Context(), c, before); desk.CodeOf(err) != "key_in_use" {
		t.Errorf("the sealing key was removed: %v", err)
	}
	if _, err := RotateKeys(t.Context(), c, "0000000000000000", nil); desk.CodeOf(err) != "key_unknown" {
		t.Errorf("rotated to nothing: %v", err)
	}
	if r, err := RotateKeys(t.Context(), c, next, nil); err != nil || r.To != next || r.Sealed != 6 {
		t.Errorf("%+v, %v", r, err)
	}
	checkSealed(t, s, running, 0)
	if err := RemoveKey(t.Context(), c, before); desk.CodeOf(err) != "key_in_use" || !strings.Contains(err.Error(), "kept to be replayed") {
		t.Errorf("the key of a request that is kept was removed: %v", err)
	}
	keepRequest(t, s, running, workspace, time.Now()) // under the new key
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	waiting, err := journal.Open(c.path(journalFolder), 1<<20)
	if err != nil || waiting.Append([]byte("a request")) != nil || waiting.Close() != nil {
		t.Fatal(err)
	}
	if err := RemoveKey(t.Context(), c, before); desk.CodeOf(err) != "key_in_use" || !strings.Contains(err.Error(), "wait in") {
		t.Errorf("the key was removed while requests wait: %v", err)
	}
	if err := os.RemoveAll(c.path(journalFolder)); err != nil {
		t.Fatal(err)
	}
	if err := RemoveKey(t.Context(), c, before); err != nil || !slices.Equal(running.Fingerprints(), []string{next}) {
		t.Errorf("%v, keys %v", err, running.Fingerprints())
	}
	checkSealed(t, s, running, 0)
}

// A key file is changed by one at a time: two would lose a key, and with it what is sealed under it.
func TestTheKeyFileIsChangedByOneAtATime(t *testing.T) {
	t.Parallel()
	c := Config{Data: t.TempDir(), LogLevel: "error"}
	sealedDesk(t, c)
	if err := os.WriteFile(c.path(keyFile)+".lock", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := RotateKeys(t.Context(), c, "", nil); desk.CodeOf(err) != "key_file_busy" {
		t.Error(err)
	}
}
