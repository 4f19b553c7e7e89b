package agent

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/view"
)

func (a *API) files(api huma.API) {
	form := &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{
		"file":            {Type: huma.TypeString, Format: "binary"},
		"conversation_id": {Type: huma.TypeInteger, Format: "int64"},
	}}
	uploaded := &huma.Response{Description: "The stored file", Content: map[string]*huma.MediaType{
		"application/json": {Schema: rest.SchemaOf[view.Attachment](api)},
	}}
	bytes := &huma.Response{Description: "The bytes", Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	rest.AddRaw(api, rest.Op{ID: "upload-file", Method: http.MethodPost, Path: "/uploads", Tag: "Files", Idempotent: true,
		Summary: "Upload a file, to send it later", Can: "conversation.reply", Status: http.StatusCreated},
		map[string]*huma.MediaType{"multipart/form-data": {Schema: form}}, uploaded, nil)
	rest.AddRaw(api, rest.Op{ID: "get-file", Method: http.MethodGet, Path: "/files/{id}", Tag: "Files",
		Summary: "A file; ranges are served", Can: "conversation.read"}, nil, bytes, nil)
	rest.AddRaw(api, rest.Op{ID: "get-thumbnail", Method: http.MethodGet, Path: "/files/{id}/thumb", Tag: "Files",
		Summary: "A small picture of an image", Can: "conversation.read"}, nil, bytes, nil)
}
