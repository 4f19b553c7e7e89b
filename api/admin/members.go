package admin

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/mail"
	"madoguchi/store"
	"madoguchi/view"
)

// Invite is an unanswered invitation.
type Invite struct {
	ID         desk.ID   `json:"id"`
	Email      string    `json:"email"`
	Role       desk.Role `json:"role" enum:"viewer,agent,supervisor,admin,owner"`
	CustomRole desk.ID   `json:"custom_role_id,omitempty" doc:"The workspace's own role that they get, based on role"`
	InvitedBy  desk.ID   `json:"invited_by"`
	CreatedAt  view.Time `json:"created_at" format:"date-time"`
	ExpiresAt  view.Time `json:"expires_at" format:"date-time"`
}

type postInvite struct {
	Body struct {
		Email      string    `json:"email" minLength:"3" maxLength:"254"`
		Role       desk.Role `json:"role,omitempty" enum:"viewer,agent,supervisor,admin,owner"`
		CustomRole desk.ID   `json:"custom_role_id,omitempty" minimum:"0" doc:"Instead of role: one of the workspace's own"`
	}
}

type invited struct {
	Invite Invite `json:"invite"`
	Link   string `json:"link" doc:"Shown once; whoever has it may join"`
	Mailed bool   `json:"mailed" doc:"The mail server took it for them too"`
	// NotMailed and Answer are for who invites: they hand the link on themselves then.
	NotMailed string `json:"not_mailed,omitempty" enum:"mail_off,mail_unreachable,mail_refused,email_invalid" doc:"Why it was not e-mailed"`
	Answer    string `json:"mail_answer,omitempty" doc:"With mail_refused: what the mail server said"`
}

// ByToken is the input of an operation on an invitation.
type ByToken struct {
	Token string `path:"token" maxLength:"100"`
}

type invitation struct {
	Email         string `json:"email"`
	Workspace     string `json:"workspace"`
	NeedsPassword bool   `json:"needs_password" doc:"A new person chooses a password; one who has an account proves it"`
}

type acceptInvitation struct {
	ByToken
	Body struct {
		Name     string      `json:"name,omitempty" maxLength:"100"`
		Password string      `json:"password" maxLength:"200"`
		Locale   desk.Locale `json:"locale,omitempty" enum:"ja,en"`
		Zone     string      `json:"zone,omitempty" maxLength:"64"`
	}
}

type editMember struct {
	UserID desk.ID `path:"user_id" minimum:"1"`
	Body   struct {
		Role        *desk.Role  `json:"role,omitempty" enum:"viewer,agent,supervisor,admin,owner"`
		CustomRole  desk.ID     `json:"custom_role_id,omitempty" minimum:"0" doc:"Instead of role: one of the workspace's own"`
		DisplayName *string     `json:"display_name,omitempty" maxLength:"100"`
		Active      *bool       `json:"active,omitempty"`
		Scope       *desk.Scope `json:"scope,omitempty" enum:"all,team,own" doc:"Which conversations this member sees (J2)"`
		Capacity    *int        `json:"capacity,omitempty" minimum:"0" maximum:"100" doc:"How many slots of work at once, 0 = the workspace's (E7)"`
		Channels    *[]desk.ID  `json:"channel_ids,omitempty" maxItems:"1000" doc:"Whose customers the desk gives this member; none = every channel's (E4)"`
		Grants      *[]string   `json:"grants,omitempty" maxItems:"50" doc:"Permissions beyond the role: the ○ cells of the matrix"`
	}
}

func (a *API) members(api huma.API) {
	rest.Add(api, rest.Op{ID: "post-invite", Method: http.MethodPost, Path: "/invites", Tag: "Members",
		Summary: "Invite somebody by a link", Can: auth.MemberManage, Status: http.StatusCreated, Idempotent: true}, a.postInvite)
	rest.Add(api, rest.Op{ID: "list-invites", Method: http.MethodGet, Path: "/invites", Tag: "Members",
		Summary: "Unanswered invitations", Can: auth.MemberManage}, a.listInvites)
	rest.Add(api, rest.Op{ID: "delete-invite", Method: http.MethodDelete, Path: "/invites/{id}", Tag: "Members",
		Summary: "Withdraw an invitation", Can: auth.MemberManage}, a.deleteInvite)
	rest.Add(api, rest.Op{ID: "get-invitation", Method: http.MethodGet, Path: "/invitations/{token}", Tag: "Members",
		Summary: "What a link invites to", Can: rest.Public}, a.getInvitation)
	rest.Add(api, rest.Op{ID: "accept-invitation", Method: http.MethodPost, Path: "/invitations/{token}", Tag: "Members",
		Summary: "Join by a link", Can: rest.Public, Status: http.StatusCreated}, a.acceptInvitation)
	rest.Add(api, rest.Op{ID: "list-members", Method: http.MethodGet, Path: "/members", Tag: "Members",
		Summary: "Everybody, deactivated ones too", Can: rest.SignedIn}, a.listMembers)
	rest.Add(api, rest.Op{ID: "edit-member", Method: http.MethodPatch, Path: "/members/{user_id}", Tag: "Members",
		Summary: "Change a role or display name, deactivate", Can: rest.SignedIn,
		Description: "display_name may be changed by oneself; the rest needs member.manage."}, a.editMember)
	rest.AddRaw(api, rest.Op{ID: "post-my-avatar", Method: http.MethodPost, Path: "/members/me/avatar", Tag: "Members", PersonOnly: true,
		Summary: "Change my picture", Can: rest.SignedIn}, map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}},
	}}}, &huma.Response{Description: "Me", Content: map[string]*huma.MediaType{"application/json": {Schema: rest.SchemaOf[view.Member](api)}}}, a.postAvatar)
	rest.AddRaw(api, rest.Op{ID: "get-avatar", Method: http.MethodGet, Path: "/members/{user_id}/avatar", Tag: "Members",
		Summary: "A member's picture", Can: rest.SignedIn}, nil, &huma.Response{Description: "The picture", Content: map[string]*huma.MediaType{
		"image/jpeg": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}, a.getAvatar)
}

func inviteOf(i desk.Invite) Invite {
	return Invite{ID: i.ID, Email: i.Email, Role: i.Role, CustomRole: view.CustomRoleID(i.Custom), InvitedBy: i.InvitedBy, CreatedAt: view.At(i.CreatedAt), ExpiresAt: view.At(i.ExpiresAt)}
}

func (a *API) postInvite(ctx context.Context, in *postInvite) (invited, error) {
	x := rest.From(ctx)
	role := account.RoleChoice{Role: in.Body.Role, Custom: in.Body.CustomRole}
	invite, token, err := a.Accounts.Invite(ctx, x.Caller.Account(), in.Body.Email, role, x.Repeat)
	if err != nil {
		return invited{}, err
	}
	out := invited{Invite: inviteOf(invite)}
	if token != "" {
		out.Link = a.PublicURL + "/invitations/" + token
		a.mailInvite(ctx, invite, &out)
	}
	return out, nil
}

// mailInvite e-mails the link, or notes why not. It is shown in any case.
func (a *API) mailInvite(ctx context.Context, invite desk.Invite, out *invited) {
	to := mail.Invitation{By: invite.InvitedBy, Email: invite.Email, Link: out.Link, Until: invite.ExpiresAt}
	err := a.Mail.Invite(ctx, rest.CallerOf(ctx).Workspace().ID, to)
	var refused *desk.Error
	switch {
	case err == nil:
		out.Mailed = true
	case errors.As(err, &refused):
		out.NotMailed = refused.Code
		if refused.Code == "mail_refused" {
			out.Answer = strings.TrimSpace(refused.Params["code"] + " " + refused.Params["answer"])
		}
	default:
		out.NotMailed = "mail_unreachable"
		rest.From(ctx).Log.WarnContext(ctx, "mail an invitation", "err", err)
	}
}

func (a *API) listInvites(ctx context.Context, _ *struct{}) (rest.Items[Invite], error) {
	all, err := a.Accounts.Invites(ctx, rest.CallerOf(ctx).Account())
	return rest.NewItems(rest.Views(all, inviteOf)), err
}

func (a *API) deleteInvite(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.Accounts.DeleteInvite(ctx, rest.CallerOf(ctx).Account(), in.ID)
}

func (a *API) getInvitation(ctx context.Context, in *ByToken) (invitation, error) {
	found, err := a.Accounts.Invitation(ctx, in.Token)
	return invitation{Email: found.Email, Workspace: found.Workspace.Name, NeedsPassword: !found.Known}, err
}

func (a *API) acceptInvitation(ctx context.Context, in *acceptInvitation) (rest.Session, error) {
	token, signed, err := a.Accounts.Accept(ctx, in.Token, account.Acceptance(in.Body), rest.From(ctx).Browser())
	if err != nil {
		return rest.Session{}, err
	}
	return a.begin(ctx, token, signed)
}

func (a *API) listMembers(ctx context.Context, _ *struct{}) (list rest.Items[view.Member], err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		members, err := r.Members().List()
		if err != nil {
			return err
		}
		presences, err := r.Members().Presences()
		if err != nil {
			return err
		}
		of := make(map[desk.ID]desk.Presence, len(presences))
		for _, p := range presences {
			of[p.UserID] = p
		}
		now := a.now()
		list = rest.NewItems(rest.Views(members, func(m desk.Member) view.Member { return view.MemberOf(m, of[m.UserID], now, view.MemberLinks()) }))
		return nil
	})
	return list, err
}

func (a *API) editMember(ctx context.Context, in *editMember) (view.Member, error) {
	edit := account.MemberEdit{DisplayName: in.Body.DisplayName, Active: in.Body.Active, Scope: in.Body.Scope, Grants: in.Body.Grants, Capacity: in.Body.Capacity, Channels: in.Body.Channels}
	if in.Body.CustomRole != 0 {
		edit.Role = &account.RoleChoice{Custom: in.Body.CustomRole}
	} else if in.Body.Role != nil {
		edit.Role = &account.RoleChoice{Role: *in.Body.Role}
	}
	return a.applyMemberEdit(ctx, in.UserID, edit)
}

func (a *API) applyMemberEdit(ctx context.Context, user desk.ID, edit account.MemberEdit) (v view.Member, err error) {
	c := rest.CallerOf(ctx)
	m, err := a.Accounts.EditMember(ctx, c.Account(), c.Can(auth.MemberManage), user, edit)
	if err != nil {
		return v, err
	}
	if edit.Role != nil || edit.Active != nil || edit.Scope != nil || edit.Grants != nil {
		a.SessionEnded(ctx, c.Workspace().ID, user) // sockets look again at what this person may do (J4)
	}
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		p, err := r.Members().Presence(user)
		v = view.MemberOf(m, p, a.now(), view.MemberLinks())
		return err
	})
	return v, err
}
