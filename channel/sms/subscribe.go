package sms

import (
	"context"
	"net/url"
	"strings"

	"madoguchi/channel"
)

// retries makes Twilio call again when we do not answer or answer an error; it reads them from the fragment and neither
// sends nor signs it. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
const retries = "#rc=5&rp=all"

// Subscribe has the messaging service call us for messages, and for the status of those that name no callback.
// https://www.twilio.com/docs/messaging/api/service-resource#update-a-service-resource
func (Connector) Subscribe(ctx context.Context, a channel.Account) error {
	if a.Callback == "" {
		return refuse(channel.ActConfig, "no_public_address", "the server has no public address")
	}
	return point(ctx, a, url.Values{
		"InboundRequestUrl": {a.Callback + retries}, "InboundMethod": {"POST"}, "StatusCallback": {a.Callback}, "UseInboundWebhookOnNumber": {"false"},
	})
}

// Unsubscribe takes our address out of the service, unless it calls somebody else by now.
func (Connector) Unsubscribe(ctx context.Context, a channel.Account) error {
	c, f := newClient(a)
	if f != nil {
		return f
	}
	var s service
	if f := c.get(ctx, c.service(""), &s); f != nil {
		return f
	}
	if !s.calls(a.Callback) {
		return nil
	}
	return point(ctx, a, url.Values{"InboundRequestUrl": {""}, "StatusCallback": {""}})
}

func point(ctx context.Context, a channel.Account, form url.Values) error {
	c, f := newClient(a)
	if f != nil {
		return f
	}
	if f := c.post(ctx, c.service(""), form, &service{}); f != nil {
		return f
	}
	return nil
}

// service is a messaging service, as far as we look.
type service struct {
	Account    string `json:"account_sid"`
	Name       string `json:"friendly_name"`
	InboundURL string `json:"inbound_request_url"`
	Method     string `json:"inbound_method"`
	OnNumber   bool   `json:"use_inbound_webhook_on_number"` // each number calls its own address instead
}

// calls reports whether messages come to an address, whatever fragment says how.
func (s service) calls(callback string) bool {
	address, _, _ := strings.Cut(s.InboundURL, "#")
	return callback != "" && address == callback && strings.EqualFold(s.Method, "POST") && !s.OnNumber
}
