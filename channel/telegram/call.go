package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"madoguchi/channel"
)

const api = "https://api.telegram.org"

func baseURL(a channel.Account) string {
	if a.BaseURL != "" {
		return strings.TrimSuffix(a.BaseURL, "/")
	}
	return api
}

// method is the address of a method; it holds the token, so it is in no error and no log.
func method(a channel.Account, name string) string {
	return baseURL(a) + "/bot" + a.Secrets[settingToken] + "/" + name
}

// envelope is every answer of the Bot API.
type envelope struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int64 `json:"retry_after"` // seconds
	} `json:"parameters"`
}

// call calls a method with JSON and reads its result into the value given, nil to leave it.
func call(ctx context.Context, a channel.Account, name string, params map[string]any, into any) *channel.Fault {
	if params == nil {
		params = map[string]any{} // "null" is no object
	}
	r, f := channel.JSONRequest(ctx, http.MethodPost, method(a, name), params)
	if f != nil {
		return f
	}
	return do(a, r, into)
}

func do(a channel.Account, r *http.Request, into any) *channel.Fault {
	answer, f := channel.Do(a.Client, r)
	if f != nil {
		return f
	}
	var e envelope
	err := json.Unmarshal(answer.Body, &e)
	if accepted := answer.Status >= 200 && answer.Status < 300; accepted && err != nil {
		return channel.Unreadable(err)
	} else if !accepted || !e.OK {
		return refusal(a, answer, e)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(e.Result, into); err != nil {
		return channel.Unreadable(err)
	}
	return nil
}
