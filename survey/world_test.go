package survey_test

import (
	"encoding/json"
	"log/slog"
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
	"madoguchi/survey"
)

const (
	workspace desk.ID = 1
	number    desk.ID = 10 // the channel
	aoi       desk.ID = 20 // members
	ken       desk.ID = 21
	secret            = "s3cret"
)

// narrow is the test channel with a window and buttons.
type narrow struct{ testchannel.Connector }

func (n narrow) Spec() channel.Spec {
	s := n.Connector.Spec()
	s.Window = &channel.Window{For: 24 * time.Hour}
	s.Capabilities.Choices = channel.ChoiceLimits{Max: 10, Label: 20}
	return s
}

// world is a desk with a channel that asks for ratings, two members and a customer.
type world struct {
	store     store.Store
	now       atomic.Int64
	customers *inbound.Service
	members   *inbox.Service
	channels  channel.Registry
	surveys   *survey.Service
	written   int
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	eachOn(t, testchannel.Connector{OptOut: true}, test)
}

func eachOn(t *testing.T, c channel.Connector, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) { test(t, newWorld(t, open, c)) })
}

func newWorld(t *testing.T, open func(...storetest.Option) store.Store, c channel.Connector) *world {
	t.Helper()
	w := &world{channels: channel.Registry{testchannel.Kind: c}}
	w.now.Store(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC).UnixMilli())
	w.store = open(func(c *sqlstore.Config) { c.Clock = w.Now })
	must(t, w.store.Update(t.Context(), 0, func(tx store.Tx) error {
		for id, name := range map[desk.ID]string{aoi: "Aoi", ken: "Ken"} {
			if err := tx.WriteAccounts().PutUser(desk.User{ID: id, Email: name + "@example.test", Name: name, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	}))
	w.update(t, func(tx store.Tx) error {
		for _, id := range []desk.ID{aoi, ken} {
			if err := tx.WriteMembers().Put(desk.Member{UserID: id, Role: desk.RoleAgent, Active: true, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.WriteChannels().Put(desk.Channel{
			ID: number, Kind: testchannel.Kind, Name: "SMS", Account: "a1", State: desk.ChannelActive, Settings: json.RawMessage(`{}`),
			Automation: desk.Automation{Survey: true}, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1,
		})
	})
	w.customers = inbound.New(inbound.Config{Store: w.store, Channels: w.channels, Now: w.Now,
		Secrets: func(desk.ID, desk.Channel) (map[string]string, error) {
			return map[string]string{"secret": secret}, nil
		}})
	w.members = inbox.New(inbox.Config{Store: w.store, Channels: w.channels, Now: w.Now})
	w.surveys = w.node()
	return w
}

// node is one more process at work.
func (w *world) node() *survey.Service {
	return survey.New(survey.Config{Store: w.store, Bus: membus.New(), Channels: w.channels, Worker: "test", Log: slog.New(slog.DiscardHandler), Now: w.Now})
}

func (w *world) Now() time.Time          { return time.UnixMilli(w.now.Load()).UTC() }
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

func (w *world) view(t *testing.T, fn func(store.Reader) error) {
	t.Helper()
	must(t, w.store.View(t.Context(), workspace, fn))
}

// hears lets the customer write, and what follows from it happen.
func (w *world) hears(t *testing.T, text string) inbound.Filed {
	t.Helper()
	w.written++
	taken, err := w.customers.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: number, Request: testchannel.Webhook(secret,
		testchannel.Event{ID: "m" + strconv.Itoa(w.written), Account: "a1", Type: "message", From: "u1", Name: "花子", Text: text})})
	must(t, err)
	w.round(t)
	if len(taken.Messages) != 1 {
		t.Fatalf("%d messages", len(taken.Messages))
	}
	return taken.Messages[0]
}

func (w *world) round(t *testing.T) {
	t.Helper()
	must(t, w.surveys.Round(t.Context()))
}

func member(id desk.ID, name string) inbox.Actor {
	return inbox.Actor{Workspace: workspace, User: id, Name: name, By: desk.Actor{Kind: desk.ActorUser, ID: id}, Scope: desk.ScopeAll}
}

func (w *world) replies(t *testing.T, who desk.ID, conversation desk.ID, text string) {
	t.Helper()
	w.written++
	_, _, err := w.members.Write(t.Context(), member(who, "m"), conversation, inbox.NewMessage{
		ClientID: strconv.Itoa(w.written), Mode: inbox.ModeReply, Parts: []desk.Part{{Kind: desk.PartText, Text: text}}})
	must(t, err)
	w.round(t)
}

func (w *world) resolves(t *testing.T, ticket desk.ID, reason desk.Reason) {
	t.Helper()
	_, err := w.members.Resolve(t.Context(), member(aoi, "Aoi"), ticket, reason)
	must(t, err)
	w.round(t)
}

// asked makes a case that was handled, resolved and asked about.
func (w *world) asked(t *testing.T) inbound.Filed {
	t.Helper()
	f := w.hears(t, "届きません")
	w.replies(t, aoi, f.Conversation.ID, "確認しました")
	w.resolves(t, f.Ticket.ID, desk.ReasonManual)
	return f
}

func (w *world) stand(t *testing.T, f inbound.Filed, change func(*desk.Standing)) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		i, err := tx.Contacts().Identity(f.Identity.ID)
		if err != nil {
			return err
		}
		change(&i.Standing)
		return tx.WriteContacts().SetStanding(i.ID, i.Standing)
	})
}

// survey is the one about a case; KindNotFound is the zero one.
func (w *world) survey(t *testing.T, ticket desk.ID) (s desk.Survey) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		if s, err = r.Surveys().OfTicket(ticket); desk.KindOf(err) == desk.KindNotFound {
			return nil
		}
		return err
	})
	return s
}

func (w *world) ticket(t *testing.T, id desk.ID) (k desk.Ticket) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		k, err = r.Tickets().Get(id)
		return err
	})
	return k
}

// thread is what automations said and what the quiet lines are; the row is checked on the way.
func (w *world) thread(t *testing.T, conversation desk.ID) (said []desk.Message, lines []string) {
	t.Helper()
	w.view(t, func(r store.Reader) error {
		all, err := r.Messages().After(conversation, 0, 200)
		if err != nil {
			return err
		}
		for _, m := range all {
			if m.System != nil {
				lines = append(lines, m.System.Code)
			}
			if m.Author.Kind == desk.AuthorAutomation {
				said = append(said, m)
			}
		}
		row, err := r.Conversations().Get(conversation)
		if row.LastSeq != int64(len(all)) {
			t.Errorf("the row ends at %d of %d", row.LastSeq, len(all))
		}
		return err
	})
	return said, lines
}
