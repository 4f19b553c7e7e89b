package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// postgres is a database server of the test's own, which it may kill and freeze.
type postgres struct {
	t       testing.TB
	bin     string
	folder  string
	port    string
	as      *syscall.Credential // initdb and postgres refuse root
	process *exec.Cmd
	ended   chan struct{}
}

// newPostgres makes and starts a server. Without PostgreSQL on the machine the test fails: `make test` installs it.
func newPostgres(t testing.TB) *postgres {
	t.Helper()
	bin := postgresBin(t)
	// Not t.TempDir(): its parents are closed to the unprivileged user.
	folder, err := os.MkdirTemp("", "madoguchi-pg-")
	if err != nil {
		t.Fatal(err)
	}
	p := &postgres{t: t, bin: bin, folder: folder}
	_, p.port, _ = strings.Cut(freeAddress(t), ":")
	t.Cleanup(func() {
		p.end(syscall.SIGQUIT)
		_ = os.RemoveAll(folder)
	})
	if os.Geteuid() == 0 {
		p.as = unprivileged(t)
		if err := os.Chown(folder, int(p.as.Uid), int(p.as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	initdb := p.command("initdb", "-D", filepath.Join(folder, "data"), "-U", "madoguchi", "-A", "trust", "-E", "UTF8", "--no-locale")
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	p.start()
	return p
}

// postgresBin finds the server's programs: where `make test` says, where pg_config says, or where Debian puts them.
func postgresBin(t testing.TB) string {
	t.Helper()
	if bin := os.Getenv("MADOGUCHI_TEST_POSTGRES_BIN"); bin != "" {
		return bin
	}
	candidates, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		candidates = append(candidates, strings.TrimSpace(string(out)))
	}
	for _, bin := range slices.Backward(candidates) {
		if _, err := os.Stat(filepath.Join(bin, "postgres")); err == nil {
			return bin
		}
	}
	t.Fatal("PostgreSQL is needed; `make test` installs it")
	return ""
}

func unprivileged(t testing.TB) *syscall.Credential {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(u.Uid, 10, 32)
			gid, _ := strconv.ParseUint(u.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	t.Fatal("no unprivileged user to run PostgreSQL as")
	return nil
}

func (p *postgres) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir = p.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.as, Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return cmd
}

func (p *postgres) url() string { return p.urlAt("127.0.0.1:" + p.port) }

// urlAt is the server's address by way of a proxy.
func (p *postgres) urlAt(address string) string {
	return fmt.Sprintf("postgres://madoguchi@%s/postgres?sslmode=disable", address)
}

// start runs the server and returns when it answers.
func (p *postgres) start() {
	p.t.Helper()
	_ = os.Remove(filepath.Join(p.folder, "data", "postmaster.pid")) // a killed server leaves it
	p.process = p.command("postgres", "-D", filepath.Join(p.folder, "data"), "-p", p.port,
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+p.folder, "-c", "fsync=on")
	log, err := os.OpenFile(filepath.Join(p.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		p.t.Fatal(err)
	}
	defer log.Close()
	p.process.Stdout, p.process.Stderr = log, log
	if err := p.process.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.ended = make(chan struct{})
	go func(process *exec.Cmd, ended chan struct{}) {
		_ = process.Wait()
		close(ended)
	}(p.process, p.ended)
	settle(p.t.Context(), p.t, "PostgreSQL", func() (bool, string) {
		out, err := p.command("pg_isready", "-h", "127.0.0.1", "-p", p.port).CombinedOutput()
		return err == nil, string(out)
	})
}

// end stops the server with a signal to its whole group and waits.
func (p *postgres) end(sig syscall.Signal) {
	if p.process == nil {
		return
	}
	p.signal(sig)
	<-p.ended
	p.process = nil
}

func (p *postgres) signal(sig syscall.Signal) {
	if err := syscall.Kill(-p.process.Process.Pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		p.t.Errorf("signal PostgreSQL: %v", err)
	}
}

// freeze stops every process of the server, backends included: they keep their sockets and answer nothing.
func (p *postgres) freeze(d time.Duration) {
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", p.process.Process.Pid, p.process.Process.Pid))
	pids := append(strings.Fields(string(children)), strconv.Itoa(p.process.Process.Pid))
	for _, sig := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGCONT} {
		for _, pid := range pids {
			if n, err := strconv.Atoi(pid); err == nil {
				_ = syscall.Kill(n, sig)
			}
		}
		if sig == syscall.SIGSTOP {
			select { // the fault's length is the test's subject, not a wait for something
			case <-time.After(d):
			case <-p.t.Context().Done():
			}
		}
	}
}

// underCut runs customers and a member against PostgreSQL while cut does something to it, and verifies.
func underCut(t *testing.T, cut func(d *desk, p *postgres, l *load)) {
	p := newPostgres(t)
	d := newDesk(t, "--database-url", p.url())
	d.serveArgs = []string{"--shared-data"} // alone: a start right after a crash need not look for others
	d.start()
	l := newLoad(t, d, 8)
	browser := d.follow(t)
	talking, hush := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		l.run(talking, t.Context())
		close(done)
	}()
	heard := func(n int64) {
		until := l.acked.Load() + n
		settle(t.Context(), t, "customers are heard again", func() (bool, string) {
			return l.acked.Load() > until, fmt.Sprintf("%d of %d acknowledged", l.acked.Load(), until)
		})
	}
	heard(50)
	cut(d, p, l)
	heard(50)
	hush()
	finish(t, done)
	l.verify(t)
	browser.equals(t, l)
}

// TestCutPostgresKilled kills the database for 10 s (90 s in the soak) under load, while customers time out and retry.
func TestCutPostgresKilled(t *testing.T) {
	t.Parallel()
	underCut(t, func(_ *desk, p *postgres, _ *load) {
		p.end(syscall.SIGKILL)
		select {
		case <-time.After(time.Duration(times(10, 90)) * time.Second):
		case <-t.Context().Done():
		}
		p.start()
	})
}

// TestCutPostgresFrozen freezes the database for 10 s (30 s in the soak) under load, while customers time out and retry.
func TestCutPostgresFrozen(t *testing.T) {
	t.Parallel()
	underCut(t, func(_ *desk, p *postgres, _ *load) {
		p.freeze(time.Duration(times(10, 30)) * time.Second)
	})
}

// TestCrashKilledOnPostgres kills the program, not the database, while customers and a member write.
func TestCrashKilledOnPostgres(t *testing.T) {
	t.Parallel()
	underCut(t, func(d *desk, _ *postgres, l *load) {
		for range times(5, 50) {
			until := l.acked.Load() + 20
			settle(t.Context(), t, "customers are heard again", func() (bool, string) { return l.acked.Load() > until, "no acknowledgement" })
			d.kill(syscall.SIGKILL)
			d.start()
		}
	})
}
