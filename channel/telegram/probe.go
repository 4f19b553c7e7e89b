package telegram

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"madoguchi/channel"
)

// The checks of Probe, in order.
const (
	checkToken   = "token"   // the bot is there
	checkWebhook = "webhook" // its updates come here
	checkUpdates = "updates" // of all kinds that we read
	checkErrors  = "errors"  // without errors
	checkPending = "pending" // and in time
)

// wanted are the updates that we read; message_reaction comes only when asked for.
var wanted = []string{"message", "edited_message", "callback_query", "my_chat_member", "message_reaction"}

const (
	pendingMany  = 100       // updates that wait: something is slow or down; Telegram drops them after 24 hours
	errorsRecent = time.Hour // an older error of the webhook is over
)

type webhook struct {
	URL       string   `json:"url"`
	Pending   int      `json:"pending_update_count"`
	ErrorDate int64    `json:"last_error_date"`
	Error     string   `json:"last_error_message"`
	Allowed   []string `json:"allowed_updates"`
}

// Probe looks at the bot and its webhook.
func (Connector) Probe(ctx context.Context, a channel.Account) (channel.Probed, error) {
	var me user
	if f := call(ctx, a, "getMe", nil, &me); f != nil {
		if f.Kind != channel.ActToken && f.Code != "not_found" {
			return channel.Probed{}, f
		}
		return channel.Probed{Checks: append([]channel.Check{{Code: checkToken, State: channel.CheckFailed, Field: settingToken}},
			skipped(checkWebhook, checkUpdates, checkErrors, checkPending)...)}, nil
	}
	var hook webhook
	if f := call(ctx, a, "getWebhookInfo", nil, &hook); f != nil {
		return channel.Probed{}, f
	}
	p := channel.Probed{Account: strconv.FormatInt(me.ID, 10), Title: peer(chat{}, me).Name, Checks: checks(a, hook)}
	if name := channel.CleanText(me.Username); name != "" {
		p.Title = "@" + name
		p.Facts = append(p.Facts, channel.Fact{Name: "link", Value: "https://t.me/" + name})
	}
	p.Facts = append(p.Facts, channel.Fact{Name: "name", Value: peer(chat{}, me).Name}, channel.Fact{Name: "pending", Value: strconv.Itoa(hook.Pending)})
	if hook.Error != "" {
		p.Facts = append(p.Facts, channel.Fact{Name: "last_error", Value: withoutToken(a, hook.Error)},
			channel.Fact{Name: "last_error_at", Value: instant(hook.ErrorDate).Format(time.RFC3339)})
	}
	return p, nil
}

func checks(a channel.Account, hook webhook) []channel.Check {
	list := []channel.Check{{Code: checkToken, State: channel.CheckPassed}}
	if a.Callback == "" || hook.URL != a.Callback {
		// No failure: Subscribe, which comes after the first look, puts it right.
		host := ""
		if u, err := url.Parse(hook.URL); err == nil {
			host = u.Host
		}
		list = append(list, channel.Check{Code: checkWebhook, State: channel.CheckWarning, Params: map[string]string{"host": host}})
		return append(list, skipped(checkUpdates, checkErrors, checkPending)...)
	}
	list = append(list, channel.Check{Code: checkWebhook, State: channel.CheckPassed})
	missing := slices.DeleteFunc(slices.Clone(wanted), func(name string) bool { return slices.Contains(hook.Allowed, name) })
	list = append(list, warn(checkUpdates, len(missing) > 0, "missing", strings.Join(missing, ", ")))
	recent := hook.Error != "" && a.Now().Sub(instant(hook.ErrorDate)) < errorsRecent
	list = append(list, warn(checkErrors, recent, "error", withoutToken(a, hook.Error)))
	return append(list, warn(checkPending, hook.Pending >= pendingMany, "count", strconv.Itoa(hook.Pending)))
}

func warn(code string, is bool, param, value string) channel.Check {
	if !is {
		return channel.Check{Code: code, State: channel.CheckPassed}
	}
	return channel.Check{Code: code, State: channel.CheckWarning, Params: map[string]string{param: value}}
}

func skipped(codes ...string) []channel.Check {
	var list []channel.Check
	for _, code := range codes {
		list = append(list, channel.Check{Code: code, State: channel.CheckSkipped})
	}
	return list
}

// Subscribe gives Telegram our callback and the secret that it repeats; what it holds back for us stays.
func (Connector) Subscribe(ctx context.Context, a channel.Account) error {
	if a.Callback == "" {
		return &channel.Fault{Kind: channel.ActConfig, Code: "no_public_address", Certain: true, Err: errors.New("the server has no public address")}
	}
	most, err := connections(a.Channel.Settings)
	if err != nil {
		return &channel.Fault{Kind: channel.ActConfig, Code: "settings", Certain: true, Err: err}
	}
	return plain(call(ctx, a, "setWebhook", map[string]any{
		"url": a.Callback, "secret_token": a.Secrets[settingHookSecret], "allowed_updates": wanted, "max_connections": most,
	}, nil))
}

// Unsubscribe takes our callback back.
func (Connector) Unsubscribe(ctx context.Context, a channel.Account) error {
	return plain(call(ctx, a, "deleteWebhook", map[string]any{}, nil))
}
