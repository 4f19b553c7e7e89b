// Package blob is the contract for the bytes of attachments: what a message shows, too large for the database.
//
// Where it sits: api and inbound Put the bytes first and only then write the row that names them, so a row never points
// at bytes that a power cut could take. Bytes whose row was never written are orphans; a sweeper Walks the store and
// Deletes those older than its grace. What the bytes are is for package media to say. blobtest holds the promises as a
// test suite; diskblob keeps blobs in a folder, s3blob in a bucket.
package blob

import (
	"context"
	"io"
	"time"

	"madoguchi/desk"
)

// The codes of the errors a Store answers with, beside the usual wrapped ones.
const (
	CodeTooLarge = "file_too_large" // desk.KindInvalid: longer than the limit of Put
	CodeEmpty    = "file_empty"     // desk.KindInvalid: not one byte
	CodeDiskFull = "disk_full"      // desk.KindUnavailable: no room; nothing was kept
	// CodeDiskReadOnly: desk.KindUnavailable, the disk may not be written; nothing was kept.
	CodeDiskReadOnly = "disk_read_only"
	CodeNotFound     = "blob_not_found"   // desk.KindNotFound
	CodeKeyInvalid   = "blob_key_invalid" // desk.KindInvalid: no Store gives such keys
	// CodeUnavailable: desk.KindUnavailable, the service that keeps the bytes does not answer.
	CodeUnavailable = "blob_store_unavailable"
)

// Ref names stored bytes. Key is random, so knowing the bytes (or another workspace's keys) opens nothing.
type Ref struct {
	Key    string
	Size   int64  // bytes
	SHA256 string // lower-case hex, of the whole content
}

// Info is what a store knows of a blob without reading it.
type Info struct {
	Workspace desk.ID
	Key       string
	Size      int64     // bytes
	StoredAt  time.Time // when it was completed
}

// Store keeps blobs. It is safe for concurrent use, and several processes may share one.
type Store interface {
	// Put stores what r yields under a new key. It returns only when the bytes would survive a power cut. At most limit
	// bytes are taken: one more is CodeTooLarge. When r fails, ctx ends or the disk is full, nothing is kept, and
	// nothing was ever visible to Open or Walk. r's own error is in the chain of the error returned.
	Put(ctx context.Context, workspace desk.ID, r io.Reader, limit int64) (Ref, error)

	// Open gives the bytes for reading and seeking; the caller closes them. A key of another workspace, like an unknown
	// or malformed one, is CodeNotFound. Bytes opened stay readable when they are deleted meanwhile.
	Open(ctx context.Context, workspace desk.ID, key string) (io.ReadSeekCloser, Info, error)

	// Delete removes the bytes; what is not there (any more) is no error.
	Delete(ctx context.Context, workspace desk.ID, key string) error

	// Walk visits every completed blob of every workspace, in no order, for the orphan sweep. Blobs that come or go
	// meanwhile may be missed. visit may Delete what it is given; its error ends the walk and is returned.
	Walk(ctx context.Context, visit func(Info) error) error

	// Mark names the place: stores with the same mark hold the same blobs, whichever node opened them. The first call makes
	// it.
	Mark(ctx context.Context) (string, error)
}

// Importer is a Store that takes bytes under the key that another Store gave them: what restore and move need.
type Importer interface {
	// Import stores size bytes of r under a key, durably before it returns, and replaces what is there under it. A key that
	// no Store of this kind would give is CodeKeyInvalid; r that yields fewer or more bytes is an error, and then nothing is kept.
	Import(ctx context.Context, workspace desk.ID, key string, size int64, r io.Reader) error
}
