package admin

import (
	"encoding/json"
	"net/http"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/attachment"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

const maxAvatar = 8 << 20 // bytes of the picture as uploaded; a small one drawn anew is kept

func (a *API) postAvatar(w http.ResponseWriter, r *http.Request) {
	member, err := a.takeAvatar(w, r)
	if err != nil {
		rest.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(member) // the caller may be gone
}

// takeAvatar keeps the thumbnail alone: pixels, nothing of what the camera wrote beside them.
func (a *API) takeAvatar(w http.ResponseWriter, r *http.Request) (v view.Member, err error) {
	ctx, c := r.Context(), rest.CallerOf(r.Context())
	got, err := rest.Receive(w, r, a.Files, attachment.Upload{Workspace: c.Workspace().ID, By: c.User(), MaxBytes: maxAvatar})
	if err != nil {
		return v, err
	}
	key := got.File.ThumbKey
	rest.Discard(ctx, a.Files, c.Workspace().ID, desk.Attachment{Key: got.File.Key})
	if key == "" {
		return v, desk.Invalid("file", "avatar_invalid", "no picture can be drawn from this file")
	}
	if v, err = a.applyMemberEdit(ctx, c.User(), account.MemberEdit{AvatarKey: &key}); err != nil && desk.KindOf(err) != desk.KindUncertain {
		rest.Discard(ctx, a.Files, c.Workspace().ID, desk.Attachment{Key: key})
	}
	return v, err
}

func (a *API) getAvatar(w http.ResponseWriter, r *http.Request) {
	c := rest.CallerOf(r.Context())
	var member desk.Member
	user, err := desk.ParseID(r.PathValue("user_id"))
	if err == nil {
		err = a.read(r.Context(), func(reader store.Reader, _ *rest.Caller) error {
			member, err = reader.Members().Get(user)
			return err
		})
	}
	if err == nil && member.AvatarKey == "" {
		err = desk.NotFound("avatar")
	}
	if err == nil {
		err = a.Files.Serve(rest.Patient(w), r, c.Workspace().ID, desk.Attachment{ID: user, Name: "avatar", ThumbKey: member.AvatarKey}, true, false)
	}
	if err != nil {
		rest.WriteProblem(w, r, err)
	}
}
