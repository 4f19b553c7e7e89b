package rest

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"madoguchi/account"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// SessionOf makes what the browser is told of a session.
func SessionOf(ctx context.Context, s store.Store, signed account.Signed, version string, now time.Time) (Session, error) {
	out := Session{
		User:        SessionUser{ID: signed.User.ID, Name: signed.User.Name, Email: signed.User.Email, Locale: signed.User.Locale, Zone: signed.User.Zone},
		Workspace:   WorkspaceOf(signed.Workspace),
		Memberships: []Membership{}, Permissions: []string{}, CSRF: signed.Session.CSRF, Preferences: []byte("{}"),
		Server: ServerInfo{Version: version, Time: view.At(now)},
	}
	for _, m := range signed.Memberships {
		out.Memberships = append(out.Memberships, Membership{WorkspaceID: m.Workspace.ID, Name: m.Workspace.Name})
	}
	for _, p := range signed.Rights().Permissions() {
		out.Permissions = append(out.Permissions, string(p))
	}
	err := s.View(ctx, signed.Workspace.ID, func(r store.Reader) error {
		presence, err := r.Members().Presence(signed.User.ID)
		if err != nil {
			return err
		}
		out.Member = view.MemberOf(signed.Member, presence, now, view.MemberLinks())
		preferences, err := r.Members().Preferences(signed.User.ID)
		if len(preferences) > 0 {
			out.Preferences = preferences
		}
		return err
	})
	return out, err
}

// WorkspaceOf maps a workspace.
func WorkspaceOf(w desk.Workspace) Workspace {
	v := Workspace{
		ID: w.ID, Name: w.Name, Locale: w.Locale, Zone: w.Zone, ReopenDays: w.ReopenDays, Files: FilePolicyOf(w.Files),
		Capacity: cmp.Or(w.Capacity, desk.DefaultCapacity), IdleMinutes: w.IdleMinutes, RequeueMinutes: w.RequeueMinutes, ShowMonitoring: !w.HideMonitoring, OptOutKeywords: w.OptOutWords,
	}
	v.ExternalLinks = append([]desk.ExternalLink{}, w.ExternalLinks...)
	if v.OptOutKeywords == nil {
		v.OptOutKeywords = map[desk.Locale][]string{}
	}
	return v
}

// BeginSession gives the browser its session's cookie.
func BeginSession(ctx context.Context, token string, s desk.Session) {
	x := From(ctx)
	http.SetCookie(x.Writer, auth.SessionCookie(token, s, x.HTTPS))
}

// EndSession makes the browser forget its session.
func EndSession(ctx context.Context) {
	x := From(ctx)
	http.SetCookie(x.Writer, auth.EndedSessionCookie(x.HTTPS))
}
