package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"madoguchi/blob"
	"madoguchi/desk"
	"madoguchi/store"
)

var (
	errNotOurs  = errors.New("the export was cancelled, or its lease ended")
	errTooOften = &desk.Error{Kind: desk.KindInternal, Code: "export_failed", Message: "the export was begun too often"}
)

// job is one export in hand.
type job struct {
	service   *Service
	workspace desk.ID
	export    desk.Export
	told      time.Time // when progress was last written
}

// run makes the file and ends the export. What may pass by itself leaves it leased: it is begun again.
func (j *job) run(ctx context.Context) error {
	if j.export.Attempts > attempts {
		return j.fail(ctx, errTooOften)
	}
	err := j.make(ctx)
	switch {
	case err == nil || errors.Is(err, errNotOurs):
		return nil
	case ctx.Err() != nil || desk.KindOf(err) == desk.KindUnavailable && desk.CodeOf(err) != "disk_full" || desk.KindOf(err) == desk.KindUncertain:
		return fmt.Errorf("export %d is begun again later: %w", j.export.ID, err)
	}
	return j.fail(ctx, err)
}

func (j *job) fail(ctx context.Context, cause error) error {
	j.export.State, j.export.Failure = desk.ExportFailed, desk.CodeOf(cause)
	if err := j.end(ctx); err != nil && !errors.Is(err, errNotOurs) {
		return errors.Join(cause, err)
	}
	return fmt.Errorf("export %d failed: %w", j.export.ID, cause)
}

// make writes the records through a pipe into a blob, which nobody sees before it is whole.
func (j *job) make(ctx context.Context) error {
	s := j.service
	source, err := j.begin(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	out, in := io.Pipe()
	written := make(chan error, 1)
	go func() {
		buffered := bufio.NewWriterSize(in, 64<<10)
		err := j.write(ctx, source, buffered)
		if err == nil {
			err = buffered.Flush()
		}
		_ = in.CloseWithError(err) // nil ends the file
		written <- err
	}()
	ref, err := s.blobs.Put(ctx, j.workspace, out, MaxBytes)
	_ = out.CloseWithError(err)
	if writeErr := <-written; writeErr != nil && (err == nil || !errors.Is(writeErr, io.ErrClosedPipe)) {
		err = writeErr
	}
	if desk.CodeOf(err) == blob.CodeEmpty { // nothing to tell: a file without a line, which no store keeps
		ref, err = blob.Ref{}, nil
	}
	if err != nil {
		return fmt.Errorf("write export %d: %w", j.export.ID, err)
	}
	now := s.now().UTC()
	j.export.State, j.export.Key, j.export.Size, j.export.ExpiresAt = desk.ExportDone, ref.Key, ref.Size, now.Add(desk.ExportLifetime)
	j.export.Name = fmt.Sprintf("%s-%s.%s", j.export.Kind, j.export.CreatedAt.UTC().Format("20060102-150405"), j.export.Format)
	if err := j.end(ctx); err != nil {
		if ref.Key != "" && desk.KindOf(err) != desk.KindUncertain { // else the row may name it; the sweep decides
			err = errors.Join(err, s.blobs.Delete(context.WithoutCancel(ctx), j.workspace, ref.Key))
		}
		return err
	}
	return nil
}

// begin looks at who asked and how much there is.
func (j *job) begin(ctx context.Context) (source, error) {
	var from source
	err := j.service.store.View(ctx, j.workspace, func(r store.Reader) (err error) {
		if err := mayStill(r, j.export.RequestedBy); err != nil {
			return err
		}
		if j.export.Kind == desk.ExportContacts {
			from, err = newContacts(r, j.export)
		} else {
			from, err = newConversations(r, j.export)
		}
		if err != nil {
			return err
		}
		j.export.Total, err = from.total(r)
		return err
	})
	return from, err
}

// write reads page after page, each on a snapshot of its own, so that no long transaction holds the database back.
func (j *job) write(ctx context.Context, from source, to io.Writer) error {
	out, err := newEncoder(to, j.export, from.columns())
	if err != nil {
		return err
	}
	for more := true; more; {
		var page []record
		var done int64
		err := j.service.store.View(ctx, j.workspace, func(r store.Reader) (err error) {
			page, done, more, err = from.next(r)
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range page {
			if err := out.write(r); err != nil {
				return err
			}
		}
		j.export.Done += done
		if err := j.pulse(ctx, false); err != nil {
			return err
		}
	}
	if err := out.end(); err != nil {
		return err
	}
	return j.pulse(ctx, true)
}

// pulse writes how far we are and prolongs the lease, at most once a second; errNotOurs when there is nothing to go on with.
func (j *job) pulse(ctx context.Context, now bool) error {
	if !now && j.service.now().Sub(j.told) < pulse {
		return nil
	}
	j.told = j.service.now()
	ours := false
	err := j.service.store.Update(ctx, j.workspace, func(tx store.Tx) (err error) {
		if err := mayStill(tx, j.export.RequestedBy); err != nil {
			return err
		}
		e := j.export
		e.LeaseUntil = tx.Now().Add(lease)
		ours, err = tx.WriteExports().Renew(e)
		return err
	})
	if err == nil && !ours {
		err = errNotOurs
	}
	return err
}

// end writes how it ended, unless it is not ours any more.
func (j *job) end(ctx context.Context) error {
	ours := false
	err := j.service.store.Update(ctx, j.workspace, func(tx store.Tx) (err error) {
		e := j.export
		e.EndedAt = tx.Now()
		if ours, err = tx.WriteExports().End(e); err != nil || !ours {
			return err
		}
		emitEnd(tx, desk.Actor{Kind: desk.ActorSystem}, e.ID, e.RequestedBy, e.State)
		return nil
	})
	if err == nil && !ours {
		err = errNotOurs
	}
	return err
}
