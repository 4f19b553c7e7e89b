package admin

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/desk"
)

type setupNeeded struct {
	Needed bool `json:"needed" doc:"No user exists yet: the set-up page may run"`
}

type setUp struct {
	Body struct {
		Workspace string      `json:"workspace" minLength:"1" maxLength:"100"`
		Name      string      `json:"name" minLength:"1" maxLength:"100"`
		Email     string      `json:"email" minLength:"3" maxLength:"254"`
		Password  string      `json:"password" maxLength:"200"`
		Locale    desk.Locale `json:"locale" enum:"ja,en"`
		Zone      string      `json:"zone" minLength:"1" maxLength:"64" doc:"IANA"`
	}
}

func (a *API) setup(api huma.API) {
	rest.Add[struct{}, setupNeeded](api, rest.Op{ID: "get-setup", Method: http.MethodGet, Path: "/setup", Tag: "Set-up",
		Summary: "Is the server new?", Can: rest.Public}, nil)
	rest.Add[setUp, rest.Session](api, rest.Op{ID: "set-up", Method: http.MethodPost, Path: "/setup", Tag: "Set-up",
		Summary: "Make the first workspace, its owner and its first web chat channel", Can: rest.Public, Status: http.StatusCreated,
		Description: "Only while no user exists (409 setup_done)."}, nil)
}
