package admin

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/view"
)

// APIKey is a program's key, without its secret.
type APIKey struct {
	ID         desk.ID   `json:"id"`
	Name       string    `json:"name"`
	Role       desk.Role `json:"role" enum:"viewer,agent,supervisor,admin,owner"`
	CreatedBy  desk.ID   `json:"created_by"`
	CreatedAt  view.Time `json:"created_at" format:"date-time"`
	LastUsedAt view.Time `json:"last_used_at,omitzero" format:"date-time"`
}

type postAPIKey struct {
	Body struct {
		Name string    `json:"name" minLength:"1" maxLength:"60"`
		Role desk.Role `json:"role" enum:"viewer,agent,supervisor,admin"`
	}
}

type newAPIKey struct {
	APIKey APIKey `json:"api_key"`
	Secret string `json:"secret" doc:"Shown once: Authorization: Bearer mdg_…; empty when an Idempotency-Key is repeated"`
}

func (a *API) apiKeys(api huma.API) {
	rest.Add[struct{}, rest.Items[APIKey]](api, rest.Op{ID: "list-api-keys", Method: http.MethodGet, Path: "/api-keys", Tag: "API keys",
		Summary: "Keys in force", Can: "apikey.manage"}, nil)
	rest.Add[postAPIKey, newAPIKey](api, rest.Op{ID: "post-api-key", Method: http.MethodPost, Path: "/api-keys", Tag: "API keys",
		Summary: "Make a key for a program", Can: "apikey.manage", Status: http.StatusCreated, Idempotent: true}, nil)
	rest.Add[byID, rest.None](api, rest.Op{ID: "delete-api-key", Method: http.MethodDelete, Path: "/api-keys/{id}", Tag: "API keys",
		Summary: "Revoke a key", Can: "apikey.manage"}, nil)
}
