package admin

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
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

// CustomRole is a role of the workspace's own.
type CustomRole struct {
	ID          desk.ID     `json:"id"`
	Label       desk.Labels `json:"label"`
	Base        desk.Role   `json:"base" enum:"viewer,agent,supervisor,admin" doc:"The role that it was made from: it may have no more than that one can have"`
	Permissions []string    `json:"permissions" doc:"All that it may, in the matrix' order"`
	Version     int64       `json:"version"`
}

type matrix struct {
	Permissions []string     `json:"permissions" doc:"All of them, in the matrix' order"`
	Roles       []Role       `json:"roles" doc:"From least to most"`
	Custom      []CustomRole `json:"custom" doc:"The workspace's own, oldest first"`
}

type postRole struct {
	Body struct {
		Label       desk.Labels `json:"label"`
		Base        desk.Role   `json:"base" enum:"viewer,agent,supervisor,admin"`
		Permissions []string    `json:"permissions" maxItems:"50"`
	}
}

type putCustomRole struct {
	rest.ByID
	Body struct {
		Label       desk.Labels `json:"label"`
		Permissions []string    `json:"permissions" maxItems:"50"`
		Version     int64       `json:"version" minimum:"1" doc:"The version that was seen; 409 edited_meanwhile if it is older"`
	}
}

type deleteRole struct {
	rest.ByID
	Role       desk.Role `query:"role" enum:"viewer,agent,supervisor,admin,owner" doc:"What whoever has it gets instead"`
	CustomRole desk.ID   `query:"custom_role_id" minimum:"0" doc:"Or one of the workspace's own"`
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
	rest.Add(api, rest.Op{ID: "post-custom-role", Method: http.MethodPost, Path: "/roles", Tag: "Members",
		Summary: "Make a role of the workspace's own", Can: auth.MemberManage, Status: http.StatusCreated, Idempotent: true,
		Description: "Nobody makes, changes or deletes a role that may more than they: 403 forbidden."}, a.postCustomRole)
	rest.Add(api, rest.Op{ID: "put-custom-role", Method: http.MethodPut, Path: "/roles/{id}", Tag: "Members",
		Summary: "Change what a role of the workspace's own may do, for everybody who has it", Can: auth.MemberManage}, a.putCustomRole)
	rest.Add(api, rest.Op{ID: "delete-custom-role", Method: http.MethodDelete, Path: "/roles/{id}", Tag: "Members",
		Summary: "Delete a role of the workspace's own", Can: auth.MemberManage,
		Description: "409 role_in_use while somebody has it and no role is named that they get instead."}, a.deleteCustomRole)
}

func customRoleOf(c desk.CustomRole) CustomRole {
	return CustomRole{ID: c.ID, Label: c.Label, Base: c.Base, Permissions: c.Permissions, Version: c.Version}
}

func matrixOf(w desk.Workspace, custom []desk.CustomRole) matrix {
	m := matrix{Custom: rest.Views(custom, customRoleOf)}
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

func (a *API) listRoles(ctx context.Context, _ *struct{}) (m matrix, err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		custom, err := r.Members().CustomRoles()
		m = matrixOf(c.Workspace(), custom)
		return err
	})
	return m, err
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
		custom, err := tx.Members().CustomRoles()
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
		if err := auth.MayGive(c.Can, auth.OfRole(w, in.Body.Role, nil)); err != nil {
			return matrix{}, err
		}
		tx.Emit(desk.Event{Kind: desk.EventWorkspaceChanged, At: tx.Now(), Actor: c.Account().By, SubjectID: w.ID, Changes: []desk.Change{
			{Field: "role_grants." + string(in.Body.Role), From: joined(was), To: joined(in.Body.Grants)},
		}})
		return matrixOf(w, custom), tx.WriteWorkspaces().Put(w)
	})
}

func (a *API) postCustomRole(ctx context.Context, in *postRole) (CustomRole, error) {
	x := rest.From(ctx)
	made, err := a.Accounts.CreateRole(ctx, x.Caller.Account(), desk.CustomRole{Label: cleanLabels(in.Body.Label), Base: in.Body.Base, Permissions: in.Body.Permissions}, x.Repeat)
	return customRoleOf(made), err
}

func (a *API) putCustomRole(ctx context.Context, in *putCustomRole) (CustomRole, error) {
	c := rest.CallerOf(ctx)
	edit := account.RoleEdit{Label: cleanLabels(in.Body.Label), Permissions: in.Body.Permissions, Version: in.Body.Version}
	changed, err := a.Accounts.EditRole(ctx, c.Account(), in.ID, edit)
	if err == nil {
		a.SessionEnded(ctx, c.Workspace().ID, 0) // members' sockets hear of it by the event log, keys' look again (J4)
	}
	return customRoleOf(changed), err
}

func (a *API) deleteCustomRole(ctx context.Context, in *deleteRole) (rest.None, error) {
	c := rest.CallerOf(ctx)
	err := a.Accounts.DeleteRole(ctx, c.Account(), in.ID, account.RoleChoice{Role: in.Role, Custom: in.CustomRole})
	if err == nil {
		a.SessionEnded(ctx, c.Workspace().ID, 0)
	}
	return rest.None{}, err
}

func joined(names []string) string { return strings.Join(names, ",") }
