package admin

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// cannedFiles are what a canned reply keeps, in its order.
func cannedFiles(r store.Reader, c desk.CannedReply) ([]desk.Attachment, error) {
	files := make([]desk.Attachment, 0, len(c.Files))
	for _, id := range c.Files {
		f, err := r.Messages().Attachment(id)
		if err != nil {
			return nil, fmt.Errorf("read file of canned reply %d: %w", c.ID, err)
		}
		files = append(files, f)
	}
	return files, nil
}

// keepCannedFiles makes files a canned reply's own: those that it had, and uploads of the caller's. The others go.
func keepCannedFiles(tx store.Tx, k keeper, was, reply desk.CannedReply) error {
	files := make([]desk.Attachment, 0, len(reply.Files))
	for i, id := range reply.Files {
		f, err := tx.Messages().Attachment(id)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return err
		}
		own := slices.Contains(was.Files, id) && f.MessageID == reply.ID
		upload := f.MessageID == 0 && f.UploadedBy == k.User()
		if err != nil || !own && !upload || slices.Contains(reply.Files[:i], id) {
			return desk.Invalid("files."+strconv.Itoa(i), "attachment_not_yours", "attachment %d is not an unsent upload of yours", id)
		}
		f.ConversationID, f.MessageID = 0, reply.ID
		files = append(files, f)
	}
	if err := tx.WriteMessages().DeleteAttachmentsOf(reply.ID); err != nil {
		return err
	}
	for _, f := range files {
		if err := tx.WriteMessages().PutAttachment(f); err != nil {
			return err
		}
	}
	return nil
}

// cannedUse is what a message gets of a canned reply beside its text.
type cannedUse struct {
	Files []view.Attachment `json:"files" doc:"Unsent uploads of the caller's"`
}

func (a *API) useCanned(ctx context.Context, in *rest.ByID) (cannedUse, error) {
	c := rest.CallerOf(ctx)
	return store.Result(ctx, a.Store, c.Workspace().ID, func(tx store.Tx) (used cannedUse, err error) {
		k, err := keeperOf(tx, c)
		if err != nil {
			return used, err
		}
		reply, err := cannedShelf().find(tx, k, in.ID)
		if err != nil {
			return used, err
		}
		files, err := cannedFiles(tx, reply)
		if err != nil {
			return used, err
		}
		used.Files = make([]view.Attachment, 0, len(files))
		for _, f := range files {
			f.ID, f.MessageID, f.UploadedBy, f.CreatedAt = tx.NewID(), 0, c.User(), tx.Now()
			if err := tx.WriteMessages().PutAttachment(f); err != nil {
				return used, err
			}
			used.Files = append(used.Files, view.AttachmentOf(f, view.MemberLinks()))
		}
		return used, tx.WriteCanned().Used(in.ID, tx.Now())
	})
}
