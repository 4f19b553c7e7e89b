package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"madoguchi/api/admin"
	"madoguchi/api/agent"
	"madoguchi/api/rest"
	"madoguchi/auth"
)

// Document is the OpenAPI 3.1 document of the REST API, as indented JSON: what the front end's types are made of.
func Document() ([]byte, error) {
	routes := newRoutes(http.NewServeMux(), "dev")
	(&agent.API{}).Register(routes)
	(&admin.API{}).Register(routes)
	finish(routes)
	b, err := json.MarshalIndent(routes.OpenAPI(), "", "  ")
	return append(b, '\n'), err
}

func newRoutes(mux humago.Mux, version string) huma.API {
	config := huma.DefaultConfig("Madoguchi", version)
	config.Info.Description = "The REST API of the support desk. What the inbox can do, it can do."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", "" // served by ourselves, without a CDN
	config.CreateHooks = nil                                             // no $schema links in answers
	config.Transformers = append(config.Transformers, rest.Translate)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: auth.SessionCookieName, Description: "With X-CSRF-Token on everything but GET. Under HTTPS its name begins with __Host-."},
		"api_key": {Type: "http", Scheme: "bearer", BearerFormat: "mdg_…"},
	}
	config.Components.Schemas.Schema(reflect.TypeFor[rest.Problem](), true, "")
	return humago.New(mux, config)
}

// finish tidies the document once every operation is declared.
func finish(routes huma.API) {
	schemas := routes.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel") // huma's own; ours is Problem
	delete(schemas, "ErrorDetail")
	for _, schema := range schemas {
		neverNull(schema)
	}
}

// documentPage serves the document. It is printed when first asked for: most starts of a node are not for its sake.
func (s *Server) documentPage(api *huma.OpenAPI) http.HandlerFunc {
	printed := sync.OnceValues(func() ([]byte, error) { return json.Marshal(api) })
	return func(w http.ResponseWriter, _ *http.Request) {
		document, err := printed()
		if err != nil {
			s.failed(w, "print the API document", err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Access-Control-Allow-Origin", "*") // it is the same for everybody
		_, _ = w.Write(document)
	}
}

func (s *Server) failed(w http.ResponseWriter, what string, err error) {
	s.deps.Log.Error(what, "err", err)
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}

// neverNull says that arrays are never null: we always write them.
func neverNull(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Type == huma.TypeArray {
		s.Nullable = false
		neverNull(s.Items)
	}
	for _, property := range s.Properties {
		neverNull(property)
	}
	if extra, ok := s.AdditionalProperties.(*huma.Schema); ok {
		neverNull(extra)
	}
}
