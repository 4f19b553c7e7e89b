package storetest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// What one inbound message costs: 64 callers, 1,000 conversations, each message with its dedupe key, its row, the
// conversation's and the ticket's, one event. The batch benchmark writes the same rows, 1,000 messages per commit: the ratio is
// what durability for each costs.
func BenchmarkInbound(b *testing.B) {
	eachBench(b, func(b *testing.B, s store.Store) {
		w, rows := benchWorld(b, s)
		var n atomic.Int64
		var wg sync.WaitGroup
		b.ResetTimer()
		for range 64 {
			wg.Go(func() {
				for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
					if err := inbound(context.Background(), s, w, rows[int(i)%len(rows)], i); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wg.Wait()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	})
}

func BenchmarkInboundBatch(b *testing.B) {
	eachBench(b, func(b *testing.B, s store.Store) {
		w, rows := benchWorld(b, s)
		b.ResetTimer()
		for i := int64(0); i < int64(b.N); {
			end := min(i+1000, int64(b.N))
			start := i
			err := s.Update(context.Background(), w.workspace, func(tx store.Tx) error {
				for i = start; i < end; i++ {
					if err := inboundTx(tx, w, rows[int(i)%len(rows)], i); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	})
}

func eachBench(b *testing.B, bench func(b *testing.B, s store.Store)) {
	b.Run("sqlite", func(b *testing.B) {
		dir := os.Getenv("MADOGUCHI_BENCH_DIR")
		if dir == "" {
			dir = b.TempDir()
		}
		bench(b, storetest.Open(b, config{Path: filepath.Join(dir, fmt.Sprintf("bench-%d.db", b.N))}))
	})
	if os.Getenv("MADOGUCHI_TEST_POSTGRES") != "" {
		b.Run("postgres", func(b *testing.B) { bench(b, storetest.Postgres(b)) })
	}
}

func benchWorld(b *testing.B, s store.Store) (*world, []desk.Conversation) {
	b.Helper()
	w := newWorld(b, s)
	rows := make([]desk.Conversation, 1000)
	update(b, s, w.workspace, func(tx store.Tx) error {
		for i := range rows {
			c, err := w.conversation(tx, func(c *desk.Conversation) { c.WaitSince = tx.Now() })
			if err != nil {
				return err
			}
			ticket := desk.OpenTicket(tx.NewID(), int64(i+1), c, 0, tx.Now())
			c.TicketID, c.TicketNo = ticket.ID, ticket.Number
			rows[i] = c
			if err := all(tx.WriteTickets().Put(ticket), tx.WriteConversations().Put(c)); err != nil {
				return err
			}
		}
		return nil
	})
	return w, rows
}

func inbound(ctx context.Context, s store.Store, w *world, c desk.Conversation, i int64) error {
	return s.Update(ctx, w.workspace, func(tx store.Tx) error { return inboundTx(tx, w, c, i) })
}

func inboundTx(tx store.Tx, w *world, c desk.Conversation, i int64) error {
	id := tx.NewID()
	if _, again, err := tx.Seen("webchat", fmt.Sprint(i), id); err != nil || again {
		return err
	}
	identity, err := tx.Contacts().IdentityByKey("webchat", w.channel.ID.String(), c.ContactID.String())
	if err != nil {
		return err
	}
	row, err := tx.WriteConversations().Lock(c.ID)
	if err != nil {
		return err
	}
	ticket, err := tx.Tickets().Get(row.TicketID)
	if err != nil {
		return err
	}
	m := desk.Message{ID: id, ConversationID: c.ID, TicketID: ticket.ID, Author: desk.Author{Kind: desk.AuthorCustomer, ID: identity.ContactID, Name: "客"},
		Parts: text("注文した商品がまだ届きません。いつごろ届きますか？"), ClientID: fmt.Sprint("c", i), At: tx.Now(), ReceivedAt: tx.Now()}
	if err := tx.WriteMessages().Add(&m); err != nil {
		return err
	}
	desk.CustomerWrote(&ticket, tx.Now(), 7)
	row.LastSeq, row.LastInboundSeq, row.LastActivityAt, row.Preview = m.Seq, m.Seq, m.At, desk.PreviewOf(m)
	row.Version++
	tx.Emit(desk.Event{Kind: desk.EventMessageCreated, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorCustomer, ID: identity.ContactID},
		ConversationID: c.ID, TicketID: ticket.ID, MessageID: m.ID, MessageSeq: m.Seq})
	return all(tx.WriteTickets().Put(ticket), tx.WriteConversations().Put(row))
}

// What one page of the inbox costs among 30,000 conversations.
func BenchmarkList(b *testing.B) {
	eachBench(b, func(b *testing.B, s store.Store) {
		w := newWorld(b, s)
		rng := rand.New(rand.NewPCG(1, 2))
		for range 30 {
			update(b, s, w.workspace, func(tx store.Tx) error {
				for range 1000 {
					_, err := w.conversation(tx, func(c *desk.Conversation) {
						shuffle(rng, c, []desk.ID{w.channel.ID})
						c.Assignee = desk.ID(rng.IntN(100))
						c.LastActivityAt = at(rng.IntN(500_000))
						c.WaitSince = pick(rng, c.WaitSince, at(rng.IntN(500_000)))
					})
					if err != nil {
						return err
					}
				}
				return nil
			})
		}
		for name, q := range map[string]store.ConversationQuery{
			"all": {ListFilter: desk.ListFilter{View: desk.ViewAll}}, "mine": {ListFilter: desk.ListFilter{View: desk.ViewMine}, User: 7}, "mine-waiting": {ListFilter: desk.ListFilter{View: desk.ViewMine}, User: 7, Sort: store.SortWaiting},
			"waiting": {ListFilter: desk.ListFilter{View: desk.ViewWaiting}, Sort: store.SortWaiting}, "priority": {ListFilter: desk.ListFilter{View: desk.ViewAll}, Sort: store.SortPriority},
			"tags": {ListFilter: desk.ListFilter{View: desk.ViewAll, Tags: []desk.ID{21, 23}}}, "team": {ListFilter: desk.ListFilter{View: desk.ViewTeam, TeamID: 11}}, "unread": {ListFilter: desk.ListFilter{View: desk.ViewUnassigned, Unread: true}, User: w.user},
		} {
			b.Run(name, func(b *testing.B) {
				for range b.N {
					err := s.View(b.Context(), w.workspace, func(r store.Reader) error {
						rows, _, err := r.Conversations().List(q)
						if err == nil && len(rows) == 0 {
							b.Error("nothing listed")
						}
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}
