package inbound

import (
	"context"
	"errors"
	"strconv"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// errEarly says that a result names something that is not here yet: it may come in a moment.
var errEarly = errors.New("names a message that is not known yet")

// errInHand says that a result is about a piece whose attempt has begun and not ended, perhaps on a node that died: however long
// that takes, its end comes first.
var errInHand = errors.New("is about a message that is being sent")

// early makes a record that is missing one that may still come.
func early(err error) error {
	if desk.KindOf(err) == desk.KindNotFound {
		return errEarly
	}
	return err
}

// result files one result. Nil without an error is something acknowledged that made no message. errInHand is given while an
// attempt's end comes first, errEarly while it may still find what it names; final says that nothing more will come, and it is
// counted as unrouted then.
func (s *Service) result(ctx context.Context, q *request, r channel.Result, final bool) (*Filed, error) {
	to, err := s.route(ctx, q, r.Account)
	if err != nil {
		return nil, err
	}
	if !to.known {
		s.counts.unrouted.Add(1)
		return nil, nil
	}
	ch := to.channel
	r = scoped(ch, r)
	f := filing{
		call: q.call, workspace: to.workspace, channel: ch, spec: q.connector.Spec(), key: r.Key, opens: r.Opens, endpoint: q.endpoint, final: final,
	}
	switch {
	case ch.State.Closed() != nil:
		s.counts.discarded.Add(1)
		return nil, nil
	case r.Message != nil:
		f.in = *r.Message
		return s.message(ctx, f)
	case r.Receipt != nil:
		s.counts.receipts.Add(1)
		return nil, s.news(ctx, f, func(f *filing) error { return f.receipt(*r.Receipt) })
	case r.Unknown != "":
		s.counts.unknown.Add(1)
		s.log.InfoContext(ctx, "unknown event", "channel", ch.ID, "kind", ch.Kind, "event", strconv.Quote(r.Unknown))
		return nil, nil
	}
	s.counts.news.Add(1)
	return nil, s.news(ctx, f, func(f *filing) error { return f.happened(r) })
}

// happened files what is neither a message nor a receipt.
func (f *filing) happened(r channel.Result) error {
	switch {
	case r.Echo != nil:
		return f.echo(*r.Echo)
	case r.Reaction != nil:
		return f.reaction(*r.Reaction)
	case r.Edit != nil:
		return f.edit(*r.Edit)
	case r.Unsend != nil:
		return f.unsend(*r.Unsend)
	case r.Standing != nil:
		return f.standing(*r.Standing)
	case r.Notice != nil:
		return f.notice(*r.Notice)
	}
	return nil
}

// news files what is no message, once by its key.
func (s *Service) news(ctx context.Context, f filing, change func(*filing) error) error {
	duplicate, err := again(func() (bool, error) {
		return store.Result(ctx, s.store, f.workspace, func(tx store.Tx) (bool, error) {
			f := f // it may run again
			f.tx, f.now = tx, tx.Now()
			if !f.spec.Local { // one of ours says the same again and means it anew
				if _, seen, err := tx.Seen(f.scope(), f.key, tx.NewID()); err != nil || seen {
					return seen, err
				}
			}
			return false, change(&f)
		})
	})
	switch {
	case errors.Is(err, errEarly) && f.final:
		s.counts.unrouted.Add(1)
		return nil
	case duplicate:
		s.counts.duplicates.Add(1)
	}
	return err
}

// message files a message.
func (s *Service) message(ctx context.Context, f filing) (*Filed, error) {
	filed, err := again(func() (Filed, error) { return store.Result(ctx, s.store, f.workspace, f.file) })
	if err != nil {
		return nil, err
	}
	switch {
	case filed.Duplicate:
		s.counts.duplicates.Add(1)
	case filed.Held:
		s.counts.held.Add(1)
		if !f.spec.Local {
			return nil, nil
		}
	default:
		s.counts.messages.Add(1)
		if s.met != nil && filed.Contact.Name == "" {
			s.met(f.workspace, filed.Identity.ID)
		}
	}
	return &filed, nil
}

// again runs an update anew when another writer was first with the same contact, conversation or ticket: the unique index
// decides, and the second time round the other's record is found (F3).
func again[T any](update func() (T, error)) (T, error) {
	for attempt := 1; ; attempt++ {
		made, err := update()
		if err == nil || desk.KindOf(err) != desk.KindConflict || attempt == attempts {
			return made, err
		}
	}
}
