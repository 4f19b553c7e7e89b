package outbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/bus"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/outbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

const (
	workspace desk.ID = 1
	chID      desk.ID = 10
)

// clock is the world's time: the store, the runner and the connector see it move only when the test moves it.
type clock struct{ now atomic.Int64 }

func (c *clock) Now() time.Time { return time.UnixMilli(c.now.Load()).UTC() }

type world struct {
	store    store.Store
	bus      *membus.Bus
	clock    *clock
	provider *testchannel.Provider
	config   outbox.Config
	changed  chan struct{} // the event log grew
}

func newWorld(t *testing.T, c channel.Connector) *world {
	t.Helper()
	return worldOn(t, c, func(o ...storetest.Option) store.Store { return storetest.SQLite(t, o...) })
}

func worldOn(t *testing.T, c channel.Connector, open func(...storetest.Option) store.Store) *world {
	t.Helper()
	w := &world{bus: membus.New(), clock: &clock{}, provider: testchannel.NewProvider(t), changed: make(chan struct{}, 1)}
	w.provider.Idempotent = c.Spec().Idempotent
	w.clock.now.Store(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC).UnixMilli())
	s := open(func(config *sqlstore.Config) {
		config.Clock = w.clock.Now
		config.OnCommit = func(ws desk.ID, _ int64, deliveries bool) {
			if deliveries {
				_ = w.bus.Publish(context.Background(), bus.Hint{Topic: bus.TopicOutbox, Workspace: ws})
			}
			select {
			case w.changed <- struct{}{}:
			default:
			}
		}
	})
	w.store = s
	must(t, s.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "UTC", CreatedAt: tx.Now()})
	}))
	must(t, s.Update(t.Context(), workspace, func(tx store.Tx) error {
		return tx.WriteChannels().Put(desk.Channel{ID: chID, Kind: testchannel.Kind, Account: "a1", Name: "c", State: desk.ChannelActive,
			Settings: json.RawMessage(`{}`), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1})
	}))
	w.config = outbox.Config{
		Store: s, Bus: w.bus, Channels: channel.Registry{testchannel.Kind: c}, Worker: "test", Now: w.clock.Now,
		BaseURL: func(string) string { return w.provider.URL },
		Client:  &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}},
		Backoff: func(int) time.Duration { return 0 }, Log: slog.New(slog.DiscardHandler),
	}
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// start runs a runner until stop is called (or the test ends).
func (w *world) start(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := outbox.New(w.config).Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	t.Cleanup(stop)
	return stop
}

// move lets time pass and wakes the runner, as its timer would.
func (w *world) move(t *testing.T, d time.Duration) {
	t.Helper()
	w.clock.now.Add(d.Milliseconds())
	must(t, w.bus.Publish(t.Context(), bus.Hint{Topic: bus.TopicOutbox}))
}

// thread makes a conversation with a customer.
func (w *world) thread(t *testing.T, n int) desk.ID {
	t.Helper()
	var id desk.ID
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		contact := desk.Contact{ID: tx.NewID(), Name: "c", CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}
		must(t, tx.WriteContacts().Put(contact))
		identity := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: chID, Kind: testchannel.Kind, Scope: "a1", ExternalID: fmt.Sprint("u", n), CreatedAt: tx.Now()}
		must(t, tx.WriteContacts().PutIdentity(identity))
		id = tx.NewID()
		return tx.WriteConversations().Put(desk.Conversation{ID: id, ChannelID: chID, IdentityID: identity.ID, ContactID: contact.ID,
			Status: desk.StatusOpen, Priority: desk.PriorityNormal, CreatedAt: tx.Now(), Version: 1})
	}))
	return id
}

// say promises to send a text in a conversation, as an agent's reply does.
func (w *world) say(t *testing.T, conversation desk.ID, text string) desk.ID {
	t.Helper()
	var id desk.ID
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		m := desk.Message{ID: tx.NewID(), ConversationID: conversation, Author: desk.Author{Kind: desk.AuthorHuman, ID: 7},
			Parts: []desk.Part{{Kind: desk.PartText, Text: text}}, Status: desk.DeliveryQueued, At: tx.Now(), ReceivedAt: tx.Now()}
		id = m.ID
		must(t, tx.WriteMessages().Add(&m))
		for i := range channel.Split(testchannel.Connector{}.Spec().Capabilities, m.Parts) {
			must(t, tx.Enqueue(&desk.Delivery{ID: tx.NewID(), ChannelID: chID, ConversationID: conversation, MessageID: m.ID, Part: i,
				Status: desk.DeliveryQueued, NotBefore: tx.Now(), ExpiresAt: tx.Now().Add(15 * time.Minute), Key: fmt.Sprint(m.ID, "-", i), CreatedAt: tx.Now(), UpdatedAt: tx.Now()}))
		}
		return nil
	}))
	return id
}

// await waits until the message has a status.
func (w *world) await(t *testing.T, message desk.ID, want desk.DeliveryStatus) desk.Message {
	t.Helper()
	var m desk.Message
	w.until(t, func() bool {
		must(t, w.store.View(t.Context(), workspace, func(r store.Reader) (err error) {
			m, err = r.Messages().Get(message)
			return err
		}))
		return m.Status == want
	}, func() string { return fmt.Sprintf("message is %q (%+v), want %q", m.Status, m.Fault, want) })
	return m
}

// until waits for a condition that commits bring about.
func (w *world) until(t *testing.T, done func() bool, state func() string) {
	t.Helper()
	never := time.After(2 * time.Minute) // not an assertion of speed: it will not come any more
	for !done() {
		select {
		case <-w.changed:
		case <-never:
			t.Fatal(state())
		}
	}
}

func texts(taken []testchannel.Message) []string {
	var list []string
	for _, m := range taken {
		list = append(list, m.Text)
	}
	return list
}

var plain, idempotent, findable channel.Connector = testchannel.Connector{}, testchannel.Connector{Idempotent: true}, testchannel.Findable{}
