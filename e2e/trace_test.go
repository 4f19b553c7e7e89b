package e2e_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// trace is what the program told the kernel to do with the files of its data folder, and what it told its clients, in
// order, as strace saw it.
type trace struct {
	folder string
	steps  []step
}

// step is one traced system call.
type step struct {
	call    string // write, truncate, link, unlink, sync, or ack for an answer that acknowledges a message
	file    string // relative to the folder
	data    []byte
	from    string // a link's other name
	offset  int64
	entered int // line on which the call began
	left    int // line on which it returned
	ids     []string
}

var (
	callLine    = regexp.MustCompile(`^(\d+) +(\w+)\((.*)$`)
	resumedLine = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>(.*)$`)
	fileArg     = regexp.MustCompile(`^\d+<([^>]*)>`)
	ackBody     = regexp.MustCompile(`"client_id":"([^"]+)"`)
)

// readTrace parses strace's log (-f -y -xx).
func readTrace(t testing.TB, log, folder string) trace {
	t.Helper()
	f, err := os.Open(log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tr := trace{folder: folder}
	begun := map[string]int{} // thread → index of its unfinished step
	positions := map[string]int64{}
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 1<<20), 64<<20)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if m := resumedLine.FindStringSubmatch(line); m != nil {
			if i, ok := begun[m[1]]; ok && i >= 0 {
				tr.steps[i].left = n
			}
			delete(begun, m[1])
			continue
		}
		m := callLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		unfinished := strings.HasSuffix(line, "<unfinished ...>")
		s, ok := parseCall(m[2], m[3], folder, positions)
		if !ok {
			continue
		}
		s.entered, s.left = n, n
		if unfinished {
			s.left = 1 << 62 // until the line on which it returns
			begun[m[1]] = len(tr.steps)
		}
		tr.steps = append(tr.steps, s)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return tr
}

func parseCall(call, args, folder string, positions map[string]int64) (step, bool) {
	if call == "unlink" || call == "unlinkat" {
		if name, ok := quoted(args); ok {
			if rel, ok := inside(folder, string(name)); ok {
				return step{call: "unlink", file: rel}, true
			}
		}
		return step{}, false
	}
	if call == "linkat" {
		from, to, _ := strings.Cut(args, `", `)
		old, okOld := quoted(from + `"`)
		name, okNew := quoted(to)
		relOld, ourOld := inside(folder, string(old))
		rel, ours := inside(folder, string(name))
		return step{call: "link", file: rel, from: relOld}, okOld && okNew && ourOld && ours
	}
	m := fileArg.FindStringSubmatch(args)
	if m == nil {
		return step{}, false
	}
	name, ok := unhex(m[1]) // -xx writes the names of files in hex as well
	if !ok {
		return step{}, false
	}
	rel, ours := inside(folder, string(name))
	switch call {
	case "fsync", "fdatasync":
		return step{call: "sync", file: rel}, ours
	case "ftruncate":
		comma := strings.Index(args, ", ")
		if comma < 0 {
			return step{}, false
		}
		size, err := strconv.ParseInt(number(args[comma+2:]), 10, 64)
		return step{call: "truncate", file: rel, offset: size}, ours && err == nil
	case "pwrite64", "write":
		data, ok := quoted(args)
		if !ok {
			return step{}, false
		}
		if !ours {
			if !bytes.HasPrefix(data, []byte("HTTP/1.1 20")) {
				return step{}, false
			}
			s := step{call: "ack"}
			for _, id := range ackBody.FindAllSubmatch(data, -1) {
				s.ids = append(s.ids, string(id[1]))
			}
			return s, len(s.ids) > 0
		}
		s := step{call: "write", file: rel, data: data}
		if call == "pwrite64" {
			rest := args[strings.LastIndex(args, `"`)+1:]
			fields := strings.Split(rest, ", ")
			if len(fields) < 3 {
				return step{}, false
			}
			s.offset, _ = strconv.ParseInt(number(fields[2]), 10, 64)
		} else { // appended where the last write ended
			s.offset = positions[rel]
			positions[rel] += int64(len(data))
		}
		return s, true
	}
	return step{}, false
}

func number(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		return s
	}
	return s[:end]
}

func inside(folder, name string) (string, bool) {
	rel, err := filepath.Rel(folder, name)
	return rel, err == nil && !strings.HasPrefix(rel, "..") && !strings.HasSuffix(rel, "-shm") // -shm is rebuilt
}

// quoted decodes the first "\x…" string of strace -xx.
func quoted(args string) ([]byte, bool) {
	start := strings.Index(args, `"`)
	if start < 0 {
		return nil, false
	}
	end := strings.Index(args[start+1:], `"`)
	if end < 0 {
		return nil, false
	}
	return unhex(args[start+1 : start+1+end])
}

func unhex(hex string) ([]byte, bool) {
	data := make([]byte, 0, len(hex)/4)
	for i := 0; i+4 <= len(hex); i += 4 {
		b, err := strconv.ParseUint(hex[i+2:i+4], 16, 8)
		if err != nil {
			return nil, false
		}
		data = append(data, byte(b))
	}
	return data, true
}

// powerCut writes into folder what a disk may hold after the power went just before line cut: everything that a
// finished sync covers, and of the rest what keep says (nil = nothing). It returns the ids acknowledged before the cut.
func (tr trace) powerCut(t testing.TB, base, folder string, cut int, keep *rand.Rand) map[string]bool {
	t.Helper()
	if err := os.CopyFS(folder, os.DirFS(base)); err != nil {
		t.Fatal(err)
	}
	acked := map[string]bool{}
	for i, s := range tr.steps {
		if s.entered >= cut {
			break
		}
		switch s.call {
		case "ack":
			for _, id := range s.ids {
				acked[id] = true
			}
			continue
		case "sync":
			continue
		}
		if !tr.synced(i, cut) {
			if keep == nil || keep.IntN(2) == 0 {
				continue
			}
			if len(s.data) > 512 && keep.IntN(4) == 0 {
				s.data = s.data[:512*(1+keep.IntN(len(s.data)/512))] // torn: only some sectors arrived
			}
		}
		if err := apply(folder, s); err != nil {
			t.Fatal(fmt.Errorf("replay step %d: %w", i, err))
		}
	}
	return acked
}

// synced reports whether a sync of the same file, or of the folder that holds a link, began after the step returned and ended before the cut.
func (tr trace) synced(i, cut int) bool {
	file := tr.steps[i].file
	if tr.steps[i].call == "link" {
		file = filepath.Dir(file)
	}
	for _, later := range tr.steps[i+1:] {
		if later.entered >= cut {
			return false
		}
		if later.call == "sync" && later.file == file && later.entered >= tr.steps[i].left && later.left < cut {
			return true
		}
	}
	return false
}

func apply(folder string, s step) error {
	name := filepath.Join(folder, s.file)
	if s.call == "unlink" {
		if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	if s.call == "link" {
		if err := os.Link(filepath.Join(folder, s.from), name); err != nil && !os.IsNotExist(err) && !os.IsExist(err) {
			return err
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if s.call == "truncate" {
		return f.Truncate(s.offset)
	}
	_, err = f.WriteAt(s.data, s.offset)
	return err
}
