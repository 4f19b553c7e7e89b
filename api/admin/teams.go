package admin

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/view"
)

type postTeam struct {
	Body struct {
		Name      string    `json:"name" minLength:"1" maxLength:"60"`
		MemberIDs []desk.ID `json:"member_ids,omitempty" maxItems:"1000"`
	}
}

type editTeam struct {
	byID
	Body struct {
		Name      *string    `json:"name,omitempty" minLength:"1" maxLength:"60"`
		MemberIDs *[]desk.ID `json:"member_ids,omitempty" maxItems:"1000"`
	}
}

func (a *API) teams(api huma.API) {
	rest.Add[struct{}, rest.Items[view.Team]](api, rest.Op{ID: "list-teams", Method: http.MethodGet, Path: "/teams", Tag: "Teams",
		Summary: "All teams", Can: rest.SignedIn}, nil)
	rest.Add[postTeam, view.Team](api, rest.Op{ID: "post-team", Method: http.MethodPost, Path: "/teams", Tag: "Teams",
		Summary: "Make a team", Can: "member.manage", Status: http.StatusCreated, Idempotent: true}, nil)
	rest.Add[editTeam, view.Team](api, rest.Op{ID: "edit-team", Method: http.MethodPatch, Path: "/teams/{id}", Tag: "Teams",
		Summary: "Change a team", Can: "member.manage"}, nil)
	rest.Add[byID, rest.None](api, rest.Op{ID: "delete-team", Method: http.MethodDelete, Path: "/teams/{id}", Tag: "Teams",
		Summary: "Delete a team", Can: "member.manage"}, nil)
}
