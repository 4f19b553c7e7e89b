package admin

import (
	"net/http"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

func (a *API) postAvatar(w http.ResponseWriter, r *http.Request) {
	user := rest.CallerOf(r.Context()).User()
	member, err := takePicture(a, w, r, func(key string) (view.Member, error) {
		return a.applyMemberEdit(r.Context(), user, account.MemberEdit{AvatarKey: &key})
	})
	writeTaken(w, r, member, err)
}

func (a *API) getAvatar(w http.ResponseWriter, r *http.Request) {
	var member desk.Member
	user, err := desk.ParseID(r.PathValue("user_id"))
	if err == nil {
		err = a.read(r.Context(), func(reader store.Reader, _ *rest.Caller) error {
			member, err = reader.Members().Get(user)
			return err
		})
	}
	a.servePicture(w, r, "avatar", user, member.AvatarKey, err)
}
