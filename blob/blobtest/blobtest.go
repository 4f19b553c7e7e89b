// Package blobtest is the conformance suite of blob.Store: a store is one that passes it.
package blobtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"madoguchi/blob"
	"madoguchi/desk"
)

const (
	here  desk.ID = 7001
	there desk.ID = 7002
	limit int64   = 1 << 20
)

// Run proves a store; open gives an empty one for each test.
func Run(t *testing.T, open func(t *testing.T) blob.Store) {
	for name, test := range map[string]func(*testing.T, blob.Store){
		"gives back what was put":             testRoundTrip,
		"reads from any place":                testSeek,
		"the same bytes twice are two blobs":  testDistinctKeys,
		"the limit is exact":                  testLimit,
		"nothing is not a file":               testEmpty,
		"a failing reader leaves nothing":     testFailingReader,
		"a cancelled put leaves nothing":      testCancelled,
		"workspaces do not see each other":    testWorkspaces,
		"strange keys are not found":          testStrangeKeys,
		"delete is final and may be repeated": testDelete,
		"an open blob survives its deletion":  testDeleteWhileOpen,
		"walk finds every blob once":          testWalk,
		"walk ends with the visitor's error":  testWalkError,
		"many writers at once":                testConcurrent,
		"the mark stays and is no blob":       testMark,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func put(t *testing.T, s blob.Store, workspace desk.ID, content string) blob.Ref {
	t.Helper()
	ref, err := s.Put(t.Context(), workspace, strings.NewReader(content), limit)
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	return ref
}

func read(t *testing.T, s blob.Store, workspace desk.ID, key string) string {
	t.Helper()
	r, _, err := s.Open(t.Context(), workspace, key)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return string(b)
}

func walk(t *testing.T, s blob.Store) map[string]blob.Info {
	t.Helper()
	found := map[string]blob.Info{}
	err := s.Walk(t.Context(), func(i blob.Info) error {
		name := fmt.Sprintf("%d/%s", i.Workspace, i.Key)
		if _, twice := found[name]; twice {
			t.Errorf("walk visited %s twice", name)
		}
		found[name] = i
		return nil
	})
	if err != nil {
		t.Fatalf("walk: %v", err)
	}
	return found
}

func wantEmpty(t *testing.T, s blob.Store) {
	t.Helper()
	if found := walk(t, s); len(found) != 0 {
		t.Errorf("something is visible: %v", found)
	}
}

func wantCode(t *testing.T, err error, kind desk.Kind, code string) {
	t.Helper()
	if desk.KindOf(err) != kind || desk.CodeOf(err) != code {
		t.Errorf("got %v (%s, %s), want %s, %s", err, desk.KindOf(err), desk.CodeOf(err), kind, code)
	}
}

func testRoundTrip(t *testing.T, s blob.Store) {
	for _, size := range []int{1, 511, 4096, 65_537, 1 << 20} {
		content := strings.Repeat("窓口x", size)[:size]
		// One byte at a time, with the end in its own read: short reads are no reason to stop early.
		var r io.Reader = strings.NewReader(content)
		if size < 5000 {
			r = iotest.OneByteReader(r)
		}
		before := time.Now().Add(-time.Minute)
		ref, err := s.Put(t.Context(), here, r, limit)
		if err != nil {
			t.Fatalf("put %d bytes: %v", size, err)
		}
		sum := sha256.Sum256([]byte(content))
		if ref.Size != int64(size) || ref.SHA256 != hex.EncodeToString(sum[:]) || ref.Key == "" {
			t.Errorf("ref of %d bytes = %+v", size, ref)
		}
		if got := read(t, s, here, ref.Key); got != content {
			t.Errorf("%d bytes came back as %d, or changed", size, len(got))
		}
		opened, info, err := s.Open(t.Context(), here, ref.Key)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size != int64(size) || info.Key != ref.Key || info.Workspace != here || info.StoredAt.Before(before) {
			t.Errorf("info = %+v", info)
		}
		if err := opened.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
}

func testSeek(t *testing.T, s blob.Store) {
	r, info, err := s.Open(t.Context(), here, put(t, s, here, "0123456789").Key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if end, err := r.Seek(0, io.SeekEnd); err != nil || end != info.Size {
		t.Errorf("end at %d (%v), size %d", end, err, info.Size)
	}
	if _, err := r.Seek(-4, io.SeekCurrent); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(r); err != nil || string(rest) != "6789" {
		t.Errorf("rest %q (%v)", rest, err)
	}
	if _, err := r.Seek(2, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(r); err != nil || string(rest) != "23456789" {
		t.Errorf("rest %q (%v)", rest, err)
	}
}

func testDistinctKeys(t *testing.T, s blob.Store) {
	a, b := put(t, s, here, "same"), put(t, s, here, "same")
	if a.Key == b.Key || a.SHA256 != b.SHA256 {
		t.Errorf("%+v and %+v", a, b)
	}
	if err := s.Delete(t.Context(), here, a.Key); err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, here, b.Key); got != "same" {
		t.Errorf("deleting one changed the other to %q", got)
	}
}

func testLimit(t *testing.T, s blob.Store) {
	if _, err := s.Put(t.Context(), here, strings.NewReader("12345"), 5); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
	for _, r := range []io.Reader{strings.NewReader("123456"), iotest.DataErrReader(strings.NewReader("123456")), iotest.OneByteReader(strings.NewReader("123456"))} {
		_, err := s.Put(t.Context(), here, r, 5)
		wantCode(t, err, desk.KindInvalid, blob.CodeTooLarge)
	}
	if found := walk(t, s); len(found) != 1 {
		t.Errorf("%d blobs visible, want the one that fitted", len(found))
	}
}

func testEmpty(t *testing.T, s blob.Store) {
	_, err := s.Put(t.Context(), here, strings.NewReader(""), limit)
	wantCode(t, err, desk.KindInvalid, blob.CodeEmpty)
	wantEmpty(t, s)
}

func testFailingReader(t *testing.T, s blob.Store) {
	gone := errors.New("the uploader went away")
	_, err := s.Put(t.Context(), here, io.MultiReader(strings.NewReader(strings.Repeat("x", 200_000)), iotest.ErrReader(gone)), limit)
	if !errors.Is(err, gone) {
		t.Errorf("the reader's error is lost: %v", err)
	}
	wantEmpty(t, s)
}

func testCancelled(t *testing.T, s blob.Store) {
	gone := errors.New("shutting down")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	half := readerFunc(func(p []byte) (int, error) { // endless, cancelled on the way
		cancel(gone)
		return copy(p, "xxxx"), nil
	})
	if _, err := s.Put(ctx, here, half, limit); !errors.Is(err, gone) && !errors.Is(err, context.Canceled) {
		t.Errorf("put went on after the end of its context: %v", err)
	}
	wantEmpty(t, s)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func testWorkspaces(t *testing.T, s blob.Store) {
	ref := put(t, s, here, "ours")
	_, _, err := s.Open(t.Context(), there, ref.Key)
	wantCode(t, err, desk.KindNotFound, blob.CodeNotFound)
	if err := s.Delete(t.Context(), there, ref.Key); err != nil {
		t.Errorf("delete of what is not there: %v", err)
	}
	if got := read(t, s, here, ref.Key); got != "ours" {
		t.Errorf("another workspace changed it to %q", got)
	}
}

func testStrangeKeys(t *testing.T, s blob.Store) {
	ref := put(t, s, here, "x")
	for _, key := range []string{"", ".", "..", "../" + ref.Key, "/etc/passwd", ref.Key + "/", strings.ToUpper(ref.Key), ref.Key + "\x00", ref.Key[:len(ref.Key)-1], strings.Repeat("a", 5000)} {
		_, _, err := s.Open(t.Context(), here, key)
		wantCode(t, err, desk.KindNotFound, blob.CodeNotFound)
		if err := s.Delete(t.Context(), here, key); err != nil {
			t.Errorf("delete %q: %v", key, err)
		}
	}
	if got := read(t, s, here, ref.Key); got != "x" {
		t.Errorf("blob became %q", got)
	}
}

func testDelete(t *testing.T, s blob.Store) {
	ref := put(t, s, here, "x")
	for range 2 {
		if err := s.Delete(t.Context(), here, ref.Key); err != nil {
			t.Fatal(err)
		}
		_, _, err := s.Open(t.Context(), here, ref.Key)
		wantCode(t, err, desk.KindNotFound, blob.CodeNotFound)
	}
	wantEmpty(t, s)
}

func testDeleteWhileOpen(t *testing.T, s blob.Store) {
	ref := put(t, s, here, "still here")
	r, _, err := s.Open(t.Context(), here, ref.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := s.Delete(t.Context(), here, ref.Key); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != "still here" {
		t.Errorf("read %q, %v", b, err)
	}
}

func testWalk(t *testing.T, s blob.Store) {
	want := map[string]int64{}
	for i := range 20 {
		workspace := here + desk.ID(i%3)
		ref := put(t, s, workspace, strings.Repeat("x", i+1))
		want[fmt.Sprintf("%d/%s", workspace, ref.Key)] = int64(i + 1)
	}
	found := walk(t, s)
	if len(found) != len(want) {
		t.Errorf("walk found %d blobs, want %d", len(found), len(want))
	}
	for name, size := range want {
		if found[name].Size != size || found[name].StoredAt.IsZero() {
			t.Errorf("%s: %+v, want %d bytes", name, found[name], size)
		}
	}
	// The sweeper deletes while it walks.
	if err := s.Walk(t.Context(), func(i blob.Info) error { return s.Delete(t.Context(), i.Workspace, i.Key) }); err != nil {
		t.Fatal(err)
	}
	wantEmpty(t, s)
}

func testWalkError(t *testing.T, s blob.Store) {
	put(t, s, here, "a")
	put(t, s, here, "b")
	enough := errors.New("enough")
	visits := 0
	err := s.Walk(t.Context(), func(blob.Info) error { visits++; return enough })
	if !errors.Is(err, enough) || visits != 1 {
		t.Errorf("walk: %v after %d visits", err, visits)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Walk(ctx, func(blob.Info) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("walk of a cancelled context: %v", err)
	}
}

func testConcurrent(t *testing.T, s blob.Store) {
	const writers = 16
	refs := make([]blob.Ref, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			content := bytes.Repeat([]byte{byte('a' + i)}, 10_000)
			ref, err := s.Put(t.Context(), here, bytes.NewReader(content), limit)
			if err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
			refs[i] = ref
		})
	}
	wg.Wait()
	for i, ref := range refs {
		if got := read(t, s, here, ref.Key); got != strings.Repeat(string(rune('a'+i)), 10_000) {
			t.Errorf("writer %d reads somebody else's bytes", i)
		}
	}
}

func testMark(t *testing.T, s blob.Store) {
	marks := make([]string, 4)
	var all sync.WaitGroup
	for i := range marks {
		all.Go(func() {
			mark, err := s.Mark(t.Context())
			if err != nil {
				t.Error(err)
			}
			marks[i] = mark
		})
	}
	all.Wait()
	for _, mark := range marks {
		if mark == "" || mark != marks[0] {
			t.Fatalf("marks %q", marks)
		}
	}
	wantEmpty(t, s)
}
