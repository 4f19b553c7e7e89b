package instagram

import (
	"context"
	"errors"
	"net/url"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/channel/graph/messaging"
)

// accountFields are what we want to hear of an account.
var accountFields = []string{
	"messages", "messaging_postbacks", "messaging_seen", "message_reactions", "messaging_referral", "message_edit",
}

// pageFields are what makes the linked page tell the app about its account; the app itself asks for accountFields.
var pageFields = []string{"messages"}

func (s settings) fields() []string {
	if s.byPage() {
		return pageFields
	}
	return accountFields
}

// app is the app whose subscription of the account is ours: with Instagram login it is listed under another id.
func (s settings) app() string {
	if s.byPage() {
		return s.App
	}
	return ""
}

var permissions = []string{"instagram_basic", "instagram_manage_messages", "pages_manage_metadata"}

// look is one examination of an account.
type look struct {
	ctx    context.Context
	s      settings
	client graph.Client
	app    messaging.App
	token  messaging.Token
	found  channel.Probed
}

// Probe looks at the token, the account, and whether its messages come to us. With Facebook login it can look at the app too.
func (Connector) Probe(ctx context.Context, a channel.Account) (channel.Probed, error) {
	s, f := of(a)
	if f != nil {
		return channel.Probed{}, f
	}
	l := &look{ctx: ctx, s: s, client: client(a, s), app: appOf(a, s)}
	looks := []messaging.Look{
		{Code: "token", Field: secretToken, Do: l.lookAccount},
		{Code: "account", Do: l.lookType},
		{Code: "subscribed", Do: l.lookSubscribed},
	}
	if s.byPage() {
		looks = []messaging.Look{
			{Code: "app", Field: secretApp, Do: l.lookApp},
			{Code: "token", Field: secretToken, Do: func(c *channel.Check) *channel.Fault { return l.token.LookPage(c) }},
			{Code: "permissions", Field: secretToken, Do: func(c *channel.Check) *channel.Fault { return l.token.LookPermissions(c, permissions) }},
			{Code: "linked", Field: "page_id", Do: l.lookLinked},
			{Code: "subscribed", Do: l.lookSubscribed},
			{Code: "callback", Do: func(c *channel.Check) *channel.Fault { return l.app.LookCallback(ctx, c, object, a.Callback) }},
		}
	}
	checks, err := messaging.Examine(looks)
	if err != nil {
		return channel.Probed{}, err
	}
	l.found.Checks, l.found.TokenExpires = checks, l.token.ExpiresAt()
	return l.found, nil
}

func appOf(a channel.Account, s settings) messaging.App {
	return messaging.App{Client: client(a, s), ID: s.App, Secret: a.Secrets[secretApp]}
}

// lookAccount asks whose the token is. Its "id" is another one for every app; webhooks name "user_id".
func (l *look) lookAccount(*channel.Check) *channel.Fault {
	var me struct {
		User     string `json:"user_id"`
		Username string `json:"username"`
		Name     string `json:"name"`
		Type     string `json:"account_type"`
	}
	if f := l.client.Get(l.ctx, "me", url.Values{"fields": {"user_id,username,name,account_type"}}, &me); f != nil {
		return f
	}
	l.found.Account, l.found.Title = me.User, "@"+me.Username
	l.found.Facts = append(l.found.Facts, channel.Fact{Name: "username", Value: me.Username}, channel.Fact{Name: "account_type", Value: me.Type})
	return nil
}

// lookType refuses private accounts, which have no messaging API.
func (l *look) lookType(c *channel.Check) *channel.Fault {
	for _, f := range l.found.Facts {
		if f.Name == "account_type" && f.Value == "PERSONAL" || l.found.Account == "" {
			c.State = channel.CheckFailed
		}
	}
	return nil
}

func (l *look) lookApp(*channel.Check) (f *channel.Fault) {
	l.token, f = l.app.Inspect(l.ctx, l.client.Token)
	return f
}

func (l *look) lookLinked(c *channel.Check) *channel.Fault {
	var page struct {
		Name    string `json:"name"`
		Account struct {
			ID       string `json:"id"`
			Username string `json:"username"`
		} `json:"instagram_business_account"`
	}
	if f := l.client.Get(l.ctx, l.s.Page, url.Values{"fields": {"name,instagram_business_account{id,username}"}}, &page); f != nil {
		return f
	}
	if page.Account.ID == "" {
		c.State = channel.CheckFailed
		return nil
	}
	l.found.Account, l.found.Title = page.Account.ID, "@"+page.Account.Username
	l.found.Facts = append(l.found.Facts, channel.Fact{Name: "username", Value: page.Account.Username}, channel.Fact{Name: "page", Value: page.Name})
	return nil
}

func (l *look) lookSubscribed(c *channel.Check) *channel.Fault {
	missing, f := messaging.Unheard(l.ctx, l.client, l.s.node(), l.s.app(), l.s.fields())
	return messaging.Lacking(c, missing, f)
}

// Subscribe makes the account tell the app, and with Facebook login the app tell us; with Instagram login that is set
// in the app's console.
func (Connector) Subscribe(ctx context.Context, a channel.Account) error {
	s, f := of(a)
	if f != nil {
		return f
	}
	if s.byPage() {
		if f := appOf(a, s).SetCallback(ctx, object, a.Callback, a.Secrets[secretVerify], accountFields); f != nil {
			return f
		}
	}
	if f := messaging.Subscribe(ctx, client(a, s), s.node(), s.app(), s.fields()); f != nil {
		return f
	}
	return nil
}

// Unsubscribe makes the account stop telling the app. A page stays subscribed: it may be connected for Messenger too,
// and what comes for an account that nobody has is dropped.
func (Connector) Unsubscribe(ctx context.Context, a channel.Account) error {
	s, f := of(a)
	if f != nil {
		return f
	}
	if s.byPage() {
		return nil
	}
	if f := messaging.Unsubscribe(ctx, client(a, s), s.node()); f != nil {
		return f
	}
	return nil
}

// Renew gets a new long-lived token; the old one lasts 60 days, and one of the first day is refused. A page's token needs
// none. https://developers.facebook.com/documentation/instagram-platform/reference/refresh_access_token
func (Connector) Renew(ctx context.Context, a channel.Account) (channel.Renewed, error) {
	s, f := of(a)
	if f != nil {
		return channel.Renewed{}, f
	}
	if s.byPage() {
		return channel.Renewed{}, nil
	}
	var answer struct {
		Token   string `json:"access_token"`
		Seconds int64  `json:"expires_in"`
	}
	c := client(a, s)
	query := url.Values{"grant_type": {"ig_refresh_token"}, "access_token": {c.Token}}
	if f := c.Get(ctx, "refresh_access_token", query, &answer); f != nil {
		return channel.Renewed{}, f
	}
	if answer.Token == "" || answer.Seconds <= 0 {
		return channel.Renewed{}, channel.Unreadable(errors.New("no token"))
	}
	expires := a.Now().Add(time.Duration(answer.Seconds) * time.Second).UTC()
	return channel.Renewed{Secrets: map[string]string{secretToken: answer.Token}, Expires: expires}, nil
}
