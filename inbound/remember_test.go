package inbound_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/bus"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbound/journal"
	"madoguchi/store"
)

// A channel that nobody has written to since the node began is known all the same when the store goes away.
func TestAChannelNotHeardYetIsTakenWhileTheStoreIsAway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		j := w.start(t, t.TempDir(), 1<<20)
		must(t, w.service.Learn(t.Context()))
		w.line.cut.Store(true)
		w.clock.advance(time.Hour)
		w.knock(t, said("a"))
		if j.Waiting() != 1 {
			t.Errorf("%d wait", j.Waiting())
		}
	})
}

// What another node did to a channel counts on this one, too, when the store goes away.
func TestWhatIsKnownOfAChannelFollowsTheStore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key := secret
		w.config.Secrets = func(desk.ID, desk.Channel) (map[string]string, error) { return map[string]string{"secret": key}, nil }
		w.start(t, t.TempDir(), 1<<20)
		put := func(change func(*desk.Channel)) {
			t.Helper()
			must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
				c, err := tx.Channels().Get(test)
				if err != nil {
					return err
				}
				change(&c)
				c.Version++
				return tx.WriteChannels().Put(c)
			}))
			must(t, w.service.Learn(t.Context()))
		}
		hook := func(with string, want string) {
			t.Helper()
			w.clock.advance(time.Minute)
			w.line.cut.Store(true)
			defer w.line.cut.Store(false)
			r := testchannel.Webhook(with, testchannel.Event{ID: "x", Account: "a1", Type: "message", From: "u1", Text: "hello"})
			if _, err := w.service.Hook(t.Context(), testchannel.Kind, "hook1", r); desk.CodeOf(err) != want && (err != nil || want != "") {
				t.Errorf("%v, want %q", err, want)
			}
		}
		must(t, w.service.Learn(t.Context()))
		hook(secret, "")
		key = "the next"
		put(func(c *desk.Channel) { c.Secrets = []byte("sealed anew") })
		hook(secret, "forged")
		hook(key, "")
		put(func(c *desk.Channel) { c.State = desk.ChannelDeleted })
		hook(key, "store_unavailable")
	})
}

// A node that starts without the store knows the channels it noted before: it verifies, keeps, and hands over once it may.
func TestANoteOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	folder := t.TempDir()
	w.config.NoteFolder = folder
	w.start(t, folder, 1<<20)
	must(t, w.service.Learn(t.Context()))

	w.line.cut.Store(true)
	w.config.NoteFolder = t.TempDir()
	w.start(t, folder, 1<<20) // elsewhere nothing is noted
	if n, err := w.service.Recall(t.Context()); n != 0 || err != nil {
		t.Errorf("%d recalled from nothing: %v", n, err)
	}
	w.config.NoteFolder = folder
	j := w.start(t, folder, 1<<20)
	if n, err := w.service.Recall(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d recalled: %v", n, err)
	}
	w.knock(t, said("a"))
	forged := provider(said("b"))
	forged.Body = append(forged.Body, ' ')
	if _, err := w.service.Hook(t.Context(), testchannel.Kind, "hook1", forged); desk.CodeOf(err) != "forged" || j.Waiting() != 1 {
		t.Errorf("%v, %d wait", err, j.Waiting())
	}
	w.line.cut.Store(false)
	if n, err := w.service.Hand(t.Context()); n != 1 || err != nil {
		t.Errorf("%d handed over: %v", n, err)
	}
	w.file(t, time.Minute)
	if got := w.heard(t); len(got) != 1 || got[0] != "a" {
		t.Errorf("heard %v", got)
	}

	text, err := journal.ReadNote(folder)
	must(t, err)
	text[len(text)/2] ^= 1
	must(t, journal.WriteNote(folder, text))
	if n, err := inbound.New(w.config).Recall(t.Context()); n != 0 || err == nil {
		t.Errorf("%d recalled from a note that somebody changed", n)
	}
}

// counted is a store that says how often it was asked, and has nothing.
type counted struct {
	store.Store
	asked atomic.Int64
}

func (c *counted) View(context.Context, desk.ID, func(store.Reader) error) error {
	c.asked.Add(1)
	return nil
}

// However much is committed, channels are not read again all the time; and now and then they are, also in silence.
func TestChannelsAreReadAgainInMeasure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, b := &counted{}, membus.New()
		service := inbound.New(inbound.Config{Store: s, Channels: channel.Registry{}, Bus: b, Now: time.Now})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { service.Remember(ctx); close(ended) }()
		synctest.Wait()
		asked := func(want int64) {
			t.Helper()
			synctest.Wait()
			if n := s.asked.Swap(0); n != want {
				t.Errorf("asked %d times, want %d", n, want)
			}
		}
		asked(1)
		for range 100 {
			must(t, b.Publish(ctx, bus.Hint{Topic: bus.TopicEvents, Workspace: 1, Seq: 1}))
		}
		time.Sleep(4 * time.Second)
		asked(0)
		time.Sleep(2 * time.Second)
		asked(1)
		time.Sleep(58 * time.Second)
		asked(0)
		time.Sleep(2 * time.Second)
		asked(1)
		stop()
		<-ended
		must(t, b.Close())
	})
}
