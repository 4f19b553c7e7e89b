package app

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"madoguchi/blob/diskblob"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func TestSweepKeepsWhatIsNamed(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	blobs, err := diskblob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	put := func(text string) string {
		ref, err := blobs.Put(t.Context(), 1, strings.NewReader(text), 100)
		if err != nil {
			t.Fatal(err)
		}
		return ref.Key
	}
	sent, unsent, orphan := put("sent"), put("unsent"), put("orphan")
	err = s.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: 1, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", CreatedAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), 1, func(tx store.Tx) error {
		for id, a := range map[desk.ID]desk.Attachment{1: {Key: sent, MessageID: 7}, 2: {Key: unsent}} {
			a.ID, a.Kind, a.Name, a.MIME, a.Size, a.CreatedAt = id, desk.PartFile, "f", "text/plain", 4, tx.Now()
			if err := tx.WriteMessages().PutAttachment(a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sweepAt := func(now time.Time) int {
		removed, err := (&sweeper{store: s, blobs: blobs, now: func() time.Time { return now }, log: slog.New(slog.DiscardHandler)}).sweep(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return removed
	}
	if n := sweepAt(time.Now().Add(time.Hour)); n != 0 {
		t.Errorf("%d young files were removed", n)
	}
	if n := sweepAt(time.Now().Add(25 * time.Hour)); n != 2 {
		t.Errorf("%d files were removed, want the unsent and the orphan", n)
	}
	node := &sweeper{store: s, blobs: blobs, worker: "a", now: func() time.Time { return time.Now().Add(25 * time.Hour) }, log: slog.New(slog.DiscardHandler)}
	put("another orphan")
	for turn, want := range []int{1, 0} { // the second node finds that it is done
		if n, err := node.turn(t.Context()); n != want || err != nil {
			t.Errorf("turn %d removed %d, want %d (%v)", turn, n, want, err)
		}
		put("one more")
	}
	for key, want := range map[string]bool{sent: true, unsent: false, orphan: false} {
		f, _, err := blobs.Open(t.Context(), 1, key)
		if (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", key, err == nil, want)
		}
		if err == nil {
			_ = f.Close()
		}
	}
}
