package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"madoguchi/app"
	"madoguchi/auth/authtest"
)

// asProcess makes the test binary the program: a process of its own, that a test may kill.
const asProcess = "MADOGUCHI_TEST_APP_PROCESS"

func TestMain(m *testing.M) {
	text, process := os.LookupEnv(asProcess)
	if !process {
		os.Exit(m.Run())
	}
	if err := serveProcess(text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// processConfig is what the program is told by the test that starts it.
type processConfig struct {
	Data, Listen string
	Database     string // of several nodes, which share the data folder; "" = a file
	Public       string // the address that all nodes have, "" = their own
	Providers    []string
	Ahead        time.Duration // how much later than this machine's clock it is
}

func (c processConfig) config() app.Config {
	return app.Config{
		Data: c.Data, Listen: c.Listen, DatabaseURL: c.Database, SharedData: c.Database != "", PublicURL: c.Public, ProviderURLs: c.Providers, LogTo: io.Discard, MaxUploadBytes: 1 << 20, Version: "test", Unlimited: true,
		Now: func() time.Time { return time.Now().Add(c.Ahead) }, Passwords: authtest.Passwords(),
	}
}

// serveProcess runs until it is killed, and prints a line when it takes requests.
func serveProcess(text string) error {
	var c processConfig
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return err
	}
	return app.Serve(context.Background(), c.config(), func(address string) { fmt.Println(address) })
}

// process is the program as the test sees it. It listens at the same address after every start.
type process struct {
	processConfig
	cmd    atomic.Pointer[exec.Cmd]
	struck atomic.Bool // since its start
}

// freeAddress is one that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs the program and returns when it takes requests.
func (p *process) start(t *testing.T) {
	t.Helper()
	config, err := json.Marshal(p.processConfig)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asProcess+"="+string(config))
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.struck.Store(false)
	p.cmd.Store(cmd)
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		p.kill()
		t.Fatalf("the program did not start: %v", err)
	}
}

// strike is kill -9, from wherever.
func (p *process) strike() {
	p.struck.Store(true)
	if cmd := p.cmd.Load(); cmd != nil {
		_ = cmd.Process.Signal(syscall.SIGKILL) // an error says that it is dead
	}
}

// kill strikes and waits until the program is gone.
func (p *process) kill() {
	p.strike()
	if cmd := p.cmd.Swap(nil); cmd != nil {
		_ = cmd.Wait() // "signal: killed"
	}
}
