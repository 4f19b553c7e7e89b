package notify_test

import (
	"encoding/json"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbox"
	"madoguchi/notify"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
	"madoguchi/webpush"
	"madoguchi/webpush/pushtest"
)

const (
	workspace desk.ID = 1
	number    desk.ID = 10 // the channel
	aoi       desk.ID = 20 // members
	ken       desk.ID = 21
	mio       desk.ID = 22 // sees her own and unassigned ones
	secret            = "s3cret"
)

// world is a desk with a channel, three members and customers.
type world struct {
	store     store.Store
	now       atomic.Int64
	customers *inbound.Service
	members   *inbox.Service
	notify    *notify.Service
	keys      *seal.Keyring
	service   *pushtest.Service
	written   int
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) { test(t, newWorld(t, open)) })
}

func newWorld(t *testing.T, open func(...storetest.Option) store.Store) *world {
	t.Helper()
	w := &world{}
	w.now.Store(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC).UnixMilli())
	w.store = open(func(c *sqlstore.Config) { c.Clock = w.Now })
	must(t, w.store.Update(t.Context(), 0, func(tx store.Tx) error {
		for id, name := range map[desk.ID]string{aoi: "Aoi", ken: "Ken", mio: "Mio"} {
			if err := tx.WriteAccounts().PutUser(desk.User{ID: id, Email: name + "@example.test", Name: name, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "窓口", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	}))
	w.update(t, func(tx store.Tx) error {
		for id, scope := range map[desk.ID]desk.Scope{aoi: desk.ScopeAll, ken: desk.ScopeAll, mio: desk.ScopeOwn} {
			if err := tx.WriteMembers().Put(desk.Member{UserID: id, Role: desk.RoleAgent, Active: true, Scope: scope, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.WriteChannels().Put(desk.Channel{
			ID: number, Kind: testchannel.Kind, Name: "SMS", Account: "a1", State: desk.ChannelActive, Settings: json.RawMessage(`{}`),
			CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1,
		})
	})
	channels := channel.Registry{testchannel.Kind: testchannel.Connector{}}
	w.customers = inbound.New(inbound.Config{Store: w.store, Channels: channels, Now: w.Now,
		Secrets: func(desk.ID, desk.Channel) (map[string]string, error) {
			return map[string]string{"secret": secret}, nil
		}})
	w.members = inbox.New(inbox.Config{Store: w.store, Channels: channels, Now: w.Now})
	keys, err := seal.NewKeyring(make([]byte, seal.KeySize))
	must(t, err)
	w.keys = keys
	w.service = pushtest.New(t, w.Now)
	w.notify = w.node()
	w.service.Public, err = w.notify.PublicKey(t.Context())
	must(t, err)
	return w
}

// node is one more process at work.
func (w *world) node() *notify.Service {
	return notify.New(notify.Config{
		Store: w.store, Bus: membus.New(), Sealer: w.keys, Client: w.service.Client(), Trusted: func(u *url.URL) bool { return !strings.HasSuffix(u.Host, ".example.test") }, PublicURL: "https://desk.example.test",
		Worker: "test", Log: slog.New(slog.DiscardHandler), Now: w.Now,
	})
}

func (w *world) Now() time.Time { return time.UnixMilli(w.now.Load()).UTC() }

func (w *world) advance(d time.Duration) { w.now.Add(d.Milliseconds()) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) update(t *testing.T, fn func(store.Tx) error) {
	t.Helper()
	must(t, w.store.Update(t.Context(), workspace, fn))
}

// hears lets a customer write.
func (w *world) hears(t *testing.T, from, text string) inbound.Filed {
	t.Helper()
	w.written++
	taken, err := w.customers.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: number, Request: testchannel.Webhook(secret,
		testchannel.Event{ID: "m" + strconv.Itoa(w.written), Account: "a1", Type: "message", From: from, Name: "山田", Text: text})})
	must(t, err)
	return taken.Messages[0]
}

func member(id desk.ID) inbox.Actor {
	return inbox.Actor{Workspace: workspace, User: id, Name: "m", By: desk.Actor{Kind: desk.ActorUser, ID: id}, Scope: desk.ScopeAll, AssignsOthers: true}
}

// notes lets a member write a note that mentions others.
func (w *world) notes(t *testing.T, by, conversation desk.ID, mentions ...desk.ID) {
	t.Helper()
	w.written++
	part := desk.Part{Kind: desk.PartText, Text: "@ 見てください"}
	for _, user := range mentions {
		part.Marks = append(part.Marks, desk.Mark{Kind: desk.MarkUser, Start: 0, End: 1, UserID: user})
	}
	_, _, err := w.members.Write(t.Context(), member(by), conversation, inbox.NewMessage{ClientID: strconv.Itoa(w.written), Mode: inbox.ModeNote, Parts: []desk.Part{part}})
	must(t, err)
}

func (w *world) assigns(t *testing.T, by desk.ID, f inbound.Filed, to desk.ID) {
	t.Helper()
	_, err := w.members.Assign(t.Context(), member(by), f.Ticket.ID, to)
	must(t, err)
}

func (w *world) round(t *testing.T) {
	t.Helper()
	must(t, w.notify.Round(t.Context()))
}

// browser is a member's, signed up, at which they are online.
type browser struct {
	*pushtest.Browser
	session desk.Session
	id      desk.ID
}

func (w *world) browser(t *testing.T, user desk.ID) *browser {
	t.Helper()
	b := &browser{Browser: w.service.Subscribe(t)}
	b.session = desk.Session{ID: 1, TokenHash: b.Endpoint, CSRF: "c", UserID: user, WorkspaceID: workspace, CreatedAt: w.Now(), LastSeenAt: w.Now(), ExpiresAt: w.Now().Add(7 * 24 * time.Hour)}
	w.update(t, func(tx store.Tx) error {
		if err := tx.WriteAccounts().PutSession(b.session); err != nil {
			return err
		}
		return tx.WriteMembers().PutPresence(desk.Presence{UserID: user, Chosen: desk.Online, LeaseUntil: tx.Now().Add(time.Hour)})
	})
	d, err := w.notify.SignUp(t.Context(), b.session, webpush.Subscription{Endpoint: b.Endpoint, P256DH: b.P256DH, Auth: b.Auth})
	must(t, err)
	b.id = d.ID
	return b
}

// said is the text of a push.
type said struct {
	Title, Body, Tag, URL string
	Badge                 int64
}

// pushes lets what happened be pushed, some seconds later, and says what a browser heard.
func (w *world) pushes(t *testing.T, b *browser) (heard []said) {
	t.Helper()
	w.round(t)
	w.advance(4 * time.Second)
	for n := 1; n > 0; {
		var err error
		n, err = w.notify.Push(t.Context())
		must(t, err)
	}
	for _, got := range b.Got() {
		var one said
		must(t, json.Unmarshal([]byte(got.Text), &one))
		heard = append(heard, one)
	}
	return heard
}

func (w *world) chooses(t *testing.T, user desk.ID, telling desk.Telling) {
	t.Helper()
	must(t, w.notify.Choose(t.Context(), workspace, user, telling))
}

// told is what a member finds under the bell, the newest first.
func (w *world) told(t *testing.T, user desk.ID) (all []desk.Notification) {
	t.Helper()
	must(t, w.store.View(t.Context(), workspace, func(r store.Reader) (err error) {
		all, err = r.Notifications().Newest(user, false, 50)
		return err
	}))
	return all
}
