package agent

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/attachment"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

func (a *API) files(api huma.API) {
	form := &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{
		"file":            {Type: huma.TypeString, Format: "binary"},
		"conversation_id": {Type: huma.TypeInteger, Format: "int64"},
	}}
	uploaded := &huma.Response{Description: "The stored file", Content: map[string]*huma.MediaType{
		"application/json": {Schema: rest.SchemaOf[view.Attachment](api)},
	}}
	bytes := &huma.Response{Description: "The bytes", Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	rest.AddRaw(api, rest.Op{ID: "upload-file", Method: http.MethodPost, Path: "/uploads", Tag: "Files", Idempotent: true,
		Summary: "Upload a file, to send it later", Can: auth.ConversationReply, Status: http.StatusCreated},
		map[string]*huma.MediaType{"multipart/form-data": {Schema: form}}, uploaded, a.upload)
	rest.AddRaw(api, rest.Op{ID: "get-file", Method: http.MethodGet, Path: "/files/{id}", Tag: "Files",
		Summary: "A file; ranges are served", Can: auth.ConversationRead}, nil, bytes, a.download)
	rest.AddRaw(api, rest.Op{ID: "get-thumbnail", Method: http.MethodGet, Path: "/files/{id}/thumb", Tag: "Files",
		Summary: "A small picture of an image", Can: auth.ConversationRead}, nil, bytes, a.thumbnail)
}

func (a *API) upload(w http.ResponseWriter, r *http.Request) {
	file, err := a.takeUpload(w, r)
	if err != nil {
		rest.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(view.AttachmentOf(file, view.MemberLinks())) // the caller may be gone
}

// takeUpload stores the bytes first and then the row that names them. A repeated Idempotency-Key answers the first
// upload and keeps nothing of this one.
func (a *API) takeUpload(w http.ResponseWriter, r *http.Request) (file desk.Attachment, err error) {
	x := rest.From(r.Context())
	c := x.Caller
	got, err := rest.Receive(w, r, a.Files, attachment.Upload{Workspace: c.Workspace().ID, By: c.User(), MaxBytes: a.Files.MaxBytes, Policy: c.Workspace().Files})
	if err != nil {
		return file, err
	}
	var conversation desk.ID
	if text := got.Fields["conversation_id"]; text != "" && text != "0" {
		if conversation, err = desk.ParseID(text); err != nil {
			rest.Discard(r.Context(), a.Files, c.Workspace().ID, got.File)
			return file, err
		}
	}
	file, err = store.Result(r.Context(), a.Store, c.Workspace().ID, func(tx store.Tx) (desk.Attachment, error) {
		fresh := got.File
		fresh.ID, fresh.ConversationID, fresh.UploadedBy, fresh.CreatedAt = tx.NewID(), conversation, c.User(), tx.Now()
		before, seen, err := account.Once(tx, c.Account(), "upload", x.Repeat, fresh.ID)
		if err != nil {
			return fresh, err
		}
		if seen {
			return tx.Messages().Attachment(before)
		}
		if conversation != 0 {
			if _, err := tx.Conversations().Get(conversation); err != nil {
				return fresh, err
			}
		}
		return fresh, tx.WriteMessages().PutAttachment(fresh)
	})
	if desk.KindOf(err) == desk.KindUncertain {
		return file, err // the row may be there: the sweep decides
	}
	if err != nil || file.Key != got.File.Key { // refused, or an earlier request's
		rest.Discard(r.Context(), a.Files, c.Workspace().ID, got.File)
	}
	return file, err
}

func (a *API) download(w http.ResponseWriter, r *http.Request) { a.serve(w, r, false) }

// unsaid hides a file that no conversation shows: another's upload is nobody's business, one of a reply that waits is seen where it
// waits, one of a canned reply by those whom that is for.
func unsaid(r store.Reader, c *rest.Caller, file desk.Attachment) error {
	hidden := desk.NotFound("attachment")
	switch {
	case file.MessageID == 0:
		return hidden
	case file.ConversationID != 0:
		return nil
	}
	waiting, err := r.Scheduled().Get(file.MessageID)
	if err == nil {
		if _, err = r.Conversations().Get(waiting.ConversationID); desk.KindOf(err) == desk.KindNotFound {
			err = hidden
		}
		return err
	}
	if desk.KindOf(err) != desk.KindNotFound {
		return err
	}
	kept, err := r.Canned().Get(file.MessageID)
	if desk.KindOf(err) == desk.KindNotFound {
		return hidden
	}
	if err != nil {
		return err
	}
	teams, err := r.Teams().Of(c.User())
	if err == nil && !kept.For(c.User(), teams) && auth.MayKeepCannedReply(kept, c.User(), teams, c.Can) != nil {
		err = hidden
	}
	return err
}

func (a *API) thumbnail(w http.ResponseWriter, r *http.Request) { a.serve(w, r, true) }

func (a *API) serve(w http.ResponseWriter, r *http.Request, thumb bool) {
	var file desk.Attachment
	id, err := desk.ParseID(r.PathValue("id"))
	if err == nil {
		err = a.read(r.Context(), func(reader store.Reader, c *rest.Caller) error {
			file, err = reader.Messages().Attachment(id)
			if err != nil || file.UploadedBy == c.User() {
				return err
			}
			return unsaid(reader, c, file)
		})
	}
	if err == nil {
		err = a.Files.Serve(rest.Patient(w), r, rest.CallerOf(r.Context()).Workspace().ID, file, thumb, false)
	}
	if err != nil {
		rest.WriteProblem(w, r, err)
	}
}
