package inbound

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/inbound/journal"
	"madoguchi/store"
)

const (
	handAtOnce = 64               // requests that go from the journal to the store in one transaction
	handWithin = 10 * time.Second // how long that may take
	handAgain  = time.Second      // after the store did not take them
	roomAgain  = 100 * time.Millisecond

	rawScope = "raw" // of the keys that make a request's second commit harmless
)

// kept is a request as the journal has it.
type kept struct {
	Workspace desk.ID   `json:"workspace"`
	Channel   desk.ID   `json:"channel"`
	Key       string    `json:"key"`
	Received  time.Time `json:"received"`
	Sealed    []byte    `json:"sealed"`
}

// away keeps a request in the journal.
func (s *Service) away(q kept) error {
	if s.journal == nil {
		return desk.Errorf(desk.KindUnavailable, "journal_unavailable", "there is no journal")
	}
	record, err := json.Marshal(q)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	if err := s.journal.Append(record); err != nil {
		return err
	}
	s.counts.journalled.Add(1)
	select {
	case s.journalled <- struct{}{}:
	default:
	}
	return nil
}

// behindJournal reports whether requests wait in the journal: the next ones queue up behind them, so that each channel's
// stay in order.
func (s *Service) behindJournal() bool { return s.journal != nil && s.journal.Waiting() > 0 }

// handOver hands the journal's requests to the store whenever there are some, until ctx ends.
func (s *Service) handOver(ctx context.Context) {
	if s.journal == nil {
		return
	}
	for ctx.Err() == nil {
		n, err := s.hand(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "requests wait in the journal", "waiting", s.journal.Waiting(), "err", err)
		}
		var again <-chan time.Time
		switch {
		case err != nil:
			again = time.After(handAgain)
		case n > 0:
			continue
		case s.journal.Waiting() > 0:
			again = time.After(roomAgain) // the filer has its hands full
		}
		select {
		case <-ctx.Done():
		case <-again:
		case <-s.journalledUnless(again):
		}
	}
}

// journalledUnless is the news of another request in the journal, unless one is waited for anyway.
func (s *Service) journalledUnless(again <-chan time.Time) <-chan struct{} {
	if again != nil {
		return nil
	}
	return s.journalled
}

// hand hands over the oldest requests in one transaction, and says how many; 0 = there are none, or the filer has no room.
func (s *Service) hand(ctx context.Context) (int, error) {
	records, err := s.journal.Oldest(handAtOnce)
	if err != nil || len(records) == 0 {
		return 0, err
	}
	var batch []kept
	var last journal.Record
	for _, r := range records {
		var q kept
		if err := json.Unmarshal(r.Data, &q); err != nil {
			return 0, fmt.Errorf("read request in the journal: %w", err)
		}
		if len(batch) > 0 && q.Workspace != batch[0].Workspace {
			break
		}
		if !s.filer.room() {
			break
		}
		batch, last = append(batch, q), r
	}
	if len(batch) == 0 {
		return 0, nil
	}
	storing, cancel := context.WithTimeout(ctx, handWithin)
	defer cancel()
	ids, err := s.commit(storing, batch)
	if err != nil {
		return 0, fmt.Errorf("hand over: %w", err)
	}
	for i, q := range batch {
		s.lineUp(ctx, q, ids[i])
	}
	return len(batch), s.journal.Forget(last)
}

// lineUp lets a request that was handed over be filed; id 0 = it was filed before.
func (s *Service) lineUp(ctx context.Context, q kept, id desk.ID) {
	if id == 0 {
		return
	}
	e, err := s.opened(store.RawRequest{Workspace: q.Workspace, ID: id, ChannelID: q.Channel, Sealed: q.Sealed})
	if err != nil {
		s.log.ErrorContext(ctx, "open request of the journal; it comes due in the store", "request", id, "channel", q.Channel, "err", err)
		return
	}
	s.filer.push(item{workspace: q.Workspace, channel: q.Channel, id: id, live: &e})
}

// commit commits sealed requests of one workspace and gives the ids they have: 0 for one that was committed and filed
// before. Who took them has a while to file them; then any node does.
func (s *Service) commit(ctx context.Context, batch []kept) ([]desk.ID, error) {
	return store.Result(ctx, s.store, batch[0].Workspace, func(tx store.Tx) ([]desk.ID, error) {
		ids := make([]desk.ID, len(batch))
		for i, q := range batch {
			id, err := commitOne(tx, q)
			if err != nil {
				return nil, err
			}
			ids[i] = id
		}
		return ids, nil
	})
}

func commitOne(tx store.Tx, q kept) (desk.ID, error) {
	id := tx.NewID()
	before, known, err := tx.Seen(rawScope, q.Key, id)
	if err != nil {
		return 0, err
	}
	if !known {
		return id, tx.WriteRaw().Put(store.RawRequest{
			ID: id, ChannelID: q.Channel, ReceivedAt: q.Received, Sealed: q.Sealed, DueAt: tx.Now().Add(fileFirst),
		})
	}
	stored, err := tx.Raw().Get(before)
	if desk.KindOf(err) == desk.KindNotFound || err == nil && stored.DueAt.IsZero() {
		return 0, nil
	}
	return before, err
}

// errors of the store and the journal, both: the operator needs to see why neither took a request.
func keptNowhere(stored, journalled error) error {
	return fmt.Errorf("keep request: %w", errors.Join(stored, journalled))
}
