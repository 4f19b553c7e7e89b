package demo_test

import (
	"os"
	"testing"

	"madoguchi/demo"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

const ws = desk.ID(1)

// newDesk is a workspace with its owner and a web chat channel.
func newDesk(t testing.TB, s store.Store) (owner desk.ID, channel desk.Channel) {
	t.Helper()
	err := s.Update(t.Context(), ws, func(tx store.Tx) error {
		now := tx.Now()
		owner = tx.NewID()
		channel = desk.Channel{ID: tx.NewID(), Kind: "webchat", Name: "Web", Account: "acc", State: desk.ChannelActive, CreatedAt: now, Version: 1}
		for _, err := range []error{
			tx.WriteWorkspaces().Put(desk.Workspace{ID: ws, Name: "窓口", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: now}),
			tx.WriteAccounts().PutUser(desk.User{ID: owner, Email: "owner@example.com", Name: "Owner", CreatedAt: now}),
			tx.WriteMembers().Put(desk.Member{UserID: owner, Role: desk.RoleOwner, DisplayName: "Owner", Active: true, CreatedAt: now}),
			tx.WriteChannels().Put(channel),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return owner, channel
}

func TestSeed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		s := open()
		owner, _ := newDesk(t, s)
		const n = 250
		last := 0
		if err := demo.Seed(t.Context(), s, ws, demo.SeedParams{Conversations: n, Messages: 2}, func(done int) { last = done }); err != nil {
			t.Fatal(err)
		}
		if last != n {
			t.Errorf("progress ended at %d", last)
		}
		read(t, s, func(r store.Reader) error {
			c, err := r.Conversations().Counts(owner, nil)
			if err != nil {
				return err
			}
			if c.All+c.Resolved != n || c.All < n/20 || c.All > n/4 || c.Waiting == 0 || c.Replied == 0 || c.Unassigned == 0 || c.Mine == 0 {
				t.Errorf("the spread is not lifelike: %+v", c)
			}
			rows, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}, Page: store.Page{Limit: 100}})
			for _, row := range rows {
				checkThread(t, r, row)
			}
			return err
		})
	})
}

// checkThread compares a row with its ticket and messages: the copies must agree.
func checkThread(t *testing.T, r store.Reader, row desk.Conversation) {
	t.Helper()
	ticket, err := r.Tickets().Get(row.TicketID)
	if err != nil {
		t.Fatal(err)
	}
	follows := row
	follows.Follow(ticket)
	messages, err := r.Messages().After(row.ID, 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	said := desk.Conversation{}
	for i, m := range messages {
		if m.Seq != int64(i+1) || m.TicketID == 0 {
			t.Errorf("conversation %d: message %d has seq %d, ticket %d", row.ID, i, m.Seq, m.TicketID)
		}
		said.Said(m)
	}
	if follows.Status != row.Status || follows.Assignee != row.Assignee || !follows.WaitSince.Equal(row.WaitSince) ||
		said.LastSeq != row.LastSeq || said.LastInboundSeq != row.LastInboundSeq || said.Preview != row.Preview || !said.LastActivityAt.Equal(row.LastActivityAt) {
		t.Errorf("the row does not tell what its thread does:\n%+v\n%+v\n%+v", row, follows, said)
	}
}

func read(t testing.TB, s store.Store, fn func(store.Reader) error) {
	t.Helper()
	if err := s.View(t.Context(), ws, fn); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkSeed is the cost of one seeded conversation with one message.
func BenchmarkSeed(b *testing.B) {
	for _, database := range []struct {
		name string
		open func(testing.TB, ...storetest.Option) store.Store
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		b.Run(database.name, func(b *testing.B) {
			if database.name == "postgres" && os.Getenv("MADOGUCHI_TEST_POSTGRES") == "" {
				b.Skip("MADOGUCHI_TEST_POSTGRES names no server")
			}
			s := database.open(b)
			newDesk(b, s)
			b.ResetTimer()
			if err := demo.Seed(b.Context(), s, ws, demo.SeedParams{Conversations: b.N, Messages: 1}, nil); err != nil {
				b.Fatal(err)
			}
		})
	}
}
