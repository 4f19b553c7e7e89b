package api_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"madoguchi/account"
	"madoguchi/api"
	"madoguchi/assign"
	"madoguchi/attachment"
	"madoguchi/audit"
	"madoguchi/auth/authtest"
	"madoguchi/blob"
	"madoguchi/blob/diskblob"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/export"
	"madoguchi/inbox"
	"madoguchi/live"
	"madoguchi/media"
	"madoguchi/notify"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

const publicURL = "http://desk.example.test"

// counter is a whole server on a real database, and what the tests reach behind it for.
type counter struct {
	*httptest.Server
	store    store.Store
	accounts *account.Service
	log      *buffer
	deps     api.Deps
}

// buffer is a log that may be written and read at once.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func builtWeb() fstest.MapFS {
	return fstest.MapFS{
		"inbox/index.html":         {Data: []byte(`<!doctype html><div id="root"></div><script type="module" src="/assets/app-1.js"></script>`)},
		"inbox/manifest.json":      {Data: []byte(`{}`)},
		"inbox/assets/app-1.js":    {Data: []byte(strings.Repeat("console.log(1);", 100))},
		"inbox/assets/app-1.js.br": {Data: []byte("brotli")},
		"inbox/assets/app-1.js.gz": {Data: []byte("gzip")},
		"inbox/sw.js":              {Data: []byte("self")},
		"inbox/icon.svg":           {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
		"widget/assets/panel-1.js": {Data: []byte("panel")},
	}
}

func open(t *testing.T, change ...func(*api.Deps)) *counter {
	t.Helper()
	s := audit.Watch(storetest.SQLite(t), nil)
	log := &buffer{}
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	blobs, err := diskblob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ring, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	channels := channel.Registry{webchat.Kind: webchat.New(), testchannel.Kind: testchannel.Connector{OptOut: true}}
	c := &counter{store: s, log: log, accounts: account.New(account.Config{Store: s, Passwords: authtest.Passwords(), Log: logger})}
	c.deps = api.Deps{
		Store: s, Accounts: c.accounts, Assign: assign.New(assign.Config{Store: s, Log: logger}), Notify: notify.New(notify.Config{Store: s, Sealer: ring}), Inbox: inbox.New(inbox.Config{Store: s, Channels: channels, Log: logger}),
		Exports:  export.New(export.Config{Store: s, Blobs: blobs, Log: logger}),
		Hub:      live.New(live.Config{Store: s, Bus: membus.New(), Log: logger}),
		Files:    &attachment.Keeper{Blobs: blobs, Thumbnails: media.NewThumbnailer(1), MaxBytes: 1 << 20, Log: logger},
		Channels: channels, Sealer: ring, Widget: http.NotFoundHandler(), Web: builtWeb(), Log: logger, PublicURL: publicURL, Version: "test",
	}
	for _, fn := range change {
		fn(&c.deps)
	}
	server, err := api.New(c.deps)
	if err != nil {
		t.Fatal(err)
	}
	c.Server = httptest.NewServer(server)
	t.Cleanup(c.Close)
	return c
}

const password = "correct horse battery"

// talk is a conversation with one message of a customer, as inbound would leave it.
type talk struct {
	conversation, ticket, contact, message, identity desk.ID
}

func (c *counter) talk(t *testing.T, workspace desk.ID) (k talk) {
	t.Helper()
	err := c.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		channels, err := tx.Channels().List()
		if err != nil {
			return err
		}
		now := tx.Now()
		contact := desk.Contact{ID: tx.NewID(), Name: "山田 花子", CreatedAt: now, UpdatedAt: now, Version: 1}
		if err := tx.WriteContacts().Put(contact); err != nil {
			return err
		}
		identity := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: channels[0].ID, Kind: "webchat", Scope: channels[0].ID.String(), ExternalID: tx.NewID().String(), CreatedAt: now}
		if err := tx.WriteContacts().PutIdentity(identity); err != nil {
			return err
		}
		number, err := tx.WriteWorkspaces().NextTicketNumber()
		if err != nil {
			return err
		}
		row := desk.Conversation{ID: tx.NewID(), ChannelID: channels[0].ID, IdentityID: identity.ID, ContactID: contact.ID, CreatedAt: now, Version: 1}
		ticket := desk.OpenTicket(tx.NewID(), number, row, 0, now)
		ticket.Version = 1
		row.Follow(ticket)
		if err := tx.WriteConversations().Put(row); err != nil {
			return err
		}
		if err := tx.WriteTickets().Put(ticket); err != nil {
			return err
		}
		m := desk.Message{
			ID: tx.NewID(), ConversationID: row.ID, TicketID: ticket.ID, Author: desk.Author{Kind: desk.AuthorCustomer, ID: contact.ID, Name: contact.Name},
			Parts: []desk.Part{{Kind: desk.PartText, Text: "返金してください"}}, ClientID: "c1", At: now, ReceivedAt: now,
		}
		if err := tx.WriteMessages().Add(&m); err != nil {
			return err
		}
		row.Said(m)
		k = talk{conversation: row.ID, ticket: ticket.ID, contact: contact.ID, message: m.ID, identity: identity.ID}
		return tx.WriteConversations().Put(row)
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// blobs are the files kept.
func (c *counter) blobs(t *testing.T) (keys []string) {
	t.Helper()
	err := c.deps.Files.Blobs.Walk(t.Context(), func(i blob.Info) error {
		keys = append(keys, i.Key)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// deadlineWriter counts the deadlines set on an answer.
type deadlineWriter struct {
	*httptest.ResponseRecorder
	reads, writes int
}

func (w *deadlineWriter) SetReadDeadline(time.Time) error { w.reads++; return nil }

func (w *deadlineWriter) SetWriteDeadline(time.Time) error { w.writes++; return nil }
