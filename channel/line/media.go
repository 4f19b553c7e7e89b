package line

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"madoguchi/channel"
)

// What a file's reference begins with: where it lies.
const (
	refMessage = "message/" // at LINE, by the message's id, for a while and until it is unsent
	refAddress = "address/" // elsewhere
	refSticker = "sticker/" // in LINE's shop, whose addresses are not documented
)

// Fetch gets a customer's file.
func (c Connector) Fetch(ctx context.Context, a channel.Account, ref string) (channel.Media, error) {
	media, f := c.fetch(ctx, a, ref)
	if f != nil {
		return channel.Media{}, f
	}
	return media, nil
}

func (c Connector) fetch(ctx context.Context, a channel.Account, ref string) (channel.Media, *channel.Fault) {
	if id, ok := strings.CutPrefix(ref, refMessage); ok {
		return c.content(ctx, a, id)
	}
	address, ok := strings.CutPrefix(ref, refAddress)
	if id, sticker := strings.CutPrefix(ref, refSticker); sticker {
		address, ok = at(a, hostStickers, "/v1/sticker/"+url.PathEscape(id)+"/android/sticker.png"), true
	}
	if u, err := url.Parse(address); !ok || err != nil || u.Host == "" {
		return channel.Media{}, &channel.Fault{Kind: channel.ActFail, Code: channel.CodeMediaGone, Certain: true, Err: errors.New("no file has this reference")}
	}
	r, f := channel.JSONRequest(ctx, http.MethodGet, address, nil)
	if f != nil {
		return channel.Media{}, f
	}
	return channel.Download(a.Client, r, a.Now())
}

// content asks for what LINE keeps, with another token if the one we fetched is refused. A long film is answered 202 until it
// is ready, which is tried again later.
func (c Connector) content(ctx context.Context, a channel.Account, id string) (channel.Media, *channel.Fault) {
	refused := ""
	for {
		token, f := c.accessToken(ctx, a, refused)
		if f != nil {
			return channel.Media{}, f
		}
		r, f := channel.JSONRequest(ctx, http.MethodGet, at(a, hostData, "/v2/bot/message/"+url.PathEscape(id)+"/content"), nil)
		if f != nil {
			return channel.Media{}, f
		}
		r.Header.Set("Authorization", "Bearer "+token)
		media, f := channel.Download(a.Client, r, a.Now())
		if f == nil || f.Code != "http_401" || a.Secrets[settingToken] != "" || refused != "" {
			return media, f
		}
		refused = token
	}
}
