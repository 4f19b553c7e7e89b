package journal_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"madoguchi/desk"
	"madoguchi/inbound/journal"
)

const roomy = 64 << 20

func open(t *testing.T, folder string, limit int64) *journal.Journal {
	t.Helper()
	j, err := journal.Open(folder, limit)
	must(t, err)
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// drain takes everything out, and forgets it.
func drain(t *testing.T, j *journal.Journal) (all []string) {
	t.Helper()
	for {
		records, err := j.Oldest(7)
		must(t, err)
		if len(records) == 0 {
			return all
		}
		for _, r := range records {
			all = append(all, string(r.Data))
		}
		must(t, j.Forget(records[len(records)-1]))
	}
}

func files(t *testing.T, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "*", "*.journal"))
	must(t, err)
	return found
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%d records %.80q, want %d %.80q", len(got), got, len(want), want)
	}
}

func TestRecordsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	j := open(t, folder, roomy)
	var want []string
	for i := range 20 {
		want = append(want, fmt.Sprint("record ", i))
		must(t, j.Append([]byte(want[i])))
	}
	must(t, j.Close())
	if err := j.Append([]byte("late")); desk.CodeOf(err) != "journal_unavailable" {
		t.Errorf("after the end: %v", err)
	}
	j = open(t, folder, roomy)
	if j.Waiting() != 20 {
		t.Errorf("%d waiting", j.Waiting())
	}
	must(t, j.Append([]byte("record 20")))
	same(t, drain(t, j), append(want, "record 20"))
	if left := files(t, folder); len(left) != 0 || j.Waiting() != 0 {
		t.Errorf("left: %v, %d waiting", left, j.Waiting())
	}
	must(t, j.Append([]byte("again")))
	same(t, drain(t, j), []string{"again"})
}

func TestForgettingIsExact(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir(), roomy)
	for _, text := range []string{"a", "b", "c"} {
		must(t, j.Append([]byte(text)))
	}
	records, err := j.Oldest(10)
	must(t, err)
	must(t, j.Forget(records[1]))
	must(t, j.Forget(records[0])) // already
	if j.Waiting() != 1 {
		t.Errorf("%d waiting", j.Waiting())
	}
	must(t, j.Append([]byte("d")))
	same(t, drain(t, j), []string{"c", "d"})
	must(t, j.Forget(records[2]))
}

func TestOnlyTheOwnerReadsTheFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	must(t, open(t, folder, roomy).Append([]byte("x")))
	for _, file := range files(t, folder) {
		info, err := os.Stat(file)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has %v", file, info.Mode())
		}
	}
}

// A crash may leave any part of the last record: what came before stays, and it goes on.
func TestEveryTornTailIsLeftOut(t *testing.T) {
	t.Parallel()
	source := t.TempDir()
	j := open(t, source, roomy)
	must(t, j.Append([]byte("first")))
	must(t, j.Append([]byte("second")))
	must(t, j.Close())
	whole, err := os.ReadFile(files(t, source)[0])
	must(t, err)
	const last = 8 + len("second")
	check := func(name string, text []byte, want ...string) {
		folder := t.TempDir()
		must(t, os.MkdirAll(filepath.Join(folder, "0"), 0o700))
		must(t, os.WriteFile(filepath.Join(folder, "0", "0000000000000001.journal"), text, 0o600))
		j := open(t, folder, roomy)
		must(t, j.Append([]byte("third")))
		got := drain(t, j)
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: %q", name, got)
		}
		must(t, j.Close())
	}
	for cut := 1; cut <= last; cut++ {
		check(fmt.Sprint("without the last ", cut), whole[:len(whole)-cut], "first", "third")
	}
	for i := len(whole) - last; i < len(whole); i++ {
		broken := bytes.Clone(whole)
		broken[i] ^= 0xff
		check(fmt.Sprint("with another byte at ", i), broken, "first", "third")
	}
	check("with zeros behind", append(bytes.Clone(whole), make([]byte, 5)...), "first", "second", "third")
	check("whole", whole, "first", "second", "third")
	check("with nothing", nil, "third")
}

func TestFullIsSaid(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir(), 3*(8+100))
	record := bytes.Repeat([]byte("r"), 100)
	for range 3 {
		must(t, j.Append(record))
	}
	if err := j.Append(nil); desk.CodeOf(err) != "journal_full" || desk.KindOf(err) != desk.KindUnavailable {
		t.Errorf("beyond the limit: %v", err)
	}
	if got := drain(t, j); len(got) != 3 {
		t.Errorf("%d records", len(got))
	}
	must(t, j.Append(record))
}

func TestManySegmentsKeepTheOrder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	j := open(t, folder, roomy)
	var want []string
	for i := range 12 {
		want = append(want, fmt.Sprint(i, strings.Repeat("x", 1<<20)))
		must(t, j.Append([]byte(want[i])))
	}
	if n := len(files(t, folder)); n < 3 {
		t.Fatalf("%d segments", n)
	}
	must(t, j.Close())
	same(t, drain(t, open(t, folder, roomy)), want)
}

func TestManyAppendAtOnce(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir(), roomy)
	var all sync.WaitGroup
	for caller := range 32 {
		all.Go(func() {
			for i := range 20 {
				if err := j.Append(fmt.Appendf(nil, "%02d/%02d", caller, i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	got := map[string]int{} // caller → the next of its records
	for n := 0; n < 32*20; {
		records, err := j.Oldest(50)
		must(t, err)
		for _, r := range records {
			caller, nth, _ := strings.Cut(string(r.Data), "/")
			if nth != fmt.Sprintf("%02d", got[caller]) {
				t.Fatalf("%s after %d", r.Data, got[caller]-1)
			}
			got[caller]++
			must(t, j.Forget(r))
		}
		n += len(records)
	}
	all.Wait()
}

// Two processes on one folder, and the one that comes after a dead one.
func TestEachProcessHasAPartToItself(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	one, two := open(t, folder, roomy), open(t, folder, roomy)
	must(t, one.Append([]byte("of one")))
	same(t, drain(t, two), nil)
	must(t, one.Close())
	same(t, drain(t, open(t, folder, roomy)), []string{"of one"})
}

func TestADiskThatFailsIsSaid(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	j := open(t, folder, roomy)
	must(t, os.RemoveAll(folder))
	if err := j.Append([]byte("x")); desk.KindOf(err) != desk.KindUnavailable {
		t.Errorf("taken without a disk: %v", err)
	}
	must(t, os.MkdirAll(filepath.Join(folder, "0"), 0o700))
	must(t, j.Append([]byte("x")))
	same(t, drain(t, j), []string{"x"})
}
