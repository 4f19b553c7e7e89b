package wechat

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// user is what the provider tells about a person; names and pictures came to an end in December 2021.
type user struct {
	Subscribed int    `json:"subscribe"`
	Remark     string `json:"remark"` // the name that the account's own people gave
	Language   string `json:"language"`
}

func (c Connector) user(ctx context.Context, a channel.Account, p channel.Peer) (user, *channel.Fault) {
	var got user
	get := func(address string) (*http.Request, *channel.Fault) {
		return channel.JSONRequest(ctx, http.MethodGet, address, nil)
	}
	f := c.ask(ctx, a, "/cgi-bin/user/info", url.Values{"openid": {p.ExternalID}, "lang": {"zh_CN"}}, get, &got)
	return got, f
}

// Profile asks who somebody is.
func (c Connector) Profile(ctx context.Context, a channel.Account, p channel.Peer) (channel.Profile, error) {
	who, f := c.user(ctx, a, p)
	if f != nil {
		return channel.Profile{}, f
	}
	return channel.Profile{Name: channel.CleanText(who.Remark), Locale: strings.ReplaceAll(channel.CleanText(who.Language), "_", "-")}, nil
}

const typingFor = 15 * time.Second

// Typing shows that somebody writes, for typingFor. The provider refuses it when the person has not just written, or
// sees it already: neither matters.
func (c Connector) Typing(ctx context.Context, a channel.Account, p channel.Peer, _ desk.ExternalID) error {
	f := c.ask(ctx, a, "/cgi-bin/message/custom/typing", nil, jsonOf(ctx, struct {
		To      string `json:"touser"`
		Command string `json:"command"`
	}{p.ExternalID, "Typing"}), &struct{}{})
	if f == nil || f.Code == "45072" || f.Code == "45080" || f.Code == "45081" {
		return nil
	}
	return f
}
