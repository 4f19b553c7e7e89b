// Package file hands out files that we send to those who carry them: a provider, or a customer who was sent it,
// opens an attachment by a signed link, which opens that one file for a while and nothing else.
package file

import (
	"net/http"
	"strings"
	"time"

	"madoguchi/api/rest"
	"madoguchi/attachment"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// Prefix is where the links lead.
const Prefix = "/f/"

// Link is the path of an attachment for whoever has it, until an instant.
func Link(secret []byte, workspace, id desk.ID, until time.Time) string {
	return Prefix + workspace.String() + "." + id.String() + "." + auth.SignLink(secret, resource(workspace, id), until)
}

// Preview is the path of an attachment's thumbnail, by a link to the attachment.
func Preview(link string) string { return link + "?" + thumbnail }

const thumbnail = "thumbnail"

func resource(workspace, id desk.ID) string { return "out/" + workspace.String() + "/" + id.String() }

// Handler answers the links: 403 for one that is not ours or over, else the file, of which a range may be asked.
type Handler struct {
	Store  store.Store
	Files  *attachment.Keeper
	Secret []byte
	Now    desk.Clock
}

// ServeHTTP answers GET and HEAD /f/{token}, with ?thumbnail for the small picture of it.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h.serve(w, r); err != nil {
		refuse(w, r, err)
	}
}

func (h *Handler) serve(w http.ResponseWriter, r *http.Request) error {
	workspace, id, err := h.open(r.PathValue("token"))
	if err != nil {
		return err
	}
	var a desk.Attachment
	err = h.Store.View(r.Context(), workspace, func(reader store.Reader) (err error) {
		a, err = reader.Messages().Attachment(id)
		return err
	})
	if err != nil {
		return err
	}
	if r.URL.Query().Has(thumbnail) {
		return h.Files.Serve(rest.Patient(w), r, workspace, a, true, true)
	}
	return h.Files.ServeTyped(rest.Patient(w), r, workspace, a)
}

// open reads a token and proves it, before anything is looked up.
func (h *Handler) open(token string) (workspace, id desk.ID, err error) {
	invalid := desk.Errorf(desk.KindForbidden, "link_invalid", "the link is not signed")
	fields := strings.SplitN(token, ".", 3)
	if len(fields) != 3 || len(h.Secret) == 0 {
		return 0, 0, invalid
	}
	if workspace, err = desk.ParseID(fields[0]); err != nil {
		return 0, 0, invalid
	}
	if id, err = desk.ParseID(fields[1]); err != nil {
		return 0, 0, invalid
	}
	return workspace, id, auth.CheckLink(h.Secret, resource(workspace, id), fields[2], h.Now())
}
