package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/store"
)

type signIn struct {
	Body struct {
		Email       string  `json:"email" minLength:"3" maxLength:"254"`
		Password    string  `json:"password" minLength:"1" maxLength:"200"`
		WorkspaceID desk.ID `json:"workspace_id,omitempty" doc:"Which workspace to enter; the last one used if absent"`
	}
}

type editProfile struct {
	Body struct {
		Locale *desk.Locale `json:"locale,omitempty" enum:"ja,en"`
		Zone   *string      `json:"zone,omitempty" maxLength:"64" doc:"IANA zone, empty = the browser's"`
		Name   *string      `json:"name,omitempty" minLength:"1" maxLength:"100"`
	}
}

type changePassword struct {
	Body struct {
		Current string `json:"current" maxLength:"200"`
		New     string `json:"new" maxLength:"200"`
	}
}

type enterWorkspace struct {
	Body struct {
		WorkspaceID desk.ID `json:"workspace_id" minimum:"1"`
	}
}

type putPreferences struct {
	Body json.RawMessage `doc:"A JSON object of at most 64 KB"`
}

func (a *API) session(api huma.API) {
	rest.Add(api, rest.Op{ID: "sign-in", Method: http.MethodPost, Path: "/session", Tag: "Session",
		Summary: "Sign in", Can: rest.Public, Status: http.StatusCreated}, a.signIn)
	rest.Add(api, rest.Op{ID: "get-session", Method: http.MethodGet, Path: "/session", Tag: "Session",
		Summary: "Who am I", Can: rest.SignedIn, PersonOnly: true}, a.getSession)
	rest.Add(api, rest.Op{ID: "sign-out", Method: http.MethodDelete, Path: "/session", Tag: "Session",
		Summary: "Sign out", Can: rest.SignedIn, PersonOnly: true}, a.signOut)
	rest.Add(api, rest.Op{ID: "edit-profile", Method: http.MethodPatch, Path: "/session", Tag: "Session",
		Summary: "Change my language, time zone or name", Can: rest.SignedIn, PersonOnly: true}, a.editProfile)
	rest.Add(api, rest.Op{ID: "change-password", Method: http.MethodPost, Path: "/session/password", Tag: "Session",
		Summary: "Change my password; other browsers are signed out", Can: rest.SignedIn, PersonOnly: true}, a.changePassword)
	rest.Add(api, rest.Op{ID: "enter-workspace", Method: http.MethodPut, Path: "/session/workspace", Tag: "Session",
		Summary: "Go to another workspace of mine", Can: rest.SignedIn, PersonOnly: true}, a.enterWorkspace)
	rest.Add(api, rest.Op{ID: "put-preferences", Method: http.MethodPut, Path: "/preferences", Tag: "Session",
		Summary: "Keep my screen settings", Can: rest.SignedIn, PersonOnly: true, MaxBytes: 64 << 10}, a.putPreferences)
}

func (a *API) answer(ctx context.Context, signed account.Signed) (rest.Session, error) {
	return rest.SessionOf(ctx, a.Store, signed, a.Version, a.now())
}

func (a *API) signIn(ctx context.Context, in *signIn) (rest.Session, error) {
	token, signed, err := a.Accounts.SignIn(ctx, in.Body.Email, in.Body.Password, in.Body.WorkspaceID, rest.From(ctx).Browser())
	if err != nil {
		return rest.Session{}, err
	}
	rest.BeginSession(ctx, token, signed.Session)
	return a.answer(ctx, signed)
}

func (a *API) getSession(ctx context.Context, _ *struct{}) (rest.Session, error) {
	return a.answer(ctx, *rest.CallerOf(ctx).Signed)
}

func (a *API) signOut(ctx context.Context, _ *struct{}) (rest.None, error) {
	signed := rest.CallerOf(ctx).Signed
	if err := a.Accounts.SignOut(ctx, *signed); err != nil {
		return rest.None{}, err
	}
	rest.EndSession(ctx)
	a.SessionEnded(ctx, signed.Workspace.ID, signed.User.ID)
	return rest.None{}, nil
}

func (a *API) editProfile(ctx context.Context, in *editProfile) (rest.Session, error) {
	signed, err := a.Accounts.EditProfile(ctx, *rest.CallerOf(ctx).Signed, account.Profile(in.Body))
	if err != nil {
		return rest.Session{}, err
	}
	return a.answer(ctx, signed)
}

func (a *API) changePassword(ctx context.Context, in *changePassword) (rest.None, error) {
	signed := *rest.CallerOf(ctx).Signed
	if err := a.Accounts.ChangePassword(ctx, signed, in.Body.Current, in.Body.New); err != nil {
		return rest.None{}, err
	}
	for _, m := range signed.Memberships { // the person's other browsers, wherever they look
		a.SessionEnded(ctx, m.Workspace.ID, signed.User.ID)
	}
	return rest.None{}, nil
}

func (a *API) enterWorkspace(ctx context.Context, in *enterWorkspace) (rest.Session, error) {
	before := *rest.CallerOf(ctx).Signed
	signed, err := a.Accounts.EnterWorkspace(ctx, before.Session, in.Body.WorkspaceID)
	if err != nil {
		return rest.Session{}, err
	}
	a.SessionEnded(ctx, before.Workspace.ID, signed.User.ID)
	return a.answer(ctx, signed)
}

func (a *API) putPreferences(ctx context.Context, in *putPreferences) (rest.None, error) {
	kept := bytes.TrimSpace(in.Body)
	var object map[string]json.RawMessage
	if err := json.Unmarshal(kept, &object); err != nil || object == nil {
		return rest.None{}, desk.Invalid("", "preferences_invalid", "preferences are a JSON object")
	}
	c := rest.CallerOf(ctx)
	return rest.None{}, a.Store.Update(ctx, c.Workspace().ID, func(tx store.Tx) error {
		return tx.WriteMembers().PutPreferences(c.User(), kept)
	})
}
