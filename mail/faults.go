package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"madoguchi/smtp"
	"madoguchi/store"
)

// Fault is what keeps mails from going out, on whichever node: the last that failed, as long as none went after it. It names nobody.
type Fault struct {
	At   time.Time `json:"at"`
	Code int       `json:"code"` // the server's answer, 0 = it was not reached
}

// faults remembers what this node wrote down last, so that not every mail writes it again.
type faults struct {
	mu    sync.Mutex
	known bool // whether anything was written down is known
	fault bool
}

// note writes down that the mail server fails, or does no more. What it says of one recipient is not its failure.
func (f *faults) note(ctx context.Context, s *Service, result error) {
	var refused *smtp.Refusal
	no := errors.As(result, &refused)
	if errors.Is(result, errLost) || no && refused.Recipient {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if result == nil && f.known && !f.fault {
		return
	}
	text := ""
	if result != nil {
		fault := Fault{At: s.Now().UTC()}
		if no {
			fault.Code = refused.Code
		}
		b, err := json.Marshal(fault)
		if err != nil {
			return
		}
		text = string(b)
	}
	err := s.Store.Update(ctx, 0, func(tx store.Tx) error { return tx.WriteInstallation().Replace(store.FactMailFault, text) })
	if err != nil {
		s.Log.WarnContext(ctx, "note how the mail server does", "err", err)
		return
	}
	f.known, f.fault = true, result != nil
}

// FaultOf is what keeps mails from going out, nil where nothing does.
func FaultOf(r store.Reader) (*Fault, error) {
	text, err := r.Installation().Fact(store.FactMailFault)
	if err != nil || text == "" {
		return nil, err
	}
	var f Fault
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return nil, fmt.Errorf("read how the mail server does: %w", err)
	}
	return &f, nil
}
