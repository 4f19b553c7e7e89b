package search

import (
	"context"

	"madoguchi/desk"
	"madoguchi/store"
)

// past is one kind of record that was there before the index. The position is the id below which everything is still to
// do; it goes down to pastDone.
type past struct {
	task string
	read func(r store.Reader, below desk.ID) (entries []store.SearchEntry, lowest desk.ID, n int, err error)
}

const (
	pastAll  = 1 << 53 // above every id
	pastDone = 1
)

// pasts are filled in this order: names are few and wanted most.
var pasts = [...]past{
	{"contacts", func(r store.Reader, below desk.ID) ([]store.SearchEntry, desk.ID, int, error) {
		all, err := r.Search().ContactsBelow(below, messagesAtOnce)
		return entriesOf(all, contactEntry, err)
	}},
	{"messages", func(r store.Reader, below desk.ID) ([]store.SearchEntry, desk.ID, int, error) {
		all, err := r.Search().MessagesBelow(below, messagesAtOnce)
		return entriesOf(all, messageEntry, err)
	}},
	{"contact_notes", func(r store.Reader, below desk.ID) ([]store.SearchEntry, desk.ID, int, error) {
		all, err := r.Search().NotesBelow(below, messagesAtOnce)
		return entriesOf(all, noteEntry, err)
	}},
}

func entriesOf[T any](all []T, entry func(T) store.SearchEntry, err error) ([]store.SearchEntry, desk.ID, int, error) {
	var entries []store.SearchEntry
	lowest := desk.ID(pastDone)
	for _, one := range all {
		e := entry(one)
		lowest = e.ID
		if len(e.Tokens) > 0 {
			entries = append(entries, e)
		}
	}
	if len(all) < messagesAtOnce {
		lowest = pastDone
	}
	return entries, lowest, len(all), err
}

// begin gives where the index stands in a workspace's log, and the log's head. The first time it stands at the head: from
// there on it follows, and what is older is filled in.
func (x *Indexer) begin(ctx context.Context, workspace desk.ID) (at, head int64, err error) {
	begun := int64(0)
	positions := func(r store.Reader) (err error) {
		if begun, err = r.Search().Position(pasts[0].task); err != nil {
			return err
		}
		at, err = r.Search().Position(logTask)
		return err
	}
	newest, err := x.store.Head(ctx, workspace)
	if err != nil {
		return 0, 0, err
	}
	if err := x.store.View(ctx, workspace, positions); err != nil || begun != 0 {
		return at, max(newest, at), err
	}
	at, err = store.Result(ctx, x.store, workspace, func(tx store.Tx) (int64, error) { return beginAt(tx, newest) })
	return at, max(newest, at), err
}

// beginAt puts the index at the log's head with all the past to fill in, unless another node was first.
func beginAt(tx store.Tx, head int64) (at int64, err error) {
	if at, err = tx.WriteSearch().Hold(logTask); err != nil {
		return at, err
	}
	if begun, err := tx.Search().Position(pasts[0].task); err != nil || begun != 0 {
		return at, err
	}
	for _, p := range pasts {
		if err := tx.WriteSearch().SetPosition(p.task, pastAll); err != nil {
			return at, err
		}
	}
	return head, tx.WriteSearch().SetPosition(logTask, head)
}

// fill indexes one batch of the past and reports whether there is more. Where it stands is stored with what it wrote, so
// that it goes on there after a restart.
func (x *Indexer) fill(ctx context.Context, workspace desk.ID) (more bool, err error) {
	for _, p := range pasts {
		var below int64
		err := x.store.View(ctx, workspace, func(r store.Reader) (err error) {
			below, err = r.Search().Position(p.task)
			return err
		})
		if err != nil {
			return false, err
		}
		if below == pastDone {
			continue
		}
		return true, x.fillSome(ctx, workspace, p, below)
	}
	return false, nil
}

func (x *Indexer) fillSome(ctx context.Context, workspace desk.ID, p past, below int64) error {
	var entries []store.SearchEntry
	var lowest desk.ID
	var n int
	err := x.store.View(ctx, workspace, func(r store.Reader) (err error) {
		entries, lowest, n, err = p.read(r, desk.ID(below))
		return err
	})
	if err != nil {
		return err
	}
	ours := false
	err = x.store.Update(ctx, workspace, func(tx store.Tx) error {
		held, err := tx.WriteSearch().Hold(p.task)
		if ours = held == below; err != nil || !ours {
			return err
		}
		if err := tx.WriteSearch().Put(entries...); err != nil {
			return err
		}
		return tx.WriteSearch().SetPosition(p.task, int64(lowest))
	})
	if err != nil || !ours {
		return err
	}
	x.entries.Add(int64(len(entries)))
	x.tell(workspace, p, lowest, n)
	return x.tidy(ctx, workspace)
}

// tell logs progress now and then, and the end of a long filling.
func (x *Indexer) tell(workspace desk.ID, p past, lowest desk.ID, n int) {
	x.passed += n
	now := x.now()
	if x.told.IsZero() {
		x.told = now
	}
	switch {
	case lowest == pastDone && x.passed > messagesAtOnce:
		x.log.Info("indexed what was there before", "what", p.task, "workspace", workspace, "records", x.passed)
	case lowest != pastDone && now.Sub(x.told) >= lookEvery:
		x.told = now
		x.log.Info("indexing what was there before", "what", p.task, "workspace", workspace, "records", x.passed, "back_to", lowest.Time())
	}
	if lowest == pastDone {
		x.passed = 0
	}
}
