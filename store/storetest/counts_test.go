package storetest_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// Members counted together have the sizes that each has alone, and both are what counting what they see gives (J2, G1.3).
func TestCountsTogetherAreEachOnes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		other := newWorld(t, w.s)
		other.newConversation(t)
		rng := rand.New(rand.NewPCG(3, 4))
		w.agents(t, 4)
		rows, reads := w.shuffled(t, rng, 120)
		for range 4 {
			members := make([]store.Sight, 1+rng.IntN(70)) // more than one statement takes
			for i := range members {
				members[i] = store.Sight{User: desk.ID(1 + rng.IntN(80)), Scope: pick(rng, "", desk.ScopeAll, desk.ScopeTeam, desk.ScopeOwn)}
				if i%2 == 0 {
					members[i].User = desk.ID(1 + rng.IntN(4))
				}
				members[i].Teams = pick(rng, nil, []desk.ID{11}, []desk.ID{11, 12}, []desk.ID{13})
			}
			view(t, w.s, w.workspace, func(r store.Reader) error {
				together, err := r.Conversations().CountsOf(members)
				if err != nil {
					return err
				}
				for i, m := range members {
					alone, err := r.Conversations().CountsWithin(m.User, m.Teams, m.Scope)
					if err != nil {
						return err
					}
					equal(t, together[i], naiveCounts(rows, m, reads))
					equal(t, together[i], alone)
				}
				return nil
			})
		}
	})
}

// agents makes members 1 to n.
func (w *world) agents(t testing.TB, n int) {
	t.Helper()
	update(t, w.s, 0, func(tx store.Tx) error {
		for i := range n {
			if err := tx.WriteAccounts().PutUser(desk.User{ID: desk.ID(1 + i), Email: fmt.Sprintf("agent%d@example.jp", 1+i), CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		for i := range n {
			if err := tx.WriteMembers().Put(desk.Member{UserID: desk.ID(1 + i), Role: desk.RoleAgent, Active: true, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
}

// reading is a member and a conversation.
type reading struct{ user, conversation desk.ID }

// shuffled fills the desk with random rows, and has members 1 to 4 read some.
func (w *world) shuffled(t *testing.T, rng *rand.Rand, n int) ([]desk.Conversation, map[reading]int64) {
	t.Helper()
	rows, reads := make([]desk.Conversation, n), map[reading]int64{}
	update(t, w.s, w.workspace, func(tx store.Tx) (err error) {
		for i := range rows {
			if rows[i], err = w.conversation(tx, func(c *desk.Conversation) { shuffle(rng, c, []desk.ID{w.channel.ID}) }); err != nil {
				return err
			}
			if rng.IntN(2) == 0 {
				continue
			}
			read := desk.Read{UserID: desk.ID(1 + rng.IntN(4)), ConversationID: rows[i].ID, Seq: int64(rng.IntN(3))}
			reads[reading{read.UserID, read.ConversationID}] = read.Seq
			if err := tx.WriteConversations().PutRead(read); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, w.s, w.workspace, func(tx store.Tx) (err error) {
		for i := range rows {
			if err := w.meet(tx, i, rows[i]); err != nil {
				return err
			}
			if rows[i], err = tx.Conversations().Get(rows[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
	return rows, reads
}

// naiveCounts counts by hand what a member sees.
func naiveCounts(rows []desk.Conversation, m store.Sight, reads map[reading]int64) store.ViewCounts {
	counts := store.ViewCounts{Teams: map[desk.ID]int64{}}
	for _, team := range m.Teams {
		counts.Teams[team] = 0
	}
	views := map[desk.View]*int64{
		desk.ViewMine: &counts.Mine, desk.ViewUnassigned: &counts.Unassigned, desk.ViewAll: &counts.All, desk.ViewWaiting: &counts.Waiting, desk.ViewReplied: &counts.Replied,
		desk.ViewSnoozed: &counts.Snoozed, desk.ViewResolved: &counts.Resolved, desk.ViewMentions: &counts.Mentions, desk.ViewFailed: &counts.Failed, desk.ViewBlocked: &counts.Blocked,
	}
	unread := map[desk.View]*int64{
		desk.ViewMine: &counts.MineUnread, desk.ViewUnassigned: &counts.UnassignedUnread, desk.ViewMentions: &counts.MentionsUnread, desk.ViewAll: &counts.Unread,
		desk.ViewWaiting: &counts.WaitingUnread, desk.ViewReplied: &counts.RepliedUnread, desk.ViewSnoozed: &counts.SnoozedUnread,
		desk.ViewFailed: &counts.FailedUnread, desk.ViewBlocked: &counts.BlockedUnread,
	}
	for _, c := range rows {
		if !m.Scope.Sees(m.User, m.Teams, c) {
			continue
		}
		news := c.LastInboundSeq > reads[reading{m.User, c.ID}] && naiveNews(store.ConversationQuery{User: m.User, UserTeams: m.Teams}, c)
		for v, n := range views {
			in := naiveView(store.ConversationQuery{ListFilter: desk.ListFilter{View: v}, User: m.User}, c)
			if !in || v == desk.ViewMentions && c.Status == desk.StatusResolved {
				continue
			}
			*n++
			if of := unread[v]; of != nil && news {
				*of++
			}
		}
		if c.TeamID != 0 && naiveView(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewTeam, TeamID: c.TeamID}}, c) {
			counts.Teams[c.TeamID]++
			if news {
				if counts.TeamsUnread == nil {
					counts.TeamsUnread = map[desk.ID]int64{}
				}
				counts.TeamsUnread[c.TeamID]++
			}
		}
	}
	return counts
}

// BenchmarkCounts is what a message costs in counting for a hundred members: apart, and together.
func BenchmarkCounts(b *testing.B) {
	eachBench(b, func(b *testing.B, s store.Store) {
		w, rows := benchWorld(b, s)
		members := make([]store.Sight, 100)
		w.agents(b, len(members))
		for i := range members {
			members[i] = store.Sight{User: desk.ID(1 + i), Teams: []desk.ID{11}}
		}
		update(b, s, w.workspace, func(tx store.Tx) error {
			for i, c := range rows {
				c.Assignee, c.LastInboundSeq, c.Version = desk.ID(i%110), 1, c.Version+1
				if err := tx.WriteConversations().Put(c); err != nil {
					return err
				}
			}
			return nil
		})
		for _, scope := range []desk.Scope{desk.ScopeAll, desk.ScopeTeam} {
			for i := range members {
				members[i].Scope = scope
			}
			b.Run(string(scope)+", apart", func(b *testing.B) {
				for b.Loop() {
					benchView(b, w, func(r store.Reader) error {
						for _, m := range members {
							if _, err := r.Conversations().CountsWithin(m.User, m.Teams, m.Scope); err != nil {
								return err
							}
						}
						return nil
					})
				}
			})
			b.Run(string(scope)+", together", func(b *testing.B) {
				for b.Loop() {
					benchView(b, w, func(r store.Reader) error {
						_, err := r.Conversations().CountsOf(members)
						return err
					})
				}
			})
		}
	})
}

func benchView(b *testing.B, w *world, fn func(store.Reader) error) {
	if err := w.s.View(b.Context(), w.workspace, fn); err != nil {
		b.Fatal(err)
	}
}

func TestCountersHoldUnderConcurrentMoves(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		c := []desk.Conversation{w.newConversation(t), w.newConversation(t), w.newConversation(t)}
		together(24, func(i int) error {
			err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
				row, err := tx.WriteConversations().Lock(c[i%3].ID)
				if err != nil {
					return err
				}
				row.Assignee, row.Status = desk.ID(i%5), []desk.TicketStatus{desk.StatusOpen, desk.StatusResolved}[i%2]
				return tx.WriteConversations().Put(row)
			})
			equal(t, err, nil)
			return err
		})
		view(t, w.s, w.workspace, func(r store.Reader) error {
			counts, err := r.Conversations().Counts(1, nil)
			rows, _, err2 := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewMine}, User: 1})
			equal(t, counts.Mine, int64(len(rows)))
			equal(t, counts.All+counts.Resolved, 3)
			return all(err, err2)
		})
	})
}
