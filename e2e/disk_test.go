package e2e_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDiskFull lets the disk run out under load, in a small file system of the test's own: writers are refused clearly,
// nothing acknowledged is lost, and when there is room again the desk goes on without a restart.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	mount := t.TempDir()
	// A mount namespace of the process's own: the file system ends with it.
	prefix := []string{"unshare", "--mount", "--propagation", "private"}
	if os.Geteuid() != 0 {
		prefix = append(prefix, "--map-root-user")
	}
	prefix = append(prefix, "--", "sh", "-c", fmt.Sprintf(`mount -t tmpfs -o size=24m tmpfs '%s' && exec "$@"`, mount), "in-small-disk")
	probe := append(append([]string{}, prefix...), "true")
	if out, err := exec.Command(probe[0], probe[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("a small file system is needed (unshare and mount, as root or with user namespaces): %v\n%s", err, out)
	}
	data := filepath.Join(mount, "data")
	// The set-up must happen inside too, so the first start makes its own through the page's API.
	d := &desk{t: t, listen: freeAddress(t), args: []string{"--data", data}, prefix: prefix}
	t.Cleanup(d.cleanUp)
	d.start()
	d.setupOverHTTP()
	inside := fmt.Sprintf("/proc/%d/root", d.process.Process.Pid)
	l := newLoad(t, d, 4)
	browser := d.follow(t)
	talking, hush := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		l.run(talking, t.Context())
		close(done)
	}()
	settle(t.Context(), t, "customers are heard", func() (bool, string) { return l.acked.Load() > 50, "no acknowledgement" })
	for round := range times(2, 10) {
		ballast := filepath.Join(inside, mount, "ballast")
		fill(t, ballast)
		probe, refusals := l.visitors[0], map[string]bool{}
		settle(t.Context(), t, "a clear refusal", func() (bool, string) {
			_, err := probe.write(t.Context(), fmt.Sprintf("full-%d", round), strings.Repeat("満杯", 2000))
			if err == nil {
				fill(t, ballast) // there was still room in pages the database had
				return false, "the message was taken"
			}
			refusal, ok := err.(*status)
			if ok && !refusals[refusal.code()] {
				refusals[refusal.code()] = true
				t.Logf("refused: %v", refusal)
			}
			return ok && refusal.status == 507 && refusal.code() == "disk_full", err.Error()
		})
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		until := l.acked.Load() + 50
		settle(t.Context(), t, "customers are heard again", func() (bool, string) { return l.acked.Load() > until, "no acknowledgement" })
	}
	hush()
	finish(t, done)
	l.verify(t)
	browser.equals(t, l)
}

// fill writes until the file system refuses.
func fill(t testing.TB, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return // no room even for the name
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}

// setupOverHTTP is what a person does on the set-up page, then a key for the test.
func (d *desk) setupOverHTTP() {
	d.t.Helper()
	jar := &session{caller: d.agent()}
	if err := jar.setup(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}
