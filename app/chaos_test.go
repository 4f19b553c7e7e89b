package app_test

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/app"
	"madoguchi/sim"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// TestCrashEveryChannelInChaos kills the program again and again, one node on SQLite and two on PostgreSQL, while customers of every
// channel write and send photos and a member replies, and while providers fail, cut connections, answer late, throttle, and tell
// everything twice and out of order. When it is quiet again: what a provider was told had come is in the desk once, photos
// included; a reply that is sent was taken once, one that failed not at all, and one that nobody knows of at most once and says so;
// nothing is left; the order is the written one; no provider saw its limits exceeded.
func TestCrashEveryChannelInChaos(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, inChaos)
}

func inChaos(t *testing.T, on sqlstore.Config) {
	rounds := 5
	if os.Getenv("MADOGUCHI_SOAK") == "1" {
		rounds = 100
	}
	s := newStorm(t, on.URL)
	for round := range rounds {
		s.change()
		var turns sync.WaitGroup
		for _, th := range s.threads {
			turns.Go(func() { s.turn(th, round) })
		}
		if round%2 == 0 { // while a provider has a request in hand
			s.fuse.Store(1 + s.dice(10))
			soon := time.Now().Add(3 * time.Second) // pauses may leave fewer requests than that
			s.until("a request", func() bool { return s.fuse.Load() <= 0 || time.Now().After(soon) })
			if len(s.nodes.processes) > 1 {
				turns.Wait() // the node that is left serves everybody
			}
		} else { // at any point
			until := s.acked.Load() + s.dice(int64(len(s.threads)))
			s.until("an acknowledgement", func() bool { return s.acked.Load() >= until })
		}
		s.restart(outage)
		turns.Wait()
		if round%5 == 4 || round == rounds-1 { // before replies expire (G7.7): the clock runs far ahead
			s.calm()
		}
	}
	s.verify()
}

// outage is how much later it is after a restart: the leases of the killed program have ended, and what waited for proof or for
// its turn sees its time come.
const outage = 95 * time.Second

// storm is a program under fire, its providers, and the people at both ends.
type storm struct {
	*runningDesk
	nodes    fleet
	sim      *sim.Simulator
	accounts []*sim.Account
	threads  []*thread
	ahead    atomic.Int64 // time.Duration that everybody's clock was put forward
	callers  atomic.Int64 // requests that providers have in hand
	fuse     atomic.Int64 // requests to send until the program is struck in the middle of one; armed while above 0
	acked    atomic.Int64 // replies

	mu     sync.Mutex
	random *rand.Rand
	moods  map[string]mood
}

// thread is one customer's conversation and what was acknowledged in it.
type thread struct {
	account  *sim.Account
	customer string
	name     string
	path     string
	asked    []string
	photos   int // sent by them
	said     []string
}

// mood is how a provider behaves for a while: how many of a hundred requests meet what.
type mood struct{ fails, cuts, late, throttled int }

var moods = []mood{{}, {fails: 40}, {cuts: 25}, {late: 50}, {throttled: 50}, {fails: 10, cuts: 5, late: 10, throttled: 10}}

// newStorm starts the desk, two nodes of it if there is a database for both.
func newStorm(t *testing.T, database string) *storm {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("MADOGUCHI_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("MADOGUCHI_SEED=%d", seed)
	s := &storm{random: rand.New(rand.NewPCG(seed, 0)), moods: map[string]mood{}}
	s.sim = sim.New(sim.Config{
		Now: func() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }, Client: &http.Client{Transport: &http.Transport{}},
		Backoff: func(int) time.Duration { return 1500 * time.Millisecond },
	})
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.callers.Add(1)
		defer s.callers.Add(-1)
		s.sim.ServeHTTP(w, r)
	}))
	t.Cleanup(provider.Close)
	t.Cleanup(s.sim.Close)
	s.sim.SetBase(provider.URL)
	s.nodes = newFleet(t, database, provider.URL)
	made, err := app.Setup(t.Context(), s.nodes.first().config(), app.SetupParams{Workspace: "Sakura", Email: "owner@example.test", Locale: "ja", Zone: "Asia/Tokyo"})
	if err != nil {
		t.Fatal(err)
	}
	s.runningDesk = &runningDesk{t: t, url: s.nodes.url(), key: made.APIKey}
	s.nodes.start(t)
	for _, kind := range sim.Kinds() {
		s.open(kind)
	}
	s.meet()
	return s
}

// open connects a channel of a kind, with two customers who have written.
func (s *storm) open(kind string) {
	s.t.Helper()
	a, err := s.sim.NewAccount(kind)
	if err != nil {
		s.t.Fatal(err)
	}
	channel, copied := s.create(kind, func(name string) string {
		if kind == "wechat" && name == "mode" {
			return "plain" // so that the record of its webhooks can be read
		}
		return a.Credential(name)
	})
	if a.Console().Callback == "" {
		console := sim.Console{Callback: copied["callback"], Token: cmp.Or(copied["token"], copied["verify_token"]), Redeliver: true}
		if err := a.Configure(s.t.Context(), console); err != nil {
			s.t.Fatal(err)
		}
	}
	s.probe(kind, channel)
	a.NewCustomer()
	for i, customer := range a.Customers() {
		th := &thread{account: a, customer: customer, name: fmt.Sprintf("%s-%d", kind, i)}
		s.writes(th, "hello")
		s.threads = append(s.threads, th)
	}
	a.Decide(func(x sim.Attempt) sim.Outcome { return s.decide(kind) })
	s.accounts = append(s.accounts, a)
}

// writes is what a customer writes; no question is the beginning of another.
func (s *storm) writes(th *thread, what string) {
	text := th.name + "-" + what + "-q."
	th.asked = append(th.asked, text)
	if _, err := th.account.Write(th.customer, text); err != nil {
		s.t.Errorf("%s: %v", th.name, err)
	}
}

// shows is what a customer sends a photo with.
func (s *storm) shows(th *thread) {
	photo := sim.Act{Do: sim.DoFile, Files: []sim.Upload{{Name: "p.png", Type: "image/png", Data: pixel}}}
	if _, err := th.account.Act(th.customer, photo); err != nil {
		s.t.Errorf("%s: %v", th.name, err)
	}
	th.photos++
}

// pixel is a photo.
var pixel = func() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))) // a buffer takes everything
	return b.Bytes()
}()

// meet waits for everybody's conversation.
func (s *storm) meet() {
	s.t.Helper()
	s.until("everybody has a conversation", func() bool {
		var list struct {
			Items []struct {
				ID      int64
				Preview struct{ Text string }
			}
		}
		s.ask("GET", "/api/v1/conversations?view=all&limit=100", nil, &list)
		found := 0
		for _, c := range list.Items {
			for _, th := range s.threads {
				if strings.Contains(c.Preview.Text, th.asked[0]) {
					th.path = fmt.Sprintf("/api/v1/conversations/%d/messages", c.ID)
					found++
				}
			}
		}
		return found == len(s.threads)
	})
}

// dice is a number below n.
func (s *storm) dice(n int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.random.Int64N(n)
}

// change gives every provider another mood.
func (s *storm) change() {
	for _, a := range s.accounts {
		how := moods[s.dice(int64(len(moods)))]
		s.mu.Lock()
		s.moods[a.Kind] = how
		s.mu.Unlock()
		a.SetTrouble(sim.Trouble{Duplicate: s.dice(2) == 0, Reorder: s.dice(3) == 0})
	}
}

// decide says what becomes of a request to send, and may strike the program first.
func (s *storm) decide(kind string) sim.Outcome {
	if s.fuse.Add(-1) == 0 {
		s.nodes.strike(int(s.dice(int64(len(s.nodes.processes)))))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	how, n := s.moods[kind], s.random.IntN(100)
	for _, x := range []struct {
		share   int
		outcome sim.Outcome
	}{
		{how.fails, sim.Outcome{Status: []int{500, 503}[n%2], Take: n%4 < 2}},
		{how.cuts, sim.Outcome{Cut: true}},
		{how.late, sim.Outcome{Delay: time.Duration(n) * 5 * time.Millisecond}},
		{how.throttled, sim.Outcome{Throttle: time.Second}},
	} {
		if n -= x.share; n < 0 {
			return x.outcome
		}
	}
	return sim.Outcome{}
}

// turn is one exchange: the customer writes, now and then with a photo, a member replies, again and again until that is acknowledged.
func (s *storm) turn(th *thread, round int) {
	s.writes(th, strconv.Itoa(round))
	if s.dice(3) == 0 {
		s.shows(th)
	}
	text := fmt.Sprintf("%s-%d-a.", th.name, round)
	body := map[string]any{"mode": "reply", "client_id": text, "parts": []any{map[string]any{"kind": "text", "text": text}}}
	if s.eventually("the reply "+text+" is acknowledged", func() error { return s.try("POST", th.path, body, nil) }) {
		th.said = append(th.said, text)
		s.acked.Add(1)
	}
}

// eventually tries until it works; false after the test has failed for it.
func (s *storm) eventually(what string, try func() error) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(5 * time.Minute)
	for {
		err := try()
		if err == nil {
			return true
		}
		select {
		case <-tick.C:
		case <-late:
			s.t.Errorf("never: %s: %v", what, err)
			return false
		}
	}
}

// restart kills the program and starts it again some time later. A request in the air lands after its sender's death: nobody
// can call it back, and the next program's must not overtake it here.
func (s *storm) restart(later time.Duration) {
	s.t.Helper()
	s.nodes.kill()
	s.until("the end of what was under way", func() bool { return s.callers.Load() == 0 })
	s.fuse.Store(0)
	s.ahead.Store(int64(s.nodes.later(later)))
	s.nodes.start(s.t)
}

// calm ends every trouble and waits until nothing is under way.
func (s *storm) calm() {
	s.t.Helper()
	s.mu.Lock()
	clear(s.moods)
	s.mu.Unlock()
	for _, a := range s.accounts {
		a.SetTrouble(sim.Trouble{})
	}
	s.until("the end of every webhook", func() bool { return s.sim.Pending() == 0 })
	late := time.Now().Add(5 * time.Minute)
	for patience := 4 * time.Second; ; patience *= 2 { // a busy machine needs longer to come to an end between two restarts
		s.restart(outage)
		soon := time.Now().Add(patience)
		left := ""
		s.until("a while", func() bool {
			left = s.left()
			return left == "" || time.Now().After(soon)
		})
		if left == "" {
			return
		}
		if time.Now().After(late) {
			s.t.Fatalf("never quiet: %s", left)
		}
	}
}

// left names something that is still under way, "" if nothing is.
func (s *storm) left() string {
	if n := s.sim.Pending(); n > 0 {
		return fmt.Sprintf("%d webhooks", n)
	}
	for _, th := range s.threads {
		x := s.stored(th)
		if len(x.questions) < len(s.told(th)) {
			return th.name + " has questions that were taken and not filed"
		}
		for _, p := range x.photos {
			if p.Media == "fetching" {
				return th.name + " has a photo that is not here yet"
			}
		}
		for _, a := range x.answers {
			if a.Status == "queued" || a.Status == "sending" {
				return fmt.Sprintf("%s: %s is %s", th.name, a.text(), a.Status)
			}
		}
	}
	return ""
}
