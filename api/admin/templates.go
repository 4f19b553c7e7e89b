package admin

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/attachment"
	"madoguchi/auth"
	"madoguchi/channel"
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
	rest.AddRaw(api, rest.Op{ID: "post-template-sample", Method: http.MethodPost, Path: "/channels/{id}/template-samples", Tag: "Channels",
		Summary: "Hand the provider a sample of a template's header that is a file", Can: auth.TemplateManage}, map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}},
	}}}, &huma.Response{Description: "What the template's samples say under \"header\"", Content: map[string]*huma.MediaType{
		"application/json": {Schema: rest.SchemaOf[TemplateSample](api)},
	}}, a.postTemplateSample)
	rest.Add(api, rest.Op{ID: "delete-template", Method: http.MethodDelete, Path: "/channels/{id}/templates/{template_id}", Tag: "Channels",
		Summary: "Delete a template at the provider; what was sent from it stays", Can: auth.TemplateManage}, a.deleteTemplate)
}

// TemplateSample is a sample of a header that the provider has.
type TemplateSample struct {
	Sample string `json:"sample"`
}

func (a *API) postTemplateSample(w http.ResponseWriter, r *http.Request) {
	sample, err := a.takeSample(w, r)
	if err != nil {
		rest.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(TemplateSample{sample}) // the caller may be gone
}

// takeSample keeps the file only while the provider gets it.
func (a *API) takeSample(w http.ResponseWriter, r *http.Request) (string, error) {
	ctx, c := r.Context(), rest.CallerOf(r.Context())
	workspace := c.Workspace().ID
	id, err := desk.ParseID(r.PathValue("id"))
	if err != nil {
		return "", err
	}
	if err := a.read(ctx, func(reader store.Reader, _ *rest.Caller) error { _, err := present(reader, id); return err }); err != nil {
		return "", err // before a body is read
	}
	got, err := rest.Receive(w, r, a.Files, attachment.Upload{Workspace: workspace, By: c.User(), MaxBytes: a.Files.MaxBytes, Policy: desk.SamplePolicy()})
	if err != nil {
		return "", err
	}
	defer rest.Discard(ctx, a.Files, workspace, got.File)
	return a.Connect.TemplateSample(ctx, workspace, id, channel.File{Attachment: got.File, Open: func(ctx context.Context) (io.ReadCloser, error) {
		content, _, err := a.Files.Blobs.Open(ctx, workspace, got.File.Key)
		return content, err
	}})
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
