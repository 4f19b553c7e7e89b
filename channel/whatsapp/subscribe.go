package whatsapp

import (
	"context"
	"errors"

	"madoguchi/channel"
	"madoguchi/channel/graph"
)

// subscribed are the apps that get a business account's webhooks, and where.
// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps
type subscribed struct {
	Data []struct {
		App struct {
			ID loose `json:"id"`
		} `json:"whatsapp_business_api_data"`
		Override string `json:"override_callback_uri"`
	} `json:"data"`
}

// to reports whether an app gets them, at a callback of ours or, without an override, at the app's own.
func (s subscribed) to(app, callback string) bool {
	for _, d := range s.Data {
		if string(d.App.ID) == app && (d.Override == "" || callback == "" || d.Override == callback) {
			return true
		}
	}
	return false
}

// at reports whether webhooks are sent to a callback in place of the app's own.
func (s subscribed) at(callback string) bool {
	for _, d := range s.Data {
		if callback != "" && d.Override == callback {
			return true
		}
	}
	return false
}

func subscriptions(ctx context.Context, api graph.Client) (subscribed, *channel.Fault) {
	var s subscribed
	f := api.Get(ctx, subscriptionPath(api), nil, &s)
	return s, f
}

func subscriptionPath(api graph.Client) string {
	return readSettings(api.Account.Channel.Settings).Business + "/subscribed_apps"
}

// Subscribe sends the business account's webhooks to us. Meta asks our callback at once whether it is ours.
func (Connector) Subscribe(ctx context.Context, a channel.Account) error {
	if a.Callback == "" {
		return &channel.Fault{Kind: channel.ActConfig, Code: "no_public_address", Certain: true, Err: errors.New("the server has no public address")}
	}
	api := client(a)
	body := map[string]string{"override_callback_uri": a.Callback, "verify_token": a.Secrets[settingVerifyToken]}
	return failure(api.Post(ctx, subscriptionPath(api), nil, body, nil))
}

// Unsubscribe ends it, unless they go to another channel by now: a business account has one callback for all its numbers.
func (Connector) Unsubscribe(ctx context.Context, a channel.Account) error {
	api := client(a)
	now, f := subscriptions(ctx, api)
	if f != nil || !now.at(a.Callback) {
		return failure(f)
	}
	return failure(api.Delete(ctx, subscriptionPath(api), nil, nil))
}
