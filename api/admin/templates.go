package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

type postTemplate struct {
	rest.ByID
	Body struct {
		Name     string                `json:"name" minLength:"1" maxLength:"512"`
		Language string                `json:"language" minLength:"2" maxLength:"20"`
		Category string                `json:"category" enum:"marketing,utility,authentication"`
		Header   *desk.TemplateHeader  `json:"header,omitempty"`
		Text     string                `json:"text" maxLength:"4096" doc:"With {{1}} or {{name}}"`
		Footer   string                `json:"footer,omitempty" maxLength:"240"`
		Buttons  []desk.TemplateButton `json:"buttons,omitempty" maxItems:"10"`
		Samples  map[string]string     `json:"samples,omitempty" doc:"One for each variable"`
	}
}

type byTemplate struct {
	rest.ByID
	Template desk.ID `path:"template_id" minimum:"1" maximum:"9007199254740991"`
}

func (a *API) templates(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-templates", Method: http.MethodGet, Path: "/channels/{id}/templates", Tag: "Channels",
		Summary: "A channel's message templates as last seen", Can: rest.SignedIn}, a.listTemplates)
	rest.Add(api, rest.Op{ID: "sync-templates", Method: http.MethodPost, Path: "/channels/{id}/templates/sync", Tag: "Channels",
		Summary: "Ask the provider for the templates", Can: auth.TemplateManage}, a.syncTemplates)
	rest.Add(api, rest.Op{ID: "post-template", Method: http.MethodPost, Path: "/channels/{id}/templates", Tag: "Channels",
		Summary: "Submit a template to the provider", Can: auth.TemplateManage, Status: http.StatusCreated}, a.postTemplate)
	rest.Add(api, rest.Op{ID: "delete-template", Method: http.MethodDelete, Path: "/channels/{id}/templates/{template_id}", Tag: "Channels",
		Summary: "Delete a template at the provider; what was sent from it stays", Can: auth.TemplateManage}, a.deleteTemplate)
}

func (a *API) listTemplates(ctx context.Context, in *rest.ByID) (list rest.Items[view.Template], err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		if _, err := present(r, in.ID); err != nil {
			return err
		}
		all, err := r.Templates().Of(in.ID)
		list = rest.NewItems(rest.Views(all, view.TemplateOf))
		return err
	})
	return list, err
}

func (a *API) syncTemplates(ctx context.Context, in *rest.ByID) (list rest.Items[view.Template], err error) {
	all, err := a.Connect.Templates(ctx, rest.CallerOf(ctx).Workspace().ID, in.ID)
	return rest.NewItems(rest.Views(all, view.TemplateOf)), err
}

func (a *API) postTemplate(ctx context.Context, in *postTemplate) (view.Template, error) {
	c, b := rest.CallerOf(ctx), in.Body
	made, err := a.Connect.CreateTemplate(ctx, c.Workspace().ID, in.ID, desk.Template{
		Name: b.Name, Language: b.Language, Category: b.Category, Header: b.Header, Body: b.Text, Footer: b.Footer, Buttons: b.Buttons,
		Samples: b.Samples, CreatedBy: c.Account().User,
	})
	return view.TemplateOf(made), err
}

func (a *API) deleteTemplate(ctx context.Context, in *byTemplate) (rest.None, error) {
	return rest.None{}, a.Connect.DeleteTemplate(ctx, rest.CallerOf(ctx).Workspace().ID, in.ID, in.Template)
}
