package line

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"madoguchi/channel"
)

// rateWait is how long to wait after a 429 that says nothing.
const rateWait = time.Second

// meaning is what a refusal means whose text contains words; "" fits every one.
type meaning struct {
	words string
	kind  channel.Action
	code  string
}

// meanings are the refusals by status. Texts are no contract, so the status alone has a meaning too.
var meanings = map[int][]meaning{
	http.StatusBadRequest: {
		{"invalid reply token", channel.ActFail, "reply_token"},
		{"the property, 'to'", channel.ActFail, "person_unknown"},
		{"failed to send messages", channel.ActFail, "person_unknown"},
		{"invalid webhook endpoint", channel.ActConfig, "webhook_refused"},
		{"", channel.ActFail, "refused"},
	},
	http.StatusUnauthorized:          {{"", channel.ActToken, "token_refused"}},
	http.StatusForbidden:             {{"", channel.ActConfig, "not_allowed"}},
	http.StatusNotFound:              {{"", channel.ActFail, "not_found"}},
	http.StatusGone:                  {{"", channel.ActFail, channel.CodeMediaGone}},
	http.StatusRequestEntityTooLarge: {{"", channel.ActFail, "too_large"}},
	http.StatusUnsupportedMediaType:  {{"", channel.ActFail, "refused"}},
	http.StatusTooManyRequests: {
		{"monthly limit", channel.ActCap, "quota"},
		{"", channel.ActThrottle, "rate"},
	},
}

// refusal is what an answer means that is no success, nil for one that is.
func refusal(answer channel.Answer, now time.Time) *channel.Fault {
	f := channel.Refusal(answer, now)
	if f == nil {
		return nil
	}
	f.Err = said(answer)
	for _, m := range meanings[answer.Status] {
		if !strings.Contains(strings.ToLower(f.Err.Error()), m.words) {
			continue
		}
		f.Kind, f.Code = m.kind, m.code
		f.Rest = f.Kind == channel.ActCap // answers by reply token cost nothing
		if f.Kind == channel.ActThrottle {
			f.After = max(f.After, rateWait)
		}
		break
	}
	return f
}

// said is what LINE says about a refusal, with its details and the id that its support asks for.
func said(answer channel.Answer) error {
	var e struct {
		Message string `json:"message"`
		Details []struct {
			Message  string `json:"message"`
			Property string `json:"property"`
		} `json:"details"`
		Error string `json:"error_description"` // of OAuth calls
	}
	text := http.StatusText(answer.Status)
	if json.Unmarshal(answer.Body, &e) == nil && e.Message+e.Error != "" {
		text = e.Message + e.Error
		for _, d := range e.Details {
			text += "; " + strings.TrimSpace(d.Property+" "+d.Message)
		}
	}
	if id := answer.Header.Get("X-Line-Request-Id"); id != "" {
		text += " (" + id + ")"
	}
	return errors.New(channel.CleanText(text))
}
