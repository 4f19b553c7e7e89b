package signal_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/signal"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

const (
	workspace, chID, aoi, ken desk.ID = 1, 10, 7, 8
)

// reader is a connector that tells customers what was read.
type reader struct {
	testchannel.Connector
	can   bool
	told  chan string
	reads bool // showing that somebody writes marks as read
}

func (r reader) Spec() channel.Spec {
	spec := r.Connector.Spec()
	spec.Capabilities.ReadReceipts, spec.Capabilities.Typing = r.can, r.can
	spec.TypingFor, spec.TypingReads = 10*time.Second, r.reads
	spec.Window = &channel.Window{For: 24 * time.Hour}
	return spec
}

func (r reader) MarkRead(_ context.Context, _ channel.Account, p channel.Peer, upTo desk.ExternalID) error {
	r.told <- p.ExternalID + " " + string(upTo)
	return nil
}

type world struct {
	store        store.Store
	service      *signal.Service
	conversation desk.ID
	identity     desk.Identity
	told         chan string
	reads        bool          // see reader
	asked        chan struct{} // an account was asked for
	stop         func()        // ends the service, after what it has in hand
}

func newWorld(t *testing.T, can bool) *world {
	t.Helper()
	w := &world{store: storetest.SQLite(t), told: make(chan string, 10), asked: make(chan struct{}, 10)}
	must(t, w.store.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "UTC", CreatedAt: tx.Now()})
	}))
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		contact := desk.Contact{ID: tx.NewID(), Name: "c", CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}
		identity := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: chID, Kind: testchannel.Kind, ExternalID: "u1", CreatedAt: tx.Now()}
		row := desk.Conversation{ID: tx.NewID(), ChannelID: chID, IdentityID: identity.ID, ContactID: contact.ID, Assignee: aoi,
			Status: desk.StatusOpen, Priority: desk.PriorityNormal, CreatedAt: tx.Now(), Version: 1}
		identity.Standing = desk.Standing{LastIn: "in-3", WindowUntil: time.Now().Add(24 * time.Hour)}
		w.conversation, w.identity = row.ID, identity
		for _, err := range []error{
			tx.WriteChannels().Put(desk.Channel{ID: chID, Kind: testchannel.Kind, Account: "a1", Name: "c", State: desk.ChannelActive,
				Settings: json.RawMessage(`{}`), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}),
			tx.WriteContacts().Put(contact), tx.WriteContacts().PutIdentity(identity), tx.WriteConversations().Put(row),
		} {
			if err != nil {
				return err
			}
		}
		for _, m := range []desk.Message{
			{Author: desk.Author{Kind: desk.AuthorCustomer}, ExternalID: "in-1"}, {Author: desk.Author{Kind: desk.AuthorHuman, ID: aoi}, ExternalID: "out-2"},
			{Author: desk.Author{Kind: desk.AuthorCustomer}, ExternalID: "in-3"},
		} {
			m.ID, m.ConversationID, m.At, m.ReceivedAt = tx.NewID(), row.ID, tx.Now(), tx.Now()
			m.Parts = []desk.Part{{Kind: desk.PartText, Text: "x"}}
			if err := tx.WriteMessages().Add(&m); err != nil {
				return err
			}
		}
		return nil
	}))
	w.service = signal.New(signal.Config{Store: w.store, Account: func(_ desk.ID, c desk.Channel) (channel.Connector, channel.Account, error) {
		w.asked <- struct{}{}
		return reader{can: can, told: w.told, reads: w.reads}, channel.Account{Channel: c, Now: time.Now}, nil
	}})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.service.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(w.stop)
	return w
}

// TestOnlyTheAssigneesReadingIsTold is G2.8.
func TestOnlyTheAssigneesReadingIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	w.service.MemberRead(workspace, w.conversation, ken, 3) // a supervisor looks
	w.service.MemberRead(workspace, w.conversation, aoi, 2)
	if got := <-w.told; got != "u1 in-1" {
		t.Errorf("told %q", got)
	}
	w.service.MemberRead(workspace, w.conversation, aoi, 3)
	if got := <-w.told; got != "u1 in-3" {
		t.Errorf("told %q", got)
	}
	w.stop()
	if len(w.told) != 0 || len(w.asked) != 2 {
		t.Errorf("the supervisor's reading was told: %d more, asked %d times", len(w.told), len(w.asked))
	}
}

func TestAChannelWithoutReadReceiptsTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.service.MemberRead(workspace, w.conversation, aoi, 3)
	<-w.asked
	w.stop()
	if len(w.told) != 0 {
		t.Errorf("told %q", <-w.told)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r reader) React(_ context.Context, _ channel.Account, p channel.Peer, message desk.ExternalID, emoji string) error {
	if emoji == "🚫" {
		return &channel.Fault{Kind: channel.ActFail, Code: "131009", Certain: true}
	}
	r.told <- p.ExternalID + " " + string(message) + " " + emoji
	return nil
}

func TestReact(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	m := desk.Message{ConversationID: w.conversation, ExternalID: "in-1"}
	must(t, w.service.React(t.Context(), workspace, m, "👍"))
	if got := <-w.told; got != "u1 in-1 👍" {
		t.Errorf("told %q", got)
	}
	if err := w.service.React(t.Context(), workspace, m, "🚫"); desk.KindOf(err) != desk.KindUnavailable || desk.CodeOf(err) != "reaction_refused" {
		t.Error(err)
	}
}
