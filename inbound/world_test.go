package inbound_test

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

const (
	workspace desk.ID = 1
	other     desk.ID = 2
	chat      desk.ID = 10
	test      desk.ID = 11
	second    desk.ID = 12
	foreign   desk.ID = 20
	stranger  desk.ID = 21 // with a secret of its own
	team      desk.ID = 30
	secret            = "s3cret"
)

type world struct {
	store   store.Store
	line    *line // the service's way to it
	config  inbound.Config
	service *inbound.Service
	clock   *clock
	news    <-chan struct{} // something was committed
}

// line is the way to a store, which may be cut.
type line struct {
	store.Store
	cut  atomic.Bool
	hung atomic.Bool // what is written reaches it, and nobody hears so
}

var errCut = desk.Errorf(desk.KindUnavailable, "store_unavailable", "the store is away")

func (l *line) View(ctx context.Context, w desk.ID, fn func(store.Reader) error) error {
	if l.cut.Load() {
		return errCut
	}
	return l.Store.View(ctx, w, fn)
}

func (l *line) Update(ctx context.Context, w desk.ID, fn func(store.Tx) error) error {
	if l.cut.Load() {
		return errCut
	}
	if !l.hung.Load() {
		return l.Store.Update(ctx, w, fn)
	}
	if err := l.Store.Update(context.WithoutCancel(ctx), w, fn); err != nil {
		return err
	}
	<-ctx.Done()
	return desk.Errorf(desk.KindUncertain, "commit_uncertain", "%w", ctx.Err())
}

type clock struct{ now atomic.Int64 }

func (c *clock) Now() time.Time          { return time.UnixMilli(c.now.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.now.Add(d.Milliseconds()) }

func newWorld(t *testing.T) *world {
	t.Helper()
	return worldOn(t, func(o ...storetest.Option) store.Store { return storetest.SQLite(t, o...) })
}

func worldOn(t *testing.T, open func(...storetest.Option) store.Store) *world {
	t.Helper()
	c := &clock{}
	c.now.Store(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC).UnixMilli())
	news := make(chan struct{}, 1)
	s := open(func(config *sqlstore.Config) {
		config.Clock = c.Now
		config.OnCommit = func(desk.ID, int64, bool) {
			select {
			case news <- struct{}{}:
			default:
			}
		}
	})
	for _, ws := range []desk.ID{workspace, other} {
		must(t, s.Update(t.Context(), 0, func(tx store.Tx) error {
			return tx.WriteWorkspaces().Put(desk.Workspace{ID: ws, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
		}))
	}
	put := func(ws desk.ID, ch desk.Channel) {
		must(t, s.Update(t.Context(), ws, func(tx store.Tx) error {
			ch.Name, ch.CreatedAt, ch.UpdatedAt, ch.Version = "c", tx.Now(), tx.Now(), 1
			if ch.State == "" {
				ch.State = desk.ChannelActive
			}
			ch.Settings = json.RawMessage(`{}`)
			return tx.WriteChannels().Put(ch)
		}))
	}
	put(workspace, desk.Channel{ID: chat, Kind: webchat.Kind, Account: "pub", TeamID: team})
	put(workspace, desk.Channel{ID: test, Kind: testchannel.Kind, Account: "a1", Hook: "hook1"})
	put(workspace, desk.Channel{ID: second, Kind: testchannel.Kind, Account: "a2"})
	put(other, desk.Channel{ID: foreign, Kind: testchannel.Kind, Account: "b1"})
	put(other, desk.Channel{ID: stranger, Kind: testchannel.Kind, Account: "s1"})
	keys, err := seal.NewKeyring(make([]byte, seal.KeySize))
	must(t, err)
	way := &line{Store: s}
	config := inbound.Config{
		Store: way, Sealer: keys, PublicURL: "https://desk.example.test", Channels: channel.Registry{webchat.Kind: webchat.New(), testchannel.Kind: testchannel.Connector{OptOut: true}},
		Secrets: func(_ desk.ID, c desk.Channel) (map[string]string, error) {
			if c.ID == stranger {
				return map[string]string{"secret": "another"}, nil
			}
			return map[string]string{"secret": secret}, nil
		},
		Now: c.Now,
	}
	return &world{store: s, line: way, clock: c, news: news, config: config, service: inbound.New(config)}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) view(t *testing.T, fn func(store.Reader) error) {
	t.Helper()
	must(t, w.store.View(t.Context(), workspace, fn))
}

func written(visitor, clientID, text string) inbound.Call {
	body, _ := json.Marshal(map[string]any{"client_id": clientID, "parts": []any{map[string]string{"kind": "text", "text": text}}})
	return inbound.Call{Workspace: workspace, Channel: chat, Request: channel.Request{
		Method: http.MethodPost, URL: "/widget/v1/messages", Body: body, Peer: visitor,
	}}
}

func (w *world) write(t *testing.T, c inbound.Call) inbound.Filed {
	t.Helper()
	taken, err := w.service.Accept(t.Context(), c)
	must(t, err)
	if len(taken.Messages) != 1 {
		t.Fatalf("%d messages", len(taken.Messages))
	}
	return taken.Messages[0]
}
