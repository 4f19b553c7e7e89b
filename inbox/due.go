package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// SendDue sends the replies of a workspace whose instant came, each once however many nodes look, and says when the next one is
// due, zero if none is.
func (s *Service) SendDue(ctx context.Context, workspace desk.ID) (sent int, next time.Time, err error) {
	for {
		var waiting []desk.Scheduled
		err := s.store.View(ctx, workspace, func(r store.Reader) (err error) {
			waiting, err = r.Scheduled().Next(wakeBatch)
			return err
		})
		if err != nil {
			return sent, time.Time{}, fmt.Errorf("read scheduled messages: %w", err)
		}
		for _, d := range waiting {
			if d.DueAt.After(s.now()) {
				return sent, d.DueAt, nil
			}
			went, sendErr := s.sendOne(ctx, workspace, d)
			if sendErr != nil {
				err = errors.Join(err, fmt.Errorf("send scheduled message %d: %w", d.ID, sendErr)) // the others go all the same
			}
			if went {
				sent++
			}
		}
		if err != nil || len(waiting) < wakeBatch {
			return sent, time.Time{}, err
		}
	}
}

// sendOne sends a reply that is due, or gives it back to its writer with the reason, unless somebody was quicker.
func (s *Service) sendOne(ctx context.Context, workspace desk.ID, d desk.Scheduled) (sent bool, err error) {
	sent, err = store.Result(ctx, s.store, workspace, func(tx store.Tx) (bool, error) {
		writer, err := writerOf(tx, d)
		if err != nil {
			return false, err
		}
		v, now, err := s.openScheduled(tx, writer, d.ID)
		if err != nil || now.Returned() || now.DueAt.After(v.now) {
			return false, err
		}
		if err := v.stillWanted(now); err != nil {
			return false, err
		}
		_, err = s.speak(v, now)
		return err == nil, err
	})
	switch desk.KindOf(err) {
	case desk.KindConflict, desk.KindInvalid, desk.KindForbidden, desk.KindNotFound:
		return false, s.giveBack(ctx, workspace, d, desk.CodeOf(err))
	}
	return sent, err
}

// The reasons of our own why a reply comes back.
const (
	codeMemberGone = "scheduled_member_gone"
	codeAnswered   = "scheduled_answered"
	codeResolved   = "scheduled_resolved"
	codeTakenBack  = "scheduled_taken_back"
)

// writerOf is the member in whose name a reply goes out, as they are now.
func writerOf(r store.Reader, d desk.Scheduled) (Actor, error) {
	m, err := r.Members().Get(d.UserID)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return Actor{}, err
	}
	if err != nil || !m.Answers() {
		return Actor{}, desk.Errorf(desk.KindConflict, codeMemberGone, "member %d does not answer any more", d.UserID)
	}
	w, err := r.Workspaces().Current()
	return Member(w, m), err
}

// stillWanted refuses what its writer, or the case's end, has made pointless.
func (v *visit) stillWanted(d desk.Scheduled) error {
	if d.Answered(v.row) {
		return desk.Errorf(desk.KindConflict, codeAnswered, "the customer has written meanwhile")
	}
	if !d.Undo && v.ticket.Status.Resolved() && v.ticket.ResolvedAt.After(d.CreatedAt) {
		return desk.Errorf(desk.KindConflict, codeResolved, "ticket %d was resolved meanwhile", v.ticket.Number)
	}
	return nil
}

// speak makes the message of a reply that waited: its row goes and the message comes in one transaction.
func (s *Service) speak(v *visit, d desk.Scheduled) (desk.Message, error) {
	if err := v.tx.WriteScheduled().Delete(d.ID); err != nil {
		return desk.Message{}, fmt.Errorf("delete scheduled message: %w", err)
	}
	if err := v.keepFiles(d.Parts, v.row.ID, 0); err != nil {
		return desk.Message{}, err
	}
	in := NewMessage{
		ClientID: d.ClientID, Mode: ModeReply, Parts: d.Parts, ReplyToID: d.ReplyToID, Then: Then(d.Then), SnoozeUntil: d.SnoozeUntil,
	}
	if in.Then == ThenSnooze && !in.SnoozeUntil.After(v.now) {
		in.Then = ThenNothing // the time to sleep until has come
	}
	m, err := s.utter(v, in)
	if err != nil {
		return m, err
	}
	v.tellScheduled(d)
	return m, v.close()
}

// notify tells a member of something in this conversation.
func (v *visit) notify(user desk.ID, code string, severity desk.Severity, params map[string]string) error {
	n := desk.NotifyAbout(v.row, user, code, params)
	n.Severity = severity
	return store.Notify(v.tx, n)
}
