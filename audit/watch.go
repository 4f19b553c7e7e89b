package audit

import (
	"context"
	"strconv"

	"madoguchi/desk"
	"madoguchi/store"
)

// Watch wraps a store so that every update notes what J6 lists in the same transaction. noted hears, after the commit, that
// there are intents to link; it must not block, and may be nil.
func Watch(s store.Store, noted func()) store.Store {
	if noted == nil {
		noted = func() {}
	}
	return watched{Store: s, noted: noted}
}

type watched struct {
	store.Store
	noted func()
}

func (w watched) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	origin, still := originOf(ctx), quiet(ctx)
	intended, err := store.Result(ctx, w.Store, workspace, func(t store.Tx) (bool, error) {
		seen := &tx{Tx: t, workspace: workspace, origin: origin, quiet: still}
		err := fn(seen)
		if err == nil {
			err = seen.failed
		}
		return seen.intended, err
	})
	if intended || desk.KindOf(err) == desk.KindUncertain { // then nobody knows: looking costs little
		w.noted()
	}
	return err
}

// tx notes what is written through it.
type tx struct {
	store.Tx
	workspace desk.ID
	origin    Origin
	quiet     bool
	intended  bool
	became    desk.ID // whom a stranger's request made a member: they did it themselves
	failed    error   // a deed of an event could not be noted: Emit cannot say so
}

// Emit notes the deeds that the event log tells of.
func (t *tx) Emit(e desk.Event) {
	t.Tx.Emit(e)
	if t.quiet {
		return
	}
	for _, deed := range deedsOf(e) {
		if deed.Object.Kind == "ticket" {
			if ticket, err := t.Tickets().Get(deed.Object.ID); err == nil {
				deed.Object.Name = "#" + strconv.FormatInt(ticket.Number, 10)
			}
		}
		if err := t.Intend(t.workspace, deed); err != nil && t.failed == nil {
			t.failed = err
		}
	}
}

// WriteAudit lets services note what no record tells.
func (t *tx) WriteAudit() store.AuditWriter { return writer{t.Tx.WriteAudit(), t} }

type writer struct {
	store.AuditWriter
	t *tx
}

func (w writer) Intend(workspace desk.ID, e desk.AuditEntry) error { return w.t.Intend(workspace, e) }

// becomes says that somebody is made a user or member here: where nobody was signed in, as at an invitation or the set-up
// page, they are who acts.
func (t *tx) becomes(user desk.ID) {
	if t.origin.IP != "" && t.origin.Actor.Kind == "" && t.became == 0 {
		t.became = user
	}
}

// Intend notes a deed with where it comes from; who did it is the entry's own actor, else the caller, else the desk.
func (t *tx) Intend(workspace desk.ID, e desk.AuditEntry) error {
	if e.Actor.Kind == "" {
		e.Actor = t.origin.Actor
	}
	if e.Actor.Kind == "" && t.became != 0 {
		e.Actor = desk.Actor{Kind: desk.ActorUser, ID: t.became}
	}
	if e.Actor.Kind == "" {
		e.Actor = desk.Actor{Kind: desk.ActorSystem}
	}
	e.RequestID = t.origin.RequestID
	if e.Actor.Kind != desk.ActorCustomer { // where customers are is none of the log's business
		e.IP = t.origin.IP
	}
	e.Object.Name = clip(e.Object.Name)
	for i := range e.Changes {
		e.Changes[i].From, e.Changes[i].To = clip(e.Changes[i].From), clip(e.Changes[i].To)
	}
	t.intended = true
	return t.Tx.WriteAudit().Intend(workspace, e)
}

const maxText = 500 // runes kept of a value

func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > maxText {
			return s[:i] + "…"
		}
	}
	return s
}
