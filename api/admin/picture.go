package admin

import (
	"encoding/json"
	"net/http"

	"madoguchi/api/rest"
	"madoguchi/attachment"
	"madoguchi/desk"
)

const maxPicture = 8 << 20 // bytes of a face or a logo as uploaded; a small one drawn anew is kept

// takePicture receives a picture and hands the key of its thumbnail to keep, which says what it belongs to now; what is not kept goes.
// The thumbnail alone stays: pixels, nothing of what the camera wrote beside them.
func takePicture[T any](a *API, w http.ResponseWriter, r *http.Request, keep func(key string) (T, error)) (v T, err error) {
	ctx, c := r.Context(), rest.CallerOf(r.Context())
	got, err := rest.Receive(w, r, a.Files, attachment.Upload{Workspace: c.Workspace().ID, By: c.User(), MaxBytes: maxPicture})
	if err != nil {
		return v, err
	}
	key := got.File.ThumbKey
	rest.Discard(ctx, a.Files, c.Workspace().ID, desk.Attachment{Key: got.File.Key})
	if key == "" {
		return v, desk.Invalid("file", "avatar_invalid", "no picture can be drawn from this file")
	}
	if v, err = keep(key); err != nil && desk.KindOf(err) != desk.KindUncertain {
		rest.Discard(ctx, a.Files, c.Workspace().ID, desk.Attachment{Key: key})
	}
	return v, err
}

// writeTaken answers with what the picture belongs to.
func writeTaken(w http.ResponseWriter, r *http.Request, v any, err error) {
	if err != nil {
		rest.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the caller may be gone
}

// servePicture answers with the thumbnail that is kept under key; "" = there is none. err is why key is not known.
func (a *API) servePicture(w http.ResponseWriter, r *http.Request, name string, of desk.ID, key string, err error) {
	if err == nil && key == "" {
		err = desk.NotFound(name)
	}
	if err == nil {
		workspace := rest.CallerOf(r.Context()).Workspace().ID
		err = a.Files.Serve(rest.Patient(w), r, workspace, desk.Attachment{ID: of, Name: name, ThumbKey: key}, true, false)
	}
	if err != nil {
		rest.WriteProblem(w, r, err)
	}
}
