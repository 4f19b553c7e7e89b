package inbound_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
)

// provider is a request of the test channel's provider.
func provider(events ...testchannel.Event) channel.Request {
	for i := range events {
		events[i].Account = "a1"
	}
	return testchannel.Webhook(secret, events...)
}

// knock sends a request to the test channel's callback.
func (w *world) knock(t *testing.T, events ...testchannel.Event) {
	t.Helper()
	if _, err := w.service.Hook(t.Context(), testchannel.Kind, "hook1", provider(events...)); err != nil {
		t.Fatal(err)
	}
}

// file files what is due after a while.
func (w *world) file(t *testing.T, after time.Duration) int {
	t.Helper()
	w.clock.advance(after)
	n, err := w.service.FileDue(t.Context())
	must(t, err)
	return n
}

func (w *world) raws(t *testing.T) (all []store.RawRequest) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		all, err = r.Raw().Of(test, 0, time.Time{}, 100)
		return err
	})
	return all
}

// conversations are the rows there are.
func (w *world) conversations(t *testing.T) (rows []desk.Conversation) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		rows, _, err = r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}})
		return err
	})
	return rows
}

func TestHookKeepsWhatItAcknowledges(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.knock(t, testchannel.Event{ID: "in1", Type: "message", From: "u1", Text: "my secret words"})
		all := w.raws(t)
		if len(all) != 1 || all[0].DueAt.IsZero() || !all[0].FiledAt.IsZero() {
			t.Fatalf("kept: %+v", all)
		}
		w.view(t, func(r store.Reader) error {
			q, err := r.Raw().Get(all[0].ID)
			if bytes.Contains(q.Sealed, []byte("secret")) || len(q.Sealed) == 0 {
				t.Errorf("kept in the open: %q", q.Sealed)
			}
			return err
		})
		if n := w.file(t, time.Second); n != 0 {
			t.Error("another node files it although its own still may")
		}
		if n := w.file(t, time.Minute); n != 1 || len(w.conversations(t)) != 1 {
			t.Errorf("%d filed", n)
		}
		if all = w.raws(t); all[0].FiledAt.IsZero() || !all[0].DueAt.IsZero() {
			t.Errorf("filed: %+v", all[0])
		}
		w.view(t, func(r store.Reader) error {
			c, err := r.Channels().Get(test)
			if c.Health.HookAt.IsZero() {
				t.Error("nobody knows that it was heard from")
			}
			return err
		})
		w.knock(t, testchannel.Event{ID: "in1", Type: "message", From: "u1", Text: "my secret words"}) // the provider says it again
		w.file(t, time.Minute)
		if rows := w.conversations(t); rows[0].LastSeq != 2 || w.service.Counts().Duplicates != 1 {
			t.Errorf("said twice: %+v", rows[0])
		}
	})
}

func TestHookRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hook := func(kind, name string, r channel.Request) error {
		_, err := w.service.Hook(t.Context(), kind, name, r)
		return err
	}
	good := provider(testchannel.Event{ID: "in1", Type: "message", From: "u1", Text: "x"})
	forged := good
	forged.Body = append([]byte(" "), good.Body...)
	asked := good
	asked.Method = http.MethodGet
	for name, err := range map[string]error{
		"nobody's address":  hook(testchannel.Kind, "guess", good),
		"no address":        hook(testchannel.Kind, "", good),
		"another kind":      hook("webchat", "hook1", good),
		"an unknown kind":   hook("fax", "hook1", good),
		"a question to one": hook(testchannel.Kind, "hook1", asked),
	} {
		if desk.KindOf(err) != desk.KindNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := hook(testchannel.Kind, "hook1", forged); desk.CodeOf(err) != "forged" || w.service.Counts().Forged != 1 {
		t.Errorf("forged: %v", err)
	}
	w.view(t, func(r store.Reader) error {
		c, err := r.Channels().Get(test)
		if c.Health.ForgedAt.IsZero() {
			t.Error("the channel's page does not tell (H9)")
		}
		return err
	})
	if kept := w.raws(t); len(kept) != 0 {
		t.Errorf("kept: %+v", kept)
	}
}

func TestHookOfADisabledChannelKeepsNothing(t *testing.T) { // H2
	t.Parallel()
	w := newWorld(t)
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		c, err := tx.Channels().Get(test)
		c.State = desk.ChannelDisabled
		c.Version++
		if err == nil {
			err = tx.WriteChannels().Put(c)
		}
		return err
	}))
	w.knock(t, testchannel.Event{ID: "in1", Type: "message", From: "u1", Text: "x"})
	if kept := w.raws(t); len(kept) != 0 || w.service.Counts().Discarded != 1 {
		t.Errorf("kept: %+v", kept)
	}
	bad := provider(testchannel.Event{ID: "in2"})
	bad.Header.Set("X-Test-Signature", strings.Repeat("0", 64))
	if _, err := w.service.Hook(t.Context(), testchannel.Kind, "hook1", bad); desk.CodeOf(err) != "forged" {
		t.Errorf("not even verified: %v", err)
	}
}

func TestEarlyNewsWaitsAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.knock(t,
			testchannel.Event{ID: "r1", Type: "receipt", Message: "out1", Status: desk.DeliveryRead},
			testchannel.Event{ID: "x1", Type: "reaction", From: "u1", Message: "in0", Emoji: "👍"},
			testchannel.Event{ID: "in1", Type: "message", From: "u1", Text: "hello"})
		w.file(t, 31*time.Second)
		rows := w.conversations(t)
		if len(rows) != 1 || rows[0].LastInboundSeq == 0 {
			t.Fatalf("the message waited with the rest: %+v", rows)
		}
		d := w.reply(t, rows[0].ID, "")
		w.file(t, 2*time.Second) // its attempt is under way
		w.sent(t, "out1")
		if n := w.file(t, 4*time.Second); n != 1 {
			t.Errorf("%d tried again", n)
		}
		if m := w.message(t, d.MessageID); m.Status != desk.DeliveryRead {
			t.Errorf("status %s", m.Status)
		}
		if n := w.service.Counts().Unrouted; n != 0 {
			t.Errorf("%d unrouted too soon", n)
		}
		w.file(t, 2*time.Minute) // the reaction's message never came
		if all := w.raws(t); all[0].FiledAt.IsZero() || w.service.Counts().Unrouted != 1 {
			t.Errorf("given up: %+v, %+v", all[0], w.service.Counts())
		}
	})
}

func TestRunFilesAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.service.Run(ctx) }()
	w.service.WaitRunning()
	for i := range 20 {
		w.knock(t, testchannel.Event{ID: string(rune('a' + i)), Type: "message", From: "u1", Text: "hello"})
	}
	rows := w.conversations(t)
	for len(rows) == 0 || rows[0].LastSeq < 21 {
		<-w.news
		rows = w.conversations(t)
	}
	stop()
	must(t, <-ended)
	w.view(t, func(r store.Reader) error {
		all, err := r.Messages().After(rows[0].ID, 1, 100)
		for i, m := range all {
			if m.ExternalID != string(rune('a'+i)) {
				t.Errorf("place %d has %s", i, m.ExternalID)
			}
		}
		return err
	})
}

func TestKnownChannelsOutliveTheStoresSilence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.knock(t, testchannel.Event{ID: "in1", Type: "message", From: "u1", Text: "x"})
	w.line.cut.Store(true)
	w.clock.advance(time.Minute)
	forged := provider(testchannel.Event{ID: "in2", Type: "message", From: "u1", Text: "x"})
	forged.Body = append(forged.Body, ' ')
	if _, err := w.service.Hook(t.Context(), testchannel.Kind, "hook1", forged); desk.CodeOf(err) != "forged" {
		t.Errorf("cannot verify without the store: %v", err)
	}
	if _, err := w.service.Hook(t.Context(), testchannel.Kind, "hook1", provider(testchannel.Event{ID: "in2", Type: "message", From: "u1", Text: "x"})); err == nil {
		t.Error("acknowledged what is kept nowhere")
	}
}
