package wait_test

import (
	"testing"
	"time"

	"madoguchi/bus/membus"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
	"madoguchi/wait"
)

// counter is a desk with a team of one, on one database, and a service that follows it.
type counter struct {
	t         *testing.T
	store     store.Store
	workspace desk.ID
	now       time.Time
	service   *wait.Service
}

const (
	ken  desk.ID = 31
	team desk.ID = 41
	chat desk.ID = 51
)

func newCounter(t *testing.T, s store.Store) *counter {
	c := &counter{t: t, store: s, workspace: 11}
	c.service = wait.New(wait.Config{Store: s, Bus: membus.New()})
	err := s.Update(t.Context(), 0, func(tx store.Tx) error {
		if err := tx.WriteAccounts().PutUser(desk.User{ID: ken, Email: "ken@example.test", Name: "Ken", CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: c.workspace, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", CreatedAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	c.do(func(tx store.Tx) error {
		c.now = tx.Now()
		for _, write := range []func() error{
			func() error {
				return tx.WriteMembers().Put(desk.Member{UserID: ken, Role: desk.RoleAgent, Active: true, CreatedAt: tx.Now(), UpdatedAt: tx.Now()})
			},
			func() error {
				return tx.WriteMembers().PutPresence(desk.Presence{UserID: ken, Chosen: desk.Online, LeaseUntil: tx.Now().Add(time.Hour)})
			},
			func() error {
				return tx.WriteTeams().Put(desk.Team{ID: team, Name: "t", MemberIDs: []desk.ID{ken}, CreatedAt: tx.Now()})
			},
			func() error {
				return tx.WriteChannels().Put(desk.Channel{ID: chat, Kind: "webchat", Name: "chat", Account: "a", State: desk.ChannelActive, Settings: []byte(`{}`), TeamID: team, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1})
			},
			func() error {
				return tx.WriteContacts().Put(desk.Contact{ID: 71, Name: "客", CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1})
			},
			func() error {
				return tx.WriteContacts().PutIdentity(desk.Identity{ID: 72, ContactID: 71, ChannelID: chat, Kind: "webchat", Scope: "a", ExternalID: "v", CreatedAt: tx.Now()})
			},
			func() error {
				return tx.WriteConversations().Put(desk.Conversation{ID: 73, ChannelID: chat, IdentityID: 72, ContactID: 71, CreatedAt: tx.Now(), Version: 1})
			},
		} {
			if err := write(); err != nil {
				return err
			}
		}
		return nil
	})
	return c
}

func (c *counter) do(fn func(store.Tx) error) {
	c.t.Helper()
	if err := c.store.Update(c.t.Context(), c.workspace, fn); err != nil {
		c.t.Fatal(err)
	}
}

// tells puts a ticket as it is and says so, at a minute, then lets the service follow.
func (c *counter) tells(ticket desk.Ticket, minute int, kind desk.EventKind, changes ...desk.Change) {
	c.t.Helper()
	c.do(func(tx store.Tx) error {
		tx.Emit(desk.Event{Kind: kind, At: c.now.Add(time.Duration(minute) * time.Minute), Actor: desk.Actor{Kind: desk.ActorSystem}, ConversationID: ticket.ConversationID, TicketID: ticket.ID, Changes: changes})
		return tx.WriteTickets().Put(ticket)
	})
	if err := c.service.Round(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

// TestWhatWasExpectedIsHeldAgainstWhatHappened follows one ticket from the queue to its end (E24).
func TestWhatWasExpectedIsHeldAgainstWhatHappened(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		c := newCounter(t, open())
		status := func(to desk.TicketStatus) desk.Change { return desk.Change{Field: "status", To: string(to)} }
		ticket := desk.Ticket{ID: 61, Number: 1, ConversationID: 73, ContactID: 71, ChannelID: chat, TeamID: team, Status: desk.StatusQueued, Priority: desk.PriorityNormal, WaitSince: c.now, QueuedAt: c.now, CreatedAt: c.now, UpdatedAt: c.now, Version: 1}
		c.tells(ticket, 0, desk.EventTicketCreated)
		ticket.Status, ticket.Assignee = desk.StatusOpen, ken
		c.tells(ticket, 9, desk.EventTicketChanged, status(desk.StatusOpen), desk.Change{Field: "assignee_id", To: ken.String()})
		ticket.Status = desk.StatusPending
		c.tells(ticket, 13, desk.EventTicketChanged, status(desk.StatusPending))
		ticket.Status = desk.StatusResolved
		c.tells(ticket, 15, desk.EventTicketChanged, status(desk.StatusResolved))
		err := c.store.View(t.Context(), c.workspace, func(r store.Reader) error {
			mean, n, err := r.Waits().Mean(team)
			if mean != 6*time.Minute || n != 1 {
				t.Errorf("%d assignments occupied a slot for %s", n, mean)
			}
			if err != nil {
				return err
			}
			scores, err := r.Waits().Scores(c.now)
			// A free slot was expected at once; it took nine minutes.
			if len(scores) != 1 || scores[0] != (desk.WaitScore{TeamID: team, Estimates: 1, Off: 9 * time.Minute}) {
				t.Errorf("scored %+v", scores)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestEstimatesFollowTheTicket: another team's queue is another estimate, an offer holds a slot, and who leaves without anybody has
// waited all the same (E24).
func TestEstimatesFollowTheTicket(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		c := newCounter(t, open())
		const other desk.ID = 42
		ticket := desk.OpenTicket(61, 1, desk.Conversation{ID: 73, ContactID: 71, ChannelID: chat}, team, c.now)
		ticket.Version = 1
		expected := func() (e desk.Estimate) {
			if err := c.store.View(t.Context(), c.workspace, func(r store.Reader) (err error) {
				e, err = r.Waits().Expected(ticket.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return e
		}
		c.do(func(tx store.Tx) error {
			return tx.WriteTeams().Put(desk.Team{ID: other, Name: "o", MemberIDs: []desk.ID{ken}, CreatedAt: tx.Now()})
		})
		c.tells(ticket, 0, desk.EventTicketCreated)
		if e := expected(); e.TeamID != team || e.Wait != 0 {
			t.Errorf("with a slot free: %+v", e)
		}
		c.do(func(tx store.Tx) error {
			for n := range desk.ID(desk.DefaultCapacity) {
				o := desk.Offer{ID: 90 + n, TicketID: 100 + n, ConversationID: 73, UserID: ken, State: desk.OfferOpen, MadeAt: tx.Now(), Until: tx.Now().Add(desk.OfferFor)}
				if err := tx.WriteRouting().PutOffer(o); err != nil {
					return err
				}
			}
			return nil
		})
		ticket.TeamID = other
		c.tells(ticket, 1, desk.EventTicketChanged, desk.Change{Field: "team_id", From: team.String(), To: other.String()})
		if e := expected(); e.TeamID != other || e.Wait != 50*time.Second {
			t.Errorf("in another queue, with no slot free: %+v", e)
		}
		ticket.Status, ticket.Reason = desk.StatusResolved, desk.ReasonManual
		c.tells(ticket, 2, desk.EventTicketChanged, desk.Change{Field: "status", To: string(desk.StatusResolved)})
		if e := expected(); e != (desk.Estimate{}) {
			t.Errorf("after it left: %+v", e)
		}
	})
}
