package channel

import (
	"context"
	"sync"
	"time"
)

// Tokens keeps the access tokens that connectors fetch with an account's credentials, for as long as a process runs. Every
// node has its own.
type Tokens struct {
	mu   sync.Mutex
	kept map[string]*keptToken // by credentials
}

// NewTokens makes an empty keep.
func NewTokens() *Tokens { return &Tokens{kept: map[string]*keptToken{}} }

// Token is a fetched token and how long it lasts.
type Token struct {
	Value string
	For   time.Duration
}

// keptToken is one account's; turn is held while it is looked at or fetched, so that many callers fetch it once.
type keptToken struct {
	turn  chan struct{}
	value string
	renew time.Time // from then on it is fetched anew
}

// Get is the token that belongs to credentials (all of them in one string, with the address they are used at), fetched if
// there is none, if it is past four fifths of its time, or if it is the one that was refused. Its fault is Certain: the
// message that it was wanted for has not been sent.
func (t *Tokens) Get(ctx context.Context, credentials, refused string, now time.Time, fetch func() (Token, *Fault)) (string, *Fault) {
	t.mu.Lock()
	k := t.kept[credentials]
	if k == nil {
		k = &keptToken{turn: make(chan struct{}, 1)}
		t.kept[credentials] = k
	}
	t.mu.Unlock()
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return "", &Fault{Kind: ActRetry, Code: "no_answer", Certain: true, Err: ctx.Err()}
	}
	if k.value != "" && k.value != refused && now.Before(k.renew) {
		return k.value, nil
	}
	fresh, f := fetch()
	if f != nil {
		k.value = ""
		certain := *f
		certain.Certain = true
		return "", &certain
	}
	k.value, k.renew = fresh.Value, now.Add(fresh.For*4/5)
	return k.value, nil
}
