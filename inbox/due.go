package inbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf16"

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
		if err != nil || now.DueAt.After(v.now) {
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
		return false, s.giveBack(ctx, workspace, d.ID, desk.CodeOf(err))
	}
	return sent, err
}

// The reasons of our own why a reply is not sent when its instant comes.
const (
	codeMemberGone = "scheduled_member_gone"
	codeAnswered   = "scheduled_answered"
	codeResolved   = "scheduled_resolved"
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

// giveBack makes a reply that was not sent its writer's draft again, and tells them why.
func (s *Service) giveBack(ctx context.Context, workspace, id desk.ID, reason string) error {
	clock := Actor{Workspace: workspace, By: desk.Actor{Kind: desk.ActorSystem}}
	return s.store.Update(ctx, workspace, func(tx store.Tx) error {
		v, d, err := s.openScheduled(tx, clock, id)
		if desk.CodeOf(err) == "scheduled_message_not_found" {
			return tx.WriteScheduled().Delete(id) // sent or taken back meanwhile, or its conversation is gone
		}
		if err != nil {
			return err
		}
		if err := v.withdraw(&d); err != nil {
			return err
		}
		return v.notify(d.UserID, desk.NotifyScheduledFailed, desk.SeverityError, map[string]string{"reason": reason})
	})
}

// withdraw ends the waiting of a reply: it stands before what its writer has written there since.
func (v *visit) withdraw(d *desk.Scheduled) error {
	if err := v.releaseFiles(d.Parts); err != nil {
		return err
	}
	if err := v.tx.WriteScheduled().Delete(d.ID); err != nil {
		return fmt.Errorf("delete scheduled message: %w", err)
	}
	v.tellScheduled(*d)
	drafts, err := v.tx.Drafts().Of(d.UserID, v.row.ID)
	if err != nil {
		return err
	}
	back := Unsent{Mode: ModeReply, Parts: d.Parts, ReplyToID: d.ReplyToID}
	for _, draft := range drafts {
		if draft.Mode == string(ModeReply) {
			back.Parts = joined(d.Parts, draft.Body)
		}
	}
	writer := Actor{Workspace: v.actor.Workspace, By: v.actor.By, User: d.UserID}
	return putDraft(v.tx, writer, v.row.ID, back.bare())
}

// releaseFiles makes the files of a reply its writer's unsent uploads again: new ones, so that they live as long as any.
func (v *visit) releaseFiles(parts []desk.Part) error {
	for i := range parts {
		old := parts[i].Attachment
		if old == nil {
			continue
		}
		if err := v.tx.WriteMessages().DeleteAttachmentsOf(old.MessageID); err != nil {
			return fmt.Errorf("delete attachments: %w", err)
		}
		fresh := *old
		fresh.ID, fresh.ConversationID, fresh.MessageID, fresh.CreatedAt = v.tx.NewID(), 0, 0, v.now
		if err := v.tx.WriteMessages().PutAttachment(fresh); err != nil {
			return fmt.Errorf("put attachment: %w", err)
		}
		parts[i].AttachmentID, parts[i].Attachment = fresh.ID, &fresh
	}
	return nil
}

// joined is one draft of two: the texts one under the other, all files.
func joined(first, second []desk.Part) []desk.Part {
	isText := func(p desk.Part) bool { return p.Kind == desk.PartText }
	a, b := slices.IndexFunc(first, isText), slices.IndexFunc(second, isText)
	if a < 0 || b < 0 {
		return slices.Concat(second[:b+1], first, second[b+1:])
	}
	text := first[a]
	by := len(utf16.Encode([]rune(text.Text))) + 1
	text.Text, text.Marks = text.Text+"\n"+second[b].Text, slices.Clone(text.Marks)
	for _, m := range second[b].Marks {
		m.Start, m.End = m.Start+by, m.End+by
		text.Marks = append(text.Marks, m)
	}
	return slices.Concat([]desk.Part{text}, first[:a], first[a+1:], second[:b], second[b+1:])
}

// notify tells a member of something in this conversation.
func (v *visit) notify(user desk.ID, code string, severity desk.Severity, params map[string]string) error {
	n := desk.NotifyAbout(v.row, user, code, params)
	n.Severity = severity
	return store.Notify(v.tx, n)
}
