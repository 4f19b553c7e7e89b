package audit

import (
	"bytes"
	"context"
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

// Fault is what is wrong with a chain.
type Fault string

// The faults.
const (
	FaultNone    Fault = ""
	FaultChanged Fault = "changed" // an entry's content or place is not what was linked: altered, moved or slipped in
	FaultMissing Fault = "missing" // entries before this one are gone
	FaultCutOff  Fault = "cut_off" // the newest entries are gone, or ones were added that no seal vouches for
	FaultHead    Fault = "head"    // the seal of the chain's end does not open: forged, or its key is not in the key file
)

const verifyBatch = 1000 // entries read at a time

// Verdict is what walking a chain showed.
type Verdict struct {
	Workspace desk.ID
	Entries   int64  // how many are whole, from the first
	Fault     Fault  // FaultNone where the chain is whole
	Seq       int64  // the entry at fault
	Hash      []byte // of the last whole entry: written down elsewhere, it proves the log against whoever has the key as well
}

// Whole reports that nothing is wrong.
func (v Verdict) Whole() bool { return v.Fault == FaultNone }

// Verify walks a workspace's chain from its first entry to its sealed end. Entries that join it meanwhile do not disturb.
// An error means that it could not be read, not that it is broken.
func Verify(ctx context.Context, s store.Store, sealer Sealer, workspace desk.ID) (Verdict, error) {
	v := Verdict{Workspace: workspace}
	var head store.AuditHead
	err := s.View(ctx, workspace, func(r store.Reader) (err error) {
		head, err = r.Audit().Head()
		return err
	})
	if err != nil {
		return v, fmt.Errorf("read the audit log's head: %w", err)
	}
	sealed, fault := checkHead(sealer, workspace, head)
	for v.Entries < head.Seq {
		if err := ctx.Err(); err != nil {
			return v, err
		}
		var entries []desk.AuditEntry
		err := s.View(ctx, workspace, func(r store.Reader) (err error) {
			entries, err = r.Audit().After(v.Entries, int(min(verifyBatch, head.Seq-v.Entries)))
			return err
		})
		if err != nil {
			return v, fmt.Errorf("read the audit log: %w", err)
		}
		if len(entries) == 0 {
			return v.fault(FaultCutOff, v.Entries+1), nil
		}
		for _, e := range entries {
			if bad, err := v.take(e); bad || err != nil {
				return v, err
			}
		}
	}
	if fault != FaultNone {
		return v.fault(fault, head.Seq), nil
	}
	if head.Seq != sealed.Seq || !bytes.Equal(v.Hash, sealed.Hash) {
		return v.fault(FaultCutOff, v.Entries), nil
	}
	return v, v.beyond(ctx, s, head)
}

// checkHead opens the seal of a chain's end.
func checkHead(sealer Sealer, workspace desk.ID, head store.AuditHead) (sealed store.AuditHead, fault Fault) {
	if head.Seq == 0 && len(head.Sealed) == 0 {
		return sealed, FaultNone
	}
	sealed, err := openHead(sealer, workspace, head.Sealed)
	if err != nil {
		return sealed, FaultHead
	}
	return sealed, FaultNone
}

// take looks at the next entry and reports whether it is at fault.
func (v *Verdict) take(e desk.AuditEntry) (bad bool, err error) {
	if e.Seq != v.Entries+1 {
		*v = v.fault(FaultMissing, e.Seq)
		return true, nil
	}
	hash, err := Link(v.Hash, v.Workspace, e)
	if err != nil {
		return false, err
	}
	if !bytes.Equal(hash, e.Hash) {
		*v = v.fault(FaultChanged, e.Seq)
		return true, nil
	}
	v.Entries, v.Hash = e.Seq, e.Hash
	return false, nil
}

func (v Verdict) fault(f Fault, seq int64) Verdict {
	v.Fault, v.Seq = f, seq
	return v
}

// beyond looks for entries after the end that the seal vouches for, unless the chain has grown meanwhile.
func (v *Verdict) beyond(ctx context.Context, s store.Store, head store.AuditHead) error {
	return s.View(ctx, v.Workspace, func(r store.Reader) error {
		now, err := r.Audit().Head()
		if err != nil || now.Seq != head.Seq {
			return err
		}
		more, err := r.Audit().After(head.Seq, 1)
		if err == nil && len(more) > 0 {
			*v = v.fault(FaultCutOff, more[0].Seq)
		}
		return err
	})
}
