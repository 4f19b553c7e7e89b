package assign_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/assign"
	"madoguchi/bus/membus"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

const (
	workspace desk.ID = 1
	channel   desk.ID = 10
	other     desk.ID = 11 // another one of the same team
	team      desk.ID = 15
	aoi       desk.ID = 20 // members, in the team's order
	ken       desk.ID = 21
	mei       desk.ID = 22
)

// world is a desk with one channel, one team of three that works in turn, and customers who write.
type world struct {
	store  store.Store
	now    atomic.Int64
	inbox  *inbox.Service
	assign *assign.Service
	people atomic.Int64 // customers so far
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) { test(t, newWorld(t, open)) })
}

func newWorld(t *testing.T, open func(...storetest.Option) store.Store) *world {
	t.Helper()
	w := &world{}
	w.now.Store(time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC).UnixMilli()) // a Friday, noon in Tokyo
	w.store = open(func(c *sqlstore.Config) { c.Clock = w.Now })
	must(t, w.store.Update(t.Context(), 0, func(tx store.Tx) error {
		for id, name := range map[desk.ID]string{aoi: "Aoi", ken: "Ken", mei: "Mei"} {
			if err := tx.WriteAccounts().PutUser(desk.User{ID: id, Email: name + "@example.test", Name: name, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7,
			Capacity: 2, RequeueMinutes: 10, CreatedAt: tx.Now()})
	}))
	w.update(t, func(tx store.Tx) error {
		for _, id := range []desk.ID{aoi, ken, mei} {
			if err := tx.WriteMembers().Put(desk.Member{UserID: id, Role: desk.RoleAgent, Active: true, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		for _, id := range []desk.ID{channel, other} {
			if err := tx.WriteChannels().Put(desk.Channel{ID: id, Kind: "webchat", Name: "c", Account: id.String(), State: desk.ChannelActive, TeamID: team,
				Settings: json.RawMessage(`{}`), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}); err != nil {
				return err
			}
		}
		return nil
	})
	w.team(t, func(*desk.Team) {})
	w.inbox = inbox.New(inbox.Config{Store: w.store, Now: w.Now})
	w.assign = w.node()
	return w
}

// node is one more process at work.
func (w *world) node() *assign.Service {
	return assign.New(assign.Config{Store: w.store, Bus: membus.New(), Log: slog.New(slog.DiscardHandler), Now: w.Now})
}

func (w *world) Now() time.Time { return time.UnixMilli(w.now.Load()).UTC() }

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

// team changes how the team works.
func (w *world) team(t *testing.T, change func(*desk.Team)) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		v := desk.Team{ID: team, Name: "サポート", MemberIDs: []desk.ID{aoi, ken, mei}, Mode: desk.ModeRoundRobin, CreatedAt: tx.Now()}
		change(&v)
		tx.Emit(desk.Event{Kind: desk.EventTeamChanged, At: tx.Now(), SubjectID: team})
		return tx.WriteTeams().Put(v)
	})
}

// workspace changes its settings.
func (w *world) settings(t *testing.T, change func(*desk.Workspace)) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		v, err := tx.Workspaces().Current()
		if err != nil {
			return err
		}
		change(&v)
		tx.Emit(desk.Event{Kind: desk.EventWorkspaceChanged, At: tx.Now(), SubjectID: workspace})
		return tx.WriteWorkspaces().Put(v)
	})
}

// serves lets a member serve some channels only, or with none all of them.
func (w *world) serves(t *testing.T, user desk.ID, channels ...desk.ID) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		m, err := tx.Members().Get(user)
		if err != nil {
			return err
		}
		m.ChannelIDs = channels
		tx.Emit(desk.Event{Kind: desk.EventMemberChanged, At: tx.Now(), SubjectID: user})
		return tx.WriteMembers().Put(m)
	})
}

// are lets members be there, for an hour if nothing else is said.
func (w *world) are(t *testing.T, a desk.Availability, users ...desk.ID) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		for _, user := range users {
			p := desk.Presence{UserID: user, Chosen: a, LeaseUntil: tx.Now().Add(time.Hour)}
			if a == desk.Offline {
				p.LeaseUntil = time.Time{}
			}
			if err := tx.WriteMembers().PutPresence(p); err != nil {
				return err
			}
			tx.Emit(desk.Event{Kind: desk.EventAvailabilityChanged, At: tx.Now(), SubjectID: user})
		}
		return nil
	})
	w.round(t)
}

// writes lets a new customer write and gives the ticket.
func (w *world) writes(t *testing.T) desk.ID {
	t.Helper()
	return w.writesOn(t, channel)
}

func (w *world) writesOn(t *testing.T, channel desk.ID) desk.ID {
	t.Helper()
	var id desk.ID
	w.update(t, func(tx store.Tx) (err error) {
		id, err = w.newTicket(tx, func(v *desk.Ticket) { v.ChannelID = channel })
		return err
	})
	w.round(t)
	return id
}

// prefers lets a new customer write whose ticket prefers somebody.
func (w *world) prefers(t *testing.T, user, in desk.ID) (ticket desk.ID) {
	t.Helper()
	w.update(t, func(tx store.Tx) (err error) {
		ticket, err = w.newTicket(tx, func(v *desk.Ticket) { v.PreferredAgent, v.TeamID = user, in })
		return err
	})
	w.round(t)
	return ticket
}

func (w *world) newTicket(tx store.Tx, change func(*desk.Ticket)) (desk.ID, error) {
	n := w.people.Add(1)
	c := desk.Contact{ID: tx.NewID(), Name: fmt.Sprint("customer ", n), CreatedAt: tx.Now(), Version: 1}
	identity := desk.Identity{ID: tx.NewID(), ContactID: c.ID, ChannelID: channel, Kind: "webchat", Scope: "s", ExternalID: fmt.Sprint(n), CreatedAt: tx.Now()}
	row := desk.Conversation{ID: tx.NewID(), ChannelID: channel, IdentityID: identity.ID, ContactID: c.ID, CreatedAt: tx.Now(), Version: 1}
	number, err := tx.WriteWorkspaces().NextTicketNumber()
	if err != nil {
		return 0, err
	}
	ticket := desk.OpenTicket(tx.NewID(), number, row, team, tx.Now())
	ticket.Version = 1
	change(&ticket)
	row.ChannelID, identity.ChannelID = ticket.ChannelID, ticket.ChannelID
	row.Follow(ticket)
	for _, put := range []func() error{
		func() error { return tx.WriteContacts().Put(c) }, func() error { return tx.WriteContacts().PutIdentity(identity) },
		func() error { return tx.WriteConversations().Put(row) }, func() error { return tx.WriteTickets().Put(ticket) },
	} {
		if err := put(); err != nil {
			return 0, err
		}
	}
	tx.Emit(desk.Event{Kind: desk.EventTicketCreated, At: tx.Now(), ConversationID: row.ID, TicketID: ticket.ID})
	return ticket.ID, nil
}

// round lets the desk work until nothing is left to do.
func (w *world) round(t *testing.T) {
	t.Helper()
	for range 2 { // the second finds what the first one's own events are worth
		must(t, w.assign.Round(t.Context()))
	}
}

// passes lets time go by, and what is due then happen.
func (w *world) passes(t *testing.T, d time.Duration) {
	t.Helper()
	w.now.Add(d.Milliseconds())
	w.due(t)
	w.round(t)
}

func (w *world) due(t *testing.T) time.Time {
	t.Helper()
	for range 20 {
		next, err := w.assign.Due(t.Context(), workspace)
		must(t, err)
		if next.IsZero() || next.After(w.Now()) {
			return next
		}
	}
	t.Fatal("something is due again and again")
	return time.Time{}
}

func (w *world) ticket(t *testing.T, id desk.ID) (v desk.Ticket) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		v, err = r.Tickets().Get(id)
		return err
	})
	return v
}

// holder is who has a ticket, 0 while it waits.
func (w *world) holder(t *testing.T, id desk.ID) desk.ID {
	t.Helper()
	return w.ticket(t, id).Assignee
}

// offered are the offers of a ticket that wait for an answer.
func (w *world) offered(t *testing.T, ticket desk.ID) (open []desk.Offer) {
	t.Helper()
	w.view(t, func(r store.Reader) error {
		all, err := r.Routing().Offers()
		for _, o := range all {
			if o.TicketID == ticket && o.State == desk.OfferOpen {
				open = append(open, o)
			}
		}
		return err
	})
	return open
}

// lines are the codes of a ticket's system lines.
func (w *world) lines(t *testing.T, ticket desk.ID) (codes []string) {
	t.Helper()
	w.view(t, func(r store.Reader) error {
		v, err := r.Tickets().Get(ticket)
		if err != nil {
			return err
		}
		messages, err := r.Messages().After(v.ConversationID, 0, 100)
		for _, m := range messages {
			if m.System != nil {
				codes = append(codes, m.System.Code)
			}
		}
		return err
	})
	return codes
}

// supervises makes supervisors of two: one of the team, and one who was not here before and is of another.
func (w *world) supervises(t *testing.T, own, elsewhere desk.ID) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		if err := tx.WriteAccounts().PutUser(desk.User{ID: elsewhere, Email: "e@example.test", CreatedAt: tx.Now()}); err != nil {
			return err
		}
		for _, id := range []desk.ID{own, elsewhere} {
			if err := tx.WriteMembers().Put(desk.Member{UserID: id, Role: desk.RoleSupervisor, Active: true, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.WriteTeams().Put(desk.Team{ID: team + 1, Name: "配送", MemberIDs: []desk.ID{elsewhere}, CreatedAt: tx.Now()})
	})
}

// heard is how often a supervisor was told that everybody declined a ticket.
func (w *world) heard(t *testing.T, user, ticket desk.ID) (times int) {
	t.Helper()
	number := strconv.FormatInt(w.ticket(t, ticket).Number, 10)
	w.view(t, func(r store.Reader) error {
		all, err := r.Notifications().Newest(user, false, 100)
		for _, n := range all {
			if n.Code == desk.NotifyAllDeclined && n.Params["number"] == number {
				times++
			}
		}
		return err
	})
	return times
}

// hours close the channel, but for a minute of Mondays.
func (w *world) hours(t *testing.T) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		hours := desk.Schedule{ID: tx.NewID(), Name: "月", Zone: "Asia/Tokyo", CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		hours.Week[time.Monday] = []desk.Interval{{Start: 0, End: 1}}
		ch, err := tx.Channels().Get(channel)
		if err != nil {
			return err
		}
		ch.ScheduleID = hours.ID
		if err := tx.WriteSchedules().Put(hours); err != nil {
			return err
		}
		return tx.WriteChannels().Put(ch)
	})
}

func member(id desk.ID) desk.Member { return desk.Member{UserID: id, Name: id.String(), Active: true} }

func actor(id desk.ID) inbox.Actor { return inbox.Member(desk.Workspace{ID: workspace}, member(id)) }

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
