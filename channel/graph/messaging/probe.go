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
			check.State, check.Params = channel.CheckFailed, map[string]string{"code": f.Code}
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

// Missing are the permissions among those needed that a token does not have.
func (t Token) Missing(needed []string) []string {
	return slices.DeleteFunc(slices.Clone(needed), func(scope string) bool { return slices.Contains(t.Scopes, scope) })
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

// Callback asks where the app sends its webhooks about an object, "" = nowhere. There is one address for all of the app's accounts.
func (a App) Callback(ctx context.Context, object string) (string, *channel.Fault) {
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

// Subscribe makes the app hear of one account.
func Subscribe(ctx context.Context, c graph.Client, account string, fields []string) *channel.Fault {
	return c.Post(ctx, url.PathEscape(account)+"/subscribed_apps", url.Values{"subscribed_fields": {strings.Join(fields, ",")}}, nil, nil)
}

// Unsubscribe ends it. The app's callback stays: other accounts of the app use it too.
func Unsubscribe(ctx context.Context, c graph.Client, account string) *channel.Fault {
	return c.Delete(ctx, url.PathEscape(account)+"/subscribed_apps", nil, nil)
}

// Unheard are the fields that an account does not tell the app, all if it is not subscribed; app "" = whichever app the
// token is of.
func Unheard(ctx context.Context, c graph.Client, account, app string, fields []string) ([]string, *channel.Fault) {
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
			return slices.DeleteFunc(slices.Clone(fields), func(field string) bool { return slices.Contains(a.Fields, field) }), nil
		}
	}
	return slices.Clone(fields), nil
}
