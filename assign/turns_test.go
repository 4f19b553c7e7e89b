package assign_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"madoguchi/assign"
	"madoguchi/desk"
	"madoguchi/store"
)

// E4, E5, E9, E10 as a property of the whole room, several nodes deciding at once over random arrivals, absences and links to channels: of two members
// who were able all the while nobody is given two tickets more; a ticket goes to somebody able, once, the most urgent and then
// the oldest first; and while somebody is able nothing waits.
func TestTurnsAreFairThroughTheEngine(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := &model{world: w, online: map[desk.ID]bool{aoi: true, ken: true, mei: true}, elsewhere: map[desk.ID]bool{}, slots: map[desk.ID]int{}, holder: map[desk.ID]desk.ID{}, waiting: map[desk.ID]desk.Ticket{}, ahead: map[[2]desk.ID]int{}}
		nodes := []*assign.Service{w.assign, w.node(), w.node()}
		random := rand.New(rand.NewPCG(5, 9))
		w.settings(t, func(s *desk.Workspace) { s.Capacity = capacity })
		w.are(t, desk.Online, aoi, ken, mei)
		for step := range 45 {
			m.happens(t, random)
			var all sync.WaitGroup
			for _, node := range nodes {
				all.Go(func() {
					if err := node.Round(t.Context()); err != nil {
						t.Errorf("round: %v", err)
					}
				})
			}
			all.Wait()
			w.round(t)
			if err := m.replay(t); err != nil {
				t.Fatalf("step %d: %v", step, err)
			}
			if able := m.able(); len(able) > 0 && len(m.waiting) > 0 {
				t.Fatalf("step %d: %d tickets wait while %v are able", step, len(m.waiting), able)
			}
			same(t, "tickets in the queue", m.queued(t), len(m.waiting))
		}
		if m.chosen < 20 {
			t.Errorf("only %d tickets were given where there was a choice: this tells nothing", m.chosen)
		}
	})
}

const capacity = 4

// model is what should be so, by the log alone.
type model struct {
	*world

	online    map[desk.ID]bool
	elsewhere map[desk.ID]bool // serve the other channel alone, on which nobody writes
	slots     map[desk.ID]int
	holder    map[desk.ID]desk.ID // of tickets that somebody was given
	waiting   map[desk.ID]desk.Ticket
	ahead     map[[2]desk.ID]int // how many tickets one was given since another, both able all the while
	seen      int64              // of the log
	chosen    int                // tickets that more than one could have been given
}

// happens lets up to three customers write, members finish half of what they have, and somebody come, go or serve another channel.
func (m *model) happens(t *testing.T, random *rand.Rand) {
	t.Helper()
	for range random.IntN(4) {
		m.now.Add(time.Second.Milliseconds())
		priority := []desk.Priority{desk.PriorityNormal, desk.PriorityNormal, desk.PriorityUrgent}[random.IntN(3)]
		ticket, err := store.Result(t.Context(), m.store, workspace, func(tx store.Tx) (v desk.Ticket, err error) {
			_, err = m.newTicket(tx, func(made *desk.Ticket) {
				made.Priority = priority
				v = *made
			})
			return v, err
		})
		must(t, err)
		m.waiting[ticket.ID] = ticket
	}
	for _, ticket := range slices.Sorted(maps.Keys(m.holder)) {
		if random.IntN(2) > 0 {
			continue
		}
		holder := m.holder[ticket]
		if _, err := m.inbox.Resolve(t.Context(), actor(holder), ticket, ""); err != nil {
			t.Fatal(err)
		}
		delete(m.holder, ticket)
		m.slots[holder]--
	}
	if random.IntN(4) > 0 {
		return
	}
	user := []desk.ID{aoi, ken, mei}[random.IntN(3)]
	if random.IntN(3) == 0 {
		m.elsewhere[user] = !m.elsewhere[user]
		m.serves(t, user, map[bool]desk.ID{false: channel, true: other}[m.elsewhere[user]])
		return
	}
	m.online[user] = !m.online[user]
	m.update(t, func(tx store.Tx) error {
		p := desk.Presence{UserID: user, Chosen: desk.Away, LeaseUntil: tx.Now().Add(time.Hour)}
		if m.online[user] {
			p.Chosen = desk.Online
		}
		tx.Emit(desk.Event{Kind: desk.EventAvailabilityChanged, At: tx.Now(), SubjectID: user})
		return tx.WriteMembers().PutPresence(p)
	})
}

// able are those who could be given a ticket now; as far as the capacity goes.
func (m *model) able() (able []desk.ID) {
	for _, user := range []desk.ID{aoi, ken, mei} {
		if m.online[user] && !m.elsewhere[user] && m.slots[user] < capacity {
			able = append(able, user)
		}
	}
	return able
}

// replay follows what was given since the last time, one after another.
func (m *model) replay(t *testing.T) error {
	t.Helper()
	events, err := m.store.Events(t.Context(), workspace, m.seen, 1000)
	must(t, err)
	m.fair(0) // somebody may have come or gone
	for _, e := range events {
		m.seen = e.Seq
		for _, c := range e.Changes {
			if c.Field != "assignee_id" {
				continue
			}
			to, err := strconv.ParseInt(c.To, 10, 64)
			must(t, err)
			if err := m.take(e.TicketID, desk.ID(to)); err != nil {
				return err
			}
		}
	}
	return nil
}

// take notes that a ticket was given to somebody, and says what is wrong with that.
func (m *model) take(ticket, to desk.ID) error {
	v, there := m.waiting[ticket]
	if !there {
		return fmt.Errorf("ticket %d went to %d, and to %d before", ticket, to, m.holder[ticket])
	}
	able := m.able()
	if !slices.Contains(able, to) {
		return fmt.Errorf("ticket %d went to %d, of %v who were able", ticket, to, able)
	}
	if len(able) > 1 {
		m.chosen++
	}
	for _, other := range m.waiting {
		urgent := other.Priority == desk.PriorityUrgent
		if was := v.Priority == desk.PriorityUrgent; urgent && !was || urgent == was && other.Number < v.Number {
			return fmt.Errorf("ticket %d (%s) went before %d (%s)", v.Number, v.Priority, other.Number, other.Priority)
		}
	}
	for pair, n := range m.fair(to) {
		if n > 1 {
			return fmt.Errorf("%d was given %d in a row while %d was able", pair[0], n, pair[1])
		}
	}
	delete(m.waiting, ticket)
	m.holder[ticket] = to
	m.slots[to]++
	m.fair(0)
	return nil
}

// fair counts, for each pair, how far one is ahead of the other since both became able; to is who is given a ticket, 0 = nobody.
func (m *model) fair(to desk.ID) map[[2]desk.ID]int {
	able := m.able()
	for _, a := range []desk.ID{aoi, ken, mei} {
		for _, b := range []desk.ID{aoi, ken, mei} {
			switch {
			case !slices.Contains(able, a) || !slices.Contains(able, b):
				m.ahead[[2]desk.ID{a, b}] = 0
			case to == a && a != b:
				m.ahead[[2]desk.ID{a, b}]++
				m.ahead[[2]desk.ID{b, a}] = 0
			}
		}
	}
	return m.ahead
}

func (m *model) queued(t *testing.T) (n int) {
	t.Helper()
	m.view(t, func(r store.Reader) error {
		all, err := r.Routing().Queued([]desk.ID{team})
		n = len(all)
		return err
	})
	return n
}
