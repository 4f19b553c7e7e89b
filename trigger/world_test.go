package trigger_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
	"madoguchi/trigger"
)

const (
	workspace desk.ID = 1
	number    desk.ID = 10 // the channel
	aoi       desk.ID = 20
	vip       desk.ID = 30 // a tag
	secret            = "s3cret"
)

// world is a desk with a channel, a member and a customer.
type world struct {
	store     store.Store
	now       atomic.Int64
	customers *inbound.Service
	members   *inbox.Service
	channels  channel.Registry
	client    *http.Client
	triggers  *trigger.Service
	written   int
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) { test(t, newWorld(t, open)) })
}

func newWorld(t *testing.T, open func(...storetest.Option) store.Store) *world {
	t.Helper()
	w := &world{channels: channel.Registry{testchannel.Kind: testchannel.Connector{}}}
	w.now.Store(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC).UnixMilli())
	w.store = open(func(c *sqlstore.Config) { c.Clock = w.Now })
	must(t, w.store.Update(t.Context(), 0, func(tx store.Tx) error {
		if err := tx.WriteAccounts().PutUser(desk.User{ID: aoi, Email: "aoi@example.test", Name: "Aoi", CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	}))
	w.update(t, func(tx store.Tx) error {
		if err := tx.WriteMembers().Put(desk.Member{UserID: aoi, Role: desk.RoleAgent, Active: true, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		if err := tx.WriteTags().Put(desk.Tag{ID: vip, Name: "VIP"}); err != nil {
			return err
		}
		return tx.WriteChannels().Put(desk.Channel{
			ID: number, Kind: testchannel.Kind, Name: "SMS", Account: "a1", State: desk.ChannelActive, Settings: json.RawMessage(`{}`),
			CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1,
		})
	})
	w.customers = inbound.New(inbound.Config{Store: w.store, Channels: w.channels, Now: w.Now,
		Secrets: func(desk.ID, desk.Channel) (map[string]string, error) {
			return map[string]string{"secret": secret}, nil
		}})
	w.members = inbox.New(inbox.Config{Store: w.store, Channels: w.channels, Now: w.Now})
	w.triggers = w.node()
	return w
}

// node is one more process at work.
func (w *world) node() *trigger.Service {
	return trigger.New(trigger.Config{
		Store: w.store, Bus: membus.New(), Channels: w.channels, Client: w.client, Log: slog.New(slog.DiscardHandler), Now: w.Now,
		Secret: func(desk.ID) []byte { return []byte("signing") },
	})
}

func (w *world) Now() time.Time { return time.UnixMilli(w.now.Load()).UTC() }

// later lets time pass, and what is due then happen.
func (w *world) later(t *testing.T, d time.Duration) {
	t.Helper()
	w.now.Add(d.Milliseconds())
	w.round(t)
	_, err := w.triggers.Due(t.Context())
	must(t, err)
	w.round(t)
}

func (w *world) round(t *testing.T) {
	t.Helper()
	must(t, w.triggers.Round(t.Context()))
}

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

func (w *world) view(t *testing.T, fn func(store.Reader) error) {
	t.Helper()
	must(t, w.store.View(context.Background(), workspace, fn))
}

// keeps makes a trigger.
func (w *world) keeps(t *testing.T, name string, on desk.TriggerOn, minutes int, c desk.Conditions, actions ...desk.Action) (id desk.ID) {
	t.Helper()
	v := desk.Trigger{Name: name, Enabled: true, On: on, Minutes: minutes, Conditions: c, Actions: actions, Version: 1}
	must(t, v.Check(nil))
	w.update(t, func(tx store.Tx) error {
		id = tx.NewID()
		v.ID = id
		return tx.WriteTriggers().Put(v)
	})
	return id
}

// hears lets the customer write, and what follows from it happen.
func (w *world) hears(t *testing.T, text string) inbound.Filed {
	t.Helper()
	f := w.takes(t, text)
	w.round(t)
	return f
}

// takes lets the customer write.
func (w *world) takes(t *testing.T, text string) inbound.Filed {
	t.Helper()
	w.written++
	taken, err := w.customers.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: number, Request: testchannel.Webhook(secret,
		testchannel.Event{ID: "m" + strconv.Itoa(w.written), Account: "a1", Type: "message", From: "u1", Name: "花子", Text: text})})
	must(t, err)
	return taken.Messages[0]
}

func member() inbox.Actor {
	return inbox.Actor{Workspace: workspace, User: aoi, Name: "Aoi", By: desk.Actor{Kind: desk.ActorUser, ID: aoi}, Scope: desk.ScopeAll}
}

// replies lets a member answer, and what follows from it happen.
func (w *world) replies(t *testing.T, conversation desk.ID, text string) {
	t.Helper()
	w.answers(t, conversation, text)
	w.round(t)
}

// answers lets a member answer.
func (w *world) answers(t *testing.T, conversation desk.ID, text string) {
	t.Helper()
	w.written++
	_, _, err := w.members.Write(t.Context(), member(), conversation, inbox.NewMessage{
		ClientID: strconv.Itoa(w.written), Mode: inbox.ModeReply, Parts: []desk.Part{{Kind: desk.PartText, Text: text}}})
	must(t, err)
}

func (w *world) ticket(t *testing.T, id desk.ID) (k desk.Ticket) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		k, err = r.Tickets().Get(id)
		return err
	})
	return k
}

func (w *world) runs(t *testing.T, trigger desk.ID) (all []desk.TriggerRun) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		all, err = r.Triggers().Runs(store.RunQuery{Trigger: trigger, Limit: 100})
		return err
	})
	return all
}

// said is what automations said and notes hold; the row is checked on the way.
func (w *world) said(t *testing.T, conversation desk.ID) (said []string) {
	t.Helper()
	w.view(t, func(r store.Reader) error {
		all, err := r.Messages().After(conversation, 0, 200)
		if err != nil {
			return err
		}
		for _, m := range all {
			if m.Author.Kind == desk.AuthorAutomation || m.Author.Kind == desk.AuthorNote {
				said = append(said, m.Text())
			}
		}
		row, err := r.Conversations().Get(conversation)
		if row.LastSeq != int64(len(all)) {
			t.Errorf("the row ends at %d of %d", row.LastSeq, len(all))
		}
		return err
	})
	return said
}
