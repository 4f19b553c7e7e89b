package mail_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	netmail "net/mail"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/automate"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbox"
	"madoguchi/mail"
	"madoguchi/notify"
	"madoguchi/smtp"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
	"madoguchi/testserver"
)

const (
	workspace desk.ID = 1
	brand     desk.ID = 5
	chat      desk.ID = 10 // the web chat
	aoi       desk.ID = 20 // members
	ken       desk.ID = 21
	hanako            = "hanako@example.test"
	shop              = "https://shop.example.test/orders/7"
)

// world is a desk with a web chat that mails what is unread for five minutes, two members, and a mail server.
type world struct {
	store     store.Store
	now       atomic.Int64
	customers *inbound.Service
	members   *inbox.Service
	notify    *notify.Service
	channels  channel.Registry
	server    testserver.MailServer
	mail      *mail.Service
	written   int
	shown     int // of the mails that the server took
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) { test(t, newWorld(t, open)) })
}

func newWorld(t *testing.T, open func(...storetest.Option) store.Store) *world {
	t.Helper()
	w := &world{channels: channel.Registry{webchat.Kind: webchat.New()}, server: testserver.Mail(t)}
	w.now.Store(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC).UnixMilli()) // 18:00 in Tokyo, a Friday
	w.store = open(func(c *sqlstore.Config) { c.Clock = w.Now })
	must(t, w.store.Update(t.Context(), 0, func(tx store.Tx) error {
		for id, name := range map[desk.ID]string{aoi: "Aoi", ken: "Ken"} {
			if err := tx.WriteAccounts().PutUser(desk.User{ID: id, Email: strings.ToLower(name) + "@example.test", Name: name, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "窓口", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	}))
	w.update(t, func(tx store.Tx) error {
		for _, id := range []desk.ID{aoi, ken} {
			if err := tx.WriteMembers().Put(desk.Member{UserID: id, Role: desk.RoleAgent, Active: true, Scope: desk.ScopeAll, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		if err := tx.WriteWorkspaces().PutBrand(desk.Brand{ID: brand, Name: "みどり商店", CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return tx.WriteChannels().Put(desk.Channel{
			ID: chat, BrandID: brand, Kind: webchat.Kind, Name: "Web", Account: "pub", State: desk.ChannelActive, Settings: json.RawMessage(`{}`),
			Automation: desk.Automation{MailMinutes: 5}, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1,
		})
	})
	w.customers = inbound.New(inbound.Config{Store: w.store, Channels: w.channels, Now: w.Now})
	w.members = inbox.New(inbox.Config{Store: w.store, Channels: w.channels, Now: w.Now})
	w.notify = notify.New(notify.Config{Store: w.store, Bus: membus.New(), Mails: true, Log: slog.New(slog.DiscardHandler), Now: w.Now})
	w.mail = w.node()
	return w
}

// node is one more process at work.
func (w *world) node() *mail.Service {
	return mail.New(mail.Config{
		Store: w.store, Bus: membus.New(), Channels: w.channels, PublicURL: "https://desk.example.test", Secret: []byte("secret"), Language: automate.LanguageOf,
		Server: &smtp.Server{Host: w.server.Host, Port: w.server.Port, User: w.server.User, Password: w.server.Password, Roots: w.server.Roots, From: netmail.Address{Address: "desk@example.test"}},
		Page: func(_ desk.Channel, address string) string {
			if strings.HasPrefix(address, "https://shop.example.test/") {
				return address
			}
			return ""
		},
		Log: slog.New(slog.DiscardHandler), Now: w.Now,
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

func (w *world) view(t *testing.T, fn func(store.Reader) error) {
	t.Helper()
	must(t, w.store.View(t.Context(), workspace, fn))
}

// writes is a message of a visitor, who gives their address and is on a page.
func (w *world) writes(t *testing.T, key, address, text string) desk.Conversation {
	t.Helper()
	w.written++
	body, err := json.Marshal(webchat.Written{ClientID: fmt.Sprintf("c%d", w.written), Parts: []webchat.WrittenPart{{Kind: desk.PartText, Text: text}}})
	must(t, err)
	taken, err := w.customers.Accept(t.Context(), inbound.Call{
		Workspace: workspace, Channel: chat, Request: channel.Request{Method: http.MethodPost, URL: "/messages", Body: body, Peer: key},
	})
	must(t, err)
	row := taken.Messages[0].Conversation
	w.update(t, func(tx store.Tx) error {
		c, err := tx.Contacts().Get(row.ContactID)
		if err != nil {
			return err
		}
		c.Name, c.Email = "花子", address
		c.Version++
		if err := tx.WriteContacts().Put(c); err != nil {
			return err
		}
		return tx.WriteVisitors().Put(desk.Visitor{ID: row.ContactID, ChannelID: chat, Key: key, TokenHash: key, IdentityID: row.IdentityID, ContactID: row.ContactID, PageURL: shop, CreatedAt: tx.Now(), SeenAt: tx.Now()})
	})
	return row
}

// answers is a reply of Aoi's, or a note.
func (w *world) answers(t *testing.T, row desk.Conversation, mode inbox.Mode, text string) desk.Message {
	t.Helper()
	w.written++
	actor := inbox.Actor{Workspace: workspace, User: aoi, Name: "Aoi", By: desk.Actor{Kind: desk.ActorUser, ID: aoi}, Scope: desk.ScopeAll, AssignsOthers: true}
	m, _, err := w.members.Write(t.Context(), actor, row.ID, inbox.NewMessage{ClientID: fmt.Sprintf("m%d", w.written), Mode: mode, Parts: []desk.Part{{Kind: desk.PartText, Text: text}}})
	must(t, err)
	return m
}

// stands changes how the customer stands.
func (w *world) stands(t *testing.T, row desk.Conversation, change func(*desk.Identity)) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		i, err := tx.Contacts().Identity(row.IdentityID)
		if err != nil {
			return err
		}
		change(&i)
		if err := tx.WriteContacts().PutIdentity(i); err != nil {
			return err
		}
		return tx.WriteContacts().SetStanding(i.ID, i.Standing)
	})
}

func (w *world) standing(t *testing.T, row desk.Conversation) (s desk.Standing) {
	t.Helper()
	w.view(t, func(r store.Reader) error {
		i, err := r.Contacts().Identity(row.IdentityID)
		s = i.Standing
		return err
	})
	return s
}

// lines are the codes of the quiet lines about mails in a thread.
func (w *world) lines(t *testing.T, row desk.Conversation) (codes []string) {
	t.Helper()
	w.view(t, func(r store.Reader) error {
		all, err := r.Messages().After(row.ID, 0, 200)
		for _, m := range all {
			if m.System != nil && strings.HasPrefix(m.System.Code, "mail_") {
				codes = append(codes, m.System.Code)
			}
		}
		return err
	})
	return codes
}

// got is a mail as its reader sees it.
type got struct {
	To, From, Subject, Text, HTML, Unsubscribe string
}

// works lets what happened, and what is due, be mailed, and says what arrived since the last time.
func (w *world) works(t *testing.T) []got {
	t.Helper()
	must(t, w.notify.Round(t.Context()))
	must(t, w.mail.Round(t.Context()))
	must(t, w.mail.RemindOfDigests(t.Context()))
	for n := 1; n > 0; {
		var err error
		n, err = w.mail.Deliver(t.Context())
		must(t, err)
	}
	return w.arrived(t)
}

func (w *world) arrived(t *testing.T) (all []got) {
	t.Helper()
	taken := w.server.Taken(t)
	for _, one := range taken[w.shown:] {
		all = append(all, open(t, one))
	}
	w.shown = len(taken)
	return all
}

func open(t *testing.T, one testserver.TakenMail) got {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(one.Data))
	must(t, err)
	words := new(mime.WordDecoder)
	from, err := m.Header.AddressList("From")
	must(t, err)
	g := got{To: one.To, From: from[0].Name, Unsubscribe: strings.Trim(m.Header.Get("List-Unsubscribe"), "<>")}
	g.Subject, err = words.DecodeHeader(m.Header.Get("Subject"))
	must(t, err)
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	must(t, err)
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, into := range []*string{&g.Text, &g.HTML} {
		part, err := parts.NextRawPart()
		must(t, err)
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		must(t, err)
		*into = strings.ReplaceAll(string(body), "\r\n", "\n")
	}
	return g
}
