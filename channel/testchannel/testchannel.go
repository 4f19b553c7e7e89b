// Package testchannel is a small made-up provider spoken to over HTTP, with its connector: what tests of the outbox, of
// inbound and of the connector contract use where a real provider would stand. It is in no registry of the program.
package testchannel

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Kind is the channel's name in records.
const Kind = "testchannel"

// Connector speaks the made-up protocol; its fields choose what the provider promises.
type Connector struct {
	Idempotent bool // the provider knows our key again
}

// Findable is a Connector whose provider can be asked for a message by our key.
type Findable struct{ Connector }

// Spec describes the channel.
func (c Connector) Spec() channel.Spec {
	return channel.Spec{
		Kind: Kind, Order: 999, Icon: "flask", Idempotent: c.Idempotent,
		Settings: []channel.Setting{},
		Capabilities: channel.Capabilities{
			TextLimit: 100, TextUnit: "runes",
			Receipts: []desk.DeliveryStatus{desk.DeliverySent, desk.DeliveryDelivered, desk.DeliveryRead},
		},
	}
}

// Event is one thing in a webhook's body: {"events": [Event, …]}.
type Event struct {
	ID      string              `json:"id"`
	Account string              `json:"account"`
	Type    string              `json:"type"` // message, receipt, or what we do not know
	From    string              `json:"from,omitempty"`
	Name    string              `json:"name,omitempty"`
	Text    string              `json:"text,omitempty"`
	At      int64               `json:"at,omitempty"` // ms
	Message string              `json:"message,omitempty"`
	Status  desk.DeliveryStatus `json:"status,omitempty"`
}

// Webhook makes an authentic request of events.
func Webhook(secret string, events ...Event) channel.Request {
	body, _ := json.Marshal(map[string]any{"events": events}) // plain strings and numbers always encode
	return Sign(secret, channel.Request{Method: http.MethodPost, URL: "/hooks/test", Header: http.Header{}, Body: body})
}

const signatureHeader = "X-Test-Signature"

// Sign authenticates a request.
func Sign(secret string, r channel.Request) channel.Request {
	r.Header = r.Header.Clone()
	r.Header.Set(signatureHeader, signature(secret, r.Body))
	return r
}

func signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Receive verifies and reads a webhook.
func (Connector) Receive(_ context.Context, e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	secret := e.Secrets["secret"]
	if secret == "" || !hmac.Equal([]byte(r.Header.Get(signatureHeader)), []byte(signature(secret, r.Body))) {
		return channel.Reply{}, channel.ErrForged
	}
	var body struct {
		Events []Event `json:"events"`
	}
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return channel.Reply{}, desk.Invalid("body", "body_invalid", "read JSON: %w", err)
	}
	var reply channel.Reply
	seen := map[string]bool{}
	for _, event := range body.Events {
		if key := event.Account + " " + event.ID; event.ID != "" && !seen[key] {
			seen[key] = true
			reply.Results = append(reply.Results, result(event))
		}
	}
	return reply, nil
}

func result(e Event) channel.Result {
	r := channel.Result{Account: e.Account, Key: e.ID}
	at := time.Time{}
	if e.At > 0 {
		at = time.UnixMilli(e.At).UTC()
	}
	switch {
	case e.Type == "message" && e.From != "" && e.Text != "":
		r.Message = &channel.Incoming{
			Peer:       channel.Peer{Scope: e.Account, ExternalID: e.From, Name: e.Name},
			ExternalID: desk.ExternalID(e.ID), At: at,
			Parts: []desk.Part{{Kind: desk.PartText, Text: string(bytes.ReplaceAll([]byte(e.Text), []byte{0}, nil))}},
		}
		if r.Message.Parts[0].Text == "" {
			r.Message.Parts[0].Kind = desk.PartUnknown
		}
	case e.Type == "receipt" && e.Message != "" && e.Status != "":
		r.Receipt = &channel.Receipt{ExternalID: desk.ExternalID(e.Message), Status: e.Status, At: at}
	default:
		r.Unknown = "event " + e.Type
	}
	return r
}

// sent is the body of a send, and of a find's answer.
type sent struct {
	ID   string `json:"id,omitempty"`
	To   string `json:"to,omitempty"`
	Text string `json:"text,omitempty"`
	Key  string `json:"key,omitempty"`
}

// Send makes one message at the provider.
func (Connector) Send(ctx context.Context, a channel.Account, m channel.Outgoing) (desk.ExternalID, error) {
	if len(m.Parts) != 1 || m.Parts[0].Kind != desk.PartText {
		return "", &channel.Fault{Kind: channel.ActFail, Code: "only_text", Certain: true, Err: errors.New("the test provider takes one text")}
	}
	body, err := json.Marshal(sent{To: m.To.ExternalID, Text: m.Parts[0].Text, Key: m.Key})
	if err != nil {
		return "", &channel.Fault{Kind: channel.ActFail, Code: "encode", Certain: true, Err: err}
	}
	answer, f := call(ctx, a, http.MethodPost, "/messages", body)
	if f != nil {
		return "", f
	}
	var accepted sent
	if err := json.Unmarshal(answer.Body, &accepted); err != nil || accepted.ID == "" {
		return "", &channel.Fault{Kind: channel.ActRetry, Code: "answer_unreadable", Err: errors.Join(err, errors.New("no id"))}
	}
	return desk.ExternalID(accepted.ID), nil
}

// Find asks the provider for a message by our key.
func (Findable) Find(ctx context.Context, a channel.Account, m channel.Outgoing) (desk.ExternalID, bool, error) {
	answer, f := call(ctx, a, http.MethodGet, "/messages?key="+url.QueryEscape(m.Key), nil)
	if f != nil {
		if f.Code == "http_404" {
			return "", false, nil
		}
		return "", false, f
	}
	var found sent
	if err := json.Unmarshal(answer.Body, &found); err != nil {
		return "", false, err
	}
	return desk.ExternalID(found.ID), found.ID != "", nil
}

func call(ctx context.Context, a channel.Account, method, path string, body []byte) (channel.Answer, *channel.Fault) {
	r, err := http.NewRequestWithContext(ctx, method, a.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return channel.Answer{}, &channel.Fault{Kind: channel.ActConfig, Code: "address", Certain: true, Err: err}
	}
	r.Header.Set("Content-Type", "application/json")
	answer, f := channel.Do(a.Client, r)
	if f != nil {
		return channel.Answer{}, f
	}
	if f := channel.Refusal(answer, a.Now()); f != nil {
		return channel.Answer{}, f
	}
	return answer, nil
}
