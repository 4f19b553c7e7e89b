package e2e_test

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPowerCut records every write and sync of the program's files under load, then cuts the power at many points of the
// record: after a start on what a disk may hold then, every message acknowledged before the cut is there once. Three disks
// per point: one that kept only what was synced, and two that kept some of the rest, torn in places.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("strace", "-V").CombinedOutput(); err != nil {
		t.Fatalf("strace is needed: %v %s; `make test` installs it", err, out)
	}
	d := newDesk(t)
	base := filepath.Join(t.TempDir(), "base")
	data := d.args[1]
	if err := os.CopyFS(base, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "trace")
	d.prefix = []string{"strace", "-f", "-y", "-xx", "-s", "1048576", "--seccomp-bpf", "-o", log,
		"-e", "trace=write,pwrite64,fsync,fdatasync,ftruncate,linkat,unlink,unlinkat"}
	d.start()
	l := newLoad(t, d, 6)
	talking, hush := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		l.run(talking, t.Context())
		close(done)
	}()
	enough := int64(times(120, 600))
	settle(t.Context(), t, "customers are heard", func() (bool, string) { return l.acked.Load() >= enough, "too few acknowledgements" })
	hush()
	finish(t, done)
	l.verify(t)
	d.kill(syscall.SIGTERM)

	tr := readTrace(t, log, data)
	counts := map[string]int{}
	for _, s := range tr.steps {
		counts[s.call+" "+s.file]++
	}
	t.Logf("the trace: %v", counts)
	var acks []int
	for _, s := range tr.steps {
		if s.call == "ack" {
			acks = append(acks, s.entered)
		}
	}
	if len(acks) < int(enough)/2 {
		t.Fatalf("the trace shows only %d acknowledgements", len(acks))
	}
	d.prefix = nil
	for i := range times(25, 100) {
		// Just after an acknowledgement is where a lost write would show.
		cut := acks[(i+1)*(len(acks)-1)/times(25, 100)] + 1
		for disk, keep := range []*rand.Rand{nil, rand.New(rand.NewPCG(uint64(i), 1)), rand.New(rand.NewPCG(uint64(i), 2))} {
			folder := filepath.Join(t.TempDir(), "disk")
			acked := tr.powerCut(t, base, folder, cut, keep)
			d.args[1] = folder
			d.start()
			missing, twice := d.compare(t, acked)
			d.kill(syscall.SIGKILL)
			if len(missing) > 0 || len(twice) > 0 {
				t.Errorf("power cut %d, disk %d: of %d acknowledged, missing %v, twice %v", i, disk, len(acked), missing, twice)
			}
		}
	}
}

// compare looks for acknowledged messages in all threads.
func (d *desk) compare(t testing.TB, acked map[string]bool) (missing, twice []string) {
	t.Helper()
	agent := d.agent()
	rows, err := agent.conversations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, r := range rows {
		messages, err := agent.thread(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			found[m.ClientID]++
		}
	}
	for id := range acked {
		switch {
		case found[id] == 0:
			missing = append(missing, id)
		case found[id] > 1:
			twice = append(twice, id)
		}
	}
	return missing, twice
}
