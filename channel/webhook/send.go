package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

const keyHeader = "Idempotency-Key"

// outgoing is the body of a request of ours.
type outgoing struct {
	Type    string          `json:"type"` // message, ping
	Key     string          `json:"key,omitempty"`
	To      *recipient      `json:"to,omitempty"`
	Parts   []part          `json:"parts,omitempty"`
	ReplyTo desk.ExternalID `json:"reply_to,omitempty"`
}

type recipient struct {
	ID string `json:"id"`
}

// Send posts one message. The system knows our key again, so that an uncertain attempt is repeated.
func (Connector) Send(ctx context.Context, a channel.Account, m channel.Outgoing) (desk.ExternalID, error) {
	out := outgoing{Type: "message", Key: m.Key, To: &recipient{ID: m.To.ExternalID}, ReplyTo: m.ReplyTo}
	for _, p := range m.Parts {
		rendered, f := render(p, m.Files)
		if f != nil {
			return "", f
		}
		out.Parts = append(out.Parts, rendered)
	}
	if len(out.Parts) == 0 {
		return "", refuse(channel.ActFail, "unsupported", "the channel has no such message")
	}
	answer, f := post(ctx, a, out)
	if f != nil {
		return "", f
	}
	var accepted struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(answer.Body, &accepted); err != nil || accepted.ID == "" {
		return "", channel.Unreadable(err)
	}
	return desk.ExternalID(channel.CleanText(accepted.ID)), nil
}

func post(ctx context.Context, a channel.Account, out outgoing) (channel.Answer, *channel.Fault) {
	r, f := channel.JSONRequest(ctx, http.MethodPost, address(a), out)
	if f != nil {
		return channel.Answer{}, f
	}
	body, err := bodyOf(r)
	if err != nil {
		return channel.Answer{}, refuse(channel.ActFail, "encode", "the request has no body to sign")
	}
	if out.Key != "" {
		r.Header.Set(keyHeader, out.Key)
	}
	sign(r.Header, a.Secrets[secretName], body, a.Now())
	answer, f := channel.Do(channel.Straight(a.Client), r)
	if f != nil {
		return channel.Answer{}, f
	}
	return answer, refusal(answer, a)
}

// bodyOf is the body as it will be sent.
func bodyOf(r *http.Request) ([]byte, error) {
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(body)
}

// refusal is what a status of the system means beyond what all providers' mean; its own words go to the channel's page.
func refusal(answer channel.Answer, a channel.Account) *channel.Fault {
	f := channel.Refusal(answer, a.Now())
	if f == nil {
		return nil
	}
	switch {
	case answer.Status == http.StatusGone:
		f.Kind = channel.ActBlocked
	case answer.Status == http.StatusNotFound, answer.Status == http.StatusMethodNotAllowed, answer.Status >= 300 && answer.Status < 400:
		f.Kind = channel.ActConfig // nobody takes messages at this address
	case answer.Status == http.StatusUnauthorized, answer.Status == http.StatusForbidden:
		f.Kind = channel.ActConfig // the signature did not fit: the secret there is another
	}
	var told struct {
		Error failure `json:"error"`
	}
	if json.Unmarshal(answer.Body, &told) == nil && told.Error != (failure{}) {
		f.Err = fmt.Errorf("%w: %s", f.Err, clip(channel.CleanText(told.Error.Code+" "+told.Error.Detail)))
	}
	return f
}

// clip keeps what fits on a line.
func clip(s string) string {
	const most = 200
	runes := []rune(strings.Join(strings.Fields(s), " "))
	return string(runes[:min(len(runes), most)])
}

func refuse(kind channel.Action, code, why string) *channel.Fault {
	return &channel.Fault{Kind: kind, Code: code, Certain: true, Err: errors.New(why)}
}
