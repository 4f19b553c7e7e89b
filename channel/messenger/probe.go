package messenger

import (
	"context"
	"net/url"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/channel/graph/messaging"
)

// fields are what we want to hear of a page.
var fields = []string{
	"messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_echoes", "message_reactions", "message_edits",
	"messaging_referrals", "messaging_optins", "messaging_handovers", "standby", "messaging_policy_enforcement",
}

var permissions = []string{"pages_messaging", "pages_manage_metadata"}

// look is one examination of an account.
type look struct {
	ctx    context.Context
	s      settings
	client graph.Client
	app    messaging.App
	token  messaging.Token
	found  channel.Probed
}

// Probe looks at the app, the token, the page, and whether its messages come to us.
func (Connector) Probe(ctx context.Context, a channel.Account) (channel.Probed, error) {
	s, f := of(a)
	if f != nil {
		return channel.Probed{}, f
	}
	l := &look{ctx: ctx, s: s, client: client(a), app: appOf(a, s)}
	checks, err := messaging.Examine([]messaging.Look{
		{Code: "app", Field: secretApp, Do: l.lookApp},
		{Code: "token", Field: secretToken, Do: func(c *channel.Check) *channel.Fault { return l.token.LookPage(c) }},
		{Code: "permissions", Field: secretToken, Do: func(c *channel.Check) *channel.Fault { return l.token.LookPermissions(c, permissions) }},
		{Code: "page", Field: "page_id", Do: l.lookPage},
		{Code: "subscribed", Do: l.lookSubscribed},
		{Code: "callback", Do: func(c *channel.Check) *channel.Fault { return l.app.LookCallback(ctx, c, object, a.Callback) }},
	})
	if err != nil {
		return channel.Probed{}, err
	}
	l.found.Checks, l.found.TokenExpires = checks, l.token.ExpiresAt()
	return l.found, nil
}

func appOf(a channel.Account, s settings) messaging.App {
	return messaging.App{Client: client(a), ID: s.App, Secret: a.Secrets[secretApp]}
}

func (l *look) lookApp(*channel.Check) (f *channel.Fault) {
	l.token, f = l.app.Inspect(l.ctx, l.client.Token)
	return f
}

func (l *look) lookPage(c *channel.Check) *channel.Fault {
	var page struct{ ID, Name, Category string }
	if f := l.client.Get(l.ctx, "me", url.Values{"fields": {"id,name,category"}}, &page); f != nil {
		return f
	}
	if page.ID != l.s.Page {
		c.State, c.Params = channel.CheckFailed, map[string]string{"page": page.ID}
		return nil
	}
	l.found.Account, l.found.Title = page.ID, page.Name
	if page.Category != "" {
		l.found.Facts = append(l.found.Facts, channel.Fact{Name: "category", Value: page.Category})
	}
	return nil
}

func (l *look) lookSubscribed(c *channel.Check) *channel.Fault {
	missing, f := messaging.Unheard(l.ctx, l.client, l.s.Page, l.s.App, fields)
	return messaging.Lacking(c, missing, f)
}

// Subscribe makes the app send us its webhooks, and the page tell the app.
func (Connector) Subscribe(ctx context.Context, a channel.Account) error {
	s, f := of(a)
	if f != nil {
		return f
	}
	if f := appOf(a, s).SetCallback(ctx, object, a.Callback, a.Secrets[secretVerify], fields); f != nil {
		return f
	}
	if f := messaging.Subscribe(ctx, client(a), s.Page, s.App, fields); f != nil {
		return f
	}
	return nil
}

// Unsubscribe makes the page stop telling the app.
func (Connector) Unsubscribe(ctx context.Context, a channel.Account) error {
	s, f := of(a)
	if f != nil {
		return f
	}
	if f := messaging.Unsubscribe(ctx, client(a), s.Page); f != nil {
		return f
	}
	return nil
}
