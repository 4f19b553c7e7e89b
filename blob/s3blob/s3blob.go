// Package s3blob keeps blobs in a bucket of an S3-compatible service: one object per blob, named files/workspace/key. It is
// the store of many nodes that share no disk.
//
// Durable is what the service says is: Put returns after it acknowledged the whole object, which S3 and the services like
// it do when the bytes would survive the loss of a disk. An object becomes visible whole or not at all; the parts of a
// large one that was never finished are invisible and are removed by SweepUnfinished.
package s3blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"madoguchi/blob"
	"madoguchi/desk"
)

const (
	prefix    = "files/"
	markName  = "madoguchi-mark"
	keyLen    = 26      // crypto/rand.Text: 128 bits in base32
	partSize  = 5 << 20 // bytes; the least that S3 takes, because each upload holds two of them
	wholeSize = 256 << 10
	attempts  = 3 // of one request; the person who uploads waits meanwhile

	answerTime  = 30 * time.Second // until a request's first byte of an answer
	cleanUpTime = 10 * time.Second
)

// Config says where the bucket is.
type Config struct {
	Endpoint string // https://s3.example.com[:port]; http:// for a service on the same machine or network
	Bucket   string // must be there; Madoguchi makes none
	Region   string // "" = the service is asked
	// AccessKey and SecretKey sign requests. Both empty = AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or else the role of
	// the machine.
	AccessKey, SecretKey string
}

// Store is a blob.Store in a bucket.
type Store struct {
	core   minio.Core
	bucket string
}

var (
	_ blob.Store    = (*Store)(nil)
	_ blob.Importer = (*Store)(nil)
)

// Open prepares the client; it does not ask the service anything yet (Check does). desk.KindInvalid, with the flag as its
// field, says what in the configuration cannot be.
func Open(c Config) (*Store, error) {
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		return nil, desk.Invalid("s3-endpoint", "s3_endpoint_invalid", "write https://host or https://host:port")
	}
	if c.Bucket == "" {
		return nil, desk.Invalid("s3-bucket", "s3_bucket_missing", "name the bucket that the files lie in")
	}
	if (c.AccessKey == "") != (c.SecretKey == "") {
		return nil, desk.Invalid("s3-access-key", "s3_credentials_incomplete", "an access key and a secret key belong together")
	}
	signer := credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.IAM{}})
	if c.AccessKey != "" {
		signer = credentials.NewStaticV4(c.AccessKey, c.SecretKey, "")
	}
	transport, err := minio.DefaultTransport(u.Scheme == "https")
	if err != nil {
		return nil, fmt.Errorf("prepare S3 client: %w", err)
	}
	transport.ResponseHeaderTimeout = answerTime
	client, err := minio.NewCore(u.Host, &minio.Options{
		Creds: signer, Secure: u.Scheme == "https", Region: c.Region, Transport: transport, MaxRetries: attempts,
	})
	if err != nil {
		return nil, desk.Invalid("s3-endpoint", "s3_endpoint_invalid", "%w", err)
	}
	return &Store{core: *client, bucket: c.Bucket}, nil
}

// Check asks the service whether the bucket is there and open to us: desk.KindUnavailable when the service does not answer,
// desk.KindInvalid when it says no.
func (s *Store) Check(ctx context.Context) error {
	there, err := s.core.BucketExists(ctx, s.bucket)
	switch {
	case err != nil && refused(err):
		return desk.Invalid("s3-bucket", "s3_refused", "bucket %q cannot be used with these credentials: %w", s.bucket, err)
	case err != nil:
		return unavailable(err)
	case !there:
		return desk.Invalid("s3-bucket", "s3_bucket_unknown", "there is no bucket %q: make it, or name another", s.bucket)
	}
	return nil
}

// refused reports that the service answered, and no.
func refused(err error) bool {
	status := minio.ToErrorResponse(err).StatusCode
	return status >= 400 && status < 500 && status != http.StatusTooManyRequests
}

// Put implements blob.Store. Files of up to 5 MiB go in one request, longer ones in parts of that size.
func (s *Store) Put(ctx context.Context, workspace desk.ID, r io.Reader, limit int64) (blob.Ref, error) {
	key := strings.ToLower(rand.Text())
	m := &meter{ctx: ctx, from: r, left: limit, limit: limit, sum: sha256.New()}
	err := s.put(ctx, name(workspace, key), m)
	if err != nil {
		return blob.Ref{}, fmt.Errorf("store blob: %w", err)
	}
	return blob.Ref{Key: key, Size: m.size, SHA256: hex.EncodeToString(m.sum.Sum(nil))}, nil
}

// Import implements blob.Importer.
func (s *Store) Import(ctx context.Context, workspace desk.ID, key string, size int64, r io.Reader) error {
	if !validKey(key) || workspace <= 0 {
		return desk.Errorf(desk.KindInvalid, blob.CodeKeyInvalid, "%.40q is no key of a file", key)
	}
	m := &meter{ctx: ctx, from: r, left: size, limit: size, least: size, sum: sha256.New()}
	if err := s.put(ctx, name(workspace, key), m); err != nil {
		return fmt.Errorf("import blob: %w", err)
	}
	return nil
}

func (s *Store) put(ctx context.Context, object string, m *meter) error {
	var head bytes.Buffer
	n, err := io.CopyN(&head, m, partSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err // nothing was sent yet
	}
	if n == 0 {
		return desk.Errorf(desk.KindInvalid, blob.CodeEmpty, "file is empty")
	}
	var whole io.Reader = bytes.NewReader(head.Bytes())
	if err == nil { // there may be more
		whole, n = io.MultiReader(whole, m), -1
	}
	_, err = s.core.Client.PutObject(ctx, s.bucket, object, whole, n, minio.PutObjectOptions{
		PartSize: partSize, NumThreads: 1, SendContentMd5: true, ContentType: "application/octet-stream",
	})
	if err == nil {
		return nil
	}
	s.forget(ctx, object)
	if m.err != nil {
		return m.err
	}
	return unavailable(err)
}

// forget removes what a failed Put may have left: its answer may be lost after the object became visible. What cannot be
// removed now is an orphan and is swept later.
func (s *Store) forget(ctx context.Context, object string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	_ = s.core.Client.RemoveIncompleteUpload(ctx, s.bucket, object)
	_ = s.core.Client.RemoveObject(ctx, s.bucket, object, minio.RemoveObjectOptions{})
}

// meter counts and sums what is read, and refuses more than the limit.
type meter struct {
	ctx         context.Context
	from        io.Reader
	left, limit int64
	least       int64
	size        int64
	sum         hash.Hash
	err         error // why the reading ended, unless the file did
}

// Read reads on.
func (m *meter) Read(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	if m.ctx.Err() != nil {
		m.err = context.Cause(m.ctx)
		return 0, m.err
	}
	n, err := m.from.Read(p)
	if m.left -= int64(n); m.left < 0 {
		m.err = desk.Errorf(desk.KindInvalid, blob.CodeTooLarge, "file is longer than %d bytes", m.limit)
		return 0, m.err
	}
	m.size += int64(n)
	m.sum.Write(p[:n]) // a hash never fails
	if errors.Is(err, io.EOF) && m.size < m.least {
		err = fmt.Errorf("%d bytes, not %d: %w", m.size, m.least, io.ErrUnexpectedEOF)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		m.err = fmt.Errorf("read upload: %w", err)
		return n, m.err
	}
	return n, err
}

// Open implements blob.Store. Up to 256 KiB are read at once and kept; of a longer blob what was begun to be read stays
// readable when it is deleted, but not a place sought to afterwards.
func (s *Store) Open(ctx context.Context, workspace desk.ID, key string) (io.ReadSeekCloser, blob.Info, error) {
	if !validKey(key) {
		return nil, blob.Info{}, notFound(key)
	}
	o := &object{ctx: ctx, store: s, name: name(workspace, key)}
	is, err := o.fetch(0)
	if err != nil {
		return nil, blob.Info{}, fmt.Errorf("open blob: %w", notFoundAs(err, key))
	}
	info := blob.Info{Workspace: workspace, Key: key, Size: is.Size, StoredAt: is.LastModified}
	if is.Size > wholeSize {
		o.size = is.Size
		return o, info, nil
	}
	defer o.Close()
	content := make([]byte, is.Size)
	if _, err := io.ReadFull(o.body, content); err != nil {
		return nil, blob.Info{}, fmt.Errorf("open blob: %w", unavailable(err))
	}
	return whole{bytes.NewReader(content)}, info, nil
}

// whole is a blob in memory.
type whole struct{ *bytes.Reader }

// Close does nothing.
func (whole) Close() error { return nil }

// Delete implements blob.Store.
func (s *Store) Delete(ctx context.Context, workspace desk.ID, key string) error {
	if !validKey(key) {
		return nil
	}
	err := s.core.Client.RemoveObject(ctx, s.bucket, name(workspace, key), minio.RemoveObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).StatusCode != http.StatusNotFound {
		return fmt.Errorf("delete blob: %w", unavailable(err))
	}
	return nil
}

// Walk implements blob.Store.
func (s *Store) Walk(ctx context.Context, visit func(blob.Info) error) error {
	for o := range s.core.Client.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if ctx.Err() != nil {
			break
		}
		if o.Err != nil {
			return fmt.Errorf("walk blobs: %w", unavailable(o.Err))
		}
		info, ok := describe(o)
		if !ok {
			continue
		}
		if err := visit(info); err != nil {
			return fmt.Errorf("walk blobs: %w", err)
		}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("walk blobs: %w", context.Cause(ctx))
	}
	return nil
}

// describe reads a blob's Info from its object; ok is false for an object that is none of ours.
func describe(o minio.ObjectInfo) (info blob.Info, ok bool) {
	parent, key, found := strings.Cut(strings.TrimPrefix(o.Key, prefix), "/")
	workspace, err := desk.ParseID(parent)
	if !found || err != nil || !validKey(key) || name(workspace, key) != o.Key {
		return blob.Info{}, false
	}
	return blob.Info{Workspace: workspace, Key: key, Size: o.Size, StoredAt: o.LastModified}, true
}

// SweepUnfinished removes the parts of uploads that were begun before an instant and never finished, and says of how many.
// Choose it longer ago than any upload takes.
func (s *Store) SweepUnfinished(ctx context.Context, before time.Time) (int, error) {
	swept := 0
	for u := range s.core.Client.ListIncompleteUploads(ctx, s.bucket, prefix, true) {
		if u.Err != nil {
			return swept, fmt.Errorf("sweep unfinished blobs: %w", unavailable(u.Err))
		}
		if !u.Initiated.Before(before) {
			continue
		}
		if err := s.core.AbortMultipartUpload(ctx, s.bucket, u.Key, u.UploadID); err != nil && !refused(err) {
			return swept, fmt.Errorf("sweep unfinished blobs: %w", unavailable(err))
		}
		swept++
	}
	return swept, ctx.Err()
}

// Mark implements blob.Store with an object of the bucket.
func (s *Store) Mark(ctx context.Context) (string, error) {
	mark, err := s.readMark(ctx)
	if err == nil || minio.ToErrorResponse(err).StatusCode != http.StatusNotFound {
		return mark, markFailed(err)
	}
	fresh := rand.Text()
	onlyNew := minio.PutObjectOptions{SendContentMd5: true, ContentType: "text/plain"}
	onlyNew.SetMatchETagExcept("*") // of two nodes that start at once, one is first
	_, err = s.core.Client.PutObject(ctx, s.bucket, markName, strings.NewReader(fresh), int64(len(fresh)), onlyNew)
	if err != nil && !refused(err) {
		return "", markFailed(err)
	}
	mark, err = s.readMark(ctx)
	return mark, markFailed(err)
}

func (s *Store) readMark(ctx context.Context) (string, error) {
	body, _, _, err := s.core.GetObject(ctx, s.bucket, markName, minio.GetObjectOptions{})
	if err != nil {
		return "", err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, 1024))
	return strings.TrimSpace(string(text)), err
}

func markFailed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("mark bucket: %w", unavailable(err))
}

func name(workspace desk.ID, key string) string { return prefix + workspace.String() + "/" + key }

// validKey tells our keys from everything else.
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

func notFoundAs(err error, key string) error {
	if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
		return notFound(key)
	}
	return unavailable(err)
}

// unavailable gives the service's failures their kind; who gave up waiting hears that.
func unavailable(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return &desk.Error{Kind: desk.KindUnavailable, Code: blob.CodeUnavailable, Message: "the file store does not answer", Err: err}
}
