package line

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

const signatureHeader = "X-Line-Signature"

// signed reports whether the signature is that of the raw body: base64 of its HMAC-SHA256 under the channel secret.
func signed(secret string, body []byte, signature string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return secret != "" && hmac.Equal([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), []byte(signature))
}

// Receive reads the events of one request, none when the console only tries the address.
func (Connector) Receive(_ context.Context, e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	if !signed(e.Secrets[settingSecret], r.Body, r.Header.Get(signatureHeader)) {
		return channel.Reply{}, channel.ErrForged
	}
	var body struct {
		Destination string            `json:"destination"`
		Events      []json.RawMessage `json:"events"`
	}
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return channel.Reply{}, desk.Invalid("body", "body_invalid", "read events: %w", err)
	}
	var reply channel.Reply
	seen := map[string]bool{}
	for _, raw := range body.Events {
		result := read(raw, e.Received)
		result.Account = channel.CleanText(body.Destination)
		if !seen[result.Key] {
			seen[result.Key] = true
			reply.Results = append(reply.Results, result)
		}
	}
	return reply, nil
}

// event is what all events have, and what the ones that we know have besides.
type event struct {
	Type      string `json:"type"`
	Mode      string `json:"mode"` // "standby": another module answers
	Timestamp int64  `json:"timestamp"`
	Source    struct {
		Type string `json:"type"`
		User string `json:"userId"`
	} `json:"source"`
	ID       string `json:"webhookEventId"`
	Delivery struct {
		Again bool `json:"isRedelivery"`
	} `json:"deliveryContext"`
	ReplyToken string          `json:"replyToken"`
	Message    json.RawMessage `json:"message"`
	Unsend     struct {
		Message string `json:"messageId"`
	} `json:"unsend"`
	Follow struct {
		Unblocked bool `json:"isUnblocked"`
	} `json:"follow"`
	Postback struct {
		Data   string          `json:"data"`
		Params json.RawMessage `json:"params"`
	} `json:"postback"`
	received time.Time
}

// read reads one event; whatever cannot be read is unknown, and the others are not.
func read(raw json.RawMessage, received time.Time) channel.Result {
	e := event{received: received}
	if json.Unmarshal(raw, &e) != nil || e.Type == "" {
		return channel.Result{Key: "h/" + hash(raw), Unknown: "event unreadable"}
	}
	key := "e/" + channel.CleanText(e.ID)
	if e.ID == "" {
		key = "h/" + hash(raw)
	}
	switch e.Type {
	case "botSuspended":
		return channel.Result{Key: key, Notice: &channel.Notice{Is: channel.NoticeSuspended, Code: e.Type, At: e.at()}}
	case "botResumed":
		return channel.Result{Key: key, Notice: &channel.Notice{Is: channel.NoticeRestored, Code: e.Type, At: e.at()}}
	}
	if e.Source.Type == "user" && e.Source.User != "" {
		if result, ok := e.personal(); ok {
			if result.Key == "" {
				result.Key = key
			}
			return result
		}
	}
	return channel.Result{Key: key, Unknown: "event " + channel.CleanText(e.Type)}
}

// personal reads an event of a one-to-one chat.
func (e event) personal() (channel.Result, bool) {
	switch e.Type {
	case "message":
		return e.message()
	case "postback":
		return e.postback()
	case "follow":
		s := channel.Standing{Peer: e.peer(), Is: channel.StandingFollowed, At: e.at()}
		if e.Follow.Unblocked {
			s.Is = channel.StandingUnblocked
		}
		s.Token, s.TokenUntil = e.token()
		return channel.Result{Standing: &s}, true
	case "unfollow": // the only sign of a block (H5)
		return channel.Result{Standing: &channel.Standing{Peer: e.peer(), Is: channel.StandingBlocked, At: e.at()}}, true
	case "unsend":
		id := channel.CleanText(e.Unsend.Message)
		return channel.Result{Unsend: &channel.Unsend{Peer: e.peer(), ExternalID: desk.ExternalID(id), At: e.at()}}, id != ""
	}
	return channel.Result{}, false
}

// peer is who did it. A user id is the same for all accounts of one company (F1), which has no name here, and unlike any
// other.
func (e event) peer() channel.Peer {
	return channel.Peer{ExternalID: channel.CleanText(e.Source.User)}
}

func (e event) at() time.Time {
	if e.Timestamp <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(e.Timestamp).UTC()
}

// token is the event's reply token and until when it is good. LINE says a minute, also after a redelivery if it was not used.
func (e event) token() (string, time.Time) {
	from := e.at()
	if e.Delivery.Again && e.received.After(from) {
		from = e.received
	}
	if e.ReplyToken == "" || e.Mode == "standby" || from.IsZero() {
		return "", time.Time{}
	}
	return channel.CleanText(e.ReplyToken), from.Add(replyWithin).UTC()
}

// postback reads the press of a button: of ours, whose data is an option's id and label, or of a rich menu.
func (e event) postback() (channel.Result, bool) {
	if e.Postback.Data == "" {
		return channel.Result{}, false
	}
	id, label, ours := strings.Cut(e.Postback.Data, dataLabel)
	if !ours || label == "" {
		label = id
	}
	var picked map[string]string // a date and time, where the button asks for one
	if json.Unmarshal(e.Postback.Params, &picked) == nil {
		for _, name := range []string{"datetime", "date", "time"} {
			if picked[name] != "" {
				label = picked[name]
				break
			}
		}
	}
	m := channel.Incoming{
		Peer: e.peer(), ExternalID: desk.ExternalID("postback/" + channel.CleanText(e.ID)), At: e.at(), Choice: channel.CleanText(id),
		Parts: []desk.Part{{Kind: desk.PartText, Text: channel.CleanText(label)}},
	}
	m.Token, m.TokenUntil = e.token()
	return channel.Result{Message: &m}, true
}

func hash(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}
