package inbox

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf16"

	"madoguchi/desk"
	"madoguchi/store"
)

// giveBack keeps a reply that was not sent for its writer, and tells them why, unless somebody has changed it since it was read.
func (s *Service) giveBack(ctx context.Context, workspace desk.ID, read desk.Scheduled, reason string) error {
	clock := Actor{Workspace: workspace, By: desk.Actor{Kind: desk.ActorSystem}}
	return s.store.Update(ctx, workspace, func(tx store.Tx) error {
		v, d, err := s.openScheduled(tx, clock, read.ID)
		if desk.CodeOf(err) == "scheduled_message_not_found" {
			return tx.WriteScheduled().Delete(read.ID) // sent or taken back meanwhile, or its conversation is gone
		}
		if err != nil || d.Version != read.Version {
			return err
		}
		if err := v.comeBack(&d, reason); err != nil {
			return err
		}
		return v.notify(d.UserID, desk.NotifyScheduledFailed, desk.SeverityError, map[string]string{"reason": reason})
	})
}

// comeBack ends the waiting of a reply that its writer did not take back themselves. It stays as it is, below the thread: were it put
// into their draft, what they are typing there would replace it unread.
func (v *visit) comeBack(d *desk.Scheduled, reason string) error {
	d.Return(reason, v.now)
	return v.putScheduled(d)
}

// Orphaned reports whether a reply came back to a writer who does not answer in this conversation any more: whoever does may take it over.
func Orphaned(r store.Reader, row desk.Conversation, d desk.Scheduled) (bool, error) {
	if !d.Returned() {
		return false, nil
	}
	writer, err := writerOf(r, d)
	if err == nil {
		err = writer.sees(r, row)
	}
	if desk.CodeOf(err) == codeMemberGone || desk.KindOf(err) == desk.KindNotFound {
		return true, nil
	}
	return false, err
}

// mayTake refuses to take what came back from a writer who can still decide about it: "not_yours" (forbidden).
func (v *visit) mayTake(d desk.Scheduled) error {
	orphaned, err := Orphaned(v.tx, v.row, d)
	if err == nil && !orphaned {
		err = desk.Errorf(desk.KindForbidden, "not_yours", "its writer decides about a reply that came back")
	}
	return err
}

// withdraw makes a reply the actor's own draft: it stands before what they have written there since. Their page does the same with what
// they are typing.
func (v *visit) withdraw(d *desk.Scheduled) error {
	if err := v.releaseFiles(d.Parts); err != nil {
		return err
	}
	if err := v.tx.WriteScheduled().Delete(d.ID); err != nil {
		return fmt.Errorf("delete scheduled message: %w", err)
	}
	v.tellScheduled(*d)
	d.ReturnedAt, d.Reason = time.Time{}, ""
	drafts, err := v.tx.Drafts().Of(v.actor.User, v.row.ID)
	if err != nil {
		return err
	}
	back := Unsent{Mode: ModeReply, Parts: d.Parts, ReplyToID: d.ReplyToID}
	for _, draft := range drafts {
		if draft.Mode == string(ModeReply) {
			back.Parts = joined(d.Parts, draft.Body)
		}
	}
	return putDraft(v.tx, v.actor, v.row.ID, back.bare())
}

// releaseFiles makes the files of a reply the actor's unsent uploads: new ones, so that they live as long as any.
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
		fresh.UploadedBy = v.actor.User
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
