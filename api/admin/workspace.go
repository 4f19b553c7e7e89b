package admin

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/desk"
)

type editWorkspace struct {
	Body struct {
		Name       *string      `json:"name,omitempty" minLength:"1" maxLength:"100"`
		Locale     *desk.Locale `json:"locale,omitempty" enum:"ja,en"`
		Zone       *string      `json:"zone,omitempty" minLength:"1" maxLength:"64"`
		ReopenDays *int         `json:"reopen_days,omitempty" minimum:"0" maximum:"30"`
	}
}

func (a *API) workspace(api huma.API) {
	rest.Add[struct{}, rest.Workspace](api, rest.Op{ID: "get-workspace", Method: http.MethodGet, Path: "/workspace", Tag: "Workspace",
		Summary: "The workspace", Can: rest.SignedIn}, nil)
	rest.Add[editWorkspace, rest.Workspace](api, rest.Op{ID: "edit-workspace", Method: http.MethodPatch, Path: "/workspace", Tag: "Workspace",
		Summary: "Change the workspace", Can: "workspace.manage"}, nil)
}
