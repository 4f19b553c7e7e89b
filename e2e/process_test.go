package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary builds the real program once for all tests of this package; with the tag dev it does not carry the web apps, which
// these tests do not look at.
var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "madoguchi-e2e-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "madoguchi")
	out, err := exec.Command("go", "build", "-tags", "dev", "-trimpath", "-buildvcs=false", "-o", path, "madoguchi/cmd/madoguchi").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// setup is what `madoguchi setup --json` prints.
type setup struct {
	WorkspaceID    int64  `json:"workspace_id"`
	ChannelAccount string `json:"channel_account"`
	APIKey         string `json:"api_key"`
	Password       string `json:"password"`
}

// desk is one installation: a data folder, perhaps a database elsewhere, and the process that serves it now.
type desk struct {
	t      testing.TB
	args   []string // flags of every command on the data
	listen string   // fixed, so that clients find it again after a restart
	setup  setup
	prefix []string // run the binary under this command, e.g. a namespace
	// serveArgs are flags of serve alone.
	serveArgs []string
	// program is the binary, "" = of this source tree.
	program string
	// peers are the nodes of the installation, this one among them; clients that one does not serve go on to the next.
	peers []*desk

	mu      sync.Mutex
	process *exec.Cmd
	ended   chan struct{}
	log     bytes.Buffer
}

// newDesk sets up an installation; it is not started yet.
func newDesk(t testing.TB, args ...string) *desk {
	t.Helper()
	return newDeskOf(t, "", args...)
}

// newDeskOf is newDesk with another release's program.
func newDeskOf(t testing.TB, program string, args ...string) *desk {
	t.Helper()
	d := &desk{t: t, listen: freeAddress(t), args: append([]string{"--data", t.TempDir()}, args...), program: program}
	path, err := d.path()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, append([]string{"setup", "--json", "--workspace", "窓口テスト", "--email", "owner@example.com"}, d.args...)...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("setup: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &d.setup); err != nil {
		t.Fatalf("setup printed %q: %v", out, err)
	}
	t.Cleanup(d.cleanUp)
	return d
}

// cleanUp ends the process; a failed test shows what it logged.
func (d *desk) cleanUp() {
	d.kill(syscall.SIGKILL)
	if d.t.Failed() {
		d.t.Logf("the program's log:\n%s", tail(d.logText(), 60))
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs the program and returns when it says that it is open.
func (d *desk) start() {
	d.t.Helper()
	if err := d.tryStart(); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) path() (string, error) {
	if d.program != "" {
		return d.program, nil
	}
	return binary()
}

// next is the node after this one.
func (d *desk) next() *desk {
	if len(d.peers) == 0 {
		return d
	}
	return d.peers[(slices.Index(d.peers, d)+1)%len(d.peers)]
}

func (d *desk) tryStart() error {
	path, err := d.path()
	if err != nil {
		return err
	}
	argv := append(append([]string{}, d.prefix...), path, "serve", "--rate-limits=off", "--log-level=warn", "--listen", d.listen)
	argv = append(append(argv, d.args...), d.serveArgs...)
	cmd := exec.Command(argv[0], argv[1:]...)
	// A group of its own, so that a signal reaches the program under its tracer too.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	logs := &lockedWriter{mu: &d.mu, to: &d.log}
	cmd.Stderr = logs
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	opened := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			fmt.Fprintln(logs, lines.Text())
			if strings.Contains(lines.Text(), "http://") {
				opened <- true
			}
		}
		opened <- false
	}()
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	select {
	case ok := <-opened:
		if !ok {
			<-ended
			return fmt.Errorf("the program ended while starting:\n%s", tail(d.logText(), 20))
		}
	case <-time.After(60 * time.Second): // a bound, not an expectation
		_ = cmd.Process.Kill()
		return errors.New("the program did not open within a minute")
	}
	d.mu.Lock()
	d.process, d.ended = cmd, ended
	d.mu.Unlock()
	return nil
}

func (d *desk) logText() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.String()
}

// kill sends a signal and waits for the end of the process.
func (d *desk) kill(sig syscall.Signal) {
	d.mu.Lock()
	process, ended := d.process, d.ended
	d.process = nil
	d.mu.Unlock()
	if process == nil {
		return
	}
	_ = syscall.Kill(-process.Process.Pid, sig)
	<-ended
}

func (d *desk) url(path string) string { return "http://" + d.listen + path }

type lockedWriter struct {
	mu *sync.Mutex
	to *bytes.Buffer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}

func tail(s string, lines int) string {
	all := strings.Split(strings.TrimRight(s, "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// soak reports whether the long form of a test was asked for.
func soak() bool { return os.Getenv("MADOGUCHI_SOAK") == "1" }

// times picks a count for the short and the long form.
func times(short, long int) int {
	if soak() {
		return long
	}
	return short
}

// settle waits until ready says so; it fails after a bound far above what is expected.
func settle(ctx context.Context, t testing.TB, what string, ready func() (bool, string)) {
	t.Helper()
	deadline, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	why := ""
	for {
		var ok bool
		if ok, why = ready(); ok {
			return
		}
		select {
		case <-deadline.Done():
			t.Fatalf("%s: %s", what, why)
		case <-tick.C:
		}
	}
}

// finish waits until everything that was begun is acknowledged; what never is fails the test here.
func finish(t testing.TB, done <-chan struct{}) {
	t.Helper()
	settle(t.Context(), t, "the last messages are acknowledged", func() (bool, string) {
		select {
		case <-done:
			return true, ""
		default:
			return false, "somebody is still trying"
		}
	})
}
