package inbox

import (
	"context"
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

// MarkRead says how far the actor has read; it may go back (未読にする, G2.7). Seq beyond the last message is the last.
func (s *Service) MarkRead(ctx context.Context, a Actor, conversation desk.ID, seq int64) error {
	if seq < 0 {
		return desk.Invalid("seq", "seq_invalid", "%d is no sequence", seq)
	}
	return s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
		row, err := tx.Conversations().Get(conversation)
		if err != nil {
			return err
		}
		if err := a.sees(tx, row); err != nil {
			return err
		}
		seq := min(seq, row.LastSeq)
		reads, err := tx.Conversations().Reads(a.User, []desk.ID{conversation})
		if err != nil {
			return err
		}
		if known, ok := reads[conversation]; ok && known.Seq == seq || !ok && seq == 0 {
			return nil
		}
		return putRead(tx, a, conversation, seq)
	})
}

func putRead(tx store.Tx, a Actor, conversation desk.ID, seq int64) error {
	read := desk.Read{UserID: a.User, ConversationID: conversation, Seq: seq, At: tx.Now()}
	if err := tx.WriteConversations().PutRead(read); err != nil {
		return fmt.Errorf("put read: %w", err)
	}
	tx.Emit(desk.Event{
		Kind: desk.EventConversationRead, At: tx.Now(), Actor: a.By,
		ConversationID: conversation, UserID: a.User, MessageSeq: seq,
	})
	return nil
}

// readUpTo notes that who wrote has read what stands above it. The message's own event carries the news.
func (v *visit) readUpTo(seq int64) error {
	reads, err := v.tx.Conversations().Reads(v.actor.User, []desk.ID{v.row.ID})
	if err != nil {
		return err
	}
	if reads[v.row.ID].Seq >= seq {
		return nil
	}
	return v.tx.WriteConversations().PutRead(desk.Read{
		UserID: v.actor.User, ConversationID: v.row.ID, Seq: seq, At: v.now,
	})
}

// Draft keeps what the actor has not sent yet; no parts delete it (G4.8).
func (s *Service) Draft(ctx context.Context, a Actor, conversation desk.ID, u Unsent) error {
	if u.Mode != ModeReply && u.Mode != ModeNote {
		return desk.Invalid("mode", "mode_invalid", "%q is no mode", u.Mode)
	}
	if len(u.Parts) > 0 {
		if err := checkParts(u.Parts, u.Mode); err != nil {
			return err
		}
	}
	return s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
		row, err := tx.Conversations().Get(conversation)
		if err == nil {
			err = a.sees(tx, row)
		}
		if err == nil {
			err = answersHere(tx, conversation, u.ReplyToID)
		}
		if err != nil {
			return err
		}
		return putDraft(tx, a, conversation, u.bare())
	})
}

// Compose checks the parts of a reply and answers the message that they would make; nothing is kept. What the channel would
// refuse is refused only when it is sent.
func (s *Service) Compose(ctx context.Context, a Actor, conversation desk.ID, parts []desk.Part) (desk.Message, error) {
	m := desk.Message{ConversationID: conversation, Author: NewMessage{Mode: ModeReply}.author(a)}
	if err := checkParts(parts, ModeReply); err != nil {
		return m, err
	}
	err := s.store.View(ctx, a.Workspace, func(r store.Reader) error {
		row, err := r.Conversations().Get(conversation)
		if err == nil {
			err = a.sees(r, row)
		}
		if err != nil {
			return err
		}
		if m.Parts, err = takeParts(r, a, row, parts); err != nil {
			return err
		}
		ch, err := r.Channels().Get(row.ChannelID)
		if err != nil {
			return err
		}
		connector, err := s.channels.Get(ch.Kind)
		if err == nil {
			markLinks(m.Parts, parts, connector.Spec(), ch.Settings)
		}
		return err
	})
	return m, err
}

// bare is a draft as it is kept: what it names is looked up again when it is sent.
func (u Unsent) bare() Unsent {
	body := make([]desk.Part, 0, len(u.Parts))
	for _, p := range u.Parts {
		body = append(body, desk.Part{Kind: p.Kind, Text: p.Text, Marks: p.Marks, AttachmentID: p.AttachmentID, AsLink: p.AsLink, Voice: p.Voice})
	}
	u.Parts = body
	return u
}

func putDraft(tx store.Tx, a Actor, conversation desk.ID, u Unsent) error {
	d := desk.Draft{
		UserID: a.User, ConversationID: conversation, Mode: string(u.Mode), Body: u.Parts, ReplyToID: u.ReplyToID, UpdatedAt: tx.Now(),
	}
	if err := tx.WriteDrafts().Put(d); err != nil {
		return fmt.Errorf("put draft: %w", err)
	}
	tx.Emit(desk.Event{
		Kind: desk.EventDraftChanged, At: tx.Now(), Actor: a.By, ConversationID: conversation, UserID: a.User,
		Changes: []desk.Change{{Field: "mode", To: string(u.Mode)}},
	})
	return nil
}

// forgetDraft deletes the writer's draft of a mode, now that it is said.
func (v *visit) forgetDraft(mode Mode) error {
	drafts, err := v.tx.Drafts().Of(v.actor.User, v.row.ID)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if d.Mode == string(mode) {
			return putDraft(v.tx, v.actor, v.row.ID, Unsent{Mode: mode})
		}
	}
	return nil
}
