package sms

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"madoguchi/channel"
)

// The checks of Probe, in order (B1.4).
const (
	checkCredentials = "credentials" // Account SID and Auth Token fit
	checkActive      = "active"      // the account is neither suspended nor closed
	checkService     = "service"     // the messaging service is in the account
	checkNumber      = "number"      // our number is in the service
	checkSMS         = "sms"         // it can SMS
	checkMMS         = "mms"         // it can MMS, where files are to go that way
	checkCallback    = "callback"    // messages come to us
	checkTrial       = "trial"       // a trial account writes to verified numbers only
)

var checksInOrder = []string{checkCredentials, checkActive, checkService, checkNumber, checkSMS, checkMMS, checkCallback}

// Probe looks at the account, the service and the number. The first check that fails ends it.
func (Connector) Probe(ctx context.Context, a channel.Account) (channel.Probed, error) {
	c, f := newClient(a)
	if f != nil {
		return channel.Probed{}, f
	}
	p := &probe{client: c, found: channel.Probed{Account: c.settings.Service, Title: c.settings.Number}}
	for _, look := range []func(context.Context) (bool, *channel.Fault){p.lookAtAccount, p.lookAtService, p.lookAtNumber} {
		ok, f := look(ctx)
		if f != nil {
			return channel.Probed{}, f
		}
		if !ok {
			break
		}
	}
	p.skipRest()
	return p.found, nil
}

// probe is a look at the account under way.
type probe struct {
	client
	found channel.Probed
	pool  service
}

func (p *probe) check(code string, ok bool, field string, params map[string]string) bool {
	check := channel.Check{Code: code, State: channel.CheckPassed}
	if !ok {
		check = channel.Check{Code: code, State: channel.CheckFailed, Field: field, Params: params}
	}
	p.found.Checks = append(p.found.Checks, check)
	return ok
}

func (p *probe) warn(code, field string, params map[string]string) {
	p.found.Checks = append(p.found.Checks, channel.Check{Code: code, State: channel.CheckWarning, Field: field, Params: params})
}

func (p *probe) fact(name, value string) {
	if value = channel.CleanText(value); value != "" {
		p.found.Facts = append(p.found.Facts, channel.Fact{Name: name, Value: value})
	}
}

// skipRest names what was not looked at because a check before it failed.
func (p *probe) skipRest() {
	if p.found.OK() {
		return
	}
	last := p.found.Checks[len(p.found.Checks)-1].Code
	for _, code := range checksInOrder[slices.Index(checksInOrder, last)+1:] {
		p.found.Checks = append(p.found.Checks, channel.Check{Code: code, State: channel.CheckSkipped})
	}
}

func (p *probe) lookAtAccount(ctx context.Context) (bool, *channel.Fault) {
	var account struct {
		Name   string `json:"friendly_name"`
		Status string `json:"status"`
		Type   string `json:"type"`
	}
	f := p.get(ctx, p.account(".json"), &account)
	switch {
	case f != nil && f.Code == "20005":
		p.check(checkCredentials, true, "", nil)
		return p.check(checkActive, false, settingAccount, map[string]string{"status": "inactive"}), nil
	case f != nil && (f.Kind == channel.ActToken || f.Kind == channel.ActConfig): // 20003, 20404
		return p.check(checkCredentials, false, settingToken, map[string]string{"code": f.Code}), nil
	case f != nil:
		return false, f
	}
	p.fact("account", account.Name)
	p.check(checkCredentials, true, "", nil)
	if !p.check(checkActive, account.Status == "active", settingAccount, map[string]string{"status": channel.CleanText(account.Status)}) {
		return false, nil
	}
	if account.Type == "Trial" {
		p.warn(checkTrial, "", nil)
	}
	return true, nil
}

func (p *probe) lookAtService(ctx context.Context) (bool, *channel.Fault) {
	f := p.get(ctx, p.service(""), &p.pool)
	if f != nil && f.Kind != channel.ActConfig { // 20404
		return false, f
	}
	if !p.check(checkService, f == nil && p.pool.Account == p.settings.Account, settingService, nil) {
		return false, nil
	}
	p.fact("service", p.pool.Name)
	return true, nil
}

// sender is a number of the service.
type sender struct {
	Number       string   `json:"phone_number"`
	Capabilities []string `json:"capabilities"` // "SMS", "MMS", "Voice"
}

func (s sender) can(what string) bool { return slices.Contains(s.Capabilities, what) }

func (p *probe) lookAtNumber(ctx context.Context) (bool, *channel.Fault) {
	senders, f := p.senders(ctx)
	if f != nil {
		return false, f
	}
	i := slices.IndexFunc(senders, func(s sender) bool { return s.Number == p.settings.Number })
	if !p.check(checkNumber, i >= 0, settingNumber, map[string]string{"number": p.settings.Number}) {
		return false, nil
	}
	p.fact("number", p.settings.Number)
	p.fact("numbers", strconv.Itoa(len(senders)))
	p.fact("capabilities", strings.Join(senders[i].Capabilities, ", "))
	if !p.check(checkSMS, senders[i].can("SMS"), settingNumber, nil) {
		return false, nil
	}
	if !p.check(checkMMS, !p.settings.MMS || senders[i].can("MMS"), settingMMS, nil) {
		return false, nil
	}
	if p.pool.calls(p.Callback) {
		return p.check(checkCallback, true, "", nil), nil
	}
	// No failure: Subscribe, which comes after the first look, puts it right.
	p.warn(checkCallback, "", map[string]string{"host": hostOf(p.pool.InboundURL)})
	return true, nil
}

const maxPages = 10 // of 100; a service holds 400 numbers

// senders are the numbers of the service.
func (p *probe) senders(ctx context.Context) ([]sender, *channel.Fault) {
	var all []sender
	query := "PageSize=100"
	for range maxPages {
		var page struct {
			Senders []sender `json:"phone_numbers"`
			Meta    struct {
				Next string `json:"next_page_url"`
			} `json:"meta"`
		}
		if f := p.get(ctx, p.service("/PhoneNumbers?"+query), &page); f != nil {
			return nil, f
		}
		all = append(all, page.Senders...)
		next, err := url.Parse(page.Meta.Next)
		if err != nil || next.RawQuery == "" {
			break
		}
		query = next.RawQuery
	}
	return all, nil
}

// hostOf keeps an address of somebody else short, and what secrets may lie in it hidden.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
