package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// event is one thing that the system tells us; its fields depend on Type.
type event struct {
	ID   string `json:"id"`
	Type string `json:"type"` // message, receipt
	At   string `json:"at"`   // RFC 3339
	// Of a message.
	From    person  `json:"from"`
	Message message `json:"message"`
	// Of a receipt: which of our messages, and how far it came.
	Of     string              `json:"of"` // the id that our message was given
	Key    string              `json:"key"`
	Status desk.DeliveryStatus `json:"status"`
	Error  failure             `json:"error"`
}

type person struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Phone  string `json:"phone"`
	Locale string `json:"locale"`
}

type message struct {
	ID      string `json:"id"`
	Parts   []part `json:"parts"`
	ReplyTo string `json:"reply_to"`
	Choice  string `json:"choice"`
}

type failure struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Receive verifies and reads a batch of events. One that makes no sense is unknown, and costs the others nothing.
func (Connector) Receive(_ context.Context, e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	if !authentic(r.Header, e.Secrets[secretName], r.Body, e.Received) {
		return channel.Reply{}, channel.ErrForged
	}
	var batch struct {
		Events []json.RawMessage `json:"events"`
	}
	if err := json.Unmarshal(r.Body, &batch); err != nil {
		return channel.Reply{}, desk.Invalid("body", "body_invalid", "read JSON: %w", err)
	}
	var reply channel.Reply
	seen := map[string]bool{}
	for _, raw := range batch.Events {
		one := read(e.Channel.ID, raw)
		if !seen[one.Key] {
			seen[one.Key] = true
			reply.Results = append(reply.Results, one)
		}
	}
	return reply, nil
}

func read(id desk.ID, raw json.RawMessage) channel.Result {
	var ev event
	if err := json.Unmarshal(raw, &ev); err != nil || ev.ID == "" {
		sum := sha256.Sum256(raw)
		return channel.Result{Key: "raw/" + hex.EncodeToString(sum[:16]), Unknown: "event without id, or malformed"}
	}
	r := channel.Result{Key: "e/" + channel.CleanText(ev.ID)}
	switch {
	case ev.Type == "message" && ev.From.ID != "":
		r.Message = incoming(id, ev)
	case ev.Type == "receipt" && (ev.Of != "" || ev.Key != "") && proves(ev.Status):
		r.Receipt = receipt(ev)
	default:
		r.Unknown = "event " + channel.CleanText(ev.Type)
	}
	return r
}

// phone is a number as E.164 has it; another is left out.
var phone = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// incoming reads a message. People's ids belong to the channel: another system may count from one too.
func incoming(id desk.ID, ev event) *channel.Incoming {
	return &channel.Incoming{
		Peer: channel.Peer{
			Scope: id.String(), ExternalID: channel.CleanText(ev.From.ID), Name: channel.CleanText(ev.From.Name),
			Phone: phone.FindString(ev.From.Phone), Locale: channel.CleanText(ev.From.Locale),
		},
		ExternalID: desk.ExternalID(channel.CleanText(ev.Message.ID)), Parts: content(ev.Message.Parts), At: instant(ev.At),
		ReplyTo: desk.ExternalID(channel.CleanText(ev.Message.ReplyTo)), Choice: channel.CleanText(ev.Message.Choice),
	}
}

func proves(s desk.DeliveryStatus) bool {
	return s == desk.DeliverySent || s == desk.DeliveryDelivered || s == desk.DeliveryRead || s == desk.DeliveryFailed
}

func receipt(ev event) *channel.Receipt {
	r := &channel.Receipt{
		ExternalID: desk.ExternalID(channel.CleanText(ev.Of)), Key: channel.CleanText(ev.Key), Status: ev.Status, At: instant(ev.At),
	}
	if ev.Status == desk.DeliveryFailed {
		r.Fault = &channel.Fault{Kind: channel.ActFail, Code: codeOf(ev.Error.Code), Certain: true, Err: errors.New(channel.CleanText(ev.Error.Detail))}
	}
	return r
}

// codeOf is the system's code for a failure, "refused" if it gives none.
func codeOf(code string) string {
	if code = channel.CleanText(code); code != "" {
		return code
	}
	return "refused"
}

func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}
	}
	return t.UTC()
}
