package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// Role is one column of the permission matrix (J3).
type Role struct {
	Role   desk.Role `json:"role" enum:"viewer,agent,supervisor,admin,owner"`
	Held   []string  `json:"held" doc:"What everybody with this role may do"`
	Open   []string  `json:"open" doc:"What may be granted to the role or to one member"`
	Grants []string  `json:"grants" doc:"What was granted to everybody with this role"`
}

type matrix struct {
	Permissions []string `json:"permissions" doc:"All of them, in the matrix' order"`
	Roles       []Role   `json:"roles" doc:"From least to most"`
}

type putRole struct {
	Body struct {
		Role   desk.Role `json:"role" enum:"viewer,agent,supervisor,admin,owner"`
		Grants []string  `json:"grants" maxItems:"50"`
	}
}

func (a *API) roles(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-roles", Method: http.MethodGet, Path: "/roles", Tag: "Members",
		Summary: "Who may do what", Can: rest.SignedIn}, a.listRoles)
	rest.Add(api, rest.Op{ID: "put-role", Method: http.MethodPut, Path: "/roles", Tag: "Members",
		Summary: "Grant everybody with a role what the matrix leaves open", Can: auth.MemberManage}, a.putRole)
}

func matrixOf(w desk.Workspace) matrix {
	m := matrix{}
	for _, p := range auth.All() {
		m.Permissions = append(m.Permissions, string(p))
	}
	for _, role := range auth.Roles() {
		r := Role{Role: role, Held: []string{}, Open: []string{}, Grants: append([]string{}, w.RoleGrants[role]...)}
		for _, p := range auth.All() {
			switch auth.LevelOf(role, p) {
			case auth.Always:
				r.Held = append(r.Held, string(p))
			case auth.Grantable:
				r.Open = append(r.Open, string(p))
			}
		}
		m.Roles = append(m.Roles, r)
	}
	return m
}

func (a *API) listRoles(ctx context.Context, _ *struct{}) (matrix, error) {
	return matrixOf(rest.CallerOf(ctx).Workspace()), nil
}

func (a *API) putRole(ctx context.Context, in *putRole) (matrix, error) {
	if err := auth.CheckGrants(in.Body.Role, in.Body.Grants); err != nil {
		return matrix{}, err
	}
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (matrix, error) {
		w, err := tx.Workspaces().Current()
		if err != nil {
			return matrix{}, err
		}
		grants := map[desk.Role][]string{}
		for role, kept := range w.RoleGrants {
			grants[role] = kept
		}
		was := grants[in.Body.Role]
		grants[in.Body.Role] = in.Body.Grants
		w.RoleGrants = grants
		tx.Emit(desk.Event{Kind: desk.EventWorkspaceChanged, At: tx.Now(), Actor: c.Account().By, SubjectID: w.ID, Changes: []desk.Change{
			{Field: "role_grants." + string(in.Body.Role), From: joined(was), To: joined(in.Body.Grants)},
		}})
		return matrixOf(w), tx.WriteWorkspaces().Put(w)
	})
}
