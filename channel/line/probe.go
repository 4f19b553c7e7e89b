package line

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"madoguchi/channel"
)

// The checks of Probe, in order.
const (
	checkCredentials = "credentials"  // LINE gives a token for the id and secret
	checkToken       = "token"        // the pasted token, if any, is of this channel
	checkBot         = "bot"          // the account tells who it is
	checkWebhook     = "webhook"      // its webhook's address is ours
	checkActive      = "webhook_on"   // and switched on
	checkTest        = "webhook_test" // and LINE reaches it
	checkChat        = "chat_mode"    // nothing answers besides us
	checkQuota       = "quota"        // messages are left this month
)

// quotaWarning is the part of the month's messages, in percent, from which on there is a warning.
const quotaWarning = 80

// probe is a look at an account under way: after a check that failed the rest are skipped.
type probe struct {
	channel.Probed
	also   []channel.Check // that a step found besides its own
	a      channel.Account
	c      Connector
	failed bool
	fault  *channel.Fault // the provider could not be asked
}

// Probe looks at the account.
func (c Connector) Probe(ctx context.Context, a channel.Account) (channel.Probed, error) {
	p := &probe{a: a, c: c}
	p.step(checkCredentials, func() channel.Check { return p.credentials(ctx) })
	if a.Secrets[settingToken] != "" {
		p.step(checkToken, func() channel.Check { return p.pasted(ctx) })
	}
	p.step(checkBot, func() channel.Check { return p.bot(ctx) })
	on := false
	p.step(checkWebhook, func() (check channel.Check) { check, on = p.webhook(ctx); return check })
	p.step(checkTest, func() channel.Check {
		if !on {
			return channel.Check{State: channel.CheckSkipped}
		}
		return p.test(ctx)
	})
	p.step(checkQuota, func() channel.Check { return p.quota(ctx) })
	if p.fault != nil {
		return channel.Probed{}, p.fault
	}
	return p.Probed, nil
}

func (p *probe) step(code string, look func() channel.Check) {
	check := channel.Check{State: channel.CheckSkipped}
	if !p.failed && p.fault == nil {
		check = look()
	}
	check.Code = code
	p.failed = p.failed || check.State == channel.CheckFailed
	p.Checks = append(append(p.Checks, check), p.also...)
	p.also = nil
}

// judge is the check of a call: what LINE refuses for good fails the setting, and everything else is no answer.
func (p *probe) judge(f *channel.Fault, field string) channel.Check {
	switch {
	case f == nil:
		return channel.Check{State: channel.CheckPassed}
	case f.Kind == channel.ActToken || f.Kind == channel.ActConfig || f.Kind == channel.ActFail:
		return channel.Check{State: channel.CheckFailed, Field: field, Params: map[string]string{"error": f.Err.Error()}}
	}
	p.fault = f
	return channel.Check{State: channel.CheckSkipped}
}

func (p *probe) credentials(ctx context.Context) channel.Check {
	_, f := issue(ctx, p.a, channelID(p.a.Channel.Settings), p.a.Secrets[settingSecret])
	return p.judge(f, settingSecret)
}

// pasted asks whose the pasted token is, and until when.
func (p *probe) pasted(ctx context.Context) channel.Check {
	answer, f := postForm(ctx, p.a, "/v2/oauth/verify", url.Values{"access_token": {p.a.Secrets[settingToken]}})
	if f == nil {
		f = refusal(answer, p.a.Now())
	}
	if f != nil {
		return p.judge(f, settingToken)
	}
	var token struct {
		Client  string `json:"client_id"`
		Expires int64  `json:"expires_in"` // seconds, 0 = never
	}
	if err := json.Unmarshal(answer.Body, &token); err != nil {
		return p.judge(channel.Unreadable(err), settingToken)
	}
	if token.Client != channelID(p.a.Channel.Settings) {
		return channel.Check{State: channel.CheckFailed, Field: settingToken, Params: map[string]string{"error": "client_id " + channel.CleanText(token.Client)}}
	}
	const year = 365 * 24 * 60 * 60
	if token.Expires > 0 && token.Expires < 100*year {
		p.TokenExpires = p.a.Now().Add(time.Duration(token.Expires) * time.Second)
	}
	return channel.Check{State: channel.CheckPassed}
}

func (p *probe) bot(ctx context.Context) channel.Check {
	var bot struct {
		User    string `json:"userId"`
		Basic   string `json:"basicId"`
		Premium string `json:"premiumId"`
		Name    string `json:"displayName"`
		Chat    string `json:"chatMode"`
	}
	check := p.judge(p.c.ask(ctx, p.a, http.MethodGet, "/v2/bot/info", nil, &bot), settingChannelID)
	if check.State != channel.CheckPassed {
		return check
	}
	p.Account, p.Title = channel.CleanText(bot.User), channel.CleanText(bot.Name)
	id := channel.CleanText(bot.Basic)
	if bot.Premium != "" {
		id = channel.CleanText(bot.Premium)
	}
	p.fact("id", id)
	p.fact("link", "https://line.me/R/ti/p/"+url.PathEscape(id))
	p.also = append(p.also, warn(checkChat, bot.Chat == "chat"))
	return check
}

// webhook looks where events go, and whether they go. A wrong address is no failure: Subscribe, which comes after the first
// look, puts it right.
func (p *probe) webhook(ctx context.Context) (check channel.Check, on bool) {
	var hook struct {
		Endpoint string `json:"endpoint"`
		Active   bool   `json:"active"`
	}
	f := p.c.ask(ctx, p.a, http.MethodGet, "/v2/bot/channel/webhook/endpoint", nil, &hook)
	if f != nil && f.Code != "not_found" { // none is set yet
		return p.judge(f, ""), false
	}
	if p.a.Callback == "" || hook.Endpoint != p.a.Callback {
		host := ""
		if u, err := url.Parse(hook.Endpoint); err == nil {
			host = u.Host
		}
		return channel.Check{State: channel.CheckWarning, Params: map[string]string{"host": host}}, false
	}
	p.also = append(p.also, warn(checkActive, !hook.Active))
	return channel.Check{State: channel.CheckPassed}, hook.Active
}

// test lets LINE call us. It may be asked 60 times an hour; what goes wrong with the asking says nothing about us.
func (p *probe) test(ctx context.Context) channel.Check {
	var tried struct {
		Success bool   `json:"success"`
		Status  int    `json:"statusCode"`
		Reason  string `json:"reason"`
		Detail  string `json:"detail"`
	}
	if f := p.c.ask(ctx, p.a, http.MethodPost, "/v2/bot/channel/webhook/test", object{"endpoint": p.a.Callback}, &tried); f != nil {
		return channel.Check{State: channel.CheckSkipped}
	}
	if tried.Success {
		return channel.Check{State: channel.CheckPassed}
	}
	return channel.Check{State: channel.CheckWarning, Params: map[string]string{
		"status": strconv.Itoa(tried.Status), "reason": channel.CleanText(tried.Reason), "detail": channel.CleanText(tried.Detail),
	}}
}

func (p *probe) quota(ctx context.Context) channel.Check {
	var plan struct {
		Type  string `json:"type"`
		Value int64  `json:"value"`
	}
	var month struct {
		Used int64 `json:"totalUsage"`
	}
	if f := p.c.ask(ctx, p.a, http.MethodGet, "/v2/bot/message/quota", nil, &plan); f != nil {
		return channel.Check{State: channel.CheckSkipped}
	}
	if f := p.c.ask(ctx, p.a, http.MethodGet, "/v2/bot/message/quota/consumption", nil, &month); f != nil {
		return channel.Check{State: channel.CheckSkipped}
	}
	p.fact("used", strconv.FormatInt(month.Used, 10))
	if plan.Type != "limited" {
		return channel.Check{State: channel.CheckPassed}
	}
	left := max(plan.Value-month.Used, 0)
	p.fact("quota", strconv.FormatInt(plan.Value, 10))
	p.fact("left", strconv.FormatInt(left, 10))
	if month.Used*100 < plan.Value*quotaWarning {
		return channel.Check{State: channel.CheckPassed}
	}
	return channel.Check{State: channel.CheckWarning, Params: map[string]string{"left": strconv.FormatInt(left, 10), "quota": strconv.FormatInt(plan.Value, 10)}}
}

func warn(code string, is bool) channel.Check {
	if is {
		return channel.Check{Code: code, State: channel.CheckWarning}
	}
	return channel.Check{Code: code, State: channel.CheckPassed}
}

func (p *probe) fact(name, value string) {
	p.Facts = append(p.Facts, channel.Fact{Name: name, Value: value})
}

// Subscribe gives LINE our callback; it takes up to a minute. That it is used at all is switched on in the console.
func (c Connector) Subscribe(ctx context.Context, a channel.Account) error {
	if a.Callback == "" {
		return &channel.Fault{Kind: channel.ActConfig, Code: "no_public_address", Certain: true, Err: errors.New("the server has no public address")}
	}
	return plain(c.ask(ctx, a, http.MethodPut, "/v2/bot/channel/webhook/endpoint", object{"endpoint": a.Callback}, nil))
}

// Unsubscribe does nothing: an address can be replaced, not taken away.
func (Connector) Unsubscribe(context.Context, channel.Account) error { return nil }
