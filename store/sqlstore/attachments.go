package sqlstore

import (
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

const (
	attachmentColumns = `a.id, a.conversation_id, a.message_id, a.kind, a.name, a.mime, a.size, a.width, a.height, a.blob_key, a.thumb_key,
		a.uploaded_by, a.created_at`

	sqlAttachmentGet  = `SELECT ` + attachmentColumns + ` FROM attachments a WHERE a.workspace_id = $1 AND a.id = $2`
	sqlAttachmentMany = `SELECT ` + attachmentColumns + ` FROM attachments a WHERE a.workspace_id = $1 AND a.id IN (` + inList2 + `)`
	sqlAttachmentsOf  = `SELECT ` + attachmentColumns + ` FROM conversations c
		JOIN attachments a ON a.workspace_id = $1 AND a.conversation_id = c.id AND a.message_id > 0
		WHERE c.workspace_id = $1 AND c.contact_id = $2 AND a.id < $3 AND a.kind IN ($4, $5, $6, $7) AND a.created_at >= $8 AND a.created_at < $9
		ORDER BY a.id DESC LIMIT $10`
	sqlAttachmentKeys = `SELECT blob_key AS k FROM attachments WHERE blob_key > $1
		UNION SELECT thumb_key FROM attachments WHERE thumb_key > $1 AND thumb_key <> ''
		UNION SELECT blob_key FROM exports WHERE blob_key > $1 AND blob_key <> ''
		UNION SELECT logo_key FROM brands WHERE logo_key > $1
		UNION SELECT avatar_key FROM members WHERE avatar_key > $1 ORDER BY k LIMIT $2`
	sqlAttachmentPut = `INSERT INTO attachments (workspace_id, id, conversation_id, message_id, kind, name, mime, size, width, height,
		blob_key, thumb_key, uploaded_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (workspace_id, id) DO UPDATE SET conversation_id = excluded.conversation_id, message_id = excluded.message_id,
		kind = excluded.kind, name = excluded.name, mime = excluded.mime, size = excluded.size, width = excluded.width,
		height = excluded.height, blob_key = excluded.blob_key, thumb_key = excluded.thumb_key`
	sqlAttachmentDeleteOf = `DELETE FROM attachments WHERE workspace_id = $1 AND message_id = $2 AND message_id > 0`
	sqlAttachmentUnsent   = `DELETE FROM attachments WHERE workspace_id = $1 AND message_id = 0 AND created_at < $2
		RETURNING blob_key, thumb_key`
)

func readAttachment(r row, a *desk.Attachment) error {
	return scan(r, &a.ID, &a.ConversationID, &a.MessageID, &a.Kind, &a.Name, &a.MIME, &a.Size, &a.Width, &a.Height, &a.Key, &a.ThumbKey,
		&a.UploadedBy, &a.CreatedAt)
}

// withoutFiles are the parts as stored: an attachment is named by its id, its row says the rest.
func withoutFiles(parts []desk.Part) []desk.Part {
	stored := slices.Clone(parts)
	for i := range stored {
		stored[i].Attachment = nil
	}
	return stored
}

// attach fills the attachments of messages' parts.
func (s messages) attach(all []desk.Message) error {
	var ids []desk.ID
	for _, m := range all {
		for _, p := range m.Parts {
			if p.AttachmentID != 0 {
				ids = append(ids, p.AttachmentID)
			}
		}
	}
	files := make(map[desk.ID]*desk.Attachment, len(ids))
	err := in(ids, []any{s.t.workspace}, func(args []any) error {
		return s.t.each(sqlAttachmentMany, args, func(r row) error {
			var a desk.Attachment
			err := readAttachment(r, &a)
			files[a.ID] = &a
			return err
		})
	})
	for _, m := range all {
		for i := range m.Parts {
			m.Parts[i].Attachment = files[m.Parts[i].AttachmentID]
		}
	}
	return err
}

func (s messages) Attachment(id desk.ID) (desk.Attachment, error) {
	return get(s.t, "attachment", readAttachment, sqlAttachmentGet, s.t.workspace, id)
}

func (s messages) AttachmentsOf(contact desk.ID, q store.AttachmentQuery) ([]desk.Attachment, string, error) {
	below, err := newestFirst(q.Page.After, "attachments")
	if err != nil {
		return nil, "", err
	}
	kinds := []desk.PartKind{desk.PartImage, desk.PartAudio, desk.PartVideo, desk.PartFile}
	args := []any{s.t.workspace, contact, below}
	for _, k := range kinds {
		if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, k) {
			k = ""
		}
		args = append(args, k)
	}
	until := int64(maxKey)
	if !q.Until.IsZero() {
		until = millis(q.Until)
	}
	n := limit(q.Page)
	rows, err := list(s.t, readAttachment, sqlAttachmentsOf, append(args, millis(q.Since), until, n+1)...)
	if err != nil {
		return nil, "", err
	}
	page, next := pageOf(rows, n, "attachments", func(a desk.Attachment) desk.ID { return a.ID })
	return page, next, nil
}

func (s messages) AttachmentKeys(after string, limit int) ([]string, error) {
	return list(s.t, func(r row, key *string) error { return scan(r, key) }, sqlAttachmentKeys, after, limit)
}

func (s messages) PutAttachment(a desk.Attachment) error {
	return s.t.write(sqlAttachmentPut, s.t.workspace, a.ID, a.ConversationID, a.MessageID, a.Kind, a.Name, a.MIME, a.Size, a.Width, a.Height,
		a.Key, a.ThumbKey, a.UploadedBy, a.CreatedAt)
}

func (s messages) DeleteAttachmentsOf(message desk.ID) error {
	return s.t.write(sqlAttachmentDeleteOf, s.t.workspace, message)
}

func (s messages) DeleteUnsentAttachments(before time.Time) ([]string, error) {
	keys := []string{}
	s.t.wrote = true
	err := s.t.each(sqlAttachmentUnsent, []any{s.t.workspace, before}, func(r row) error {
		var blob, thumb string
		if err := scan(r, &blob, &thumb); err != nil {
			return err
		}
		for _, k := range []string{blob, thumb} {
			if k != "" {
				keys = append(keys, k)
			}
		}
		return nil
	})
	return keys, err
}
