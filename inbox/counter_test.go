package inbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// post is a channel of some provider's, not local: what we write becomes deliveries.
type post struct{ webchat.Connector }

func (post) Spec() channel.Spec {
	return channel.Spec{Kind: "post", Capabilities: channel.Capabilities{
		Reactions: true,
		Media:     []channel.MediaLimit{{Kind: desk.PartImage, MIME: []string{"image/png"}, MaxBytes: 1000}},

		MediaTotal: 1500,
	}}
}

// narrow is a provider's channel with a window.
type narrow struct{ post }

func (n narrow) Spec() channel.Spec {
	spec := n.post.Spec()
	spec.Kind, spec.Window = "narrow", &channel.Window{For: 24 * time.Hour}
	return spec
}

// linking is a provider's channel with a switch without which files go as links.
type linking struct{ post }

func (l linking) Spec() channel.Spec {
	spec := l.post.Spec()
	spec.Kind, spec.Capabilities.FilesSetting = "linking", "files"
	return spec
}

// counter is a desk with two agents, a viewer and two channels.
type counter struct {
	t         *testing.T
	store     store.Store
	service   *inbox.Service
	customers *inbound.Service
	channels  channel.Registry
	ms        atomic.Int64

	workspace         desk.ID
	chat, post        desk.ID // channels
	support, sales    desk.ID // teams
	vip, late         desk.ID // tags
	aoi, ken, watcher inbox.Actor
	said              atomic.Int64
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	path := filepath.Join(t.TempDir(), "madoguchi.db")
	storetest.Lay(t, path)
	return newCounterOn(t, sqlstore.Config{Path: path})
}

// newCounterOn is newCounter on a database of the test's own.
func newCounterOn(t *testing.T, on sqlstore.Config) *counter {
	t.Helper()
	c := &counter{t: t}
	c.ms.Store(time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC).UnixMilli())
	c.store = storetest.Open(t, on, func(o *sqlstore.Config) { o.Clock = c.now })
	c.channels = channel.Registry{webchat.Kind: webchat.New(), "post": post{}, "narrow": narrow{}, "texting": texting{}, "linking": linking{}}
	c.service = inbox.New(inbox.Config{Store: c.store, Channels: c.channels, Now: c.now})
	c.customers = inbound.New(inbound.Config{Store: c.store, Channels: c.channels, Now: c.now})
	var ids [9]desk.ID
	err := c.store.Update(t.Context(), 0, func(tx store.Tx) error {
		for i := range ids {
			ids[i] = tx.NewID()
		}
		if err := tx.WriteWorkspaces().Put(desk.Workspace{ID: ids[0], Name: "窓口", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		for i, name := range []string{"aoi", "ken", "viewer"} {
			if err := tx.WriteAccounts().PutUser(desk.User{ID: ids[1+i], Email: name + "@example.com", Name: name, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c.workspace, c.chat, c.post, c.support, c.sales = ids[0], ids[4], ids[5], ids[6], ids[7]
	c.update(func(tx store.Tx) error {
		brand := desk.Brand{ID: tx.NewID(), Name: "b", CreatedAt: tx.Now()}
		c.vip, c.late = tx.NewID(), tx.NewID()
		steps := []error{
			tx.WriteWorkspaces().PutBrand(brand),
			tx.WriteTeams().Put(desk.Team{ID: c.support, Name: "サポート", MemberIDs: []desk.ID{}}),
			tx.WriteTeams().Put(desk.Team{ID: c.sales, Name: "営業", MemberIDs: []desk.ID{}}),
			tx.WriteTags().Put(desk.Tag{ID: c.vip, Name: "vip"}),
			tx.WriteTags().Put(desk.Tag{ID: c.late, Name: "late"}),
			tx.WriteChannels().Put(desk.Channel{ID: c.chat, BrandID: brand.ID, Kind: webchat.Kind, Account: "chat", State: desk.ChannelActive, TeamID: c.support, Version: 1}),
			tx.WriteChannels().Put(desk.Channel{ID: c.post, BrandID: brand.ID, Kind: "post", Account: "post", State: desk.ChannelActive, Version: 1}),
		}
		for i, role := range []desk.Role{desk.RoleAgent, desk.RoleAgent, desk.RoleViewer} {
			m := desk.Member{UserID: ids[1+i], Role: role, DisplayName: []string{"Aoi", "Ken", "Viewer"}[i], Active: true}
			steps = append(steps, tx.WriteMembers().Put(m))
		}
		for _, err := range steps {
			if err != nil {
				return err
			}
		}
		return nil
	})
	c.view(func(r store.Reader) error {
		for i, a := range []*inbox.Actor{&c.aoi, &c.ken, &c.watcher} {
			m, err := r.Members().Get(ids[1+i])
			if err != nil {
				return err
			}
			*a = inbox.Member(desk.Workspace{ID: c.workspace}, m)
		}
		return nil
	})
	return c
}

func (c *counter) now() time.Time           { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *counter) advance(by time.Duration) { c.ms.Add(by.Milliseconds()) }
func (c *counter) ctx() context.Context     { return c.t.Context() }

func (c *counter) update(fn func(store.Tx) error) {
	c.t.Helper()
	if err := c.store.Update(c.ctx(), c.workspace, fn); err != nil {
		c.t.Fatal(err)
	}
}

func (c *counter) view(fn func(store.Reader) error) {
	c.t.Helper()
	if err := c.store.View(c.ctx(), c.workspace, fn); err != nil {
		c.t.Fatal(err)
	}
}

// writes is a customer's message on a channel; the key is who writes.
func (c *counter) writes(ch desk.ID, key, text string) desk.Conversation {
	c.t.Helper()
	body, err := json.Marshal(webchat.Written{
		ClientID: fmt.Sprintf("c%d", c.said.Add(1)), Parts: []webchat.WrittenPart{{Kind: desk.PartText, Text: text}},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	taken, err := c.customers.Accept(c.ctx(), inbound.Call{
		Workspace: c.workspace, Channel: ch,
		Request: channel.Request{Method: http.MethodPost, URL: "/messages", Body: body, Peer: key},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return taken.Messages[0].Conversation
}

func (c *counter) row(id desk.ID) (row desk.Conversation) {
	c.t.Helper()
	c.view(func(r store.Reader) (err error) { row, err = r.Conversations().Get(id); return err })
	return row
}

func (c *counter) ticket(conversation desk.ID) (t desk.Ticket) {
	c.t.Helper()
	id := c.row(conversation).TicketID
	c.view(func(r store.Reader) (err error) { t, err = r.Tickets().Get(id); return err })
	return t
}

// thread is a conversation as short texts: "customer: hello", "+assigned name=Aoi".
func (c *counter) thread(conversation desk.ID) []string {
	c.t.Helper()
	var lines []string
	c.view(func(r store.Reader) error {
		messages, err := r.Messages().After(conversation, 0, 200)
		for i, m := range messages {
			if m.Seq != int64(i+1) {
				c.t.Errorf("message %d has seq %d", i+1, m.Seq)
			}
			if m.System != nil {
				line := "+" + m.System.Code
				for _, name := range []string{"number", "name", "from", "to", "reason", "added", "removed", "by"} {
					if v := m.System.Params[name]; v != "" {
						line += " " + name + "=" + v
					}
				}
				lines = append(lines, line)
				continue
			}
			lines = append(lines, string(m.Author.Kind)+": "+m.Text())
		}
		return err
	})
	return lines
}

func (c *counter) wantThread(conversation desk.ID, want ...string) {
	c.t.Helper()
	got := c.thread(conversation)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		c.t.Errorf("the thread is\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// wantInStep checks that the row is a copy of its ticket and messages.
func (c *counter) wantInStep(conversation desk.ID) {
	c.t.Helper()
	row, ticket := c.row(conversation), c.ticket(conversation)
	again := row
	again.Follow(ticket)
	if fmt.Sprint(again) != fmt.Sprint(row) {
		c.t.Errorf("the row %+v does not follow its ticket %+v", row, ticket)
	}
	if n := int64(len(c.thread(conversation))); row.LastSeq != n {
		c.t.Errorf("the row ends at %d of %d", row.LastSeq, n)
	}
}

func (c *counter) events(after int64) []desk.Event {
	c.t.Helper()
	events, err := c.store.Events(c.ctx(), c.workspace, after, 1000)
	if err != nil {
		c.t.Fatal(err)
	}
	return events
}

func (c *counter) head() int64 {
	c.t.Helper()
	head, err := c.store.Head(c.ctx(), c.workspace)
	if err != nil {
		c.t.Fatal(err)
	}
	return head
}

func text(s string) []desk.Part { return []desk.Part{{Kind: desk.PartText, Text: s}} }

func (c *counter) say(a inbox.Actor, conversation desk.ID, mode inbox.Mode, s string) desk.Message {
	c.t.Helper()
	m, created, err := c.service.Write(c.ctx(), a, conversation, inbox.NewMessage{
		ClientID: fmt.Sprintf("a%d", c.said.Add(1)), Mode: mode, Parts: text(s),
	})
	if err != nil || !created {
		c.t.Fatalf("write %q: created %v, %v", s, created, err)
	}
	return m
}

func (c *counter) must(row desk.Conversation, err error) desk.Conversation {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	return row
}

func (c *counter) refused(err error, kind desk.Kind, code string) {
	c.t.Helper()
	if desk.KindOf(err) != kind || desk.CodeOf(err) != code {
		c.t.Errorf("got %v, want %s %s", err, kind, code)
	}
}
