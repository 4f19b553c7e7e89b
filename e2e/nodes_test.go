package e2e_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lxzan/gws"

	"madoguchi/testserver"
)

// cluster is nodes that share PostgreSQL, NATS and a bucket, each a process with lines of its own that can be cut.
type cluster struct {
	t        *testing.T
	nodes    []*desk
	nats     []*testserver.Proxy
	database []*testserver.Proxy
}

// newCluster sets an installation up and starts its nodes.
func newCluster(t *testing.T, nodes int) *cluster {
	t.Helper()
	p := newPostgres(t)
	nats := testserver.NATS(t)
	bucket := testserver.S3(t)
	c := &cluster{t: t}
	for n := range nodes {
		c.nats = append(c.nats, testserver.NewProxy(t, nats))
		c.database = append(c.database, testserver.NewProxy(t, "127.0.0.1:"+p.port))
		args := []string{
			"--database-url", p.urlAt(c.database[n].Address),
			"--s3-endpoint", bucket.Endpoint, "--s3-bucket", bucket.Name, "--s3-region", bucket.Region, "--s3-access-key", bucket.AccessKey, "--s3-secret-key", bucket.SecretKey,
		}
		if n == 0 {
			c.nodes = append(c.nodes, newDesk(t, args...))
		} else {
			c.nodes = append(c.nodes, c.nodes[0].anotherNode(t, args...))
		}
		c.nodes[n].serveArgs = []string{"--nats-url", "nats://" + c.nats[n].Address}
		c.nodes[n].start()
	}
	for _, d := range c.nodes {
		d.peers = c.nodes
	}
	return c
}

// anotherNode is a node of the installation d has begun: it has the same key file.
func (d *desk) anotherNode(t *testing.T, args ...string) *desk {
	t.Helper()
	e := &desk{t: t, listen: freeAddress(t), args: append([]string{"--data", t.TempDir()}, args...), setup: d.setup}
	key, err := os.ReadFile(filepath.Join(d.data(), "key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(e.data(), "key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.cleanUp)
	return e
}

// alone is a node as a client sees it that knows no other.
func (d *desk) alone() *desk { return &desk{t: d.t, listen: d.listen, setup: d.setup} }

// TestNodesHearEachOther: what one node takes is with the agents of another, at once over NATS, and within about two seconds
// without it; files too, and the end of a session.
func TestNodesHearEachOther(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 2)
	a, b := c.nodes[0].alone(), c.nodes[1].alone()
	customer, err := a.visitor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	inbox := b.follow(t)
	said := 0
	say := func(rounds int) (late []time.Duration) {
		for range rounds {
			said++
			began := time.Now()
			m, err := customer.write(t.Context(), fmt.Sprintf("to-b-%d", said), "となりの窓口へ")
			if err != nil {
				t.Fatal(err)
			}
			settleOften(t, "the other node's agent", func() bool {
				inbox.mu.Lock()
				defer inbox.mu.Unlock()
				return !inbox.arrived[m.ID].IsZero()
			})
			inbox.mu.Lock()
			late = append(late, inbox.arrived[m.ID].Sub(began))
			inbox.mu.Unlock()
		}
		slices.Sort(late)
		return late
	}
	say(5) // warm
	with := say(times(40, 400))
	t.Logf("from the post on one node to the browser on the other, over NATS: median %s, slowest %s", with[len(with)/2], with[len(with)-1])
	c.nats[1].Cut()
	settle(t.Context(), t, "node b's remark", func() (bool, string) {
		text := readyz(t, b)
		return strings.HasPrefix(text, "ready\n") && strings.Contains(text, "NATS"), text
	})
	without := say(times(8, 40))
	t.Logf("cut off from NATS: median %s, slowest %s", without[len(without)/2], without[len(without)-1])
	c.nats[1].Mend()
	settle(t.Context(), t, "node b's remark is gone", func() (bool, string) {
		text := readyz(t, b)
		return text == "ready\n", text
	})
	say(3)

	id, err := customer.sendFile(t.Context(), "受領書")
	if err != nil {
		t.Fatal(err)
	}
	if content, err := b.agent().file(t.Context(), id); err != nil || content != "受領書" {
		t.Errorf("a file that node a took reads %q on node b, %v", content, err)
	}
	c.sessionEnds(a, b)
}

// sessionEnds signs a member in on one node and out on another: the first one refuses the session at once, and ends its socket.
func (c *cluster) sessionEnds(a, b *desk) {
	c.t.Helper()
	ctx := c.t.Context()
	member := &session{caller: a.agent()}
	if err := member.signIn(ctx); err != nil {
		c.t.Fatal(err)
	}
	ended := make(chan error, 1)
	socket, _, err := gws.NewClient(watcher{ended: ended}, &gws.ClientOption{
		Addr: "ws://" + a.listen + "/api/v1/live", HandshakeTimeout: 5 * time.Second,
		RequestHeader: http.Header{"Cookie": {member.cookies()}, "Origin": {"http://" + a.listen}},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	go socket.ReadLoop()
	if err := socket.WriteString(`{"type":"hello","seq":0}`); err != nil {
		c.t.Fatal(err)
	}
	member.node.Store(b) // its cookies go with it
	began := time.Now()
	if err := member.do(ctx, http.MethodDelete, "/api/v1/session", nil, nil); err != nil {
		c.t.Fatal(err)
	}
	kept := &session{caller: a.caller(patience)}
	kept.http.Transport = cookieHeader{member.old, kept.http.Transport}
	err = kept.do(ctx, http.MethodGet, "/api/v1/conversations?view=all", nil, nil)
	if refusal, ok := err.(*status); !ok || refusal.status != http.StatusUnauthorized {
		c.t.Errorf("a session that another node ended: %v", err)
	}
	select {
	case err := <-ended:
		c.t.Logf("a session's socket ended %s after another node ended the session: %v", time.Since(began), err)
	case <-time.After(time.Minute): // a bound, not an expectation
		c.t.Error("the socket of a session that another node ended lives on")
	}
}

// watcher says when and how a socket ended.
type watcher struct {
	gws.BuiltinEventHandler
	ended chan error
}

// OnClose is called once.
func (w watcher) OnClose(_ *gws.Conn, err error) { w.ended <- err }

func readyz(t *testing.T, d *desk) string {
	t.Helper()
	text, err := d.agent().text(t.Context(), "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// settleOften is settle for what is measured.
func settleOften(t *testing.T, what string, ready func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-ctx.Done():
			t.Fatalf("%s: nothing came", what)
		case <-tick.C:
		}
	}
}

// TestNodesUnderFaults kills nodes, cuts them off from NATS and from the database, in turn, while customers and a member write
// through all of them and move on to the next where one does not serve: nothing acknowledged is lost, nothing is doubled,
// and browsers on every node end with the same state.
func TestNodesUnderFaults(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 3)
	l := newLoad(t, c.nodes[0], 9)
	browsers := []*follower{}
	for _, d := range c.nodes {
		browsers = append(browsers, d.follow(t))
	}
	talking, hush := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		l.run(talking, t.Context())
		close(done)
	}()
	heard := func(n int64) {
		until := l.acked.Load() + n
		settle(t.Context(), t, "customers are heard", func() (bool, string) {
			return l.acked.Load() > until, fmt.Sprintf("%d of %d acknowledged", l.acked.Load(), until)
		})
	}
	dice := rand.New(rand.NewPCG(3, 4))
	faults := []struct {
		name        string
		begin, mend func(n int)
	}{
		{"killed", func(n int) { c.nodes[n].kill(syscall.SIGKILL) }, func(n int) { c.nodes[n].start() }},
		{"cut off from NATS", func(n int) { c.nats[n].Cut() }, func(n int) { c.nats[n].Mend() }},
		{"cut off from the database", func(n int) { c.database[n].Cut() }, func(n int) { c.database[n].Mend() }},
		{"stopped", func(n int) { c.nodes[n].kill(syscall.SIGTERM) }, func(n int) { c.nodes[n].start() }},
	}
	heard(30)
	for round := range times(2, 20) {
		for i, fault := range faults {
			n := dice.IntN(len(c.nodes))
			t.Logf("round %d: node %d %s", round, n, fault.name)
			fault.begin(n)
			if i%2 == 1 { // faults come together, too
				other := (n + 1) % len(c.nodes)
				c.nats[other].Cut()
				defer c.nats[other].Mend()
			}
			heard(30)
			fault.mend(n)
			for _, line := range c.nats {
				line.Mend()
			}
			heard(20)
		}
	}
	hush()
	finish(t, done)
	l.verify(t)
	for _, browser := range browsers {
		browser.equals(t, l)
	}
}

// oldRelease is where the oldest release stands that this one works beside.
const oldRelease = "d75d796"

// oldProgram builds the release before from the history.
func oldProgram(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("git", "-C", root, "cat-file", "-e", oldRelease+"^{commit}").Run(); err != nil {
		t.Skipf("the history does not reach back to %s (a shallow clone?): the release before cannot be built", oldRelease)
	}
	source, program := t.TempDir(), filepath.Join(t.TempDir(), "madoguchi-before")
	unpack := exec.Command("sh", "-c", `git -C "$1" archive "$2" -- . ':!web' ':!docs' | tar -x -C "$3" && mkdir -p "$3/web" && git -C "$1" archive "$2" -- web | tar -x -C "$3" --wildcards '*.go' 'web/dist/*'`, "unpack", root, oldRelease, source)
	if out, err := unpack.CombinedOutput(); err != nil {
		t.Fatalf("unpack %s: %v\n%s", oldRelease, err, out)
	}
	build := exec.Command("go", "build", "-C", source, "-tags", "dev", "-trimpath", "-buildvcs=false", "-o", program, "./cmd/madoguchi")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", oldRelease, err, out)
	}
	return program
}

// TestNodesOfTwoReleases upgrades one node of two while customers write through both: the older release goes on with the new
// schema, crashes, and starts on it again.
func TestNodesOfTwoReleases(t *testing.T) {
	t.Parallel()
	program := oldProgram(t)
	p := newPostgres(t)
	older := newDeskOf(t, program, "--database-url", p.url())
	older.start()
	newer := older.anotherNode(t, "--database-url", p.url())
	newer.serveArgs = []string{"--shared-data"} // nobody sends files here
	peers := []*desk{older, newer}
	older.peers, newer.peers = peers, peers
	l := newLoad(t, older.alone(), 6)
	browser := older.follow(t)
	talking, hush := context.WithCancel(t.Context())
	done := make(chan struct{})
	for i, v := range l.visitors {
		v.node.Store(peers[i%2])
	}
	go func() {
		l.run(talking, t.Context())
		close(done)
	}()
	heard := func(n int64) {
		until := l.acked.Load() + n
		settle(t.Context(), t, "customers are heard", func() (bool, string) {
			return l.acked.Load() > until, fmt.Sprintf("%d of %d acknowledged", l.acked.Load(), until)
		})
	}
	heard(30)
	newer.start() // it migrates under the older one's feet
	heard(60)
	older.kill(syscall.SIGKILL)
	heard(20)
	older.start()
	heard(60)
	newer.kill(syscall.SIGKILL) // and back to the older one alone
	heard(20)
	newer.start()
	heard(20)
	hush()
	finish(t, done)
	l.verify(t)
	browser.equals(t, l) // it moved between the releases each time
}
