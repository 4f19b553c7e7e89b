package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"madoguchi/desk"
	"madoguchi/store"
)

// maxReminderNote is how long the note of a reminder may be, in runes.
const maxReminderNote = 200

// Reminding is a reminder as a member wants it.
type Reminding struct {
	At             time.Time
	UnlessAnswered bool // it lapses when the customer writes before
	Note           string
}

// Remind sets the actor's reminder in a conversation, in the place of the one before: "time_passed", "time_too_far", "text_too_long"
// (invalid).
func (s *Service) Remind(ctx context.Context, a Actor, conversation desk.ID, want Reminding) (desk.Reminder, error) {
	want.Note = desk.CleanText(want.Note)
	if utf8.RuneCountInString(want.Note) > maxReminderNote {
		return desk.Reminder{}, desk.Invalid("note", "text_too_long", "more than %d characters", maxReminderNote)
	}
	set, err := store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Reminder, error) {
		row, err := tx.WriteConversations().Lock(conversation)
		if err == nil {
			err = a.sees(tx, row)
		}
		if err != nil {
			return desk.Reminder{}, err
		}
		due, err := Later{At: want.At}.due(tx.Now())
		if err != nil {
			return desk.Reminder{}, err
		}
		r, err := tx.Reminders().Of(a.User, conversation)
		if err != nil {
			if desk.KindOf(err) != desk.KindNotFound {
				return r, err
			}
			r = desk.Reminder{ID: tx.NewID(), UserID: a.User, ConversationID: conversation, CreatedAt: tx.Now()}
		}
		r.Note, r.DueAt, r.UnlessAnswered, r.SeenSeq, r.FiredAt = want.Note, due, want.UnlessAnswered, row.LastInboundSeq, time.Time{}
		return r, putReminder(tx, a.By, r)
	})
	if err == nil {
		s.slept.Ring()
	}
	return set, err
}

func putReminder(tx store.Tx, by desk.Actor, r desk.Reminder) error {
	if err := tx.WriteReminders().Put(r); err != nil {
		return fmt.Errorf("put reminder: %w", err)
	}
	tellReminder(tx, by, r)
	return nil
}

func tellReminder(tx store.Tx, by desk.Actor, r desk.Reminder) {
	tx.Emit(desk.Event{Kind: desk.EventReminderChanged, At: tx.Now(), Actor: by, ConversationID: r.ConversationID, UserID: r.UserID, SubjectID: r.ID})
}

// ForgetReminder takes the actor's reminder in a conversation away, whether it has come or not; without one nothing happens.
func (s *Service) ForgetReminder(ctx context.Context, a Actor, conversation desk.ID) error {
	return s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
		row, err := tx.Conversations().Get(conversation)
		if err == nil {
			err = a.sees(tx, row)
		}
		if err != nil {
			return err
		}
		r, err := tx.Reminders().Of(a.User, conversation)
		if desk.KindOf(err) == desk.KindNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		return dropReminder(tx, a.By, r)
	})
}

func dropReminder(tx store.Tx, by desk.Actor, r desk.Reminder) error {
	if err := tx.WriteReminders().Delete(r.ID); err != nil {
		return fmt.Errorf("delete reminder: %w", err)
	}
	tellReminder(tx, by, r)
	return nil
}

// RemindDue reminds the members of a workspace whose instant came, each once, and says when the next one is due, zero if none is.
func (s *Service) RemindDue(ctx context.Context, workspace desk.ID) (told int, next time.Time, err error) {
	for {
		var waiting []desk.Reminder
		err := s.store.View(ctx, workspace, func(r store.Reader) (err error) {
			waiting, err = r.Reminders().Due(farFuture, wakeBatch)
			return err
		})
		if err != nil {
			return told, time.Time{}, fmt.Errorf("read reminders: %w", err)
		}
		for _, r := range waiting {
			if r.DueAt.After(s.now()) {
				return told, r.DueAt, nil
			}
			reminded, oneErr := s.remindOne(ctx, workspace, r.ID)
			if oneErr != nil {
				err = errors.Join(err, fmt.Errorf("remind of conversation %d: %w", r.ConversationID, oneErr))
			}
			if reminded {
				told++
			}
		}
		if err != nil || len(waiting) < wakeBatch {
			return told, time.Time{}, err
		}
	}
}

// remindOne reminds a member unless another node was quicker. What has lapsed goes, and what they may not see any more.
func (s *Service) remindOne(ctx context.Context, workspace, id desk.ID) (told bool, err error) {
	return store.Result(ctx, s.store, workspace, func(tx store.Tx) (bool, error) {
		r, err := tx.Reminders().Get(id)
		if desk.KindOf(err) == desk.KindNotFound {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		clock := Actor{Workspace: workspace, By: desk.Actor{Kind: desk.ActorSystem}}
		v, err := openVisit(tx, clock, r.ConversationID)
		if desk.KindOf(err) == desk.KindNotFound {
			return false, dropReminder(tx, clock.By, r)
		}
		if err != nil {
			return false, err
		}
		if r, err = tx.Reminders().Get(id); err != nil { // under the lock: two nodes remind once
			return false, gone(err)
		}
		if !r.FiredAt.IsZero() || r.DueAt.After(v.now) {
			return false, nil
		}
		wanted, err := v.stillTheirs(r)
		if err != nil {
			return false, err
		}
		if !wanted {
			return false, dropReminder(tx, clock.By, r)
		}
		r.FiredAt = v.now
		if err := putReminder(tx, clock.By, r); err != nil {
			return false, err
		}
		return true, v.notify(r.UserID, desk.NotifyReminder, desk.SeverityInfo, nil)
	})
}

// stillTheirs reports whether a reminder has not lapsed and its member still sees the conversation.
func (v *visit) stillTheirs(r desk.Reminder) (bool, error) {
	m, err := v.tx.Members().Get(r.UserID)
	if err != nil {
		return false, gone(err)
	}
	err = Member(desk.Workspace{ID: v.actor.Workspace}, m).sees(v.tx, v.row)
	return err == nil && m.Active && !r.Lapsed(v.row), gone(err)
}

// gone makes nothing of an error that says that something is not there.
func gone(err error) error {
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	return err
}
