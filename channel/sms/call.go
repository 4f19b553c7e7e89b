package sms

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"madoguchi/channel"
)

const (
	apiHost       = "https://api.twilio.com"
	messagingHost = "https://messaging.twilio.com"
)

// client calls Twilio for one account.
type client struct {
	channel.Account
	settings settings
}

func newClient(a channel.Account) (client, *channel.Fault) {
	s, err := readSettings(a.Channel.Settings)
	if err != nil {
		return client{}, &channel.Fault{Kind: channel.ActConfig, Code: "settings_invalid", Certain: true, Err: err}
	}
	return client{Account: a, settings: s}, nil
}

// account is the address of a path below the account.
func (c client) account(path string) string {
	base := apiHost
	if c.BaseURL != "" {
		base = strings.TrimSuffix(c.BaseURL, "/")
	}
	return base + "/2010-04-01/Accounts/" + url.PathEscape(c.settings.Account) + path
}

// service is the address of a path below the messaging service.
func (c client) service(path string) string {
	base := messagingHost
	if c.BaseURL != "" {
		base = strings.TrimSuffix(c.BaseURL, "/") + "/messaging"
	}
	return base + "/v1/Services/" + url.PathEscape(c.settings.Service) + path
}

// get asks for something and reads the answer into it.
func (c client) get(ctx context.Context, address string, into any) *channel.Fault {
	r, f := channel.JSONRequest(ctx, http.MethodGet, address, nil)
	if f != nil {
		return f
	}
	return c.do(r, into)
}

// post sends a form and reads the answer.
func (c client) post(ctx context.Context, address string, form url.Values, into any) *channel.Fault {
	r, f := channel.ValuesRequest(ctx, address, form)
	if f != nil {
		return f
	}
	return c.do(r, into)
}

func (c client) do(r *http.Request, into any) *channel.Fault {
	c.authorize(r)
	answer, f := channel.Do(c.Client, r)
	if f != nil {
		return f
	}
	if f := refusal(answer, c.Now()); f != nil {
		return f
	}
	if err := json.Unmarshal(answer.Body, into); err != nil {
		return channel.Unreadable(err)
	}
	return nil
}

func (c client) authorize(r *http.Request) {
	r.SetBasicAuth(c.settings.Account, c.Secrets[settingToken])
}
