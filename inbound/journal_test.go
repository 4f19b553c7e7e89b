package inbound_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbound/journal"
	"madoguchi/store"
)

// start makes the service anew on a journal, as a process that starts does.
func (w *world) start(t *testing.T, folder string, limit int64) *journal.Journal {
	t.Helper()
	j, err := journal.Open(folder, limit)
	must(t, err)
	t.Cleanup(func() { _ = j.Close() })
	w.config.Journal = j
	w.service = inbound.New(w.config)
	return j
}

func said(id string) testchannel.Event {
	return testchannel.Event{ID: id, Type: "message", From: "u1", Text: "my secret words"}
}

// heard are the messages of the only customer, in order.
func (w *world) heard(t *testing.T) (ids []string) {
	t.Helper()
	rows := w.conversations(t)
	if len(rows) != 1 {
		t.Fatalf("%d conversations", len(rows))
	}
	w.view(t, func(r store.Reader) error {
		all, err := r.Messages().After(rows[0].ID, 1, 100)
		for _, m := range all {
			ids = append(ids, m.ExternalID)
		}
		return err
	})
	return ids
}

func TestRequestsWaitInTheJournalWhileTheStoreIsAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		folder := t.TempDir()
		j := w.start(t, folder, 1<<20)
		w.knock(t, said("00"))
		w.file(t, time.Minute)
		w.line.cut.Store(true)
		want := []string{"00"}
		for i := 1; i <= 10; i++ {
			w.clock.advance(30 * time.Second)
			want = append(want, fmt.Sprintf("%02d", i))
			w.knock(t, said(want[i]))
		}
		if _, err := w.service.Hand(t.Context()); err == nil || j.Waiting() != 10 {
			t.Fatalf("handed over to nobody: %v, %d wait", err, j.Waiting())
		}
		must(t, j.Close())
		j = w.start(t, folder, 1<<20) // the node starts again meanwhile
		w.line.cut.Store(false)
		w.knock(t, said("11")) // and this one is not faster than those that wait
		want = append(want, "11")
		if n, err := w.service.Hand(t.Context()); err != nil || n != 11 || j.Waiting() != 0 {
			t.Fatalf("%d handed over, %d wait: %v", n, j.Waiting(), err)
		}
		w.knock(t, said("12"))
		want = append(want, "12")
		w.file(t, time.Minute)
		if got := w.heard(t); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("heard %v", got)
		}
		if c := w.service.Counts(); c.Journalled != 1 || c.Duplicates != 0 {
			t.Errorf("counted: %+v", c)
		}
	})
}

func TestRunHandsOverWhenTheStoreIsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.start(t, t.TempDir(), 8<<20)
	w.knock(t, said("first"))
	w.file(t, time.Minute)
	w.line.cut.Store(true)
	var want []string
	for i := range 300 { // more than a channel's queue holds
		want = append(want, fmt.Sprintf("%03d", i))
		w.knock(t, said(want[i]))
	}
	w.line.cut.Store(false)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.service.Run(ctx) }()
	for w.conversations(t)[0].LastSeq < 302 {
		<-w.news
	}
	stop()
	must(t, <-ended)
	if j.Waiting() != 0 {
		t.Errorf("%d wait", j.Waiting())
	}
	var got []string
	w.view(t, func(r store.Reader) error {
		for after := int64(2); ; {
			all, err := r.Messages().After(w.conversations(t)[0].ID, after, 100)
			for _, m := range all {
				got, after = append(got, m.ExternalID), m.Seq
			}
			if err != nil || len(all) == 0 {
				return err
			}
		}
	})
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("heard %v", got)
	}
}

// A commit that was not heard of in time is in the store and in the journal, and is one request.
func TestALateCommitIsNoSecondRequest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		folder := t.TempDir()
		j := w.start(t, folder, 1<<20)
		w.line.hung.Store(true)
		w.knock(t, said("a"))
		w.line.hung.Store(false)
		if len(w.raws(t)) != 1 || j.Waiting() != 1 {
			t.Fatalf("%d stored, %d wait", len(w.raws(t)), j.Waiting())
		}
		if n, err := w.service.Hand(t.Context()); err != nil || n != 1 || len(w.raws(t)) != 1 {
			t.Fatalf("%d handed over: %v, %d stored", n, err, len(w.raws(t)))
		}
		if n := w.file(t, time.Minute); n != 1 || len(w.heard(t)) != 1 {
			t.Errorf("%d filed, heard %v", n, w.heard(t))
		}
	})
}

// A crash after the hand-over and before forgetting hands over again.
func TestHandedOverTwiceIsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	folder, one, two := t.TempDir(), t.TempDir(), t.TempDir()
	w.start(t, folder, 1<<20)
	w.knock(t, said("a"))
	w.line.cut.Store(true)
	w.knock(t, said("b"))
	w.line.cut.Store(false)
	must(t, os.CopyFS(one, os.DirFS(folder)))
	must(t, os.CopyFS(two, os.DirFS(folder)))
	hand := func() {
		t.Helper()
		if n, err := w.service.Hand(t.Context()); err != nil || n != 1 || len(w.raws(t)) != 2 {
			t.Fatalf("%d handed over: %v, %d stored", n, err, len(w.raws(t)))
		}
	}
	hand()
	w.start(t, one, 1<<20)
	hand()
	w.file(t, time.Minute)
	w.start(t, two, 1<<20)
	hand()
	if n := w.file(t, time.Minute); n != 0 || len(w.heard(t)) != 2 {
		t.Errorf("%d filed again, heard %v", n, w.heard(t))
	}
}

func TestAForgedRequestIsNeverInTheJournal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.start(t, t.TempDir(), 1<<20)
	w.knock(t, said("a"))
	w.line.cut.Store(true)
	forged := provider(said("b"))
	forged.Body = append(forged.Body, ' ')
	if _, err := w.service.Hook(t.Context(), testchannel.Kind, "hook1", forged); desk.CodeOf(err) != "forged" || j.Waiting() != 0 {
		t.Errorf("%v, %d wait", err, j.Waiting())
	}
}

func TestAFullJournalRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j := w.start(t, t.TempDir(), 2000)
	w.knock(t, said("a"))
	w.line.cut.Store(true)
	taken := 0
	for {
		_, err := w.service.Hook(t.Context(), testchannel.Kind, "hook1", provider(said(fmt.Sprint(taken))))
		if err != nil {
			if desk.KindOf(err) != desk.KindUnavailable || !strings.Contains(err.Error(), "the journal in") {
				t.Errorf("refused: %v", err)
			}
			break
		}
		taken++
	}
	if taken == 0 || j.Waiting() != taken {
		t.Errorf("%d taken, %d wait", taken, j.Waiting())
	}
	w.line.cut.Store(false)
	w.knock(t, said("b")) // the store has room
}

func TestTheJournalTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	folder := t.TempDir()
	w.config.NoteFolder = folder
	w.start(t, folder, 1<<20)
	must(t, w.service.Learn(t.Context()))
	w.knock(t, said("a"))
	w.line.cut.Store(true)
	w.knock(t, said("b"))
	seen := 0
	must(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		seen += len(text)
		for _, word := range []string{"my secret words", secret, "hook1", "X-Test-Signature"} {
			if bytes.Contains(text, []byte(word)) {
				t.Errorf("%s tells %q", path, word)
			}
		}
		return err
	}))
	if seen == 0 {
		t.Error("nothing was written")
	}
}

// Two nodes hand over the same requests at the same moment: one that was killed after its hand-over, and whoever took its disk.
func TestHandedOverByTwoNodesAtOnceIsOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		folder, copied := t.TempDir(), t.TempDir()
		w.start(t, folder, 1<<20)
		w.knock(t, said("before"))
		w.line.cut.Store(true)
		var want []string
		for i := range 20 {
			want = append(want, fmt.Sprintf("%02d", i))
			w.knock(t, said(want[i]))
		}
		w.line.cut.Store(false)
		must(t, os.CopyFS(copied, os.DirFS(folder)))
		one := w.service
		w.start(t, copied, 1<<20)
		var nodes sync.WaitGroup
		for _, node := range []*inbound.Service{one, w.service} {
			nodes.Go(func() {
				for { // the one that is second is told that the other was first
					if _, err := node.Hand(t.Context()); desk.KindOf(err) != desk.KindConflict {
						if err != nil {
							t.Error(err)
						}
						return
					}
				}
			})
		}
		nodes.Wait()
		if n := len(w.raws(t)); n != 21 {
			t.Errorf("%d stored", n)
		}
		w.file(t, time.Minute)
		if got := w.heard(t); strings.Join(got, " ") != "before "+strings.Join(want, " ") {
			t.Errorf("heard %v", got)
		}
	})
}
