package line

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"madoguchi/channel"
)

// The hosts.
const (
	hostAPI      = "https://api.line.me"
	hostData     = "https://api-data.line.me"
	hostStickers = "https://stickershop.line-scdn.net/stickershop"
)

// at is an address on one of the hosts, or below the account's own.
func at(a channel.Account, host, path string) string {
	base := strings.TrimSuffix(a.BaseURL, "/")
	switch {
	case base == "":
		return host + path
	case host == hostData:
		return base + "/data" + path
	case host == hostStickers:
		return base + "/stickershop" + path
	}
	return base + path
}

// accessToken is the pasted token, or a stateless one (15 minutes, any number of them), fetched anew if it was refused.
func (c Connector) accessToken(ctx context.Context, a channel.Account, refused string) (string, *channel.Fault) {
	if pasted := a.Secrets[settingToken]; pasted != "" {
		return pasted, nil
	}
	id, secret := channelID(a.Channel.Settings), a.Secrets[settingSecret]
	credentials := strings.Join([]string{at(a, hostAPI, ""), id, secret}, "\x00")
	return c.tokens.Get(ctx, credentials, refused, a.Now(), func() (channel.Token, *channel.Fault) { return issue(ctx, a, id, secret) })
}

// issue fetches a stateless channel access token ("Issue stateless channel access token").
func issue(ctx context.Context, a channel.Account, id, secret string) (channel.Token, *channel.Fault) {
	answer, f := postForm(ctx, a, "/oauth2/v3/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}})
	if f != nil {
		return channel.Token{}, f
	}
	if answer.Status == http.StatusBadRequest || answer.Status == http.StatusUnauthorized {
		return channel.Token{}, &channel.Fault{Kind: channel.ActToken, Code: "credentials_refused", Certain: true, Err: said(answer)}
	}
	if f := refusal(answer, a.Now()); f != nil {
		return channel.Token{}, f
	}
	var issued struct {
		Token string `json:"access_token"`
		For   int64  `json:"expires_in"` // seconds
	}
	if err := json.Unmarshal(answer.Body, &issued); err != nil || issued.Token == "" {
		return channel.Token{}, channel.Unreadable(err)
	}
	return channel.Token{Value: issued.Token, For: time.Duration(min(max(issued.For, 0), 24*60*60)) * time.Second}, nil
}

func postForm(ctx context.Context, a channel.Account, path string, form url.Values) (channel.Answer, *channel.Fault) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at(a, hostAPI, path), strings.NewReader(form.Encode()))
	if err != nil {
		return channel.Answer{}, &channel.Fault{Kind: channel.ActConfig, Code: "address", Certain: true, Err: errors.New("the provider's address is malformed")}
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return channel.Do(a.Client, r)
}

// call makes one call with the account's token, once more if the token that we fetched is refused. Its answer is of any status.
func (c Connector) call(ctx context.Context, a channel.Account, method, path string, header http.Header, body any) (channel.Answer, *channel.Fault) {
	refused := ""
	for {
		token, f := c.accessToken(ctx, a, refused)
		if f != nil {
			return channel.Answer{}, f
		}
		r, f := channel.JSONRequest(ctx, method, at(a, hostAPI, path), body)
		if f != nil {
			return channel.Answer{}, f
		}
		for name, values := range header {
			r.Header[name] = values
		}
		r.Header.Set("Authorization", "Bearer "+token)
		answer, f := channel.Do(a.Client, r)
		if f != nil {
			return channel.Answer{}, f
		}
		if answer.Status != http.StatusUnauthorized || a.Secrets[settingToken] != "" || refused != "" {
			return answer, nil
		}
		refused = token
	}
}

// ask makes a call that is no message, and reads its answer into the value given, nil to leave it.
func (c Connector) ask(ctx context.Context, a channel.Account, method, path string, body, into any) *channel.Fault {
	answer, f := c.call(ctx, a, method, path, nil, body)
	if f != nil {
		return f
	}
	if f := refusal(answer, a.Now()); f != nil {
		return f
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(answer.Body, into); err != nil {
		return channel.Unreadable(err)
	}
	return nil
}
