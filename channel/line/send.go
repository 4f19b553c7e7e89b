package line

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"madoguchi/channel"
	"madoguchi/desk"
)

const retryKeyHeader = "X-Line-Retry-Key"

// Send makes one message: by a fresh reply token for free, else as a push. A token that is no longer good costs nothing but
// the request.
func (c Connector) Send(ctx context.Context, a channel.Account, m channel.Outgoing) (desk.ExternalID, error) {
	objects, f := render(m)
	if f != nil {
		return "", f
	}
	if m.Token != "" {
		id, f := c.reply(ctx, a, m.Token, objects)
		if f == nil {
			return id, nil
		}
		if f.Code != "reply_token" {
			return "", f
		}
	}
	id, f := c.push(ctx, a, m, objects)
	if f != nil {
		return "", f
	}
	return id, nil
}

// reply answers by token, which takes no retry key: what is uncertain of it cannot be repeated.
func (c Connector) reply(ctx context.Context, a channel.Account, token string, objects []object) (desk.ExternalID, *channel.Fault) {
	answer, f := c.call(ctx, a, http.MethodPost, "/v2/bot/message/reply", nil, object{"replyToken": token, "messages": objects})
	if f == nil {
		f = refusal(answer, a.Now())
	}
	if f != nil {
		f.Once = true
		return "", f
	}
	id, f := accepted(answer)
	if f != nil {
		f.Once = true
	}
	return id, f
}

// push writes to a person. The same key again is answered 409 with what came of the first.
func (c Connector) push(ctx context.Context, a channel.Account, m channel.Outgoing, objects []object) (desk.ExternalID, *channel.Fault) {
	header := http.Header{retryKeyHeader: {retryKey(m)}}
	answer, f := c.call(ctx, a, http.MethodPost, "/v2/bot/message/push", header, object{"to": m.To.ExternalID, "messages": objects})
	if f != nil {
		return "", f
	}
	if answer.Status != http.StatusConflict {
		if f := refusal(answer, a.Now()); f != nil {
			return "", f
		}
	}
	return accepted(answer)
}

// accepted is the id of the first message that was made, or else of the request that made it.
func accepted(answer channel.Answer) (desk.ExternalID, *channel.Fault) {
	var made struct {
		Sent []struct {
			ID string `json:"id"`
		} `json:"sentMessages"`
	}
	err := json.Unmarshal(answer.Body, &made)
	if err == nil && len(made.Sent) > 0 && made.Sent[0].ID != "" {
		return desk.ExternalID(channel.CleanText(made.Sent[0].ID)), nil
	}
	if id := cmp.Or(answer.Header.Get("X-Line-Accepted-Request-Id"), answer.Header.Get("X-Line-Request-Id")); id != "" {
		return desk.ExternalID("request/" + channel.CleanText(id)), nil
	}
	return "", channel.Unreadable(errors.Join(err, errors.New("no id")))
}

// retryKey is a UUID (RFC 9562, version 8) made of our key.
func retryKey(m channel.Outgoing) string {
	u := sha256.Sum256([]byte("madoguchi " + m.Key))
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:16])
}
