package graph

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"madoguchi/channel"
)

// Client calls the Graph API for one account.
type Client struct {
	Account channel.Account
	Host    string // the API's address where Account has no other, "" = Host
	Version string // "" = DefaultVersion
	Token   string
	Secret  string // of the app, proves each call; "" = no proof
	Faults  Table  // what the channel's own codes mean, beside those that all share
}

// Get asks for something and reads the answer into it.
func (c Client) Get(ctx context.Context, path string, query url.Values, into any) *channel.Fault {
	return c.call(ctx, http.MethodGet, path, query, nil, into)
}

// Post sends a body as JSON, none if it is nil, and reads the answer.
func (c Client) Post(ctx context.Context, path string, query url.Values, body, into any) *channel.Fault {
	return c.call(ctx, http.MethodPost, path, query, body, into)
}

// Delete takes something away.
func (c Client) Delete(ctx context.Context, path string, query url.Values, into any) *channel.Fault {
	return c.call(ctx, http.MethodDelete, path, query, nil, into)
}

// Upload posts a form with a file and reads the answer.
func (c Client) Upload(ctx context.Context, path string, fields []channel.FormField, into any) *channel.Fault {
	r, f := channel.FormRequest(ctx, c.Address(path, nil), fields)
	if f != nil {
		return f
	}
	return c.Do(r, into)
}

// Download opens a file at an address that the API gave. The token goes only where the call would be private: over TLS, or
// to the address that the account was pointed at.
func (c Client) Download(ctx context.Context, address string) (channel.Media, *channel.Fault) {
	r, f := channel.JSONRequest(ctx, http.MethodGet, address, nil)
	if f != nil {
		return channel.Media{}, f
	}
	base, err := url.Parse(c.host())
	if err == nil && (r.URL.Scheme == "https" || r.URL.Host == base.Host) {
		c.authorize(r)
	}
	m, f := channel.Download(c.Account.Client, r, c.Account.Now())
	if f != nil {
		f.Err = c.clean(f.Err)
	}
	return m, f
}

func (c Client) call(ctx context.Context, method, path string, query url.Values, body, into any) *channel.Fault {
	r, f := channel.JSONRequest(ctx, method, c.Address(path, query), body)
	if f != nil {
		return f
	}
	return c.Do(r, into)
}

// Address is the whole address of a path of the API, with the proof.
func (c Client) Address(path string, query url.Values) string {
	version := c.Version
	if version == "" {
		version = DefaultVersion
	}
	all := url.Values{}
	for name, values := range query {
		all[name] = values
	}
	if c.Secret != "" && c.Token != "" && !all.Has("access_token") {
		all.Set("appsecret_proof", Proof(c.Secret, c.Token))
	}
	address := c.host() + "/" + version + "/" + strings.TrimPrefix(path, "/")
	if len(all) > 0 {
		address += "?" + all.Encode()
	}
	return address
}

func (c Client) host() string {
	switch {
	case c.Account.BaseURL != "":
		return strings.TrimSuffix(c.Account.BaseURL, "/")
	case c.Host != "":
		return c.Host
	}
	return Host
}

func (c Client) authorize(r *http.Request) {
	if c.Token != "" && r.Header.Get("Authorization") == "" && !r.URL.Query().Has("access_token") {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
}

// Do makes a request with the token, unless it brings its own, and reads the answer. A refusal in the answer is one at any
// status.
func (c Client) Do(r *http.Request, into any) *channel.Fault {
	c.authorize(r)
	answer, f := channel.Do(c.Account.Client, r)
	if f != nil {
		f.Err = c.clean(f.Err)
		return f
	}
	var refused struct {
		Error *Error `json:"error"`
	}
	if err := json.Unmarshal(answer.Body, &refused); err == nil && refused.Error != nil {
		return c.refusal(answer, *refused.Error)
	}
	if f := channel.Refusal(answer, c.Account.Now()); f != nil {
		return f
	}
	if pause := ease(answer.Header); pause > 0 && c.Account.Ease != nil {
		c.Account.Ease(pause)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(answer.Body, into); err != nil {
		return channel.Unreadable(errors.New("it is not the JSON that was expected"))
	}
	return nil
}

// refusal is what an error in an answer means. One that asks to try again later with a server's status may have come after
// the message was taken; any other says that it was not.
func (c Client) refusal(answer channel.Answer, e Error) *channel.Fault {
	f := c.Faults.Fault(e)
	f.Err = c.clean(f.Err)
	f.Certain = f.Kind != channel.ActRetry || answer.Status < http.StatusInternalServerError && answer.Status != http.StatusRequestTimeout
	if f.Kind == channel.ActRetry || f.Kind == channel.ActThrottle {
		f.After = max(f.After, channel.RetryAfter(answer.Header, c.Account.Now()), regain(answer.Header))
	}
	return f
}

// clean takes the account's secrets out of an error: Meta repeats tokens that it does not like.
func (c Client) clean(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, secret := range []string{c.Token, c.Secret} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	if text = tokenLike.ReplaceAllString(text, "…"); text != err.Error() {
		return errors.New(text)
	}
	return err
}
