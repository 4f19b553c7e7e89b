package wechat

import (
	"context"
	"net/http"
	"strings"
	"time"

	"madoguchi/channel"
)

// credentials are what an access token is got with.
type credentials struct{ address, appID, secret string }

func credentialsOf(a channel.Account) (credentials, *channel.Fault) {
	s, err := readSettings(a.Channel.Settings)
	if err != nil {
		return credentials{}, &channel.Fault{Kind: channel.ActConfig, Code: "settings_invalid", Certain: true, Err: err}
	}
	return credentials{address: address(a), appID: s.AppID, secret: a.Secrets[secretApp]}, nil
}

// accessToken is the account's token; one that was refused is fetched anew, by force if the provider gives it again. Nodes
// need not agree on it: stable_token gives all of them the same one, so that none makes another's invalid.
func (c Connector) accessToken(ctx context.Context, a channel.Account, refused string) (string, *channel.Fault) {
	who, f := credentialsOf(a)
	if f != nil {
		return "", f
	}
	key := strings.Join([]string{who.address, who.appID, who.secret}, " ")
	return c.tokens.Get(ctx, key, refused, a.Now(), func() (channel.Token, *channel.Fault) {
		got, f := fetchToken(ctx, a, who, false)
		if f == nil && got.Value == refused {
			return fetchToken(ctx, a, who, true)
		}
		return got, f
	})
}

// maxTokenSeconds bounds what is believed of expires_in.
const maxTokenSeconds = 24 * 60 * 60

func fetchToken(ctx context.Context, a channel.Account, who credentials, force bool) (channel.Token, *channel.Fault) {
	r, f := channel.JSONRequest(ctx, http.MethodPost, who.address+"/cgi-bin/stable_token", struct {
		Grant  string `json:"grant_type"`
		AppID  string `json:"appid"`
		Secret string `json:"secret"`
		Force  bool   `json:"force_refresh"`
	}{"client_credential", who.appID, who.secret, force})
	if f != nil {
		return channel.Token{}, f
	}
	var got struct {
		Value   string `json:"access_token"`
		Seconds int64  `json:"expires_in"`
	}
	if f := call(a, r, &got); f != nil {
		return channel.Token{}, f
	}
	if got.Value == "" {
		return channel.Token{}, channel.Unreadable(nil)
	}
	return channel.Token{Value: got.Value, For: time.Duration(min(max(got.Seconds, 0), maxTokenSeconds)) * time.Second}, nil
}
