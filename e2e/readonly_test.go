package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestDiskReadOnlyAtTheStart finds the data on a disk that may not be written: the program says so in one sentence and ends.
func TestDiskReadOnlyAtTheStart(t *testing.T) {
	t.Parallel()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	mount := t.TempDir()
	script := fmt.Sprintf(`mount -t tmpfs tmpfs '%[1]s' && mkdir '%[1]s/data' && "$0" setup --workspace w --email a@example.com --data '%[1]s/data' >/dev/null && mount -o remount,ro '%[1]s' && exec "$0" "$@"`, mount)
	for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0"}, {"migrate"}, {"user", "create", "--email", "b@example.com"}} {
		argv := append([]string{"--mount", "--propagation", "private"}, "--", "sh", "-c", script, path)
		if os.Geteuid() != 0 {
			argv = append([]string{"--map-root-user"}, argv...)
		}
		out, err := exec.CommandContext(t.Context(), "unshare", append(append(argv, args...), "--data", filepath.Join(mount, "data"))...).CombinedOutput()
		said := strings.TrimSpace(string(out))
		if err == nil || strings.Count(said, "\n") > 0 {
			t.Errorf("%v: %v\n%s", args, err, said)
		}
		for _, word := range []string{"--data: ", mount, "mounted read-only", "mount it for writing"} {
			if !strings.Contains(said, word) {
				t.Errorf("%v: %q does not say %q", args, said, word)
			}
		}
	}
}

// TestDiskReadOnlyUnderLoad lets the disk refuse every write of a running desk, as a kernel does that found an error on it: writers
// hear a clear refusal, files too, readers go on, the readiness says no; and when the disk is well again the desk goes on without a
// restart, and nothing acknowledged is lost.
func TestDiskReadOnlyUnderLoad(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.start()
	l := newLoad(t, d, 4)
	talking, hush := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		l.run(talking, t.Context())
		close(done)
	}()
	heard := func() {
		until := l.acked.Load() + 50
		settle(t.Context(), t, "customers are heard", func() (bool, string) { return l.acked.Load() > until, "no acknowledgement" })
	}
	heard()
	rows, err := d.agent().conversations(t.Context())
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d conversations, %v", len(rows), err)
	}
	heal := d.failWrites(t)
	probe := l.visitors[0]
	settle(t.Context(), t, "a clear refusal", func() (bool, string) {
		_, err := probe.write(t.Context(), "read-only", "書けない")
		refusal, ok := err.(*status)
		return ok && refusal.status == http.StatusServiceUnavailable && refusal.code() != "internal", fmt.Sprint(err)
	})
	settle(t.Context(), t, "a clear refusal of a file", func() (bool, string) {
		_, err := probe.sendFile(t.Context(), "領収書")
		return err != nil && strings.Contains(err.Error(), "503"), fmt.Sprint(err)
	})
	// Readers go on: the list, a thread, the page.
	if again, err := d.agent().conversations(t.Context()); err != nil || len(again) < len(rows) {
		t.Errorf("the list: %d conversations, %v", len(again), err)
	}
	if thread, err := d.agent().thread(t.Context(), rows[0].ID); err != nil || len(thread) == 0 {
		t.Errorf("a thread: %d messages, %v", len(thread), err)
	}
	settle(t.Context(), t, "the readiness says no", func() (bool, string) {
		err := d.agent().do(t.Context(), http.MethodGet, "/readyz", nil, nil)
		return err != nil, "ready"
	})
	heal()
	heard()
	hush()
	finish(t, done)
	l.verify(t)
}

// failWrites makes every write to a file fail as on a read-only disk, until heal. (A disk cannot be mounted read-only while files on it
// are open for writing; the kernel does that on its own only for a broken one.)
func (d *desk) failWrites(t testing.TB) (heal func()) {
	t.Helper()
	strace := exec.Command("strace", "-f", "-p", strconv.Itoa(d.process.Process.Pid), "-o", "/dev/null",
		"-e", "trace=pwrite64,fsync,fdatasync,ftruncate,renameat,mkdirat", "-e", "inject=pwrite64,fsync,fdatasync,ftruncate,renameat,mkdirat:error=EROFS")
	strace.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := strace.Start(); err != nil {
		t.Fatalf("strace is needed: %v; `make test` installs it", err)
	}
	ended := make(chan struct{})
	go func() {
		_ = strace.Wait()
		close(ended)
	}()
	heal = func() {
		_ = strace.Process.Signal(syscall.SIGINT) // it lets go
		<-ended
	}
	t.Cleanup(heal)
	return heal
}
