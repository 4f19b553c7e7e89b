package live

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Time alone has a view read again where it can change it: once a day is over for its viewer, and each minute while windows close.
func TestGaugesInTime(t *testing.T) {
	t.Parallel()
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	evening := time.Date(2026, 11, 21, 23, 58, 30, 0, tokyo)
	for name, test := range map[string]struct {
		filter desk.ListFilter
		stale  []time.Duration // after which of 0, 59, 60, 89 and 90 seconds
	}{
		"everything": {desk.ListFilter{}, nil},
		"two days":   {desk.ListFilter{WithinDays: 2}, []time.Duration{90}},
		"windows":    {desk.ListFilter{Windows: []desk.WindowState{desk.WindowOpen}}, []time.Duration{60, 89, 90}},
	} {
		g := &gauge{at: evening, zone: tokyo}
		for _, after := range []time.Duration{0, 59, 60, 89, 90} {
			if got := g.old(test.filter, evening.Add(after*time.Second).UTC()); got != slices.Contains(test.stale, after) {
				t.Errorf("%s after %d s: read again %v", name, after, got)
			}
		}
	}
}

// A gauge that overflows shows 99+ until so many rows left it that it must be read again, from its beginning: some of what it
// could not hold is there.
func TestGaugesOverflow(t *testing.T) {
	t.Parallel()
	g := &gauge{rows: map[desk.ID]struct{}{}}
	for id := range desk.ID(gaugeHolds + 20) {
		g.put(id, true)
	}
	if !g.more || len(g.rows) != gaugeHolds {
		t.Fatalf("%d rows, more %v", len(g.rows), g.more)
	}
	now := time.Now()
	for id := range desk.ID(gaugeHolds - shownMost) {
		g.put(id, false)
	}
	if g.short(now) {
		t.Error("read again while 99+ is still right")
	}
	g.put(gaugeHolds-1, false)
	if !g.short(now) {
		t.Error("believed though fewer are left than are shown")
	}
	g.next = "below"
	if page := g.further(); page.After != "" || page.Limit != gaugeHolds {
		t.Errorf("it is read from %+v", page)
	}
	for id := range desk.ID(gaugeHolds) { // while it is looked at
		g.put(id, true)
	}
	if g.add(&gauge{rows: map[desk.ID]struct{}{gaugeHolds: {}}}); !g.more {
		t.Error("its list is at its end, so it forgot that it could not hold all")
	}
}

// Of a view of which a look found few among many, only what left it has the database looked at again, where that look ended, and
// not at once: a message that nobody answered costs no statement.
func TestGaugesOfSparseViews(t *testing.T) {
	t.Parallel()
	now := time.Now()
	g := &gauge{rows: map[desk.ID]struct{}{1: {}, 2: {}, 3: {}}, more: true, next: "below", had: 3, looked: now}
	g.put(4, true)
	g.put(2, false)
	if g.short(now.Add(time.Hour)) {
		t.Error("read again though it knows as many as were found")
	}
	g.put(1, false)
	for after, want := range map[time.Duration]bool{gaugeEvery - 1: false, gaugeEvery: true} {
		if got := g.short(now.Add(after)); got != want {
			t.Errorf("after %v: read again %v", after, got)
		}
	}
	if page := g.further(); page.After != "below" || page.Limit != gaugeHolds-2 {
		t.Errorf("it is read from %+v", page)
	}
	g.add(&gauge{rows: map[desk.ID]struct{}{7: {}}, more: true, next: "deeper", looked: now.Add(gaugeEvery)})
	if len(g.rows) != 3 || g.next != "deeper" || g.short(now.Add(time.Hour)) {
		t.Errorf("with what was found %+v", g)
	}
	g.put(7, false)
	g.add(&gauge{rows: map[desk.ID]struct{}{}, looked: now.Add(time.Hour)})
	if g.more || g.short(now.Add(2*time.Hour)) {
		t.Errorf("at its end %+v", g)
	}
}

// shelf is a view's list as a store has it: rows in order, and whether each is in the view. A page looks at so many rows at most.
type shelf struct {
	rows []desk.ID // the newest last
	in   map[desk.ID]bool
	at   map[desk.ID]int // when each moved last: cursors go by it
	now  int
}

const shelfLooks = 60

func (s *shelf) move(id desk.ID, in bool) {
	s.remove(id)
	s.now++
	s.rows, s.in[id], s.at[id] = append(s.rows, id), in, s.now
}

func (s *shelf) remove(id desk.ID) {
	s.rows = slices.DeleteFunc(s.rows, func(other desk.ID) bool { return other == id })
	delete(s.in, id)
}

func (s *shelf) read(p store.Page, now time.Time) *gauge {
	below := s.now + 1
	if p.After != "" {
		below, _ = strconv.Atoi(p.After)
	}
	g := &gauge{rows: map[desk.ID]struct{}{}, zone: time.UTC, at: now, looked: now}
	looks := 0
	for _, id := range slices.Backward(s.rows) {
		switch {
		case s.at[id] >= below:
			continue
		case looks == shelfLooks, len(g.rows) == p.Limit:
			g.more, g.next, g.had = true, strconv.Itoa(below), len(g.rows)
			return g
		}
		looks, below = looks+1, s.at[id]
		if s.in[id] {
			g.rows[id] = struct{}{}
		}
	}
	g.had = len(g.rows)
	return g
}

func (s *shelf) size() (n int) {
	for _, in := range s.in {
		if in {
			n++
		}
	}
	return n
}

// Whatever comes, goes and changes, while the database is looked at too: a gauge never knows a row that is not in its view, knows
// all of them where it says that there are no more, and so never tells more than a count of all would.
func TestGaugesAgreeWithTheirList(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 7))
		s := &shelf{in: map[desk.ID]bool{}, at: map[desk.ID]int{}}
		dense := 1 + random.IntN(100) // of a hundred rows, those in the view
		happens := func(g *gauge) func() {
			id := desk.ID(random.IntN(600))
			if in := random.IntN(100) < dense; random.IntN(3) > 0 {
				s.move(id, in)
			} else {
				s.remove(id)
			}
			if random.IntN(400) == 0 {
				dense = 1 + random.IntN(100)
			}
			in := s.in[id]
			g.put(id, in)
			return func() { g.put(id, in) }
		}
		for id := range desk.ID(400) {
			s.move(id, random.IntN(100) < dense)
		}
		now := time.Now()
		g := s.read(store.Page{Limit: gaugeHolds}, now)
		for range 3000 {
			happens(g)
			if now = now.Add(time.Duration(random.IntN(int(gaugeEvery / 5)))); g.short(now) {
				var again []func()
				found := s.read(g.further(), now)
				for range random.IntN(1 + random.IntN(120)) {
					again = append(again, happens(g))
				}
				g.add(found)
				for _, do := range again {
					do()
				}
			}
			for id := range g.rows {
				if !s.in[id] {
					t.Fatalf("seed %d: %d is no more in the view", seed, id)
				}
			}
			if size := s.size(); !g.more && len(g.rows) != size {
				t.Fatalf("seed %d: it knows %d and no more, of %d", seed, len(g.rows), size)
			}
		}
	}
}

// What happens while the database is looked at holds for what is found there as it was before.
func TestSavedRoundsHearWhatHappensMeanwhile(t *testing.T) {
	t.Parallel()
	const deleted, kept, edited, untouched, member desk.ID = 1, 2, 3, 4, 5
	found := savedNews{views: map[desk.ID]desk.SavedView{edited: {ID: edited}, untouched: {ID: untouched}}, gauges: map[gaugeKey]*gauge{}}
	for view := range found.views {
		found.gauges[gaugeKey{view: view}] = &gauge{rows: map[desk.ID]struct{}{deleted: {}, kept: {}}}
	}
	found.followers = map[desk.ID]readNews{member: {}}
	s := &saved{reading: true, followers: map[desk.ID]*follower{member: newFollower(desk.ScopeAll, time.UTC)}}
	s.gone(deleted)
	s.changed(edited)
	s.take(found, time.Now())
	if _, believed := s.views[edited]; believed || s.gauges[gaugeKey{view: edited}] != nil {
		t.Error("a view is believed as it was before somebody changed it")
	}
	if g := s.gauges[gaugeKey{view: untouched}]; g == nil || len(g.rows) != 1 {
		t.Errorf("what was deleted is counted: %+v", g)
	}
	if !s.followers[member].stale {
		t.Error("what is news in a view that changed is believed")
	}
}
