package telegram

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"madoguchi/channel"
)

// flood is how long a bot that was not told pauses after a 429.
const flood = 5 * time.Second

// meaning is what a refusal means whose description contains words; "" fits every one.
type meaning struct {
	words string
	kind  channel.Action
	code  string
}

// meanings are the refusals by error_code. Descriptions are no contract, the codes are looked at first.
var meanings = map[int][]meaning{
	http.StatusBadRequest: {
		{"chat not found", channel.ActFail, "chat_not_found"},
		{"peer_id_invalid", channel.ActFail, "chat_not_found"},
		{"group chat was upgraded", channel.ActFail, "chat_moved"},
		{"message text is empty", channel.ActFail, "text_empty"},
		{"message is too long", channel.ActFail, "text_too_long"},
		{"caption is too long", channel.ActFail, "text_too_long"},
		{"can't parse entities", channel.ActFail, "marks_refused"},
		{"button_data_invalid", channel.ActFail, "choices_refused"},
		{"bad webhook", channel.ActConfig, "webhook_refused"},
		{"reaction_invalid", channel.ActFail, "reaction_refused"},
		{"file is too big", channel.ActFail, channel.CodeTooBig},
		{"failed to get http url content", channel.ActRetry, "file_refused"}, // we upload, so it is Telegram's trouble
		{"wrong file identifier", channel.ActFail, "file_refused"},
		{"photo_invalid_dimensions", channel.ActFail, "file_refused"},
		{"image_process_failed", channel.ActFail, "file_refused"},
		{"", channel.ActFail, "refused"},
	},
	http.StatusUnauthorized: {{"", channel.ActToken, "token_refused"}},
	http.StatusForbidden: {
		{"bot was blocked by the user", channel.ActBlocked, "blocked"},
		{"user is deactivated", channel.ActBlocked, "deactivated"},
		{"can't initiate conversation", channel.ActFail, "never_started"},
		{"bot was kicked", channel.ActFail, "never_started"},
		{"", channel.ActFail, "forbidden"},
	},
	http.StatusNotFound:              {{"", channel.ActFail, "not_found"}}, // a malformed token too, see knownBot
	http.StatusConflict:              {{"", channel.ActConfig, "used_elsewhere"}},
	http.StatusRequestEntityTooLarge: {{"", channel.ActFail, channel.CodeTooBig}},
	http.StatusTooManyRequests:       {{"", channel.ActThrottle, "flood"}},
}

// refusal is what an answer means that is no success; error_code counts, also inside HTTP 200.
func refusal(a channel.Account, answer channel.Answer, e envelope) *channel.Fault {
	status := answer.Status
	if e.Code != 0 {
		status = e.Code
	}
	said := e.Description
	if said == "" {
		said = http.StatusText(status)
	}
	said = withoutToken(a, said)
	for _, m := range meanings[status] {
		if !strings.Contains(strings.ToLower(said), m.words) {
			continue
		}
		f := &channel.Fault{Kind: m.kind, Code: m.code, Certain: true, Err: errors.New(said)}
		if f.Kind == channel.ActThrottle {
			f.After = flood
			if s := e.Parameters.RetryAfter; s > 0 {
				f.After = time.Duration(min(s, 24*60*60)) * time.Second
			}
		}
		return f
	}
	if f := channel.Refusal(channel.Answer{Status: status, Header: answer.Header}, a.Now()); f != nil {
		f.Err = errors.New(said)
		return f
	}
	return channel.Unreadable(errors.New(said)) // 2xx with ok=false and no code
}

// withoutToken keeps the bot's token out of what is shown and logged.
func withoutToken(a channel.Account, s string) string {
	if token := a.Secrets[settingToken]; token != "" {
		s = strings.ReplaceAll(s, token, "***")
	}
	return channel.CleanText(s)
}

// knownBot tells a method or file that is not there from a token that no bot has: both are 404.
func knownBot(ctx context.Context, a channel.Account, f *channel.Fault) *channel.Fault {
	if f == nil || f.Code != "not_found" {
		return f
	}
	if me := call(ctx, a, "getMe", nil, nil); me != nil && (me.Kind == channel.ActToken || me.Code == "not_found") {
		return &channel.Fault{Kind: channel.ActToken, Code: "token_refused", Certain: true, Err: f.Err}
	}
	return f
}
