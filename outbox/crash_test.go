package outbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/outbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// TestCrashKilledWhileSending kills the process that sends at random points, 30 times (300 in the soak), half of them in
// the middle of a request, while members reply and providers fail in every way they know. Afterwards every acknowledged
// reply was tried to its end, in order: where the provider knows our key again it is there exactly once, where it can be
// asked at least once, elsewhere at most once, and a reply that is not surely sent says so.
func TestCrashKilledWhileSending(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, killedWhileSending)
}

func killedWhileSending(t *testing.T, c sqlstore.Config) {
	s := newSiege(t, c)
	kills := 30
	if os.Getenv("MADOGUCHI_SOAK") == "1" {
		kills = 300
	}
	talking, hush := context.WithCancel(t.Context())
	defer hush()
	var writers sync.WaitGroup
	for _, th := range s.threads {
		writers.Go(func() { s.talk(talking, t.Context(), th) })
	}
	for i := range kills {
		s.node.start(t)
		if i%2 == 0 { // while a provider has a request in hand
			s.fuse.Store(1 + rand.Int64N(30))
			s.until(t, "a request", func() bool { return s.fuse.Load() <= 0 })
		} else { // at any point
			until := s.acked.Load() + rand.Int64N(30)
			s.until(t, "an acknowledgement", func() bool { return s.acked.Load() > until })
		}
		s.node.kill()
		// A request in the air lands after its sender's death: nobody can call it back, and the next node's must not overtake it here.
		s.until(t, "the end of what was under way", s.quiet)
	}
	s.node.start(t)
	until := s.acked.Load() + 50
	s.until(t, "an acknowledgement", func() bool { return s.acked.Load() > until })
	hush()
	writers.Wait()
	s.until(t, "the end of every promise", func() bool { return s.get(t.Context(), "/promised") == "false" })
	s.node.kill()
	s.verify(t, c)
}

// siege is a node under fire: its providers, and the members who reply through it.
type siege struct {
	node      *process
	providers map[string]*testchannel.Provider
	threads   []*correspondence
	acked     atomic.Int64
	fuse      atomic.Int64 // requests until the node is struck in the middle of one; armed while above 0
	client    *http.Client
}

// correspondence is a conversation and what was acknowledged in it.
type correspondence struct {
	kind     string
	customer string
	id       desk.ID
	said     []string
}

func newSiege(t *testing.T, c sqlstore.Config) *siege {
	t.Helper()
	s := &siege{
		node:      &process{nodeConfig: nodeConfig{Path: c.Path, URL: c.URL, Providers: map[string]string{}, Workspace: workspace, Agent: 7}},
		providers: map[string]*testchannel.Provider{}, client: &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second},
	}
	t.Cleanup(s.node.kill)
	t.Cleanup(s.client.CloseIdleConnections)
	for kind, connector := range promises() {
		p := testchannel.NewProvider(t)
		p.Idempotent = connector.Spec().Idempotent
		p.Always(s.trouble)
		s.providers[kind], s.node.Providers[kind] = p, p.URL
	}
	s.furnish(t, c)
	return s
}

// furnish makes a channel of each kind, each with customers who have written.
func (s *siege) furnish(t *testing.T, c sqlstore.Config) {
	t.Helper()
	db := storetest.Open(t, c)
	must(t, db.Update(t.Context(), 0, func(tx store.Tx) error {
		must(t, tx.WriteAccounts().PutUser(desk.User{ID: s.node.Agent, Email: "aoi@example.com", CreatedAt: tx.Now()}))
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "UTC", ReopenDays: 7, CreatedAt: tx.Now()})
	}))
	must(t, db.Update(t.Context(), workspace, func(tx store.Tx) error {
		return tx.WriteMembers().Put(desk.Member{UserID: s.node.Agent, Role: desk.RoleAgent, Active: true, CreatedAt: tx.Now()})
	}))
	customers := inbound.New(inbound.Config{Store: db, Channels: promises(), Now: time.Now,
		Secrets: func(desk.ID, desk.Channel) (map[string]string, error) {
			return map[string]string{"secret": "s3cret"}, nil
		}})
	for i, kind := range slices.Sorted(maps.Keys(s.providers)) {
		id := chID + desk.ID(i)
		must(t, db.Update(t.Context(), workspace, func(tx store.Tx) error {
			return tx.WriteChannels().Put(desk.Channel{ID: id, Kind: kind, Account: "a1", Name: kind, State: desk.ChannelActive,
				Settings: json.RawMessage(`{}`), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1})
		}))
		for n := range 3 {
			customer := fmt.Sprint("u", n)
			taken, err := customers.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: id, Request: testchannel.Webhook("s3cret",
				testchannel.Event{ID: customer, Account: "a1", Type: "message", From: customer, Text: "もしもし"})})
			must(t, err)
			s.threads = append(s.threads, &correspondence{kind: kind, customer: customer, id: taken.Messages[0].Conversation.ID})
		}
	}
}

// trouble is what happens to one request; every third fails somehow. It may strike the node first.
func (s *siege) trouble(string, int) testchannel.Trouble {
	if s.fuse.Add(-1) == 0 {
		s.node.strike()
	}
	switch n := rand.IntN(100); {
	case n < 10:
		return testchannel.Trouble{Refuse: 500, Take: n%2 == 0}
	case n < 20:
		return testchannel.Trouble{Cut: true, Take: n%2 == 0}
	case n < 24:
		return testchannel.Trouble{Hang: true, Take: n%2 == 0}
	case n < 30:
		return testchannel.Trouble{Refuse: http.StatusTooManyRequests}
	case n == 30:
		return testchannel.Trouble{Refuse: http.StatusTooManyRequests, RetryAfter: time.Second}
	}
	return testchannel.Trouble{}
}

// quiet reports that no provider has a request in hand.
func (s *siege) quiet() bool {
	for _, p := range s.providers {
		if p.Callers() > 0 {
			return false
		}
	}
	return true
}

// talk replies in one conversation, each reply again until it is acknowledged.
func (s *siege) talk(talking, end context.Context, th *correspondence) {
	for n := 0; talking.Err() == nil; n++ {
		text := fmt.Sprintf("%s.%d", th.customer, n)
		if n%4 == 0 { // in several pieces
			var words []string
			for w := range 40 {
				words = append(words, fmt.Sprintf("%s/%d", text, w))
			}
			text = strings.Join(words, " ")
		}
		for !s.reply(end, th.id, fmt.Sprint(n), text) {
			select {
			case <-time.After(20 * time.Millisecond):
			case <-end.Done():
				return
			}
		}
		th.said = append(th.said, text)
		s.acked.Add(1)
	}
}

func (s *siege) reply(ctx context.Context, conversation desk.ID, clientID, text string) bool {
	body, _ := json.Marshal(map[string]any{"Conversation": conversation, "ClientID": clientID, "Text": text})
	return s.ask(ctx, http.MethodPost, "/reply", bytes.NewReader(body), nil)
}

func (s *siege) get(ctx context.Context, path string) (answer string) {
	s.ask(ctx, http.MethodGet, path, http.NoBody, &answer)
	return answer
}

// ask reports whether the node answered 200.
func (s *siege) ask(ctx context.Context, method, path string, body io.Reader, answer *string) bool {
	address := s.node.address.Load()
	if address == nil {
		return false
	}
	request, err := http.NewRequestWithContext(ctx, method, *address+path, body)
	if err != nil {
		return false
	}
	response, err := s.client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if answer != nil {
		*answer = string(text)
	}
	return err == nil && response.StatusCode == http.StatusOK
}

// until waits for what another process brings about.
func (s *siege) until(t *testing.T, what string, done func() bool) {
	t.Helper()
	never := time.After(2 * time.Minute) // not an assertion of speed: it will not come any more
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-never:
			t.Fatalf("%s never came", what)
		}
	}
}

// verify compares what was acknowledged with what the database and the providers have.
func (s *siege) verify(t *testing.T, c sqlstore.Config) {
	t.Helper()
	db := storetest.Open(t, c, func(c *sqlstore.Config) { c.Clock = func() time.Time { return time.Now().Add(s.node.Ahead) } })
	count := map[string]map[desk.DeliveryStatus]int{}
	late := 0
	for _, th := range s.threads {
		statuses, expired := th.stored(t, db)
		late += len(expired)
		var got []string
		for _, m := range s.providers[th.kind].Taken() {
			if m.To == th.customer {
				got = append(got, m.Text)
			}
		}
		if th.kind == kindFindable {
			got = slices.Compact(got) // at least once
		}
		th.check(t, statuses, expired, got)
		if count[th.kind] == nil {
			count[th.kind] = map[desk.DeliveryStatus]int{}
		}
		for _, status := range statuses {
			count[th.kind][status]++
		}
	}
	// Each restart pretends a minute: in a lane that many of them hit, a reply may see its fifteen (G7.7). That is rare.
	if late > 3 {
		t.Errorf("%d replies failed for having waited too long", late)
	}
	t.Logf("%d replies acknowledged, by promise and how they ended: %v", s.acked.Load(), count)
}

// stored is how each reply of the conversation ended, and which of them had no time left, having checked that the database has just
// those, in order.
func (th *correspondence) stored(t *testing.T, db store.Store) (statuses []desk.DeliveryStatus, expired map[int]bool) {
	t.Helper()
	var texts []string
	expired = map[int]bool{}
	must(t, db.View(t.Context(), workspace, func(r store.Reader) error {
		var after int64
		for {
			page, err := r.Messages().After(th.id, after, 200)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, m := range page {
				after = m.Seq
				if m.Author.Kind == desk.AuthorHuman {
					if m.Fault != nil && m.Fault.Code == outbox.CodeExpired {
						expired[len(texts)] = true
					}
					texts, statuses = append(texts, m.Text()), append(statuses, m.Status)
				}
			}
		}
	}))
	if !slices.Equal(texts, th.said) {
		t.Errorf("%s %s: %d replies stored, %d acknowledged, or in another order", th.kind, th.customer, len(texts), len(th.said))
	}
	return statuses, expired
}

// check walks through the pieces that should be at the provider, in their order; got is what the customer has.
func (th *correspondence) check(t *testing.T, statuses []desk.DeliveryStatus, expired map[int]bool, got []string) {
	t.Helper()
	at := 0
	for i, said := range th.said {
		missing := 0
		for _, piece := range channel.Split(promises()[th.kind].Spec().Capabilities, []desk.Part{{Kind: desk.PartText, Text: said}}) {
			if at < len(got) && got[at] == piece[0].Text {
				at++
			} else {
				missing++
			}
		}
		switch {
		case i >= len(statuses):
		case statuses[i] == desk.DeliverySent && missing == 0:
		case statuses[i] == desk.DeliveryUnknown && th.kind == kindPlain:
		case statuses[i] != desk.DeliverySent && expired[i]:
		default:
			t.Errorf("%s %s: reply %d is %q, and %d of its pieces are missing", th.kind, th.customer, i, statuses[i], missing)
		}
	}
	if at < len(got) {
		t.Errorf("%s %s: the customer has %.30q twice, or out of order", th.kind, th.customer, got[at])
	}
}
