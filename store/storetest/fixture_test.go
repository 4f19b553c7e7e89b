package storetest_test

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

type opener = func(...storetest.Option) store.Store

// clock is a hand that the test moves.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ms.Store(time.Date(2026, 11, 21, 1, 2, 3, 0, time.UTC).UnixMilli())
	return c
}

func (c *clock) now() time.Time           { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *clock) advance(by time.Duration) { c.ms.Add(by.Milliseconds()) }
func (c *clock) option() storetest.Option { return func(o *sqlstore.Config) { o.Clock = c.now } }
func at(minutes int) time.Time            { return time.Date(2026, 11, 20, 0, minutes, 0, 0, time.UTC) }
func text(s string) []desk.Part           { return []desk.Part{{Kind: desk.PartText, Text: s}} }
func wantKind(t *testing.T, err error, kind desk.Kind, code string) {
	t.Helper()
	if desk.KindOf(err) != kind || desk.CodeOf(err) != code {
		t.Errorf("got %v (%s %s), want %s %s", err, desk.KindOf(err), desk.CodeOf(err), kind, code)
	}
}

func equal[T any](t *testing.T, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v, want\n%+v", got, want)
	}
}

func update(t testing.TB, s store.Store, workspace desk.ID, fn func(tx store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), workspace, fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

func view(t *testing.T, s store.Store, workspace desk.ID, fn func(r store.Reader) error) {
	t.Helper()
	if err := s.View(t.Context(), workspace, fn); err != nil {
		t.Fatalf("view: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// all runs steps until one fails.
func all(steps ...error) error {
	for _, err := range steps {
		if err != nil {
			return err
		}
	}
	return nil
}

// together runs fn n times at once and returns what each gave.
func together(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = fn(i) })
	}
	wg.Wait()
	return errs
}

// world is a workspace with somebody in it.
type world struct {
	s         store.Store
	workspace desk.ID
	user      desk.ID
	channel   desk.Channel
	people    int
}

var accountNumber atomic.Int64

func newWorld(t testing.TB, s store.Store) *world {
	t.Helper()
	w := &world{s: s}
	n := accountNumber.Add(1)
	update(t, s, 0, func(tx store.Tx) error {
		w.workspace, w.user = tx.NewID(), tx.NewID()
		return all(
			tx.WriteWorkspaces().Put(desk.Workspace{ID: w.workspace, Name: "窓口", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()}),
			tx.WriteAccounts().PutUser(desk.User{ID: w.user, Email: fmt.Sprintf("u%d@example.jp", n), Name: "佐藤", CreatedAt: tx.Now()}))
	})
	update(t, s, w.workspace, func(tx store.Tx) error {
		w.channel = desk.Channel{ID: tx.NewID(), Kind: "webchat", Name: "Web", Account: fmt.Sprint("key", n), State: desk.ChannelActive, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}
		return all(
			tx.WriteMembers().Put(desk.Member{UserID: w.user, Role: desk.RoleOwner, Active: true, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}),
			tx.WriteChannels().Put(w.channel))
	})
	return w
}

// conversation makes a contact with an identity and a conversation; change may fill the row before it is put.
func (w *world) conversation(tx store.Tx, change func(*desk.Conversation)) (desk.Conversation, error) {
	contact := desk.Contact{ID: tx.NewID(), Name: "客", CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}
	identity := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: w.channel.ID, Kind: "webchat", Scope: w.channel.ID.String(),
		ExternalID: contact.ID.String(), CreatedAt: tx.Now()}
	c := desk.Conversation{ID: tx.NewID(), ChannelID: w.channel.ID, IdentityID: identity.ID, ContactID: contact.ID, TicketID: tx.NewID(), Status: desk.StatusQueued,
		Priority: desk.PriorityNormal, LastActivityAt: tx.Now(), CreatedAt: tx.Now(), Version: 1}
	if change != nil {
		change(&c)
	}
	return c, all(tx.WriteContacts().Put(contact), tx.WriteContacts().PutIdentity(identity), tx.WriteConversations().Put(c))
}

func (w *world) newConversation(t *testing.T) desk.Conversation {
	t.Helper()
	var c desk.Conversation
	update(t, w.s, w.workspace, func(tx store.Tx) (err error) {
		c, err = w.conversation(tx, nil)
		return err
	})
	return c
}

func (w *world) message(tx store.Tx, c desk.ID, body string) *desk.Message {
	return &desk.Message{ID: tx.NewID(), ConversationID: c, Author: desk.Author{Kind: desk.AuthorHuman, ID: w.user, Name: "佐藤"}, Parts: text(body),
		Status: desk.DeliveryQueued, At: tx.Now(), ReceivedAt: tx.Now()}
}

func (w *world) delivery(tx store.Tx, c, m desk.ID, part int) *desk.Delivery {
	return &desk.Delivery{ID: tx.NewID(), ChannelID: w.channel.ID, ConversationID: c, MessageID: m, Part: part, NotBefore: tx.Now(), CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
}
