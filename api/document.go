// Package api is the HTTP server: the REST API, its documentation, the built web apps, files and the sockets' doors.
package api

import (
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"madoguchi/api/admin"
	"madoguchi/api/agent"
	"madoguchi/api/rest"
)

// Document is the OpenAPI 3.1 document of the REST API, as JSON.
func Document() ([]byte, error) {
	routes := newRoutes(http.NewServeMux(), "dev")
	(&agent.API{}).Register(routes)
	(&admin.API{}).Register(routes)
	tidySchemas(routes.OpenAPI().Components.Schemas)
	return json.MarshalIndent(routes.OpenAPI(), "", "  ")
}

func newRoutes(mux humago.Mux, version string) huma.API {
	config := huma.DefaultConfig("Madoguchi", version)
	config.Info.Description = "The REST API of the support desk. What the inbox can do, it can do."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil // no $schema links in answers
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "madoguchi_session", Description: "With X-CSRF-Token on everything but GET"},
		"api_key": {Type: "http", Scheme: "bearer", BearerFormat: "mdg_…"},
	}
	config.Components.Schemas.Schema(reflect.TypeFor[rest.Problem](), true, "")
	return humago.New(mux, config)
}

// tidySchemas says that arrays are never null: we always write them.
func tidySchemas(registry huma.Registry) {
	for _, schema := range registry.Map() {
		neverNull(schema)
	}
}

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
