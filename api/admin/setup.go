package admin

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
)

type setupNeeded struct {
	Needed bool `json:"needed" doc:"No user exists yet: the set-up page may run"`
}

type setUp struct {
	Body struct {
		Workspace string      `json:"workspace" minLength:"1" maxLength:"100"`
		Name      string      `json:"name" minLength:"1" maxLength:"100"`
		Email     string      `json:"email" minLength:"3" maxLength:"254"`
		Password  string      `json:"password" maxLength:"200"`
		Locale    desk.Locale `json:"locale" enum:"ja,en"`
		Zone      string      `json:"zone" minLength:"1" maxLength:"64" doc:"IANA"`
		Code      string      `json:"code,omitempty" maxLength:"100" doc:"The set-up code that the server printed at its start, where a network reaches it"`
	}
}

func (a *API) setup(api huma.API) {
	rest.Add(api, rest.Op{ID: "get-setup", Method: http.MethodGet, Path: "/setup", Tag: "Set-up",
		Summary: "Is the server new?", Can: rest.Public}, a.getSetup)
	rest.Add(api, rest.Op{ID: "set-up", Method: http.MethodPost, Path: "/setup", Tag: "Set-up",
		Summary: "Make the first workspace, its owner and its first web chat channel", Can: rest.Public, Status: http.StatusCreated,
		Description: "Only while no user exists (409 setup_done), and only under this machine's own name, an address or the public URL (403 host_unknown). Where a network reaches the server, only with the code that it printed (403 setup_code_wrong)."}, a.setUp)
}

func (a *API) getSetup(ctx context.Context, _ *struct{}) (setupNeeded, error) {
	needed, err := a.Accounts.SetupNeeded(ctx)
	return setupNeeded{Needed: needed}, err
}

func (a *API) setUp(ctx context.Context, in *setUp) (rest.Session, error) {
	b := in.Body
	if err := a.checkHost(rest.From(ctx).Request.Host); err != nil {
		return rest.Session{}, err
	}
	if err := a.checkSetupCode(ctx, b.Code); err != nil {
		return rest.Session{}, err
	}
	if err := auth.CheckNewPassword(b.Password); err != nil {
		return rest.Session{}, err
	}
	made, err := a.Accounts.Setup(ctx, account.SetupParams{
		Workspace: b.Workspace, Name: b.Name, Email: b.Email, Password: b.Password, Locale: b.Locale, Zone: b.Zone,
	})
	if err != nil {
		return rest.Session{}, err
	}
	token, signed, err := a.Accounts.SignIn(ctx, b.Email, b.Password, made.WorkspaceID, rest.From(ctx).Browser())
	if err != nil {
		return rest.Session{}, err
	}
	return a.begin(ctx, token, signed)
}

// checkHost refuses a name that a stranger may have pointed at us (DNS rebinding): nothing else stands between a web page
// in the operator's browser and a desk that nobody owns yet. "host_unknown" (forbidden).
func (a *API) checkHost(host string) error {
	public, err := url.Parse(a.PublicURL)
	if err == nil && auth.UnboundHost(host, public.Host) {
		return nil
	}
	e := desk.Errorf(desk.KindForbidden, "host_unknown", "%q is neither this machine nor the public URL's host", host)
	e.Params = map[string]string{"url": a.PublicURL}
	return e
}

// checkSetupCode refuses who did not see what the server printed: a desk that a network reaches must not become whoever's
// finds it first. "setup_code_wrong" (forbidden).
func (a *API) checkSetupCode(ctx context.Context, shown string) error {
	if a.SetupCode == "" || subtle.ConstantTimeCompare([]byte(shown), []byte(a.SetupCode)) == 1 {
		return nil
	}
	if needed, err := a.Accounts.SetupNeeded(ctx); err != nil || !needed {
		return err // it is said that set-up is over
	}
	return desk.Errorf(desk.KindForbidden, "setup_code_wrong", "not the set-up code that the server printed")
}

// begin gives the browser its session.
func (a *API) begin(ctx context.Context, token string, signed account.Signed) (rest.Session, error) {
	rest.BeginSession(ctx, token, signed.Session)
	rest.From(ctx).Locale = signed.User.Locale
	return rest.SessionOf(ctx, a.Store, signed, a.Version, a.now())
}
