package inbox

import (
	"context"
	"fmt"
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Later is when a reply goes out: at an instant, or after the seconds in which its writer may take it back (G4.10).
type Later struct {
	At             time.Time
	Undo           time.Duration // instead of At, at most maxUndo
	UnlessAnswered bool          // not if the customer writes before
}

// Limits of what waits.
const (
	maxUndo      = 30 * time.Second
	maxScheduled = 20 // in one conversation
)

// due decides the instant: "time_passed", "time_too_far", "undo_invalid" (invalid).
func (l Later) due(now time.Time) (time.Time, error) {
	switch {
	case l.Undo != 0 && (l.Undo < 0 || l.Undo > maxUndo || !l.At.IsZero()):
		return time.Time{}, desk.Invalid("undo_seconds", "undo_invalid", "a reply is held for %s at most, and not also scheduled", maxUndo)
	case l.Undo != 0:
		return now.Add(l.Undo), nil
	case !l.At.After(now):
		return time.Time{}, desk.Invalid("send_at", "time_passed", "%s is not later than now", desk.Instant(l.At))
	case l.At.After(now.Add(maxSnooze)):
		return time.Time{}, desk.Invalid("send_at", "time_too_far", "more than a year ahead")
	}
	return l.At.UTC(), nil
}

// Schedule keeps a reply until its instant. What the channel never carries is refused now, all the rest then; what only waits to be
// taken back is refused as Write would. created is false when the client id was known: what became of it then is the message or the
// Scheduled of then. "scheduled_too_many" (conflict).
func (s *Service) Schedule(ctx context.Context, a Actor, conversation desk.ID, in NewMessage, l Later) (scheduled desk.Scheduled, created bool, err error) {
	if err := in.check(a); err != nil {
		return scheduled, false, err
	}
	if in.Mode != ModeReply {
		return scheduled, false, desk.Invalid("mode", "mode_invalid", "only replies wait")
	}
	type kept struct {
		desk.Scheduled
		now bool
	}
	k, err := store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (kept, error) {
		v, err := openVisit(tx, a, conversation)
		if err != nil {
			return kept{}, err
		}
		known, err := v.scheduledBefore(in.ClientID)
		if err == nil {
			return kept{known, false}, nil
		}
		if desk.KindOf(err) != desk.KindNotFound {
			return kept{}, err
		}
		fresh, err := s.schedule(v, in, l)
		return kept{fresh, true}, err
	})
	if err == nil {
		s.slept.Ring()
	}
	return k.Scheduled, k.now, err
}

// scheduledBefore finds what a client id stood for: what still waits, or what was sent, of which only the ids are told.
func (v *visit) scheduledBefore(clientID string) (desk.Scheduled, error) {
	known, err := v.tx.Scheduled().ByClientID(v.row.ID, v.actor.User, clientID)
	if err == nil || desk.KindOf(err) != desk.KindNotFound {
		return known, err
	}
	m, err := v.tx.Messages().ByClientID(v.row.ID, desk.AuthorHuman, v.actor.User, clientID)
	return desk.Scheduled{ConversationID: v.row.ID, UserID: v.actor.User, ClientID: clientID, Parts: m.Parts, DueAt: m.At, CreatedAt: m.At}, err
}

func (s *Service) schedule(v *visit, in NewMessage, l Later) (desk.Scheduled, error) {
	d := desk.Scheduled{
		ID: v.tx.NewID(), ConversationID: v.row.ID, UserID: v.actor.User, ClientID: in.ClientID, Undo: l.Undo != 0, ReplyToID: in.ReplyToID,
		Then: string(in.Then), SnoozeUntil: in.SnoozeUntil, UnlessAnswered: l.UnlessAnswered, SeenSeq: v.row.LastInboundSeq, CreatedAt: v.now,
	}
	var err error
	if d.DueAt, err = l.due(v.now); err != nil {
		return d, err
	}
	if err := v.mayWait(); err != nil {
		return d, err
	}
	if d.Undo {
		if _, _, err := s.reachable(v, desk.Message{Author: in.author(v.actor)}); err != nil {
			return d, err
		}
	}
	if d.Parts, err = s.waitingParts(v, d, in.Parts); err != nil {
		return d, err
	}
	if err := v.forgetDraft(ModeReply); err != nil {
		return d, err
	}
	err = v.putScheduled(&d)
	return d, err
}

// mayWait refuses one more reply that waits here: "scheduled_too_many" (conflict). What came back does not wait.
func (v *visit) mayWait() error {
	all, err := v.tx.Scheduled().OfConversation(v.row.ID)
	if err != nil {
		return err
	}
	if waiting := slices.DeleteFunc(all, desk.Scheduled.Returned); len(waiting) >= maxScheduled {
		return desk.Errorf(desk.KindConflict, "scheduled_too_many", "%d replies wait here already", len(waiting))
	}
	return nil
}

// waitingParts makes the parts of a reply that waits, and keeps its files for it.
func (s *Service) waitingParts(v *visit, d desk.Scheduled, asked []desk.Part) ([]desk.Part, error) {
	if err := answersHere(v.tx, v.row.ID, d.ReplyToID); err != nil {
		return nil, err
	}
	parts, err := v.takeParts(asked)
	if err != nil {
		return nil, err
	}
	ch, err := v.tx.Channels().Get(v.row.ChannelID)
	if err != nil {
		return nil, err
	}
	connector, err := s.channels.Get(ch.Kind)
	if err != nil {
		return nil, err
	}
	spec := connector.Spec()
	markLinks(parts, asked, spec, ch.Settings)
	if err := carry(parts, spec.Capabilities); err != nil {
		return nil, err
	}
	return parts, v.keepFiles(parts, 0, d.ID)
}

// keepFiles says whose files are: of a conversation and message, or of what waits to become one, which no conversation shows yet.
func (v *visit) keepFiles(parts []desk.Part, conversation, holder desk.ID) error {
	for _, p := range parts {
		if p.Attachment == nil {
			continue
		}
		p.Attachment.ConversationID, p.Attachment.MessageID = conversation, holder
		if err := v.tx.WriteMessages().PutAttachment(*p.Attachment); err != nil {
			return fmt.Errorf("put attachment: %w", err)
		}
	}
	return nil
}

func (v *visit) putScheduled(d *desk.Scheduled) error {
	d.Version++
	if err := v.tx.WriteScheduled().Put(*d); err != nil {
		return fmt.Errorf("put scheduled message: %w", err)
	}
	v.tellScheduled(*d)
	return nil
}

func (v *visit) tellScheduled(d desk.Scheduled) {
	v.tx.Emit(desk.Event{Kind: desk.EventScheduledChanged, At: v.now, Actor: v.actor.By, ConversationID: d.ConversationID, SubjectID: d.ID, UserID: d.UserID})
}

// Rescheduled is what becomes of a reply that waits; nil leaves a field alone.
type Rescheduled struct {
	Parts          *[]desk.Part
	At             *time.Time
	UnlessAnswered *bool
	Version        int64 // the version that was seen
}

// Reschedule changes a reply that waits; one that came back waits again once it has another instant. Only its writer does: "not_yours"
// (forbidden); "edited_meanwhile", "scheduled_too_many" (conflict); "scheduled_message_not_found" when it has gone out or was taken back.
func (s *Service) Reschedule(ctx context.Context, a Actor, id desk.ID, to Rescheduled) (desk.Scheduled, error) {
	if to.Parts != nil {
		if err := checkParts(*to.Parts, ModeReply); err != nil {
			return desk.Scheduled{}, err
		}
	}
	d, err := s.atScheduled(ctx, a, id, func(v *visit, d *desk.Scheduled) error {
		switch {
		case d.UserID != a.User:
			return desk.Errorf(desk.KindForbidden, "not_yours", "only its writer changes a reply")
		case d.Version != to.Version:
			return desk.Errorf(desk.KindConflict, "edited_meanwhile", "the reply is at version %d, not %d", d.Version, to.Version)
		}
		return s.reschedule(v, d, to)
	})
	if err == nil {
		s.slept.Ring()
	}
	return d, err
}

func (s *Service) reschedule(v *visit, d *desk.Scheduled, to Rescheduled) (err error) {
	if to.At != nil {
		if d.DueAt, err = (Later{At: *to.At}).due(v.now); err != nil {
			return err
		}
		if d.Returned() {
			if err := v.mayWait(); err != nil {
				return err
			}
		}
		d.Undo = false
		d.WaitAgain(v.now)
	}
	if to.UnlessAnswered != nil {
		d.UnlessAnswered = *to.UnlessAnswered
	}
	if to.Parts != nil {
		if err := v.releaseFiles(d.Parts); err != nil {
			return err
		}
		if d.Parts, err = s.waitingParts(v, *d, *to.Parts); err != nil {
			return err
		}
	}
	d.SeenSeq = v.row.LastInboundSeq // its writer has looked again
	return v.putScheduled(d)
}

// CancelScheduled takes a reply back, before it goes out or after it came back: it is its writer's draft again. A colleague's that waits
// comes back to them, and they are told. One that came back to somebody who does not answer here any more becomes the actor's draft;
// otherwise it is "not_yours" (forbidden).
func (s *Service) CancelScheduled(ctx context.Context, a Actor, id desk.ID) (desk.Scheduled, error) {
	return s.atScheduled(ctx, a, id, func(v *visit, d *desk.Scheduled) error {
		switch {
		case d.UserID == a.User:
			return v.withdraw(d)
		case d.Returned():
			if err := v.mayTake(*d); err != nil {
				return err
			}
			return v.withdraw(d)
		}
		if err := v.comeBack(d, codeTakenBack); err != nil {
			return err
		}
		return v.notify(d.UserID, desk.NotifyScheduledCanceled, desk.SeverityWarning, map[string]string{"by": a.User.String()})
	})
}

// SendScheduled sends a reply now that waits or came back: as its writer said it, refused as Write would. "not_yours" (forbidden).
func (s *Service) SendScheduled(ctx context.Context, a Actor, id desk.ID) (desk.Message, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Message, error) {
		v, d, err := s.openScheduled(tx, a, id)
		if err != nil {
			return desk.Message{}, err
		}
		if d.UserID != a.User {
			return desk.Message{}, desk.Errorf(desk.KindForbidden, "not_yours", "only its writer sends a reply")
		}
		return s.speak(v, d)
	})
}

// atScheduled runs fn with a reply that waits or came back, under its conversation's lock.
func (s *Service) atScheduled(ctx context.Context, a Actor, id desk.ID, fn func(*visit, *desk.Scheduled) error) (desk.Scheduled, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Scheduled, error) {
		v, d, err := s.openScheduled(tx, a, id)
		if err != nil {
			return d, err
		}
		err = fn(v, &d)
		return d, err
	})
}

// openScheduled opens the conversation of a reply that waits or came back, its files filled in. It is read again under the lock: of those who
// send and those who take back, one is first.
func (s *Service) openScheduled(tx store.Tx, a Actor, id desk.ID) (*visit, desk.Scheduled, error) {
	d, err := tx.Scheduled().Get(id)
	if err != nil {
		return nil, d, err
	}
	v, err := openVisit(tx, a, d.ConversationID)
	if desk.CodeOf(err) == "conversation_not_found" {
		err = desk.NotFound("scheduled_message") // what waits out of sight is not there
	}
	if err != nil {
		return nil, d, err
	}
	if d, err = tx.Scheduled().Get(id); err != nil {
		return v, d, err
	}
	err = store.FillFiles(tx, d.Parts)
	return v, d, err
}
