package s3blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"madoguchi/blob"
	"madoguchi/blob/blobtest"
	"madoguchi/blob/s3blob"
	"madoguchi/desk"
	"madoguchi/testserver"
)

func config(b testserver.Bucket) s3blob.Config {
	return s3blob.Config{Endpoint: b.Endpoint, Bucket: b.Name, Region: b.Region, AccessKey: b.AccessKey, SecretKey: b.SecretKey}
}

func open(t *testing.T, c s3blob.Config) *s3blob.Store {
	t.Helper()
	s, err := s3blob.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	t.Parallel()
	fresh := func(t *testing.T) blob.Store { return open(t, config(testserver.S3(t))) }
	blobtest.Run(t, fresh)
	blobtest.RunImporter(t, fresh)
}

// A file of several parts arrives whole, is read from any place, and leaves no part behind when its upload fails.
func TestLargeFiles(t *testing.T) {
	t.Parallel()
	s := open(t, config(testserver.S3(t)))
	content := bytes.Repeat([]byte("窓口 madoguchi\n"), 1<<20) // 17 MiB
	ref, err := s.Put(t.Context(), 7, iotest.HalfReader(bytes.NewReader(content)), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	r, info, err := s.Open(t.Context(), 7, ref.Key)
	if err != nil || info.Size != int64(len(content)) {
		t.Fatalf("%+v, %v", info, err)
	}
	defer r.Close()
	for _, from := range []int64{0, 1, 1000, 6 << 20, info.Size - 10, 3, 200_000} {
		if _, err := r.Seek(from, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		n := min(info.Size-from, 70_000)
		got := make([]byte, n)
		if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, content[from:from+n]) {
			t.Errorf("%d bytes from %d: %v", n, from, err)
		}
	}
	for name, fail := range map[string]struct {
		reader io.Reader
		limit  int64
		code   string
	}{
		"too large":     {bytes.NewReader(content), 12 << 20, blob.CodeTooLarge},
		"uploader gone": {io.MultiReader(bytes.NewReader(content[:11<<20]), iotest.ErrReader(errors.New("gone"))), 1 << 30, "internal"},
	} {
		if _, err := s.Put(t.Context(), 7, fail.reader, fail.limit); desk.CodeOf(err) != fail.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, err := s.SweepUnfinished(t.Context(), time.Now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d uploads were left unfinished, %v", n, err)
	}
	found := 0
	if err := s.Walk(t.Context(), func(blob.Info) error { found++; return nil }); err != nil || found != 1 {
		t.Errorf("%d blobs, %v", found, err)
	}
}

// Served over HTTP a blob answers ranges, as a browser's player asks for them.
func TestRangesOverHTTP(t *testing.T) {
	t.Parallel()
	s := open(t, config(testserver.S3(t)))
	content := bytes.Repeat([]byte("0123456789"), 60_000)
	ref, err := s.Put(t.Context(), 7, bytes.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string][]byte{"bytes=0-9": content[:10], "bytes=500000-500004": content[500_000:500_005], "bytes=-3": content[len(content)-3:]} {
		r, info, err := s.Open(t.Context(), 7, ref.Key)
		if err != nil {
			t.Fatal(err)
		}
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		request.Header.Set("Range", asked)
		w := &answer{header: http.Header{"Content-Type": {"video/mp4"}}}
		http.ServeContent(w, request, "", info.StoredAt, r)
		if w.status != http.StatusPartialContent || !bytes.Equal(w.body.Bytes(), want) {
			t.Errorf("%s: %d, %d bytes", asked, w.status, w.body.Len())
		}
		_ = r.Close()
	}
}

type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// Two nodes with the same bucket see the same mark; another bucket has another.
func TestTheMarkIsTheBuckets(t *testing.T) {
	t.Parallel()
	b := testserver.S3(t)
	if err := os.Mkdir(filepath.Join(filepath.Dir(b.Folder), "other"), 0o755); err != nil {
		t.Fatal(err)
	}
	elsewhere := config(b)
	elsewhere.Bucket = "other"
	var marks []string
	for _, c := range []s3blob.Config{config(b), config(b), elsewhere} {
		mark, err := open(t, c).Mark(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		marks = append(marks, mark)
	}
	if marks[0] != marks[1] || marks[0] == marks[2] {
		t.Errorf("marks %q", marks)
	}
}

func TestWrongConfigurations(t *testing.T) {
	t.Parallel()
	right := config(testserver.S3(t))
	if err := open(t, right).Check(t.Context()); err != nil {
		t.Errorf("the right one: %v", err)
	}
	for field, spoil := range map[string]func(*s3blob.Config){
		"s3-endpoint":   func(c *s3blob.Config) { c.Endpoint = "s3.example.com" },
		"s3-bucket":     func(c *s3blob.Config) { c.Bucket = "" },
		"s3-access-key": func(c *s3blob.Config) { c.SecretKey = "" },
	} {
		c := right
		spoil(&c)
		_, err := s3blob.Open(c)
		var e *desk.Error
		if !errors.As(err, &e) || e.Field != field || strings.Contains(err.Error(), right.SecretKey) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for code, spoil := range map[string]func(*s3blob.Config){
		"s3_bucket_unknown":  func(c *s3blob.Config) { c.Bucket = "nobody-made-this" },
		"s3_refused":         func(c *s3blob.Config) { c.SecretKey = "wrong" + c.SecretKey },
		blob.CodeUnavailable: func(c *s3blob.Config) { c.Endpoint = "http://127.0.0.1:1" },
	} {
		c := right
		spoil(&c)
		err := open(t, c).Check(t.Context())
		if desk.CodeOf(err) != code || strings.Contains(err.Error(), c.SecretKey) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// A service that goes away is said as such, and nothing is kept of what it did not acknowledge.
func TestACutService(t *testing.T) {
	t.Parallel()
	b := testserver.S3(t)
	line := testserver.NewProxy(t, strings.TrimPrefix(b.Endpoint, "http://"))
	c := config(b)
	c.Endpoint = "http://" + line.Address
	s := open(t, c)
	ref, err := s.Put(t.Context(), 7, strings.NewReader("before"), 100)
	if err != nil {
		t.Fatal(err)
	}
	line.Cut()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := s.Put(ctx, 7, strings.NewReader("during"), 100); desk.CodeOf(err) != blob.CodeUnavailable {
		t.Errorf("put: %v", err)
	}
	if _, _, err := s.Open(ctx, 7, ref.Key); desk.CodeOf(err) != blob.CodeUnavailable {
		t.Errorf("open: %v", err)
	}
	line.Mend()
	r, _, err := s.Open(ctx, 7, ref.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if text, err := io.ReadAll(r); err != nil || string(text) != "before" {
		t.Errorf("%q, %v", text, err)
	}
}
