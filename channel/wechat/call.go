package wechat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"madoguchi/channel"
)

func address(a channel.Account) string {
	if a.BaseURL != "" {
		return strings.TrimSuffix(a.BaseURL, "/")
	}
	return apiAddress
}

// request makes the request of one API call to an address, which holds the access token.
type request func(address string) (*http.Request, *channel.Fault)

// ask makes one API call and reads its answer. If the provider says that the access token is void (another program got a new
// one), the call is made once more with a fresh one.
func (c Connector) ask(ctx context.Context, a channel.Account, path string, q url.Values, make request, into any) *channel.Fault {
	return c.withToken(ctx, a, path, q, func(address string) *channel.Fault {
		r, f := make(address)
		if f != nil {
			return f
		}
		return call(a, r, into)
	})
}

func (c Connector) withToken(ctx context.Context, a channel.Account, path string, q url.Values, do func(address string) *channel.Fault) *channel.Fault {
	refused := ""
	for {
		token, f := c.accessToken(ctx, a, refused)
		if f != nil {
			return f
		}
		with := url.Values{"access_token": {token}}
		for name := range q {
			with.Set(name, q.Get(name))
		}
		f = do(address(a) + path + "?" + with.Encode())
		if f == nil || refused != "" || !voidToken(f.Code) {
			return f
		}
		refused = token
	}
}

// jsonOf is a request with v as its body.
func jsonOf(ctx context.Context, v any) request {
	return func(address string) (*http.Request, *channel.Fault) {
		return channel.JSONRequest(ctx, http.MethodPost, address, v)
	}
}

// call makes a request and reads the answer into a value. A redirect would get the access token as its referrer.
func call(a channel.Account, r *http.Request, into any) *channel.Fault {
	answer, f := channel.Do(channel.Straight(a.Client), r)
	if f != nil {
		return f
	}
	if f := channel.Refusal(answer, a.Now()); f != nil {
		return f
	}
	return read(answer.Body, a, into)
}

// read takes a 2xx answer apart: most refusals come as one, with an errcode.
func read(body []byte, a channel.Account, into any) *channel.Fault {
	var refusal struct {
		Code    int    `json:"errcode"`
		Message string `json:"errmsg"`
	}
	if err := json.Unmarshal(body, &refusal); err != nil {
		return channel.Unreadable(err)
	}
	if refusal.Code != 0 {
		return fault(refusal.Code, fmt.Errorf("errcode %d: %s", refusal.Code, channel.CleanText(refusal.Message)), a.Now())
	}
	if err := json.Unmarshal(body, into); err != nil {
		return channel.Unreadable(err)
	}
	return nil
}

func voidToken(code string) bool {
	n, err := strconv.Atoi(code)
	return err == nil && (n == 40001 || n == 40014 || n == 41001 || n == 42001)
}
