package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"

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
	if _, err := finish(routes); err != nil {
		return nil, err
	}
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

// finish tidies the document once every operation is declared, and prints it.
func finish(routes huma.API) ([]byte, error) {
	schemas := routes.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel") // huma's own; ours is Problem
	delete(schemas, "ErrorDetail")
	for _, schema := range schemas {
		neverNull(schema)
	}
	b, err := json.Marshal(routes.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("print the API document: %w", err)
	}
	return b, nil
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
