package agent

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/desk"
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

type putAvailability struct {
	Body struct {
		Availability desk.Availability `json:"availability" enum:"online,transfer_only,away,offline"`
	}
}

func (a *API) session(api huma.API) {
	rest.Add[signIn, rest.Session](api, rest.Op{ID: "sign-in", Method: http.MethodPost, Path: "/session", Tag: "Session",
		Summary: "Sign in", Can: rest.Public, Status: http.StatusCreated}, nil)
	rest.Add[struct{}, rest.Session](api, rest.Op{ID: "get-session", Method: http.MethodGet, Path: "/session", Tag: "Session",
		Summary: "Who am I", Can: rest.SignedIn, PersonOnly: true}, nil)
	rest.Add[struct{}, rest.None](api, rest.Op{ID: "sign-out", Method: http.MethodDelete, Path: "/session", Tag: "Session",
		Summary: "Sign out", Can: rest.SignedIn, PersonOnly: true}, nil)
	rest.Add[editProfile, rest.Session](api, rest.Op{ID: "edit-profile", Method: http.MethodPatch, Path: "/session", Tag: "Session",
		Summary: "Change my language, time zone or name", Can: rest.SignedIn, PersonOnly: true}, nil)
	rest.Add[changePassword, rest.None](api, rest.Op{ID: "change-password", Method: http.MethodPost, Path: "/session/password", Tag: "Session",
		Summary: "Change my password; other browsers are signed out", Can: rest.SignedIn, PersonOnly: true}, nil)
	rest.Add[enterWorkspace, rest.Session](api, rest.Op{ID: "enter-workspace", Method: http.MethodPut, Path: "/session/workspace", Tag: "Session",
		Summary: "Go to another workspace of mine", Can: rest.SignedIn, PersonOnly: true}, nil)
	rest.Add[putPreferences, rest.None](api, rest.Op{ID: "put-preferences", Method: http.MethodPut, Path: "/preferences", Tag: "Session",
		Summary: "Keep my screen settings", Can: rest.SignedIn, PersonOnly: true, MaxBytes: 64 << 10}, nil)
	rest.Add[putAvailability, rest.None](api, rest.Op{ID: "put-availability", Method: http.MethodPut, Path: "/availability", Tag: "Session",
		Summary: "Say whether I take work", Can: rest.SignedIn, PersonOnly: true}, nil)
}
