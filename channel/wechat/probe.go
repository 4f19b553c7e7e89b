package wechat

import (
	"context"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"madoguchi/channel"
)

// The checks, in order.
const (
	checkAddress = "address"          // the provider can call us
	checkAppID   = "app_id"           // known
	checkSecret  = "app_secret"       // the AppID's
	checkIP      = "ip_allowed"       // our address is on the account's list
	checkIPKnown = "ip_confirmed"     // and its administrator confirmed it
	checkAccount = "account"          // neither frozen nor closed
	checkSending = "customer_service" // the account may send: it is verified
)

// Probe looks whether the account can be used. Its server address cannot be asked for: the provider's own check, and the
// first message, prove that.
func (c Connector) Probe(ctx context.Context, a channel.Account) (channel.Probed, error) {
	id := c.AccountOf(a.Channel.Settings, nil)
	p := channel.Probed{Account: id, Title: id, Checks: []channel.Check{reachable(a.Callback)}}
	token := []string{checkAppID, checkSecret, checkIP, checkIPKnown, checkAccount}
	if f := prove(ctx, a); f != nil {
		failed, known := tokenCheck(f)
		if !known {
			return channel.Probed{}, f
		}
		p.Checks = append(p.Checks, failed)
		for _, code := range append(token, checkSending) {
			if code != failed.Code { // also those before it: the provider does not say in which order it looks
				p.Checks = append(p.Checks, channel.Check{Code: code, State: channel.CheckSkipped})
			}
		}
		return p, nil
	}
	for _, code := range token {
		p.Checks = append(p.Checks, channel.Check{Code: code, State: channel.CheckPassed})
	}
	check, facts, f := c.sending(ctx, a)
	if f != nil {
		return channel.Probed{}, f
	}
	p.Checks, p.Facts = append(p.Checks, check), facts
	return p, nil
}

// prove tries the credentials, whatever is kept.
func prove(ctx context.Context, a channel.Account) *channel.Fault {
	who, f := credentialsOf(a)
	if f == nil {
		_, f = fetchToken(ctx, a, who, false)
	}
	return f
}

// tokenCheck tells which check a refused access token failed.
func tokenCheck(f *channel.Fault) (channel.Check, bool) {
	check := channel.Check{State: channel.CheckFailed}
	switch f.Code {
	case "40013", "41002":
		check.Code, check.Field = checkAppID, "app_id"
	case "40001", "40125", "40243", "41004":
		check.Code, check.Field = checkSecret, secretApp
	case "40164":
		check.Code, check.Params = checkIP, map[string]string{"ip": refusedIP(f)}
	case "89503", "89506":
		check.Code = checkIPKnown
	case "50004", "50007", "48004":
		check.Code = checkAccount
	default:
		return check, false
	}
	return check, true
}

// refusedIP finds the address in "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"; "" if there is none.
func refusedIP(f *channel.Fault) string {
	for _, word := range strings.Fields(f.Err.Error()) {
		if ip, err := netip.ParseAddr(strings.Trim(word, ",;")); err == nil {
			return ip.Unmap().String()
		}
	}
	return ""
}

// reachable checks what the provider demands of a callback: a public address on the ports of the web.
func reachable(callback string) channel.Check {
	check := channel.Check{Code: checkAddress, State: channel.CheckPassed}
	u, err := url.Parse(callback)
	if err != nil || callback == "" || u.Port() != "" && u.Port() != "80" && u.Port() != "443" {
		check.State = channel.CheckWarning
	}
	return check
}

// sending asks for the quota of our messages, which the provider refuses to accounts that may send none.
func (c Connector) sending(ctx context.Context, a channel.Account) (channel.Check, []channel.Fact, *channel.Fault) {
	var got struct {
		Quota struct {
			Limit int64 `json:"daily_limit"`
			Left  int64 `json:"remain"`
		} `json:"quota"`
	}
	f := c.ask(ctx, a, "/cgi-bin/openapi/quota/get", nil, jsonOf(ctx, struct {
		Path string `json:"cgi_path"`
	}{"/cgi-bin/message/custom/send"}), &got)
	switch {
	case f != nil && (f.Code == "48001" || f.Code == "76022"):
		return channel.Check{Code: checkSending, State: channel.CheckFailed}, nil, nil
	case f != nil:
		return channel.Check{}, nil, f
	}
	var facts []channel.Fact
	if got.Quota.Limit > 0 {
		facts = []channel.Fact{
			{Name: "daily_limit", Value: strconv.FormatInt(got.Quota.Limit, 10)},
			{Name: "daily_left", Value: strconv.FormatInt(got.Quota.Left, 10)},
		}
	}
	return channel.Check{Code: checkSending, State: channel.CheckPassed}, facts, nil
}
