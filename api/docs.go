package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
)

//go:embed docs.html
var docsTemplate string

//go:embed docs.css
var docsStyle []byte

type docs struct {
	Title, Version, Description string
	Chapters                    []docsChapter
	Schemas                     []docsSchema
}

type docsChapter struct {
	Name, Anchor string
	Operations   []docsOperation
}

type docsOperation struct {
	ID, Method, Path, Summary, Description, Needs string
	Parameters                                    []docsParameter
	Request                                       *docsType
	Responses                                     []docsResponse
}

type docsParameter struct {
	Name, In, Type, Meaning string
	Required                bool
}

type docsResponse struct {
	Status, Meaning string
	Type            docsType
}

// docsType is a type in words, and the schema it leads to.
type docsType struct{ Text, Link string }

type docsSchema struct {
	Name   string
	Fields []docsField
}

type docsField struct {
	Name, Meaning string
	Required      bool
	Type          docsType
}

// docsPage serves the API's documentation, made once from the document: plain HTML, no script, nothing from elsewhere.
func (s *Server) docsPage(api *huma.OpenAPI) http.HandlerFunc {
	written := sync.OnceValues(func() ([]byte, error) { return writeDocs(api) })
	return func(w http.ResponseWriter, _ *http.Request) {
		page, err := written()
		if err != nil {
			s.failed(w, "write the documentation", err)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		_, _ = w.Write(page)
	}
}

func writeDocs(api *huma.OpenAPI) ([]byte, error) {
	t, err := template.New("docs").Parse(docsTemplate)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = t.Execute(&page, docsOf(api))
	return page.Bytes(), err
}

func docsCSS(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(docsStyle)
}

func docsOf(api *huma.OpenAPI) docs {
	d := docs{Title: api.Info.Title, Version: api.Info.Version, Description: api.Info.Description}
	chapters := map[string]*docsChapter{}
	for _, path := range slices.Sorted(maps.Keys(api.Paths)) {
		item := api.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			name := op.Tags[0]
			if chapters[name] == nil {
				chapters[name] = &docsChapter{Name: name, Anchor: strings.ToLower(strings.ReplaceAll(name, " ", "-"))}
			}
			chapters[name].Operations = append(chapters[name].Operations, docsOperationOf(op))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(chapters)) {
		d.Chapters = append(d.Chapters, *chapters[name])
	}
	schemas := api.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		d.Schemas = append(d.Schemas, docsSchemaOf(name, schemas[name]))
	}
	return d
}

func docsOperationOf(op *huma.Operation) docsOperation {
	d := docsOperation{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: sentence(op.Summary), Description: op.Description, Needs: needs(op)}
	for _, p := range op.Parameters {
		d.Parameters = append(d.Parameters, docsParameter{Name: p.Name, In: p.In, Required: p.Required, Type: typeOf(p.Schema).Text, Meaning: p.Description + p.Schema.Description})
	}
	if op.RequestBody != nil {
		for kind, media := range op.RequestBody.Content {
			found := typeOf(media.Schema)
			if kind != "application/json" {
				found.Text = kind
			}
			d.Request = &found
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		if status == "default" {
			continue
		}
		r := docsResponse{Status: status, Meaning: op.Responses[status].Description}
		for _, media := range op.Responses[status].Content {
			r.Type = typeOf(media.Schema)
		}
		d.Responses = append(d.Responses, r)
	}
	return d
}

func needs(op *huma.Operation) string {
	declared, _ := rest.Declared(op)
	switch declared.Can {
	case rest.Public:
		return "nothing"
	case rest.SignedIn:
		if declared.PersonOnly {
			return "a signed-in person"
		}
		return "to be signed in, or an API key"
	}
	if declared.PersonOnly {
		return "a signed-in person with " + string(declared.Can)
	}
	return string(declared.Can)
}

func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

func docsSchemaOf(name string, s *huma.Schema) docsSchema {
	d := docsSchema{Name: name}
	for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[field]
		d.Fields = append(d.Fields, docsField{
			Name: field, Required: slices.Contains(s.Required, field), Type: typeOf(property), Meaning: property.Description,
		})
	}
	return d
}

func typeOf(s *huma.Schema) docsType {
	switch {
	case s == nil:
		return docsType{}
	case s.Ref != "":
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		return docsType{Text: name, Link: name}
	case s.Type == huma.TypeArray:
		item := typeOf(s.Items)
		return docsType{Text: "list of " + item.Text, Link: item.Link}
	case len(s.Enum) > 0:
		words := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			words[i] = fmt.Sprintf("%q", v)
		}
		return docsType{Text: strings.Join(words, " · ")}
	case s.Type == "":
		return docsType{Text: "anything"}
	case s.Format != "" && s.Type == huma.TypeString:
		return docsType{Text: s.Format}
	}
	if extra, ok := s.AdditionalProperties.(*huma.Schema); ok {
		return docsType{Text: "map of " + typeOf(extra).Text, Link: typeOf(extra).Link}
	}
	return docsType{Text: s.Type}
}
