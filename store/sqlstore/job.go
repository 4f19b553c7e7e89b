package sqlstore

import (
	"context"
	"fmt"
	"sync/atomic"

	"madoguchi/desk"
)

// job is one update on its way to who commits it.
type job struct {
	workspace desk.ID
	fn        func(*tx) error
	state     atomic.Int32
	done      chan error

	// The committer's own:
	tx       *tx
	err      error // the function's, told when the others' fate is known
	finished bool
}

const (
	jobQueued int32 = iota
	jobTaken
	jobAbandoned
)

var (
	errClosed = &desk.Error{Kind: desk.KindUnavailable, Code: "store_closed", Message: "the store is closed"}
	errEnded  = &desk.Error{Kind: desk.KindInternal, Code: "internal", Message: "an update ended its goroutine"}
)

// queueJob hands an update over and waits for its end. The caller's context never enters the transaction: when it ends
// first, nobody knows whether the update happens, except that one that was not begun will not be.
func queueJob(ctx context.Context, jobs chan<- *job, ended <-chan struct{}, workspace desk.ID, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	j := &job{workspace: workspace, fn: fn, done: make(chan error, 1)}
	select {
	case jobs <- j:
	case <-ctx.Done():
		return fmt.Errorf("queue update: %w", ctx.Err())
	case <-ended:
		return errClosed
	}
	select {
	case err := <-j.done:
		return err
	case <-ended: // nobody took it, or it ended just before
		select {
		case err := <-j.done:
			return err
		default:
			return errClosed
		}
	case <-ctx.Done():
		j.state.CompareAndSwap(jobQueued, jobAbandoned)
		return desk.Errorf(desk.KindUncertain, "uncertain", "the update may still happen: %w", ctx.Err())
	}
}

func (j *job) finish(err error) {
	if !j.finished {
		j.finished = true
		j.done <- err
	}
}
