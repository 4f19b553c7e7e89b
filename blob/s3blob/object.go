package s3blob

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/minio/minio-go/v7"

	"madoguchi/desk"
)

// nearby is how far a reader that seeks forward reads on rather than ask anew, in bytes.
const nearby = 128 << 10

// object reads a blob from the bucket: one request from the place where reading begins, another after a seek elsewhere.
type object struct {
	ctx   context.Context
	store *Store
	name  string
	size  int64

	at   int64 // where the caller is
	body io.ReadCloser
	from int64 // where body is
}

// fetch asks for the bytes from a place on.
func (o *object) fetch(from int64) (minio.ObjectInfo, error) {
	options := minio.GetObjectOptions{}
	if from > 0 {
		if err := options.SetRange(from, 0); err != nil {
			return minio.ObjectInfo{}, err
		}
	}
	body, info, _, err := o.store.core.GetObject(o.ctx, o.store.bucket, o.name, options)
	if err != nil {
		return info, err
	}
	o.body, o.from = body, from
	return info, nil
}

// Read reads on from where the caller is.
func (o *object) Read(p []byte) (int, error) {
	if o.at >= o.size {
		return 0, io.EOF
	}
	if err := o.approach(); err != nil {
		return 0, err
	}
	n, err := o.body.Read(p)
	o.at += int64(n)
	o.from = o.at
	if errors.Is(err, io.EOF) && o.at < o.size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("read blob: %w", unavailable(err))
	}
	return n, err
}

// approach brings the body to where the caller is.
func (o *object) approach() error {
	if o.body != nil && o.from == o.at {
		return nil
	}
	if ahead := o.at - o.from; o.body != nil && ahead > 0 && ahead <= nearby {
		n, err := io.CopyN(io.Discard, o.body, ahead)
		o.from += n
		if err == nil {
			return nil
		}
	}
	o.drop()
	if _, err := o.fetch(o.at); err != nil {
		return fmt.Errorf("read blob: %w", unavailable(err))
	}
	return nil
}

// Seek moves the caller's place.
func (o *object) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.at
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return o.at, desk.Errorf(desk.KindInternal, "internal", "seek before the beginning of a blob")
	}
	o.at = offset
	return offset, nil
}

func (o *object) drop() {
	if o.body != nil {
		_ = o.body.Close() // what was not read is nobody's
		o.body = nil
	}
}

// Close ends the reading.
func (o *object) Close() error {
	o.drop()
	return nil
}
