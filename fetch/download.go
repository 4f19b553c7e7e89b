package fetch

import (
	"context"
	"fmt"

	"madoguchi/attachment"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// download gets the bytes and keeps them; the row is still to be written.
func (r *Runner) download(ctx context.Context, f store.MediaFetch) (desk.Attachment, error) {
	ctx, cancel := context.WithTimeout(ctx, Within)
	defer cancel()
	var w desk.Workspace
	var m desk.Message
	account := channel.Account{Client: r.Client, Now: r.Now}
	err := r.Store.View(ctx, f.Workspace, func(reader store.Reader) (err error) {
		if w, err = reader.Workspaces().Current(); err != nil {
			return err
		}
		if account.Channel, err = reader.Channels().Get(f.ChannelID); err != nil {
			return err
		}
		m, err = reader.Messages().Get(f.MessageID)
		return err
	})
	if err != nil {
		return desk.Attachment{}, err
	}
	if !waits(m, f) {
		return desk.Attachment{}, desk.NotFound("attachment")
	}
	connector, err := r.Channels.Get(account.Channel.Kind)
	if err != nil {
		return desk.Attachment{}, err
	}
	source, ok := connector.(channel.MediaSource)
	if !ok {
		return desk.Attachment{}, desk.NotFound("attachment")
	}
	if account.Secrets, err = r.Secrets(f.Workspace, account.Channel); err != nil {
		return desk.Attachment{}, fmt.Errorf("unseal secrets: %w", err)
	}
	if r.BaseURL != nil {
		account.BaseURL = r.BaseURL(account.Channel.Kind)
	}
	part := m.Parts[f.Part]
	got, err := source.Fetch(ctx, account, part.MediaRef)
	if err != nil {
		return desk.Attachment{}, err
	}
	defer func() { _ = got.Body.Close() }()
	name := part.MediaName
	if name == "" {
		name = got.Name
	}
	return r.Files.Keep(ctx, attachment.Upload{Workspace: f.Workspace, Name: name, MIME: got.Type, Body: got.Body, Policy: w.Files})
}

// waits reports whether a message still waits for the file.
func waits(m desk.Message, f store.MediaFetch) bool {
	return m.DeletedAt.IsZero() && f.Part < len(m.Parts) && m.Parts[f.Part].Media == desk.MediaFetching
}

// hang gives a message its file, or says why there is none, and so ends the promise.
func (r *Runner) hang(ctx context.Context, f store.MediaFetch, file *desk.Attachment, fate desk.MediaState) error {
	return r.Store.Update(ctx, f.Workspace, func(tx store.Tx) error {
		ours, err := tx.WriteFetches().End(f)
		if err != nil || !ours {
			return err
		}
		if _, err := tx.WriteConversations().Lock(f.ConversationID); err != nil {
			return ignoreGone(err)
		}
		m, err := tx.Messages().Get(f.MessageID)
		if err != nil || !waits(m, f) {
			return ignoreGone(err)
		}
		p := &m.Parts[f.Part]
		if file == nil {
			p.Media = fate
		} else {
			a := *file
			a.ID, a.MessageID, a.ConversationID, a.CreatedAt = tx.NewID(), m.ID, m.ConversationID, tx.Now()
			if err := tx.WriteMessages().PutAttachment(a); err != nil {
				return fmt.Errorf("put attachment: %w", err)
			}
			p.Kind, p.AttachmentID, p.Media = a.Kind, a.ID, ""
		}
		if err := tx.WriteMessages().Update(&m); err != nil {
			return fmt.Errorf("update message: %w", err)
		}
		tx.Emit(desk.Event{
			Kind: desk.EventMessageChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorSystem},
			ConversationID: m.ConversationID, TicketID: m.TicketID, MessageID: m.ID, MessageSeq: m.Seq,
			Changes: []desk.Change{{Field: "files"}},
		})
		return nil
	})
}

// ignoreGone takes a record that was deleted meanwhile for one that needs no file.
func ignoreGone(err error) error {
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	return err
}
