package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/view"
)

// BrowserSession is one signed-in browser.
type BrowserSession struct {
	ID         desk.ID   `json:"id"`
	Current    bool      `json:"current" doc:"The one that asks"`
	IP         string    `json:"ip" doc:"Where it was signed in from"`
	UserAgent  string    `json:"user_agent"`
	CreatedAt  view.Time `json:"created_at" format:"date-time"`
	LastSeenAt view.Time `json:"last_seen_at" format:"date-time" doc:"To five minutes"`
	ExpiresAt  view.Time `json:"expires_at" format:"date-time"`
}

// OfMember is the input of an operation on a member.
type OfMember struct {
	UserID desk.ID `path:"user_id" minimum:"1"`
}

type memberSession struct {
	OfMember
	rest.ByID
}

func (a *API) sessions(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-sessions", Method: http.MethodGet, Path: "/sessions", Tag: "Session", PersonOnly: true,
		Summary: "Where I am signed in", Can: rest.SignedIn}, a.listSessions)
	rest.Add(api, rest.Op{ID: "end-session", Method: http.MethodDelete, Path: "/sessions/{id}", Tag: "Session", PersonOnly: true,
		Summary: "Sign out one of my browsers", Can: rest.SignedIn}, a.endSession)
	rest.Add(api, rest.Op{ID: "end-other-sessions", Method: http.MethodDelete, Path: "/sessions", Tag: "Session", PersonOnly: true,
		Summary: "Sign out all my other browsers", Can: rest.SignedIn}, a.endOtherSessions)
	rest.Add(api, rest.Op{ID: "list-member-sessions", Method: http.MethodGet, Path: "/members/{user_id}/sessions", Tag: "Members",
		Summary: "Where a member is signed in to this workspace", Can: auth.MemberManage}, a.listMemberSessions)
	rest.Add(api, rest.Op{ID: "end-member-session", Method: http.MethodDelete, Path: "/members/{user_id}/sessions/{id}", Tag: "Members",
		Summary: "Sign out one of a member's browsers", Can: auth.MemberManage}, a.endMemberSession)
	rest.Add(api, rest.Op{ID: "end-member-sessions", Method: http.MethodDelete, Path: "/members/{user_id}/sessions", Tag: "Members",
		Summary: "Sign out all of a member's browsers", Can: auth.MemberManage}, a.endMemberSessions)
}

// sessionViews maps sessions; current is the token of the one that asks, "" if none of them can be.
func sessionViews(all []desk.Session, current string) rest.Items[BrowserSession] {
	return rest.NewItems(rest.Views(all, func(s desk.Session) BrowserSession {
		return BrowserSession{
			ID: s.ID, Current: s.TokenHash == current, IP: s.IP, UserAgent: s.UserAgent,
			CreatedAt: view.At(s.CreatedAt), LastSeenAt: view.At(s.LastSeenAt), ExpiresAt: view.At(s.ExpiresAt),
		}
	}))
}

func (a *API) listSessions(ctx context.Context, _ *struct{}) (rest.Items[BrowserSession], error) {
	signed := rest.CallerOf(ctx).Signed
	all, err := a.Accounts.Sessions(ctx, signed.User.ID)
	return sessionViews(all, signed.Session.TokenHash), err
}

func (a *API) endSession(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.endMine(ctx, in.ID)
}

func (a *API) endOtherSessions(ctx context.Context, _ *struct{}) (rest.None, error) {
	return rest.None{}, a.endMine(ctx, 0)
}

// endMine ends sessions of the caller's and tells their sockets (J4).
func (a *API) endMine(ctx context.Context, id desk.ID) error {
	signed := *rest.CallerOf(ctx).Signed
	ended, err := a.Accounts.EndSessions(ctx, signed, id)
	if err != nil {
		return err
	}
	for _, s := range ended {
		if s.TokenHash == signed.Session.TokenHash {
			rest.EndSession(ctx)
		}
		a.SessionEnded(ctx, s.WorkspaceID, signed.User.ID)
	}
	return nil
}

func (a *API) listMemberSessions(ctx context.Context, in *OfMember) (rest.Items[BrowserSession], error) {
	c := rest.CallerOf(ctx)
	all, err := a.Accounts.MemberSessions(ctx, c.Account(), in.UserID)
	current := ""
	if c.Signed != nil {
		current = c.Signed.Session.TokenHash
	}
	return sessionViews(all, current), err
}

func (a *API) endMemberSession(ctx context.Context, in *memberSession) (rest.None, error) {
	return rest.None{}, a.endOf(ctx, in.UserID, in.ID)
}

func (a *API) endMemberSessions(ctx context.Context, in *OfMember) (rest.None, error) {
	return rest.None{}, a.endOf(ctx, in.UserID, 0)
}

func (a *API) endOf(ctx context.Context, user, id desk.ID) error {
	c := rest.CallerOf(ctx)
	if err := a.Accounts.EndMemberSessions(ctx, c.Account(), user, id); err != nil {
		return err
	}
	a.SessionEnded(ctx, c.Workspace().ID, user)
	return nil
}
