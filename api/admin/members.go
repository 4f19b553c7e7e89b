package admin

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/view"
)

// Invite is an unanswered invitation.
type Invite struct {
	ID        desk.ID   `json:"id"`
	Email     string    `json:"email"`
	Role      desk.Role `json:"role" enum:"viewer,agent,supervisor,admin,owner"`
	InvitedBy desk.ID   `json:"invited_by"`
	CreatedAt view.Time `json:"created_at" format:"date-time"`
	ExpiresAt view.Time `json:"expires_at" format:"date-time"`
}

type postInvite struct {
	Body struct {
		Email string    `json:"email" minLength:"3" maxLength:"254"`
		Role  desk.Role `json:"role" enum:"viewer,agent,supervisor,admin,owner"`
	}
}

type invited struct {
	Invite Invite `json:"invite"`
	Link   string `json:"link" doc:"Shown once; whoever has it may join"`
}

type byToken struct {
	Token string `path:"token" maxLength:"100"`
}

type invitation struct {
	Email         string `json:"email"`
	Workspace     string `json:"workspace"`
	NeedsPassword bool   `json:"needs_password" doc:"A new person chooses a password; one who has an account proves it"`
}

type acceptInvitation struct {
	byToken
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
		Role        *desk.Role `json:"role,omitempty" enum:"viewer,agent,supervisor,admin,owner"`
		DisplayName *string    `json:"display_name,omitempty" maxLength:"100"`
		Active      *bool      `json:"active,omitempty"`
	}
}

func (a *API) members(api huma.API) {
	rest.Add[postInvite, invited](api, rest.Op{ID: "post-invite", Method: http.MethodPost, Path: "/invites", Tag: "Members",
		Summary: "Invite somebody by a link", Can: "member.manage", Status: http.StatusCreated, Idempotent: true}, nil)
	rest.Add[struct{}, rest.Items[Invite]](api, rest.Op{ID: "list-invites", Method: http.MethodGet, Path: "/invites", Tag: "Members",
		Summary: "Unanswered invitations", Can: "member.manage"}, nil)
	rest.Add[byID, rest.None](api, rest.Op{ID: "delete-invite", Method: http.MethodDelete, Path: "/invites/{id}", Tag: "Members",
		Summary: "Withdraw an invitation", Can: "member.manage"}, nil)
	rest.Add[byToken, invitation](api, rest.Op{ID: "get-invitation", Method: http.MethodGet, Path: "/invitations/{token}", Tag: "Members",
		Summary: "What a link invites to", Can: rest.Public}, nil)
	rest.Add[acceptInvitation, rest.Session](api, rest.Op{ID: "accept-invitation", Method: http.MethodPost, Path: "/invitations/{token}", Tag: "Members",
		Summary: "Join by a link", Can: rest.Public, Status: http.StatusCreated}, nil)
	rest.Add[struct{}, rest.Items[view.Member]](api, rest.Op{ID: "list-members", Method: http.MethodGet, Path: "/members", Tag: "Members",
		Summary: "Everybody, deactivated ones too", Can: rest.SignedIn}, nil)
	rest.Add[editMember, view.Member](api, rest.Op{ID: "edit-member", Method: http.MethodPatch, Path: "/members/{user_id}", Tag: "Members",
		Summary: "Change a role or display name, deactivate", Can: rest.SignedIn,
		Description: "display_name may be changed by oneself; the rest needs member.manage."}, nil)
	rest.AddRaw(api, rest.Op{ID: "post-my-avatar", Method: http.MethodPost, Path: "/members/me/avatar", Tag: "Members", PersonOnly: true,
		Summary: "Change my picture", Can: rest.SignedIn}, map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}},
	}}}, &huma.Response{Description: "Me", Content: map[string]*huma.MediaType{"application/json": {Schema: rest.SchemaOf[view.Member](api)}}}, nil)
	rest.AddRaw(api, rest.Op{ID: "get-avatar", Method: http.MethodGet, Path: "/members/{user_id}/avatar", Tag: "Members",
		Summary: "A member's picture", Can: rest.SignedIn}, nil, &huma.Response{Description: "The picture", Content: map[string]*huma.MediaType{
		"image/jpeg": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}, nil)
}
