package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/view"
)

// APIKey is a program's key, without its secret.
type APIKey struct {
	ID          desk.ID   `json:"id"`
	Name        string    `json:"name"`
	Role        desk.Role `json:"role" enum:"viewer,agent,supervisor,admin,owner"`
	CustomRole  desk.ID   `json:"custom_role_id,omitempty" doc:"The workspace's own role that it has, based on role"`
	Permissions []string  `json:"permissions" doc:"What it may do of what its role may; none = all of it"`
	CreatedBy   desk.ID   `json:"created_by"`
	CreatedAt   view.Time `json:"created_at" format:"date-time"`
	ExpiresAt   view.Time `json:"expires_at,omitzero" format:"date-time"`
	LastUsedAt  view.Time `json:"last_used_at,omitzero" format:"date-time"`
}

type postAPIKey struct {
	Body struct {
		Name        string    `json:"name" minLength:"1" maxLength:"60"`
		Role        desk.Role `json:"role,omitempty" enum:"viewer,agent,supervisor,admin"`
		CustomRole  desk.ID   `json:"custom_role_id,omitempty" minimum:"0" doc:"Instead of role: one of the workspace's own"`
		Permissions []string  `json:"permissions,omitempty" maxItems:"50" doc:"What it may do of what its role may; none = all of it"`
		ExpiresAt   view.Time `json:"expires_at,omitzero" format:"date-time" doc:"Absent = it does not expire"`
	}
}

type newAPIKey struct {
	APIKey APIKey `json:"api_key"`
	Secret string `json:"secret" doc:"Shown once: Authorization: Bearer mdg_…; empty when an Idempotency-Key is repeated"`
}

func (a *API) apiKeys(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-api-keys", Method: http.MethodGet, Path: "/api-keys", Tag: "API keys",
		Summary: "Keys in force", Can: auth.SecretManage}, a.listAPIKeys)
	rest.Add(api, rest.Op{ID: "post-api-key", Method: http.MethodPost, Path: "/api-keys", Tag: "API keys",
		Summary: "Make a key for a program", Can: auth.SecretManage, Status: http.StatusCreated, Idempotent: true,
		Description: "A key does and sees no more than its maker may at the moment, and ends when they leave."}, a.postAPIKey)
	rest.Add(api, rest.Op{ID: "delete-api-key", Method: http.MethodDelete, Path: "/api-keys/{id}", Tag: "API keys",
		Summary: "Revoke a key", Can: auth.SecretManage}, a.deleteAPIKey)
}

func apiKeyOf(k desk.APIKey) APIKey {
	return APIKey{ID: k.ID, Name: k.Name, Role: k.Role, CustomRole: view.CustomRoleID(k.Custom), Permissions: append([]string{}, k.Permissions...), ExpiresAt: view.At(k.ExpiresAt), CreatedBy: k.CreatedBy, CreatedAt: view.At(k.CreatedAt), LastUsedAt: view.At(k.LastUsedAt)}
}

func (a *API) listAPIKeys(ctx context.Context, _ *struct{}) (rest.Items[APIKey], error) {
	all, err := a.Accounts.APIKeys(ctx, rest.CallerOf(ctx).Account())
	return rest.NewItems(rest.Views(all, apiKeyOf)), err
}

func (a *API) postAPIKey(ctx context.Context, in *postAPIKey) (newAPIKey, error) {
	x := rest.From(ctx)
	key, secret, err := a.Accounts.CreateAPIKey(ctx, x.Caller.Account(), account.KeyParams{
		Name: in.Body.Name, Role: account.RoleChoice{Role: in.Body.Role, Custom: in.Body.CustomRole}, Permissions: in.Body.Permissions, ExpiresAt: in.Body.ExpiresAt.Time, Repeat: x.Repeat,
	})
	return newAPIKey{APIKey: apiKeyOf(key), Secret: secret}, err
}

func (a *API) deleteAPIKey(ctx context.Context, in *rest.ByID) (rest.None, error) {
	c := rest.CallerOf(ctx)
	if err := a.Accounts.RevokeAPIKey(ctx, c.Account(), in.ID); err != nil {
		return rest.None{}, err
	}
	a.SessionEnded(ctx, c.Workspace().ID, 0)
	return rest.None{}, nil
}
