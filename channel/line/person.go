package line

import (
	"context"
	"net/http"
	"net/url"

	"madoguchi/channel"
	"madoguchi/desk"
)

// loadingSeconds is how long the animation runs unless a message ends it: a multiple of 5, at most 60.
const loadingSeconds = 10

// Typing shows the loading animation, to somebody who has the chat open.
func (c Connector) Typing(ctx context.Context, a channel.Account, p channel.Peer, _ desk.ExternalID) error {
	return plain(c.ask(ctx, a, http.MethodPost, "/v2/bot/chat/loading/start", object{"chatId": p.ExternalID, "loadingSeconds": loadingSeconds}, nil))
}

// Profile asks who somebody is; LINE tells it of people who have not blocked the account.
func (c Connector) Profile(ctx context.Context, a channel.Account, p channel.Peer) (channel.Profile, error) {
	var told struct {
		Name     string `json:"displayName"`
		Language string `json:"language"`
		Picture  string `json:"pictureUrl"`
	}
	if f := c.ask(ctx, a, http.MethodGet, "/v2/bot/profile/"+url.PathEscape(p.ExternalID), nil, &told); f != nil {
		return channel.Profile{}, f
	}
	return channel.Profile{
		Name: channel.CleanText(told.Name), Locale: channel.CleanText(told.Language), ImageURL: channel.CleanText(told.Picture),
	}, nil
}

// plain makes an error of a fault, nil of none.
func plain(f *channel.Fault) error {
	if f == nil {
		return nil
	}
	return f
}
