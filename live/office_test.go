package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/bus"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
	"madoguchi/view"
)

// office is a desk on a real store with a hub, agents and customers.
type office struct {
	t         testing.TB
	store     store.Store
	bus       bus.Bus
	hub       *Hub
	inbox     *inbox.Service
	customers *inbound.Service
	workspace desk.ID
	channel   desk.ID
	team      desk.ID
	agents    []inbox.Actor
	said      atomic.Int64
	open      atomic.Bool
	types     chan string // members' typing as it is told outwards
}

func newOffice(t testing.TB, agents int) *office {
	t.Helper()
	return officeOn(t, agents, func(options ...storetest.Option) store.Store { return storetest.SQLite(t, options...) })
}

func officeOn(t testing.TB, agents int, open func(...storetest.Option) store.Store) *office {
	t.Helper()
	o := &office{t: t, bus: membus.New(), types: make(chan string, 100)}
	o.store = open(func(c *sqlstore.Config) {
		c.OnCommit = func(workspace desk.ID, seq int64, _ bool) {
			if err := o.bus.Publish(context.Background(), bus.Hint{Topic: bus.TopicEvents, Workspace: workspace, Seq: seq}); err != nil && desk.KindOf(err) != desk.KindUnavailable {
				t.Errorf("hint: %v", err)
			}
		}
	})
	registry := channel.Registry{webchat.Kind: webchat.New()}
	o.inbox = inbox.New(inbox.Config{Store: o.store, Channels: registry})
	o.customers = inbound.New(inbound.Config{Store: o.store, Channels: registry, Now: time.Now})
	o.furnish(agents)
	o.open.Store(true)
	o.hub = o.newHub()
	return o
}

// newHub runs another node on the same store and bus.
func (o *office) newHub() *Hub {
	o.t.Helper()
	h := New(Config{
		Store: o.store, Bus: o.bus, CustomerLinks: func(desk.ID) view.Links { return view.Links{} },
		VisitorByToken: func(ctx context.Context, token string) (workspace desk.ID, v desk.Visitor, err error) {
			err = o.store.View(ctx, 0, func(r store.Reader) (err error) {
				workspace, v, err = r.Visitors().ByToken(token)
				return err
			})
			return workspace, v, err
		},
		ChannelOpen: func(store.Reader, desk.ID, time.Time) (bool, error) { return o.open.Load(), nil },
		MemberTypes: func(_, conversation, user desk.ID) { o.types <- fmt.Sprint(conversation, user) },
	})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	<-h.Ready()
	o.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	})
	return h
}

func (o *office) furnish(agents int) {
	o.t.Helper()
	ctx := o.t.Context()
	ids := make([]desk.ID, agents+3)
	err := o.store.Update(ctx, 0, func(tx store.Tx) error {
		for i := range ids {
			ids[i] = tx.NewID()
		}
		for i := range agents {
			u := desk.User{ID: ids[3+i], Email: fmt.Sprintf("a%d@example.com", i), Name: fmt.Sprintf("agent %d", i), CreatedAt: tx.Now()}
			if err := tx.WriteAccounts().PutUser(u); err != nil {
				return err
			}
			err := tx.WriteAccounts().PutSession(desk.Session{
				ID: tx.NewID(), TokenHash: "session of " + u.ID.String(), UserID: u.ID, WorkspaceID: ids[0],
				CreatedAt: tx.Now(), LastSeenAt: tx.Now(), ExpiresAt: tx.Now().AddDate(0, 1, 0),
			})
			if err != nil {
				return err
			}
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: ids[0], Name: "窓口", Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.workspace, o.channel, o.team = ids[0], ids[1], ids[2]
	o.update(func(tx store.Tx) error {
		brand := desk.Brand{ID: tx.NewID(), Name: "b", CreatedAt: tx.Now()}
		if err := tx.WriteWorkspaces().PutBrand(brand); err != nil {
			return err
		}
		ch := desk.Channel{ID: o.channel, BrandID: brand.ID, Kind: webchat.Kind, Account: "chat", State: desk.ChannelActive, Version: 1}
		if err := tx.WriteChannels().Put(ch); err != nil {
			return err
		}
		for i := range agents {
			m := desk.Member{UserID: ids[3+i], Role: desk.RoleAgent, DisplayName: fmt.Sprintf("Agent %d", i), Active: true, CreatedAt: tx.Now()}
			if err := tx.WriteMembers().Put(m); err != nil {
				return err
			}
		}
		tx.Emit(desk.Event{Kind: desk.EventWorkspaceChanged, At: tx.Now()}) // so that the log has a beginning to resume from
		return tx.WriteTeams().Put(desk.Team{ID: o.team, Name: "サポート", MemberIDs: ids[3:]})
	})
	for i := range agents {
		id := ids[3+i]
		o.agents = append(o.agents, inbox.Actor{
			Workspace: o.workspace, By: desk.Actor{Kind: desk.ActorUser, ID: id}, User: id, Name: fmt.Sprintf("Agent %d", i), AssignsOthers: true,
		})
	}
}

func (o *office) update(fn func(store.Tx) error) {
	o.t.Helper()
	if err := o.store.Update(o.t.Context(), o.workspace, fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) view(fn func(store.Reader) error) {
	o.t.Helper()
	if err := o.store.View(o.t.Context(), o.workspace, fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) head() int64 {
	o.t.Helper()
	head, err := o.store.Head(o.t.Context(), o.workspace)
	if err != nil {
		o.t.Fatal(err)
	}
	return head
}

// writes is a customer's message in the widget; the key is whose browser it is.
func (o *office) writes(key, text string) desk.Conversation {
	o.t.Helper()
	filed, err := o.tryWrite(key, text)
	if err != nil {
		o.t.Fatal(err)
	}
	return filed.Conversation
}

func (o *office) tryWrite(key, text string) (inbound.Filed, error) {
	body, err := json.Marshal(webchat.Written{
		ClientID: fmt.Sprintf("c%d", o.said.Add(1)), Parts: []webchat.WrittenPart{{Kind: desk.PartText, Text: text}},
	})
	if err != nil {
		return inbound.Filed{}, err
	}
	taken, err := o.customers.Accept(context.Background(), inbound.Call{
		Workspace: o.workspace, Channel: o.channel, Request: channel.Request{Method: http.MethodPost, URL: "/messages", Body: body, Peer: key},
		Also: func(tx store.Tx, f *inbound.Filed) error {
			_, v, err := tx.Visitors().ByToken("token of " + key)
			if desk.KindOf(err) == desk.KindNotFound || err == nil && v.IdentityID != 0 {
				return nil
			}
			v.IdentityID, v.ContactID = f.Identity.ID, f.Contact.ID
			if err == nil {
				err = tx.WriteVisitors().Put(v)
			}
			return err
		},
	})
	if err != nil {
		return inbound.Filed{}, err
	}
	return taken.Messages[0], nil
}

func (o *office) answers(agent int, conversation desk.ID, mode inbox.Mode, text string) desk.Message {
	o.t.Helper()
	m, _, err := o.inbox.Write(o.t.Context(), o.agents[agent], conversation, inbox.NewMessage{
		ClientID: fmt.Sprintf("a%d", o.said.Add(1)), Mode: mode, Parts: []desk.Part{{Kind: desk.PartText, Text: text}},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

func (o *office) session(agent int) Session {
	a := o.agents[agent]
	return Session{Workspace: o.workspace, User: a.User, Name: a.Name, TokenHash: "session of " + a.User.String()}
}

func (o *office) newVisitor(key string) desk.Visitor {
	o.t.Helper()
	var v desk.Visitor
	o.update(func(tx store.Tx) error {
		v = desk.Visitor{ID: tx.NewID(), ChannelID: o.channel, Key: key, TokenHash: "token of " + key, CreatedAt: tx.Now(), SeenAt: tx.Now()}
		return tx.WriteVisitors().Put(v)
	})
	return v
}
