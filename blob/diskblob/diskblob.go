// Package diskblob keeps blobs in a folder: one file per blob, named workspace/ke/key. It is the store of a single node, and
// of several that share a declared folder.
//
// A blob is written to unfinished/, flushed, renamed to its name, and then the folders are flushed too: after a power
// cut it is there whole or not at all. What a crash leaves in unfinished/ is removed by SweepUnfinished.
package diskblob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"madoguchi/blob"
	"madoguchi/desk"
)

const (
	unfinishedDir = "unfinished"
	markFile      = "mark"
	keyLen        = 26 // crypto/rand.Text: 128 bits in base32
	copyBuffer    = 64 << 10
)

// Store is a blob.Store in a folder.
type Store struct {
	root  string
	files filesystem
}

var (
	_ blob.Store    = (*Store)(nil)
	_ blob.Importer = (*Store)(nil)
)

// Open prepares a folder as a store, creating it (mode 0700) if need be.
func Open(root string) (*Store, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("open blob folder: %w", err)
	}
	s := &Store{root: root, files: osFiles{}}
	existing := root
	for existing != filepath.Dir(existing) {
		if _, err := os.Stat(existing); err == nil {
			break
		}
		existing = filepath.Dir(existing)
	}
	if err := s.makeDir(existing, filepath.Join(root, unfinishedDir)); err != nil {
		return nil, fmt.Errorf("open blob folder: %w", err)
	}
	return s, nil
}

// Put implements blob.Store.
func (s *Store) Put(ctx context.Context, workspace desk.ID, r io.Reader, limit int64) (blob.Ref, error) {
	key := strings.ToLower(rand.Text())
	unfinished := filepath.Join(s.root, unfinishedDir, key)
	final := s.path(workspace, key)

	ref, err := s.write(ctx, unfinished, r, limit)
	if err == nil {
		err = s.publish(unfinished, final)
	}
	if err != nil {
		// Whatever failed, the caller hears that nothing was kept; a rest that cannot be removed is swept later.
		_ = s.files.remove(unfinished)
		_ = s.files.remove(final)
		return blob.Ref{}, fmt.Errorf("store blob: %w", diskFull(err))
	}
	ref.Key = key
	return ref, nil
}

// Import implements blob.Importer.
func (s *Store) Import(ctx context.Context, workspace desk.ID, key string, size int64, r io.Reader) error {
	if !validKey(key) || workspace <= 0 {
		return desk.Errorf(desk.KindInvalid, blob.CodeKeyInvalid, "%.40q is no key of a file", key)
	}
	unfinished := filepath.Join(s.root, unfinishedDir, strings.ToLower(rand.Text()))
	ref, err := s.write(ctx, unfinished, r, size)
	if err == nil && ref.Size != size {
		err = fmt.Errorf("%d bytes, not %d: %w", ref.Size, size, io.ErrUnexpectedEOF)
	}
	if err == nil {
		err = s.publish(unfinished, s.path(workspace, key))
	}
	if err != nil {
		_ = s.files.remove(unfinished)
		return fmt.Errorf("import blob: %w", diskFull(err))
	}
	return nil
}

// write streams r to a new file and flushes it.
func (s *Store) write(ctx context.Context, path string, r io.Reader, limit int64) (blob.Ref, error) {
	f, err := s.files.create(path)
	if err != nil {
		return blob.Ref{}, err
	}
	sum := sha256.New()
	size, err := copyAtMost(ctx, f, sum, r, limit)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return blob.Ref{}, err
	}
	return blob.Ref{Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))}, nil
}

// copyAtMost copies until r ends, and refuses more than limit bytes, and none at all.
func copyAtMost(ctx context.Context, w io.Writer, sum hash.Hash, r io.Reader, limit int64) (int64, error) {
	buf := make([]byte, copyBuffer)
	var size int64
	for {
		if err := ctx.Err(); err != nil {
			return 0, context.Cause(ctx)
		}
		n, err := r.Read(buf)
		if size += int64(n); size > limit {
			return 0, desk.Errorf(desk.KindInvalid, blob.CodeTooLarge, "file is longer than %d bytes", limit)
		}
		sum.Write(buf[:n]) // a hash never fails
		if _, err := w.Write(buf[:n]); err != nil {
			return 0, err
		}
		switch {
		case errors.Is(err, io.EOF) && size == 0:
			return 0, desk.Errorf(desk.KindInvalid, blob.CodeEmpty, "file is empty")
		case errors.Is(err, io.EOF):
			return size, nil
		case err != nil:
			return 0, fmt.Errorf("read upload: %w", err)
		}
	}
}

// publish gives a flushed file its name, durably.
func (s *Store) publish(unfinished, final string) error {
	if err := s.makeDir(s.root, filepath.Dir(final)); err != nil {
		return err
	}
	if err := s.files.rename(unfinished, final); err != nil {
		return err
	}
	return s.files.syncDir(filepath.Dir(final))
}

// makeDir creates the folders below an existing one down to dir, flushing each parent: a file in a folder that a power
// cut forgets is lost with it. A folder found is flushed into its parent too, because another writer may have made it
// a moment ago and not have flushed it yet.
func (s *Store) makeDir(existing, dir string) error {
	if dir == existing {
		return nil
	}
	if err := s.makeDir(existing, filepath.Dir(dir)); err != nil {
		return err
	}
	if err := s.files.mkdir(dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return s.files.syncDir(filepath.Dir(dir))
}

// Open implements blob.Store.
func (s *Store) Open(_ context.Context, workspace desk.ID, key string) (io.ReadSeekCloser, blob.Info, error) {
	if !validKey(key) {
		return nil, blob.Info{}, notFound(key)
	}
	f, err := os.Open(s.path(workspace, key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, blob.Info{}, notFound(key)
	}
	if err != nil {
		return nil, blob.Info{}, fmt.Errorf("open blob: %w", err)
	}
	stat, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, blob.Info{}, fmt.Errorf("open blob: %w", err)
	}
	return f, blob.Info{Workspace: workspace, Key: key, Size: stat.Size(), StoredAt: stat.ModTime()}, nil
}

// Delete implements blob.Store.
func (s *Store) Delete(_ context.Context, workspace desk.ID, key string) error {
	if !validKey(key) {
		return nil
	}
	if err := s.files.remove(s.path(workspace, key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}

// Walk implements blob.Store.
func (s *Store) Walk(ctx context.Context, visit func(blob.Info) error) error {
	err := filepath.WalkDir(s.root, func(path string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if errors.Is(err, fs.ErrNotExist) { // deleted meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path == filepath.Join(s.root, unfinishedDir) {
				return fs.SkipDir
			}
			return nil
		}
		info, ok := s.describe(path, entry)
		if !ok {
			return nil
		}
		return visit(info)
	})
	if err != nil {
		return fmt.Errorf("walk blobs: %w", err)
	}
	return nil
}

// describe reads a blob's Info from its path; ok is false for a file that is none of ours, or gone.
func (s *Store) describe(path string, entry fs.DirEntry) (blob.Info, bool) {
	rel, err := filepath.Rel(s.root, path)
	if err != nil {
		return blob.Info{}, false
	}
	parts := strings.Split(rel, string(filepath.Separator))
	if len(parts) != 3 || !validKey(parts[2]) {
		return blob.Info{}, false
	}
	workspace, err := desk.ParseID(parts[0])
	if err != nil {
		return blob.Info{}, false
	}
	stat, err := entry.Info()
	if err != nil || s.path(workspace, parts[2]) != path {
		return blob.Info{}, false
	}
	return blob.Info{Workspace: workspace, Key: parts[2], Size: stat.Size(), StoredAt: stat.ModTime()}, true
}

// SweepUnfinished removes what crashed writers left before an instant, and says how many files. Choose it longer ago
// than any upload takes: nodes that share the folder may be writing.
func (s *Store) SweepUnfinished(ctx context.Context, before time.Time) (int, error) {
	dir := filepath.Join(s.root, unfinishedDir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("sweep unfinished blobs: %w", err)
	}
	swept := 0
	for _, entry := range entries {
		if ctx.Err() != nil {
			return swept, fmt.Errorf("sweep unfinished blobs: %w", context.Cause(ctx))
		}
		stat, err := entry.Info()
		if err != nil || !stat.ModTime().Before(before) {
			continue
		}
		if err := s.files.remove(filepath.Join(dir, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return swept, fmt.Errorf("sweep unfinished blobs: %w", err)
		}
		swept++
	}
	return swept, nil
}

// Mark implements blob.Store with a file of the folder.
func (s *Store) Mark(context.Context) (string, error) {
	path := filepath.Join(s.root, markFile)
	mark, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = s.writeMark(path); err == nil {
			mark, err = os.ReadFile(path)
		}
	}
	if err != nil {
		return "", fmt.Errorf("mark blob folder: %w", diskFull(err))
	}
	return strings.TrimSpace(string(mark)), nil
}

// writeMark gives a flushed file its name, unless another node was faster.
func (s *Store) writeMark(path string) error {
	unfinished := filepath.Join(s.root, unfinishedDir, strings.ToLower(rand.Text()))
	f, err := s.files.create(unfinished)
	if err != nil {
		return err
	}
	defer func() { _ = s.files.remove(unfinished) }()
	_, err = io.WriteString(f, rand.Text()+"\n")
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Link(unfinished, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return s.files.syncDir(s.root)
}

// path is where a blob lies; two letters of the key keep folders small.
func (s *Store) path(workspace desk.ID, key string) string {
	return filepath.Join(s.root, workspace.String(), key[:2], key)
}

// validKey tells our keys from everything that might walk out of the folder.
func validKey(key string) bool {
	if len(key) != keyLen {
		return false
	}
	for i := range len(key) {
		if c := key[i]; (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

func notFound(key string) error {
	return &desk.Error{Kind: desk.KindNotFound, Code: blob.CodeNotFound, Message: fmt.Sprintf("no blob %.40q", key)}
}

// diskFull gives the errors of a full disk (or quota) and of a read-only one their kind.
func diskFull(err error) error {
	if errors.Is(err, syscall.EROFS) {
		return &desk.Error{Kind: desk.KindUnavailable, Code: blob.CodeDiskReadOnly, Message: "the disk may not be written", Err: err}
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return &desk.Error{Kind: desk.KindUnavailable, Code: blob.CodeDiskFull, Message: "no room for the file", Err: err}
	}
	return err
}
