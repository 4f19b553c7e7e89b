package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/export"
	"madoguchi/media"
	"madoguchi/view"
)

type postExport struct {
	Body struct {
		Kind   string    `json:"kind" enum:"contacts,conversations"`
		Format string    `json:"format" enum:"csv,jsonl"`
		BOM    bool      `json:"bom,omitempty" doc:"A byte order mark before CSV, for Excel"`
		Notes  bool      `json:"notes,omitempty" doc:"Internal notes too"`
		Since  view.Time `json:"since,omitzero" format:"date-time" doc:"Messages of, or contacts made, at or after"`
		Until  view.Time `json:"until,omitzero" format:"date-time" doc:"Messages of, or contacts made, before"`
	}
}

func (a *API) exports(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-exports", Method: http.MethodGet, Path: "/exports", Tag: "Exports",
		Summary: "My exports, newest first", Can: auth.ReportExport, PersonOnly: true}, a.listExports)
	rest.Add(api, rest.Op{ID: "post-export", Method: http.MethodPost, Path: "/exports", Tag: "Exports",
		Summary: "Have a file made", Can: auth.ReportExport, Status: http.StatusCreated, Idempotent: true, PersonOnly: true,
		Description: "The file is made in the background and kept for a day. Cells of CSV that a spreadsheet would run as a formula begin with an apostrophe."}, a.postExport)
	rest.Add(api, rest.Op{ID: "cancel-export", Method: http.MethodPost, Path: "/exports/{id}/cancel", Tag: "Exports",
		Summary: "Stop an export", Can: auth.ReportExport, Status: http.StatusOK, PersonOnly: true}, a.cancelExport)
	file := &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	rest.AddRaw(api, rest.Op{ID: "get-export-file", Method: http.MethodGet, Path: "/exports/{id}/file", Tag: "Exports",
		Summary: "The file of an export; ranges are served", Can: auth.ReportExport, PersonOnly: true}, nil, file, a.exportFile)
}

func exporter(ctx context.Context) export.Actor {
	c := rest.CallerOf(ctx)
	return export.Actor{Workspace: c.Workspace().ID, By: c.Account().By, User: c.User()}
}

func (a *API) listExports(ctx context.Context, _ *struct{}) (rest.Items[view.Export], error) {
	all, err := a.Exports.Mine(ctx, exporter(ctx))
	return rest.NewItems(rest.Views(all, view.ExportOf)), err
}

func (a *API) postExport(ctx context.Context, in *postExport) (view.Export, error) {
	b := in.Body
	e, err := a.Exports.Ask(ctx, exporter(ctx), export.Request{
		Kind: desk.ExportKind(b.Kind), Format: desk.ExportFormat(b.Format), Repeat: rest.From(ctx).Repeat,
		Options: desk.ExportOptions{BOM: b.BOM, Notes: b.Notes, Since: b.Since.Time, Until: b.Until.Time, Locale: rest.From(ctx).Locale},
	})
	return view.ExportOf(e), err
}

func (a *API) cancelExport(ctx context.Context, in *rest.ByID) (view.Export, error) {
	e, err := a.Exports.Cancel(ctx, exporter(ctx), in.ID)
	return view.ExportOf(e), err
}

func (a *API) exportFile(w http.ResponseWriter, r *http.Request) {
	if err := a.serveExport(w, r); err != nil {
		rest.WriteProblem(w, r, err)
	}
}

func (a *API) serveExport(w http.ResponseWriter, r *http.Request) error {
	id, err := desk.ParseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	actor := exporter(r.Context())
	e, err := a.Exports.Download(r.Context(), actor, id)
	if err != nil {
		return err
	}
	content, info, err := a.Exports.Open(r.Context(), actor, e)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", media.ContentDisposition(false, e.Name))
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(rest.Patient(w), r, "", info.StoredAt, content)
	return nil
}
