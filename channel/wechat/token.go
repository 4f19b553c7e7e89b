package wechat

import (
	"context"
	"net/http"
	"sync"
	"time"

	"madoguchi/channel"
)

// Tokens keeps access tokens between calls. Every node has its own: the provider's stable_token gives all of them the same
// one, so that none makes another's invalid.
type Tokens struct {
	mu       sync.Mutex
	accounts map[credentials]*token
}

// NewTokens makes an empty cache.
func NewTokens() *Tokens { return &Tokens{accounts: map[credentials]*token{}} }

// credentials are what a token was got with.
type credentials struct{ address, appID, secret string }

// token is one account's; turn is held while it is looked at or fetched, so that many callers fetch it once.
type token struct {
	turn  chan struct{}
	value string
	renew time.Time // from then on it is fetched anew
}

// of takes the turn of an account's token, unless the caller gives up first; done gives it back.
func (t *Tokens) of(ctx context.Context, c credentials) (*token, error) {
	t.mu.Lock()
	kept := t.accounts[c]
	if kept == nil {
		kept = &token{turn: make(chan struct{}, 1)}
		t.accounts[c] = kept
	}
	t.mu.Unlock()
	select {
	case kept.turn <- struct{}{}:
		return kept, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (t *token) done() { <-t.turn }

// accessToken is the account's token; one that was refused is fetched anew, by force if the provider gives it again. A fault
// is Certain: nothing was sent yet.
func (c Connector) accessToken(ctx context.Context, a channel.Account, refused string) (string, *channel.Fault) {
	s, err := readSettings(a.Channel.Settings)
	if err != nil {
		return "", &channel.Fault{Kind: channel.ActConfig, Code: "settings_invalid", Certain: true, Err: err}
	}
	who := credentials{address: address(a), appID: s.AppID, secret: a.Secrets[secretApp]}
	kept, err := c.tokens.of(ctx, who)
	if err != nil {
		return "", &channel.Fault{Kind: channel.ActRetry, Code: "no_answer", Certain: true, Err: err}
	}
	defer kept.done()
	if kept.value != "" && kept.value != refused && a.Now().Before(kept.renew) {
		return kept.value, nil
	}
	fresh, f := fetchToken(ctx, a, who, false)
	if f == nil && fresh.Value == refused {
		fresh, f = fetchToken(ctx, a, who, true)
	}
	if f != nil {
		kept.value = ""
		f.Certain = true
		return "", f
	}
	kept.value = fresh.Value
	kept.renew = a.Now().Add(time.Duration(fresh.Seconds) * time.Second * 4 / 5)
	return kept.value, nil
}

// stable is the answer to a request for a token.
type stable struct {
	Value   string `json:"access_token"`
	Seconds int64  `json:"expires_in"`
}

// maxTokenSeconds bounds what is believed of expires_in.
const maxTokenSeconds = 24 * 60 * 60

func fetchToken(ctx context.Context, a channel.Account, who credentials, force bool) (stable, *channel.Fault) {
	r, f := channel.JSONRequest(ctx, http.MethodPost, who.address+"/cgi-bin/stable_token", struct {
		Grant  string `json:"grant_type"`
		AppID  string `json:"appid"`
		Secret string `json:"secret"`
		Force  bool   `json:"force_refresh"`
	}{"client_credential", who.appID, who.secret, force})
	if f != nil {
		return stable{}, f
	}
	var got stable
	if f := call(a, r, &got); f != nil {
		return stable{}, f
	}
	if got.Value == "" {
		return stable{}, channel.Unreadable(nil)
	}
	got.Seconds = min(max(got.Seconds, 0), maxTokenSeconds)
	return got, nil
}
