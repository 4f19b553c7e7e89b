package outbox_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"madoguchi/bus"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/outbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
)

// asNode makes the test binary a node: a process with the real store, inbox and outbox, that a test may kill.
const asNode = "MADOGUCHI_TEST_OUTBOX_NODE"

func TestMain(m *testing.M) {
	text, node := os.LookupEnv(asNode)
	if !node {
		os.Exit(m.Run())
	}
	if err := serveNode(text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// nodeConfig is what a node is told by the test that starts it.
type nodeConfig struct {
	Path, URL string // of the database
	Providers map[string]string
	Workspace desk.ID
	Agent     desk.ID
	Ahead     time.Duration // how much later than this machine's clock it is
}

// outage is how much later it is after a restart, so that the leases of the killed node have ended.
const outage = outbox.DefaultSendTimeout + 31*time.Second

// impatient is a node's way to its providers: it gives a request up when the provider says that it will hang, and not before. What a
// provider takes after its caller gave up may come behind the next message, so no clock may decide that on a busy machine.
type impatient struct{}

func (impatient) RoundTrip(r *http.Request) (*http.Response, error) {
	hangs := &httptrace.ClientTrace{Got1xxResponse: func(int, textproto.MIMEHeader) error { return context.DeadlineExceeded }}
	return http.DefaultTransport.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), hangs)))
}

// The test channels of a node, one for each promise that a provider may allow.
const (
	kindPlain, kindIdempotent, kindFindable = "plain", "idempotent", "findable"
)

type ofKind struct {
	testchannel.Connector
	kind string
}

func (c ofKind) Spec() channel.Spec {
	s := c.Connector.Spec()
	s.Kind = c.kind
	return s
}

type findableKind struct{ testchannel.Findable }

func (c findableKind) Spec() channel.Spec { return ofKind{c.Connector, kindFindable}.Spec() }

func promises() channel.Registry {
	return channel.Registry{
		kindPlain:      ofKind{testchannel.Connector{}, kindPlain},
		kindIdempotent: ofKind{testchannel.Connector{Idempotent: true}, kindIdempotent},
		kindFindable:   findableKind{},
	}
}

// maxQueued is how many replies of a conversation may wait before the node takes no more.
const maxQueued = 5

type node struct {
	nodeConfig
	store store.Store
	inbox *inbox.Service
}

// serveNode runs until it is killed. It prints its address when it takes replies.
func serveNode(text string) error {
	ctx := context.Background()
	n := &node{}
	if err := json.Unmarshal([]byte(text), &n.nodeConfig); err != nil {
		return err
	}
	now := func() time.Time { return time.Now().Add(n.Ahead) }
	hints, log := membus.New(), slog.New(slog.DiscardHandler)
	s, err := sqlstore.Open(ctx, sqlstore.Config{Path: n.Path, URL: n.URL, Clock: now, Log: log, Readers: 1,
		OnCommit: func(ws desk.ID, _ int64, deliveries bool) {
			if deliveries {
				_ = hints.Publish(ctx, bus.Hint{Topic: bus.TopicOutbox, Workspace: ws})
			}
		}})
	if err != nil {
		return err
	}
	n.store, n.inbox = s, inbox.New(inbox.Config{Store: s, Channels: promises(), Now: now, Log: log})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /reply", n.reply)
	mux.HandleFunc("GET /promised", n.promised)
	go func() { _ = http.Serve(listener, mux) }()
	fmt.Println(listener.Addr())
	return outbox.New(outbox.Config{
		Store: s, Bus: hints, Channels: promises(), Worker: "node", Now: now, Log: log,
		BaseURL: func(kind string) string { return n.Providers[kind] },
		Client:  &http.Client{Transport: impatient{}}, // the providers are on this machine
		Backoff: func(int) time.Duration { return rand.N(20 * time.Millisecond) },
	}).Run(ctx)
}

// reply is an agent's: 200 once it is durable, 503 while too many wait.
func (n *node) reply(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Conversation   desk.ID
		ClientID, Text string
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	queued := 0
	if err == nil {
		err = n.store.View(r.Context(), n.Workspace, func(reader store.Reader) error {
			newest, err := reader.Messages().Before(in.Conversation, 0, 4*maxQueued)
			for _, m := range newest {
				if m.Status == desk.DeliveryQueued {
					queued++
				}
			}
			return err
		})
	}
	if err == nil && queued < maxQueued {
		_, _, err = n.inbox.Write(r.Context(), inbox.Actor{
			Workspace: n.Workspace, By: desk.Actor{Kind: desk.ActorUser, ID: n.Agent}, User: n.Agent, Name: "葵",
		}, in.Conversation, inbox.NewMessage{ClientID: in.ClientID, Mode: inbox.ModeReply, Parts: []desk.Part{{Kind: desk.PartText, Text: in.Text}}})
	}
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case queued >= maxQueued:
		http.Error(w, "too many wait", http.StatusServiceUnavailable)
	}
}

// promised says whether anything is left to send.
func (n *node) promised(w http.ResponseWriter, r *http.Request) {
	due, err := n.store.Queue().NextDue(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprint(w, !due.IsZero())
}

// process is a node as the test sees it.
type process struct {
	nodeConfig
	address atomic.Pointer[string]
	cmd     atomic.Pointer[exec.Cmd]
}

// start runs the node and returns when it takes replies.
func (p *process) start(t *testing.T) {
	t.Helper()
	config, err := json.Marshal(p.nodeConfig)
	must(t, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asNode+"="+string(config))
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	p.cmd.Store(cmd)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.kill()
		t.Fatalf("the node did not start: %v", err)
	}
	address := "http://" + line[:len(line)-1]
	p.address.Store(&address)
}

// strike is kill -9, from wherever.
func (p *process) strike() {
	if cmd := p.cmd.Load(); cmd != nil {
		_ = cmd.Process.Signal(syscall.SIGKILL) // an error says that it is dead
	}
}

// kill strikes and waits until the node is gone; the next one starts an outage later.
func (p *process) kill() {
	p.strike()
	if cmd := p.cmd.Swap(nil); cmd != nil {
		_ = cmd.Wait() // "signal: killed"
		p.Ahead += outage
	}
}
