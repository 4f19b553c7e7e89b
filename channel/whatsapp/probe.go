package whatsapp

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"madoguchi/channel"
	"madoguchi/channel/graph"
)

// The checks, in the order they are made; their texts are "check.<code>".
const (
	checkApp         = "app"         // the app's id and secret fit
	checkToken       = "token"       // the token lives and is this app's
	checkPermissions = "permissions" // and may do what we need
	checkNumber      = "number"      // the number's id is right
	checkPlatform    = "platform"    // it is on the Cloud API
	checkState       = "number_state"
	checkVerified    = "number_verified"
	checkBusiness    = "business" // the number belongs to the business account
	checkWebhook     = "webhook"  // its webhooks come to us
)

var checks = []string{checkApp, checkToken, checkPermissions, checkNumber, checkPlatform, checkState, checkVerified, checkBusiness, checkWebhook}

// scopes are the permissions that a token needs.
var scopes = []string{"whatsapp_business_messaging", "whatsapp_business_management"}

// probe is a look at an account on its way: after a failed check the rest are skipped.
type probe struct {
	api graph.Client
	set settings
	channel.Probed
}

// Probe looks at everything that sending and receiving needs (B1.4).
func (Connector) Probe(ctx context.Context, a channel.Account) (channel.Probed, error) {
	p := &probe{api: client(a), set: readSettings(a.Channel.Settings)}
	p.Account = p.set.PhoneNumberID
	for _, look := range []func(context.Context) *channel.Fault{p.token, p.number, p.business, p.webhook, p.profile} {
		if f := look(ctx); f != nil {
			return p.Probed, f
		}
		if !p.OK() {
			break
		}
	}
	for _, code := range checks[len(p.Checks):] {
		p.Checks = append(p.Checks, channel.Check{Code: code, State: channel.CheckSkipped})
	}
	return p.Probed, nil
}

// check notes how one went; it reports whether the next may follow.
func (p *probe) check(code string, ok bool, field string, params map[string]string) bool {
	c := channel.Check{Code: code, State: channel.CheckPassed}
	if !ok {
		c = channel.Check{Code: code, State: channel.CheckFailed, Field: field, Params: params}
	}
	p.Checks = append(p.Checks, c)
	return ok
}

// refused is a fault that is the account's own, so the check failed; any other says that we could not ask.
func (p *probe) refused(f *channel.Fault, code, field string) *channel.Fault {
	if f.Kind == channel.ActRetry || f.Kind == channel.ActThrottle {
		return f
	}
	p.check(code, false, field, map[string]string{"detail": f.Err.Error()})
	return nil
}

// token asks Meta what the token is: with the app's own credentials, which proves them too.
// https://developers.facebook.com/docs/graph-api/reference/debug_token
func (p *probe) token(ctx context.Context) *channel.Fault {
	var answer struct {
		Data struct {
			App     loose    `json:"app_id"`
			Valid   bool     `json:"is_valid"`
			Expires loose    `json:"expires_at"`
			Scopes  []string `json:"scopes"`
		} `json:"data"`
	}
	query := url.Values{"input_token": {p.api.Token}, "access_token": {p.set.App + "|" + p.api.Secret}}
	if f := p.api.Get(ctx, "debug_token", query, &answer); f != nil {
		return p.refused(f, checkApp, settingAppSecret)
	}
	data := answer.Data
	if !p.check(checkApp, data.App == "" || string(data.App) == p.set.App, settingApp, map[string]string{"app": string(data.App)}) ||
		!p.check(checkToken, data.Valid, settingToken, nil) {
		return nil
	}
	p.TokenExpires = data.Expires.instant()
	missing := slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return slices.Contains(data.Scopes, s) })
	p.check(checkPermissions, len(missing) == 0, settingToken, map[string]string{"missing": strings.Join(missing, ", ")})
	return nil
}

// number is what Meta tells about the telephone number.
type number struct {
	Display    string `json:"display_phone_number"`
	Name       string `json:"verified_name"`
	NameStatus string `json:"name_status"`
	Quality    string `json:"quality_rating"`
	Status     string `json:"status"`
	Verified   string `json:"code_verification_status"`
	Platform   string `json:"platform_type"`
	Official   bool   `json:"is_official_business_account"`
	Mode       string `json:"account_mode"`
	Limit      string `json:"whatsapp_business_manager_messaging_limit"`
	Throughput struct {
		Level string `json:"level"`
	} `json:"throughput"`
}

const numberFields = "display_phone_number,verified_name,quality_rating,name_status,status,code_verification_status,platform_type,throughput,is_official_business_account,account_mode,whatsapp_business_manager_messaging_limit"

// number looks at the telephone number.
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account-to-number-current-status
func (p *probe) number(ctx context.Context) *channel.Fault {
	var n number
	if f := p.api.Get(ctx, p.set.PhoneNumberID, url.Values{"fields": {numberFields}}, &n); f != nil {
		return p.refused(f, checkNumber, settingPhoneNumber)
	}
	p.check(checkNumber, true, "", nil)
	p.Title = strings.TrimSpace(plain(n.Name) + " " + plain(n.Display))
	p.facts("number", n.Display, "verified_name", n.Name, "name_status", n.NameStatus, "quality", n.Quality, "messaging_limit", n.Limit,
		"throughput", n.Throughput.Level, "number_status", n.Status, "mode", n.Mode)
	if n.Official {
		p.facts("official", "✓")
	}
	// Meta's reference says CONNECTED, its API description LINKED; a number that does not tell is believed.
	state := n.Status == "" || n.Status == "CONNECTED" || n.Status == "LINKED"
	_ = p.check(checkPlatform, n.Platform == "" || n.Platform == "CLOUD_API", settingPhoneNumber, map[string]string{"platform": plain(n.Platform)}) &&
		p.check(checkState, state, settingPhoneNumber, map[string]string{"status": plain(n.Status)}) &&
		p.check(checkVerified, n.Verified == "" || n.Verified == "VERIFIED", settingPhoneNumber, map[string]string{"status": plain(n.Verified)})
	return nil
}

// business looks whether the number is the business account's.
func (p *probe) business(ctx context.Context) *channel.Fault {
	var answer struct {
		Data []struct {
			ID loose `json:"id"`
		} `json:"data"`
	}
	if f := p.api.Get(ctx, p.set.Business+"/phone_numbers", url.Values{"fields": {"id"}, "limit": {"100"}}, &answer); f != nil {
		return p.refused(f, checkBusiness, settingBusiness)
	}
	found := false
	for _, n := range answer.Data {
		found = found || string(n.ID) == p.set.PhoneNumberID
	}
	p.check(checkBusiness, found, settingBusiness, nil)
	return nil
}

// webhook looks whether webhooks come to us; before the first Subscribe they do not, which is no failure.
func (p *probe) webhook(ctx context.Context) *channel.Fault {
	subscribed, f := subscriptions(ctx, p.api)
	if f != nil {
		return p.refused(f, checkWebhook, "")
	}
	c := channel.Check{Code: checkWebhook, State: channel.CheckPassed}
	if !subscribed.to(p.set.App, p.api.Account.Callback) {
		c.State = channel.CheckWarning
	}
	p.Checks = append(p.Checks, c)
	return nil
}

// profile adds what customers read about the business. It is worth showing, and nothing fails without it.
func (p *probe) profile(ctx context.Context) *channel.Fault {
	var answer struct {
		Data []struct {
			About       string   `json:"about"`
			Address     string   `json:"address"`
			Description string   `json:"description"`
			Email       string   `json:"email"`
			Websites    []string `json:"websites"`
			Vertical    string   `json:"vertical"`
		} `json:"data"`
	}
	query := url.Values{"fields": {"about,address,description,email,websites,vertical"}}
	if p.api.Get(ctx, p.set.PhoneNumberID+"/whatsapp_business_profile", query, &answer) != nil || len(answer.Data) == 0 {
		return nil
	}
	b := answer.Data[0]
	p.facts("about", b.About, "description", b.Description, "address", b.Address, "email", b.Email, "websites", strings.Join(b.Websites, ", "), "vertical", b.Vertical)
	return nil
}

// facts adds names and values, those that are known.
func (p *probe) facts(pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := plain(pairs[i+1]); value != "" {
			p.Facts = append(p.Facts, channel.Fact{Name: pairs[i], Value: value})
		}
	}
}
