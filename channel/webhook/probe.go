package webhook

import (
	"context"
	"net/http"
	"net/url"

	"madoguchi/channel"
)

// The checks, in order.
const (
	checkReached  = "reached"  // somebody answers there
	checkAccepted = "accepted" // and takes our signature
)

// Probe posts a ping. A system that does not answer is a check that failed: nobody else could be asked.
func (c Connector) Probe(ctx context.Context, a channel.Account) (channel.Probed, error) {
	p := channel.Probed{Account: c.AccountOf(a.Channel.Settings, nil)}
	if u, err := url.Parse(p.Account); err == nil {
		p.Title = u.Host
	}
	reached := channel.Check{Code: checkReached, State: channel.CheckPassed, Field: settingURL}
	accepted := channel.Check{Code: checkAccepted, State: channel.CheckPassed}
	switch answer, f := post(ctx, a, outgoing{Type: "ping"}); {
	case f == nil:
	case answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden:
		accepted.State = channel.CheckFailed
	default:
		reached.State, accepted.State = channel.CheckFailed, channel.CheckSkipped
		reached.Params = map[string]string{"reason": f.Code}
	}
	p.Checks = []channel.Check{reached, accepted}
	return p, nil
}

// Fetch gets a file that a customer sent, at the address that the system gave.
func (Connector) Fetch(ctx context.Context, a channel.Account, ref string) (channel.Media, error) {
	if !isLink(ref) {
		return channel.Media{}, refuse(channel.ActFail, channel.CodeMediaGone, "the reference is malformed")
	}
	r, f := channel.JSONRequest(ctx, http.MethodGet, ref, nil)
	if f != nil {
		return channel.Media{}, f
	}
	media, f := channel.Download(a.Client, r, a.Now())
	if f != nil {
		return channel.Media{}, f
	}
	return media, nil
}
