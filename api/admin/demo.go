package admin

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
)

type demoState struct {
	Loaded bool `json:"loaded"`
}

func (a *API) demo(api huma.API) {
	rest.Add[struct{}, demoState](api, rest.Op{ID: "get-demo", Method: http.MethodGet, Path: "/demo", Tag: "Demo data",
		Summary: "Is demo data loaded?", Can: rest.SignedIn}, nil)
	rest.Add[struct{}, demoState](api, rest.Op{ID: "load-demo", Method: http.MethodPost, Path: "/demo", Tag: "Demo data",
		Summary: "Load demo data", Can: "workspace.manage"}, nil)
	rest.Add[struct{}, demoState](api, rest.Op{ID: "remove-demo", Method: http.MethodDelete, Path: "/demo", Tag: "Demo data",
		Summary: "Remove demo data, and nothing else", Can: "workspace.manage"}, nil)
}
