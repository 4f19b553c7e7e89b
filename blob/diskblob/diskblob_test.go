package diskblob

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"madoguchi/blob"
	"madoguchi/blob/blobtest"
	"madoguchi/desk"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "data", "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store { return open(t) })
	blobtest.RunImporter(t, func(t *testing.T) blob.Store { return open(t) })
}

// faults is a disk that fails at one step, or after a number of bytes.
type faults struct {
	filesystem
	step  string
	err   error
	bytes int // with step "write": how many go through
	steps []string
}

func (f *faults) at(step, path string) error {
	f.steps = append(f.steps, step+" "+filepath.Base(path))
	if f.step == step {
		return f.err
	}
	return nil
}

func (f *faults) create(path string) (file, error) {
	if err := f.at("create", path); err != nil {
		return nil, err
	}
	real, err := f.filesystem.create(path)
	return &faultyFile{file: real, disk: f, path: path}, err
}

func (f *faults) rename(from, to string) error {
	if err := f.at("rename", to); err != nil {
		return err
	}
	return f.filesystem.rename(from, to)
}

func (f *faults) mkdir(path string) error {
	if err := f.at("mkdir", path); err != nil {
		return err
	}
	return f.filesystem.mkdir(path)
}

func (f *faults) syncDir(path string) error {
	if err := f.at("syncDir", path); err != nil {
		return err
	}
	return f.filesystem.syncDir(path)
}

type faultyFile struct {
	file
	disk *faults
	path string
}

func (f *faultyFile) Write(p []byte) (int, error) {
	if f.disk.step == "write" {
		if f.disk.bytes -= len(p); f.disk.bytes < 0 {
			n, _ := f.file.Write(p[:len(p)/2]) // a full disk takes what fits
			return n, f.disk.err
		}
	}
	return f.file.Write(p)
}

func (f *faultyFile) Sync() error {
	if err := f.disk.at("sync", f.path); err != nil {
		return err
	}
	return f.file.Sync()
}

func (f *faultyFile) Close() error {
	err := f.file.Close()
	if fault := f.disk.at("close", f.path); fault != nil {
		return fault
	}
	return err
}

// files lists every file under the store, finished or not.
func files(t *testing.T, s *Store) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(s.root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAFailingDiskKeepsNothing(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"create", "write", "sync", "close", "mkdir", "rename", "syncDir"} {
		for name, fault := range map[string]struct {
			err  error
			kind desk.Kind
			code string
		}{
			"full":      {&fs.PathError{Op: step, Path: "x", Err: syscall.ENOSPC}, desk.KindUnavailable, blob.CodeDiskFull},
			"quota":     {&fs.PathError{Op: step, Path: "x", Err: syscall.EDQUOT}, desk.KindUnavailable, blob.CodeDiskFull},
			"read-only": {&fs.PathError{Op: step, Path: "x", Err: syscall.EROFS}, desk.KindUnavailable, blob.CodeDiskReadOnly},
			"dying":     {&fs.PathError{Op: step, Path: "x", Err: syscall.EIO}, desk.KindInternal, "internal"},
		} {
			t.Run(step+" "+name, func(t *testing.T) {
				t.Parallel()
				s := open(t)
				s.files = &faults{filesystem: osFiles{}, step: step, err: fault.err, bytes: 100_000}
				ref, err := s.Put(t.Context(), 7, strings.NewReader(strings.Repeat("x", 300_000)), 1<<20)
				if !errors.Is(err, fault.err) || desk.KindOf(err) != fault.kind || desk.CodeOf(err) != fault.code {
					t.Errorf("put: %v (%s, %s)", err, desk.KindOf(err), desk.CodeOf(err))
				}
				if ref != (blob.Ref{}) {
					t.Errorf("a failed put names %+v", ref)
				}
				if left := files(t, s); len(left) != 0 {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}

// The order of the steps is the durability: content, name, then every folder on the way.
func TestPutFlushesFileThenFolders(t *testing.T) {
	t.Parallel()
	s := open(t)
	disk := &faults{filesystem: osFiles{}}
	s.files = disk
	ref, err := s.Put(t.Context(), 7, strings.NewReader("x"), 10)
	if err != nil {
		t.Fatal(err)
	}
	prefix := ref.Key[:2]
	want := []string{
		"create " + ref.Key, "sync " + ref.Key, "close " + ref.Key,
		"mkdir 7", "syncDir blobs", "mkdir " + prefix, "syncDir 7",
		"rename " + ref.Key, "syncDir " + prefix,
	}
	if got := strings.Join(disk.steps, ", "); got != strings.Join(want, ", ") {
		t.Errorf("steps\n got %s\nwant %s", got, strings.Join(want, ", "))
	}
}

func TestNobodyElseReadsTheFolder(t *testing.T) {
	t.Parallel()
	s := open(t)
	ref, err := s.Put(t.Context(), 7, strings.NewReader("x"), 10)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fs.FileMode{s.root: 0o700, filepath.Dir(s.path(7, ref.Key)): 0o700, s.path(7, ref.Key): 0o600} {
		stat, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := stat.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

func TestSweepUnfinishedLeavesTheYoung(t *testing.T) {
	t.Parallel()
	s := open(t)
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for name, age := range map[string]time.Duration{"old": 25 * time.Hour, "young": time.Hour} {
		path := filepath.Join(s.root, unfinishedDir, name)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.SweepUnfinished(t.Context(), now.Add(-24*time.Hour)); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if left := files(t, s); len(left) != 1 || filepath.Base(left[0]) != "young" {
		t.Errorf("left %v", left)
	}
}

func TestWalkPassesOverStrangeFiles(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := strings.Repeat("a", keyLen)
	for _, path := range []string{"lost+found/x", "notes.txt", "7/aa/short", "7/bb/" + key, "x/aa/" + key, "unfinished/" + key, "07/aa/" + key} {
		full := filepath.Join(s.root, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	err := s.Walk(t.Context(), func(i blob.Info) error {
		t.Errorf("walk took %+v for a blob", i)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReopenKeepsBlobs(t *testing.T) {
	t.Parallel()
	s := open(t)
	ref, err := s.Put(t.Context(), 7, strings.NewReader("x"), 10)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.root)
	if err != nil {
		t.Fatal(err)
	}
	r, info, err := again.Open(t.Context(), 7, ref.Key)
	if err != nil || info.Size != 1 {
		t.Fatalf("%+v, %v", info, err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
