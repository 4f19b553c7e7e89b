package audit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"log/slog"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Sealer encrypts for a place and opens what was sealed for the same place; seal.Keyring is one.
type Sealer interface {
	Seal(plain []byte, context string) ([]byte, error)
	Open(sealed []byte, context string) ([]byte, error)
}

// Link is the hash of an entry that follows another in a workspace's chain: SHA-256 over the previous hash and every field,
// each with its length before it, so that no two entries read the same.
func Link(previous []byte, workspace desk.ID, e desk.AuditEntry) ([]byte, error) {
	changes, err := json.Marshal(e.Changes)
	if err != nil {
		return nil, fmt.Errorf("encode changes of audit entry %d: %w", e.ID, err)
	}
	if len(e.Changes) == 0 {
		changes = nil
	}
	h := sha256.New()
	write(h, []byte("madoguchi audit 1"), previous)
	for _, n := range []int64{int64(workspace), e.Seq, int64(e.ID), e.At.UnixMilli(), int64(e.Actor.ID), int64(e.Object.ID)} {
		write(h, binary.BigEndian.AppendUint64(nil, uint64(n)))
	}
	for _, s := range []string{string(e.Actor.Kind), e.IP, string(e.Action), e.Object.Kind, e.Object.Name, e.RequestID} {
		write(h, []byte(s))
	}
	write(h, changes)
	return h.Sum(nil), nil
}

func write(h hash.Hash, values ...[]byte) {
	for _, v := range values {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(v)))) // a hash never fails
		h.Write(v)
	}
}

// sealHead binds a chain's end to the key file.
func sealHead(s Sealer, workspace desk.ID, h store.AuditHead) (store.AuditHead, error) {
	sealed, err := s.Seal(append(binary.BigEndian.AppendUint64(nil, uint64(h.Seq)), h.Hash...), store.AuditHeadPlace(workspace))
	h.Sealed = sealed
	return h, err
}

// openHead reads what was sealed of a chain's end.
func openHead(s Sealer, workspace desk.ID, sealed []byte) (h store.AuditHead, err error) {
	plain, err := s.Open(sealed, store.AuditHeadPlace(workspace))
	if err == nil && len(plain) != 8+sha256.Size {
		err = fmt.Errorf("a sealed audit head of %d bytes", len(plain))
	}
	if err != nil {
		return h, err
	}
	return store.AuditHead{Seq: int64(binary.BigEndian.Uint64(plain)), Hash: plain[8:], Sealed: sealed}, nil
}

// Chainer links intents into the chains of their workspaces. Several may run, on one node or many: a chain is linked under
// its head's lock.
type Chainer struct {
	store  store.Store
	sealer Sealer
	log    *slog.Logger
	news   chan struct{}
}

// NewChainer makes a Chainer.
func NewChainer(s store.Store, sealer Sealer, log *slog.Logger) *Chainer {
	return &Chainer{store: s, sealer: sealer, log: log, news: make(chan struct{}, 1)}
}

// Noted says that there is something to link. It does not block.
func (c *Chainer) Noted() {
	select {
	case c.news <- struct{}{}:
	default:
	}
}

const (
	lookEvery = 5 * time.Second // for deeds of other processes: the command line, a node that died
	linkBatch = 500
)

// Run links until ctx ends.
func (c *Chainer) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := c.LinkAll(ctx); err != nil && ctx.Err() == nil {
			c.log.Error("link audit entries", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-c.news:
		case <-tick.C:
		}
	}
}

// LinkAll links every intent there is now.
func (c *Chainer) LinkAll(ctx context.Context) error {
	var waiting []desk.ID
	err := c.store.View(ctx, 0, func(r store.Reader) (err error) {
		waiting, err = r.Audit().Waiting()
		return err
	})
	if err != nil {
		return fmt.Errorf("find audit intents: %w", err)
	}
	for _, workspace := range waiting {
		for more := true; more; {
			if more, err = c.link(ctx, workspace); err != nil {
				return fmt.Errorf("link audit entries of workspace %d: %w", workspace, err)
			}
		}
	}
	return nil
}

// link takes one batch and says whether there may be more.
func (c *Chainer) link(ctx context.Context, workspace desk.ID) (bool, error) {
	full := false
	err := c.store.Update(ctx, workspace, func(tx store.Tx) error {
		head, err := tx.WriteAudit().LockHead()
		if err != nil {
			return err
		}
		entries, err := tx.Audit().Intents(linkBatch)
		full = len(entries) == linkBatch
		if err != nil || len(entries) == 0 {
			return err
		}
		for i := range entries {
			head.Seq++
			entries[i].Seq = head.Seq
			if head.Hash, err = Link(head.Hash, workspace, entries[i]); err != nil {
				return err
			}
			entries[i].Hash = head.Hash
		}
		if head, err = sealHead(c.sealer, workspace, head); err != nil {
			return err
		}
		return tx.WriteAudit().Link(entries, head)
	})
	if err != nil { // the update may still be running (desk.KindUncertain): what it assigns is not looked at
		return false, err
	}
	return full, nil
}

// Reseal seals the chains' heads anew where stale says that they are under a key that is on its way out; done counts them.
func Reseal(ctx context.Context, s store.Store, sealer Sealer, workspace desk.ID, stale func(sealed []byte) bool) (int, error) {
	done := 0
	err := s.Update(ctx, workspace, func(tx store.Tx) error {
		done = 0
		head, err := tx.WriteAudit().LockHead()
		if err != nil || len(head.Sealed) == 0 || !stale(head.Sealed) {
			return err
		}
		known, err := openHead(sealer, workspace, head.Sealed)
		if err != nil {
			return fmt.Errorf("open the audit head of workspace %d: %w", workspace, err)
		}
		if known, err = sealHead(sealer, workspace, known); err != nil {
			return err
		}
		head.Sealed, done = known.Sealed, 1
		return tx.WriteAudit().PutHead(head)
	})
	if err != nil {
		return 0, err
	}
	return done, nil
}
