package sla_test

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbox"
	"madoguchi/sla"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

const (
	workspace desk.ID = 1
	number    desk.ID = 10 // the channel
	aoi       desk.ID = 20 // an agent
	ken       desk.ID = 21 // supervises everything
	mio       desk.ID = 22 // supervises team
	rin       desk.ID = 23 // supervises another team
	team      desk.ID = 30
	policy    desk.ID = 40
	hours     desk.ID = 50
	secret            = "s3cret"
)

// world is a desk with a channel of a team, an agent, three supervisors and a customer.
type world struct {
	store     store.Store
	now       atomic.Int64
	customers *inbound.Service
	members   *inbox.Service
	nodes     []*sla.Service
	written   int
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) { test(t, newWorld(t, open)) })
}

func newWorld(t *testing.T, open func(...storetest.Option) store.Store) *world {
	t.Helper()
	w := &world{}
	w.now.Store(time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC).UnixMilli()) // Friday, 10:00 in Tokyo
	w.store = open(func(c *sqlstore.Config) { c.Clock = w.Now })
	people := map[desk.ID]desk.Member{
		aoi: {Role: desk.RoleAgent}, ken: {Role: desk.RoleSupervisor, Scope: desk.ScopeAll},
		mio: {Role: desk.RoleSupervisor, Scope: desk.ScopeTeam}, rin: {Role: desk.RoleSupervisor, Scope: desk.ScopeTeam},
	}
	must(t, w.store.Update(t.Context(), 0, func(tx store.Tx) error {
		for id := range people {
			if err := tx.WriteAccounts().PutUser(desk.User{ID: id, Email: id.String() + "@example.test", Name: "n" + id.String(), CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	}))
	w.update(t, func(tx store.Tx) error {
		for id, m := range people {
			m.UserID, m.Active, m.CreatedAt = id, true, tx.Now()
			if err := tx.WriteMembers().Put(m); err != nil {
				return err
			}
		}
		if err := tx.WriteTeams().Put(desk.Team{ID: team, Name: "配送", MemberIDs: []desk.ID{aoi, mio}, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		week := desk.Schedule{ID: hours, Name: "平日", Zone: "Asia/Tokyo", CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		for day := time.Monday; day <= time.Friday; day++ {
			week.Week[day] = []desk.Interval{{Start: 9 * 60, End: 18 * 60}}
		}
		if err := tx.WriteSchedules().Put(week); err != nil {
			return err
		}
		return tx.WriteChannels().Put(desk.Channel{
			ID: number, Kind: testchannel.Kind, Name: "SMS", Account: "a1", State: desk.ChannelActive, Settings: json.RawMessage(`{}`),
			TeamID: team, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1,
		})
	})
	channels := channel.Registry{testchannel.Kind: testchannel.Connector{}}
	w.customers = inbound.New(inbound.Config{Store: w.store, Channels: channels, Now: w.Now,
		Secrets: func(desk.ID, desk.Channel) (map[string]string, error) {
			return map[string]string{"secret": secret}, nil
		}})
	w.members = inbox.New(inbox.Config{Store: w.store, Channels: channels, Now: w.Now})
	for range 3 {
		w.nodes = append(w.nodes, sla.New(sla.Config{Store: w.store, Bus: membus.New(), Log: slog.New(slog.DiscardHandler), Now: w.Now}))
	}
	return w
}

func (w *world) Now() time.Time { return time.UnixMilli(w.now.Load()).UTC() }

// later lets time pass, and what is due then happen, on all nodes at once.
func (w *world) later(t *testing.T, d time.Duration) {
	t.Helper()
	w.now.Add(d.Milliseconds())
	w.everywhere(t, func(n *sla.Service) error {
		if _, err := n.PassDue(t.Context(), workspace); err != nil {
			return err
		}
		_, err := n.TellWaits(t.Context(), workspace)
		return err
	})
}

// follow lets all nodes follow the log at once.
func (w *world) follow(t *testing.T) {
	t.Helper()
	w.everywhere(t, func(n *sla.Service) error { return n.Round(t.Context()) })
}

func (w *world) everywhere(t *testing.T, do func(*sla.Service) error) {
	t.Helper()
	var nodes sync.WaitGroup
	for _, n := range w.nodes {
		nodes.Go(func() {
			if err := do(n); err != nil {
				t.Error(err)
			}
		})
	}
	nodes.Wait()
}

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

// promise makes the policy.
func (w *world) promise(t *testing.T, targets desk.SLATargets, schedule desk.ID) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		return tx.WriteSLA().PutPolicy(desk.SLAPolicy{ID: policy, Name: "標準", ScheduleID: schedule, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
			Targets: map[desk.Priority]desk.SLATargets{desk.PriorityNormal: targets, desk.PriorityUrgent: {First: 10}}})
	})
}

// hears lets the customer write.
func (w *world) hears(t *testing.T, text string) inbound.Filed {
	t.Helper()
	w.written++
	taken, err := w.customers.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: number, Request: testchannel.Webhook(secret,
		testchannel.Event{ID: "m" + strconv.Itoa(w.written), Account: "a1", Type: "message", From: "u1", Name: "花子", Text: text})})
	must(t, err)
	w.follow(t)
	return taken.Messages[0]
}

func member(id desk.ID) inbox.Actor {
	return inbox.Actor{Workspace: workspace, User: id, Name: "n", By: desk.Actor{Kind: desk.ActorUser, ID: id}, Scope: desk.ScopeAll}
}

// replies lets a member answer.
func (w *world) replies(t *testing.T, conversation desk.ID) {
	t.Helper()
	w.written++
	_, _, err := w.members.Write(t.Context(), member(aoi), conversation, inbox.NewMessage{
		ClientID: "c" + strconv.Itoa(w.written), Mode: inbox.ModeReply, Parts: []desk.Part{{Kind: desk.PartText, Text: "確認します"}}})
	must(t, err)
	w.follow(t)
}

func (w *world) clocks(t *testing.T, ticket desk.ID) (s desk.SLA) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) { s, err = r.SLA().OfTicket(ticket); return err })
	return s
}

func (w *world) row(t *testing.T, id desk.ID) (c desk.Conversation) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) { c, err = r.Conversations().Get(id); return err })
	return c
}

// told counts what each member was told, by code.
func (w *world) told(t *testing.T, code string) map[desk.ID]int {
	t.Helper()
	heard := map[desk.ID]int{}
	w.view(t, func(r store.Reader) error {
		for _, user := range []desk.ID{aoi, ken, mio, rin} {
			all, err := r.Notifications().Newest(user, false, 100)
			if err != nil {
				return err
			}
			for _, n := range all {
				if n.Code == code {
					heard[user]++
				}
			}
		}
		return nil
	})
	return heard
}

// happened counts the events of a kind.
func (w *world) happened(t *testing.T, kind desk.EventKind) int {
	t.Helper()
	events, err := w.store.Events(t.Context(), workspace, 0, 1000)
	must(t, err)
	return len(slices.DeleteFunc(events, func(e desk.Event) bool { return e.Kind != kind }))
}
