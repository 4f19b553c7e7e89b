package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/audit"
	"madoguchi/auth"
	"madoguchi/demo"
	"madoguchi/desk"
)

type demoState struct {
	Loaded bool `json:"loaded"`
}

func (a *API) demoData(api huma.API) {
	rest.Add(api, rest.Op{ID: "get-demo", Method: http.MethodGet, Path: "/demo", Tag: "Demo data",
		Summary: "Is demo data loaded?", Can: rest.SignedIn}, a.getDemo)
	rest.Add(api, rest.Op{ID: "load-demo", Method: http.MethodPost, Path: "/demo", Tag: "Demo data",
		Summary: "Load demo data", Can: auth.WorkspaceManage}, a.loadDemo)
	rest.Add(api, rest.Op{ID: "remove-demo", Method: http.MethodDelete, Path: "/demo", Tag: "Demo data",
		Summary: "Remove demo data, and nothing else", Can: auth.WorkspaceManage}, a.removeDemo)
}

func (a *API) getDemo(ctx context.Context, _ *struct{}) (demoState, error) {
	loaded, err := demo.Loaded(ctx, a.Store, rest.CallerOf(ctx).Workspace().ID)
	return demoState{Loaded: loaded}, err
}

func (a *API) loadDemo(ctx context.Context, _ *struct{}) (demoState, error) {
	c := rest.CallerOf(ctx)
	err := demo.Load(audit.Quiet(ctx), a.Store, demo.Params{Workspace: c.Workspace().ID, By: c.User(), Locale: c.Workspace().Locale, Keep: a.Files.Keep})
	if err == nil {
		err = a.note(ctx, desk.AuditEntry{Action: "demo.loaded", Object: desk.AuditObject{Kind: "workspace", ID: c.Workspace().ID}})
	}
	return demoState{Loaded: true}, err
}

func (a *API) removeDemo(ctx context.Context, _ *struct{}) (demoState, error) {
	c := rest.CallerOf(ctx)
	err := demo.Remove(audit.Quiet(ctx), a.Store, c.Workspace().ID, c.User())
	if err == nil {
		err = a.note(ctx, desk.AuditEntry{Action: "demo.removed", Object: desk.AuditObject{Kind: "workspace", ID: c.Workspace().ID}})
	}
	return demoState{}, err
}
