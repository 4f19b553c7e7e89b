package messaging

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
)

// Look is one check of an account. It returns the state it found; a fault is a failed check unless it says that the
// provider could not be asked.
type Look struct {
	Code, Field string
	Do          func(found *channel.Check) *channel.Fault
}

// Examine makes checks in order. After one that fails the rest are skipped.
func Examine(looks []Look) ([]channel.Check, error) {
	var checks []channel.Check
	failed := false
	for _, look := range looks {
		check := channel.Check{Code: look.Code, State: channel.CheckPassed, Field: look.Field}
		if failed {
			check.State = channel.CheckSkipped
			checks = append(checks, check)
			continue
		}
		if f := look.Do(&check); f != nil {
			if f.Kind == channel.ActRetry || f.Kind == channel.ActThrottle {
				return nil, f
			}
			check.State = channel.CheckFailed
			check.Params = map[string]string{"code": f.Code, "missing": f.Code, "callback": f.Code, "page": f.Code} // whichever its text names
		}
		failed = check.State == channel.CheckFailed
		checks = append(checks, check)
	}
	return checks, nil
}

// App is a Meta app with its own credentials.
type App struct {
	Client     graph.Client // of the account: its token is the app's for the calls below
	ID, Secret string
}

func (a App) client() graph.Client {
	c := a.Client
	c.Token, c.Secret = a.ID+"|"+a.Secret, ""
	return c
}

// Token is what Meta says about an access token.
type Token struct {
	Valid   bool     `json:"is_valid"`
	Type    string   `json:"type"`
	Scopes  []string `json:"scopes"`
	Expires int64    `json:"expires_at"` // 0 = never
}

// ExpiresAt is zero for a token without end.
func (t Token) ExpiresAt() time.Time { return graph.Instant(t.Expires) }

// Inspect looks at a token of the app; that it may proves the app's secret.
func (a App) Inspect(ctx context.Context, token string) (Token, *channel.Fault) {
	var answer struct {
		Data Token `json:"data"`
	}
	f := a.client().Get(ctx, "debug_token", url.Values{"input_token": {token}}, &answer)
	return answer.Data, f
}

// callback asks where the app sends its webhooks about an object, "" = nowhere. There is one address for all of the app's accounts.
func (a App) callback(ctx context.Context, object string) (string, *channel.Fault) {
	var answer struct {
		Data []struct {
			Object string `json:"object"`
			URL    string `json:"callback_url"`
			Active bool   `json:"active"`
		} `json:"data"`
	}
	if f := a.client().Get(ctx, url.PathEscape(a.ID)+"/subscriptions", nil, &answer); f != nil {
		return "", f
	}
	for _, s := range answer.Data {
		if s.Object == object && s.Active {
			return s.URL, nil
		}
	}
	return "", nil
}

// SetCallback makes the app send its webhooks about an object to us; Meta asks there for the token before it answers.
func (a App) SetCallback(ctx context.Context, object, address, verify string, fields []string) *channel.Fault {
	return a.client().Post(ctx, url.PathEscape(a.ID)+"/subscriptions", nil, map[string]string{
		"object": object, "callback_url": address, "verify_token": verify, "fields": strings.Join(fields, ","),
	}, nil)
}

// Subscribe makes the app hear of one account, and keep hearing what it heard before: a page may be connected for
// Messenger and for Instagram.
func Subscribe(ctx context.Context, c graph.Client, account, app string, fields []string) *channel.Fault {
	heard, f := heard(ctx, c, account, app)
	if f != nil {
		return f
	}
	all := slices.Clone(fields)
	for _, field := range heard {
		if !slices.Contains(all, field) {
			all = append(all, field)
		}
	}
	return c.Post(ctx, url.PathEscape(account)+"/subscribed_apps", url.Values{"subscribed_fields": {strings.Join(all, ",")}}, nil, nil)
}

// Unsubscribe ends it. The app's callback stays: other accounts of the app use it too.
func Unsubscribe(ctx context.Context, c graph.Client, account string) *channel.Fault {
	return c.Delete(ctx, url.PathEscape(account)+"/subscribed_apps", nil, nil)
}

// Unheard are the fields that an account does not tell the app.
func Unheard(ctx context.Context, c graph.Client, account, app string, fields []string) ([]string, *channel.Fault) {
	heard, f := heard(ctx, c, account, app)
	return slices.DeleteFunc(slices.Clone(fields), func(field string) bool { return slices.Contains(heard, field) }), f
}

// heard are the fields that an account tells the app; app "" = the one that the token is of.
func heard(ctx context.Context, c graph.Client, account, app string) ([]string, *channel.Fault) {
	var answer struct {
		Data []struct {
			ID     word     `json:"id"`
			Fields []string `json:"subscribed_fields"`
		} `json:"data"`
	}
	if f := c.Get(ctx, url.PathEscape(account)+"/subscribed_apps", nil, &answer); f != nil {
		return nil, f
	}
	for _, a := range answer.Data {
		if app == "" || string(a.ID) == app {
			return a.Fields, nil
		}
	}
	return nil, nil
}

// Lacking makes a check warn about what is missing, where there is any: it can be mended without the administrator.
func Lacking(c *channel.Check, missing []string, f *channel.Fault) *channel.Fault {
	if f == nil && len(missing) > 0 {
		c.State, c.Params = channel.CheckWarning, map[string]string{"missing": strings.Join(missing, ", ")}
	}
	return f
}

// LookPermissions fails a check of a token that lacks permissions.
func (t Token) LookPermissions(c *channel.Check, needed []string) *channel.Fault {
	missing := slices.DeleteFunc(slices.Clone(needed), func(scope string) bool { return slices.Contains(t.Scopes, scope) })
	if len(missing) > 0 {
		c.State, c.Params = channel.CheckFailed, map[string]string{"missing": strings.Join(missing, ", ")}
	}
	return nil
}

// LookPage fails a check of a token that is not alive or not a page's.
func (t Token) LookPage(c *channel.Check) *channel.Fault {
	if !t.Valid || t.Type != "PAGE" {
		c.State, c.Params = channel.CheckFailed, map[string]string{"type": t.Type}
	}
	return nil
}

// LookCallback warns of an app that sends its webhooks elsewhere.
func (a App) LookCallback(ctx context.Context, c *channel.Check, object, ours string) *channel.Fault {
	address, f := a.callback(ctx, object)
	if address == "" {
		address = "–"
	}
	if f == nil && address != ours {
		c.State, c.Params = channel.CheckWarning, map[string]string{"callback": address}
	}
	return f
}
