package natsbus_test

import (
	"bytes"
	"crypto/rand"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"madoguchi/bus"
	"madoguchi/bus/bustest"
	"madoguchi/bus/membus"
	"madoguchi/bus/natsbus"
	"madoguchi/desk"
	"madoguchi/testserver"
)

func config(address, installation string) natsbus.Config {
	return natsbus.Config{
		URL: "nats://" + address, Installation: installation, Local: membus.New(), Outgoing: membus.New(), Log: slog.New(slog.DiscardHandler),
	}
}

func join(t *testing.T, c natsbus.Config) *natsbus.Bus {
	t.Helper()
	b, err := natsbus.Join(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestBus(t *testing.T) {
	t.Parallel()
	server := testserver.NATS(t)
	bustest.Run(t, func(t *testing.T) (a, b bus.Bus) {
		installation := rand.Text()
		return join(t, config(server, installation)), join(t, config(server, installation))
	})
}

// A node's own hints arrive on it whatever becomes of NATS; the other nodes' come again when it does.
func TestACutLosesOnlyOtherNodesHints(t *testing.T) {
	t.Parallel()
	line := testserver.NewProxy(t, testserver.NATS(t))
	a, b := join(t, config(line.Address, "x")), join(t, config(line.Address, "x"))
	atA, atB := subscribe(t, a), subscribe(t, b)
	publish(t, a, 1)
	if got := (<-atB).Seq; got != 1 {
		t.Fatalf("b hears %d", got)
	}
	<-atA
	line.Cut()
	for n := int64(2); a.Lost() == 0; n++ { // until the client noticed
		publish(t, a, n)
		<-atA
	}
	if a.Connected() {
		t.Error("it lost a hint and says that it is connected")
	}
	line.Mend()
	for n := int64(1000); ; n++ {
		publish(t, a, n)
		<-atA
		select {
		case h := <-atB:
			if h.Seq < 1000 {
				continue // sent before the cut
			}
			return
		default:
		}
	}
}

func subscribe(t *testing.T, b bus.Bus) <-chan bus.Hint {
	t.Helper()
	hints, err := b.Subscribe(t.Context(), bus.TopicEvents)
	if err != nil {
		t.Fatal(err)
	}
	return hints
}

func publish(t *testing.T, b bus.Bus, seq int64) {
	t.Helper()
	if err := b.Publish(t.Context(), bus.Hint{Topic: bus.TopicEvents, Workspace: 7, Seq: seq}); err != nil {
		t.Fatal(err)
	}
}

// A desk starts while NATS is away, and finds it when it comes.
func TestItStartsWithoutNATS(t *testing.T) {
	t.Parallel()
	line := testserver.NewProxy(t, testserver.NATS(t))
	line.Cut()
	a := join(t, config(line.Address, "x"))
	if a.Connected() {
		t.Error("connected through a cut line")
	}
	atA := subscribe(t, a)
	publish(t, a, 1)
	<-atA
	b := join(t, config(line.Address, "x"))
	atB := subscribe(t, b)
	line.Mend()
	for n := int64(2); ; n++ {
		publish(t, a, n)
		<-atA
		select {
		case <-atB:
			return
		default:
		}
	}
}

func TestInstallationsDoNotHearEachOther(t *testing.T) {
	t.Parallel()
	server := testserver.NATS(t)
	ours, theirs := join(t, config(server, "ours")), join(t, config(server, "theirs"))
	friend := join(t, config(server, "ours"))
	hints := subscribe(t, ours)
	publish(t, theirs, 1)
	publish(t, friend, 2)
	if h := <-hints; h.Seq != 2 {
		t.Errorf("heard %d", h.Seq)
	}
}

// What trying again does not mend is said at once, in words that do not repeat the password.
func TestAWrongConfigurationIsRefused(t *testing.T) {
	t.Parallel()
	guarded := testserver.NATS(t, "--user", "desk", "--pass", "hunter2")
	for name, url := range map[string]string{
		"no address":     "hunter2",
		"another scheme": "http://desk:hunter2@" + guarded,
		"wrong password": "nats://desk:hunter2x@" + guarded,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log syncBuffer
			c := config("", "x")
			c.URL, c.Log = url, slog.New(slog.NewTextHandler(&log, nil))
			b, err := natsbus.Join(t.Context(), c)
			if err == nil {
				_ = b.Close()
			}
			if desk.KindOf(err) != desk.KindInvalid {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error()+log.String(), "hunter2") {
				t.Errorf("the password is told: %v %s", err, log.String())
			}
		})
	}
	right := config("desk:hunter2@"+guarded, "x")
	if !join(t, right).Connected() {
		t.Error("the right password does not open")
	}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
