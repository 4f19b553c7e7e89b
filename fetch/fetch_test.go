package fetch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/attachment"
	"madoguchi/blob/diskblob"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/fetch"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// source is a provider that keeps files.
type source struct {
	testchannel.Connector
	files map[string]func() (channel.Media, error)
}

func (s source) Fetch(_ context.Context, a channel.Account, ref string) (channel.Media, error) {
	if a.Secrets["token"] != "t" {
		return channel.Media{}, &channel.Fault{Kind: channel.ActToken, Code: "token", Err: errors.New("no token")}
	}
	return s.files[ref]()
}

func file(content []byte, claimed string) func() (channel.Media, error) {
	return func() (channel.Media, error) {
		return channel.Media{Body: io.NopCloser(bytes.NewReader(content)), Name: "theirs.bin", Type: claimed, Size: -1}, nil
	}
}

const (
	workspace    desk.ID = 1
	test         desk.ID = 11
	conversation desk.ID = 12
	message      desk.ID = 13
)

type world struct {
	store  store.Store
	runner *fetch.Runner
	now    *atomic.Int64
}

func newWorld(t *testing.T, open func(...storetest.Option) store.Store, files map[string]func() (channel.Media, error)) *world {
	t.Helper()
	now := &atomic.Int64{}
	now.Store(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC).UnixMilli())
	clock := func() time.Time { return time.UnixMilli(now.Load()).UTC() }
	s := open(func(c *sqlstore.Config) { c.Clock = clock })
	blobs, err := diskblob.Open(t.TempDir())
	must(t, err)
	update(t, s, 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", CreatedAt: tx.Now()})
	})
	update(t, s, workspace, func(tx store.Tx) error {
		return errors.Join(
			tx.WriteChannels().Put(desk.Channel{ID: test, Kind: testchannel.Kind, Name: "c", Account: "a1", State: desk.ChannelActive, Settings: json.RawMessage(`{}`), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}),
			tx.WriteContacts().Put(desk.Contact{ID: 2, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}),
			tx.WriteContacts().PutIdentity(desk.Identity{ID: 3, ContactID: 2, ChannelID: test, Kind: testchannel.Kind, ExternalID: "u1", CreatedAt: tx.Now()}),
			tx.WriteConversations().Put(desk.Conversation{ID: conversation, ChannelID: test, IdentityID: 3, ContactID: 2, Status: desk.StatusQueued, Priority: desk.PriorityNormal, CreatedAt: tx.Now(), Version: 1}))
	})
	return &world{store: s, now: now, runner: fetch.New(fetch.Config{
		Store: s, Bus: membus.New(), Channels: channel.Registry{testchannel.Kind: source{files: files}}, Now: clock, Log: slog.New(slog.DiscardHandler),
		Files:   &attachment.Keeper{Blobs: blobs, MaxBytes: 1 << 16},
		Secrets: func(desk.ID, desk.Channel) (map[string]string, error) { return map[string]string{"token": "t"}, nil },
	})}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func update(t *testing.T, s store.Store, ws desk.ID, fn func(store.Tx) error) {
	t.Helper()
	must(t, s.Update(t.Context(), ws, fn))
}

// sent is a customer's message with files that the provider keeps.
func (w *world) sent(t *testing.T, refs ...string) {
	t.Helper()
	update(t, w.store, workspace, func(tx store.Tx) error {
		m := desk.Message{ID: message, ConversationID: conversation, Author: desk.Author{Kind: desk.AuthorCustomer, ID: 2}, At: tx.Now(), ReceivedAt: tx.Now()}
		for i, ref := range refs {
			m.Parts = append(m.Parts, desk.Part{Kind: desk.PartFile, MediaRef: ref, Media: desk.MediaFetching})
			if err := tx.WriteFetches().Put(store.MediaFetch{MessageID: message, Part: i, ConversationID: conversation, ChannelID: test, DueAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.WriteMessages().Add(&m)
	})
}

func (w *world) fetch(t *testing.T, after time.Duration) desk.Message {
	t.Helper()
	w.now.Add(after.Milliseconds())
	_, err := w.runner.Due(t.Context())
	must(t, err)
	var m desk.Message
	must(t, w.store.View(t.Context(), workspace, func(r store.Reader) (err error) {
		m, err = r.Messages().Get(message)
		return err
	}))
	return m
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 4, 3))))
	return b.Bytes()
}

func TestFilesComeOrAreMissing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		refusals := 0
		w := newWorld(t, open, map[string]func() (channel.Media, error){
			"photo": file(picture(t), "text/html"), // the bytes decide
			"large": file(make([]byte, 1<<16+1), "application/pdf"),
			"gone": func() (channel.Media, error) {
				return channel.Media{}, &channel.Fault{Kind: channel.ActFail, Code: "media_gone", Certain: true, Err: errors.New("gone")}
			},
			"later": func() (channel.Media, error) {
				if refusals++; refusals == 1 {
					return channel.Media{}, &channel.Fault{Kind: channel.ActRetry, Code: "media_preparing", After: time.Minute, Err: errors.New("preparing")}
				}
				return file([]byte("plain words"), "text/plain")()
			},
		})
		w.sent(t, "photo", "large", "gone", "later")
		m := w.fetch(t, 0)
		if p := m.Parts[0]; p.Media != "" || p.Kind != desk.PartImage || p.Attachment == nil || p.Attachment.Width != 4 || p.Attachment.MessageID != message {
			t.Errorf("the picture: %+v", p)
		}
		for i, want := range map[int]desk.MediaState{1: desk.MediaRefused, 2: desk.MediaGone} {
			if p := m.Parts[i]; p.Media != want || p.AttachmentID != 0 {
				t.Errorf("%s: %+v", want, p)
			}
		}
		if m = w.fetch(t, 30*time.Second); m.Parts[3].Media != desk.MediaFetching || refusals != 1 {
			t.Errorf("asked again before its time: %+v", m.Parts[3])
		}
		if m = w.fetch(t, 31*time.Second); m.Parts[3].Attachment == nil || m.Parts[3].Attachment.Size != 11 {
			t.Errorf("in the end: %+v", m.Parts[3])
		}
		events, err := w.store.Events(t.Context(), workspace, 0, 100)
		must(t, err)
		changed := 0
		for _, e := range events {
			if e.Kind == desk.EventMessageChanged && e.MessageID == message {
				changed++
			}
		}
		if changed != 4 {
			t.Errorf("%d changes told", changed)
		}
	})
}

func TestTroubleEndsAndUnsentFilesAreLeft(t *testing.T) {
	t.Parallel()
	asked, back := 0, false
	w := newWorld(t, func(o ...storetest.Option) store.Store { return storetest.SQLite(t, o...) }, map[string]func() (channel.Media, error){
		"broken": func() (channel.Media, error) {
			if asked++; back {
				return file([]byte("plain words"), "text/plain")()
			}
			return channel.Media{}, io.ErrUnexpectedEOF
		},
	})
	w.sent(t, "broken")
	var m desk.Message
	for range 10 {
		m = w.fetch(t, time.Hour)
	}
	if asked != 6 || m.Parts[0].Media != desk.MediaMissing {
		t.Errorf("asked %d times: %+v", asked, m.Parts)
	}
	back = true
	update(t, w.store, workspace, func(tx store.Tx) error { return store.FetchAgain(tx, &m, test) })
	if m = w.fetch(t, 0); asked != 7 || m.Parts[0].Media != "" || m.Parts[0].Attachment == nil {
		t.Errorf("asked for once more: asked %d times, %+v", asked, m.Parts)
	}
	asked = 6
	update(t, w.store, workspace, func(tx store.Tx) error { // taken back while it was promised
		m.Parts, m.DeletedAt = nil, tx.Now()
		return errors.Join(tx.WriteMessages().Update(&m), tx.WriteFetches().Put(store.MediaFetch{MessageID: message, ConversationID: conversation, ChannelID: test, DueAt: tx.Now()}))
	})
	if m = w.fetch(t, time.Second); asked != 6 || len(m.Parts) != 0 {
		t.Errorf("fetched what was taken back: asked %d times, %+v", asked, m.Parts)
	}
}
