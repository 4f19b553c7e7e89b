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
	OptOut     bool // words like STOP end it
}

// Findable is a Connector whose provider can be asked for a message by our key.
type Findable struct{ Connector }

// Spec describes the channel.
func (c Connector) Spec() channel.Spec {
	return channel.Spec{
		Kind: Kind, Order: 999, Icon: "flask", Idempotent: c.Idempotent,
		Settings: []channel.Setting{},
		Capabilities: channel.Capabilities{
			TextLimit: 100, TextUnit: "runes", OptOut: c.OptOut,
			Receipts: []desk.DeliveryStatus{desk.DeliverySent, desk.DeliveryDelivered, desk.DeliveryRead},
		},
	}
}

// Preview shows a message: texts without formatting.
func (Connector) Preview(_ channel.Account, m channel.Outgoing) []desk.Part {
	return channel.ShowTexts(m.Parts, func(p desk.Part) desk.Part {
		p.Marks = nil
		return p
	})
}

// Event is one thing in a webhook's body: {"events": [Event, …]}.
type Event struct {
	ID      string              `json:"id"`
	Account string              `json:"account"`
	Type    string              `json:"type"` // message, receipt, echo, reaction, edit, unsend, standing, notice, or what we do not know
	From    string              `json:"from,omitempty"`
	Name    string              `json:"name,omitempty"`
	Text    string              `json:"text,omitempty"`
	At      int64               `json:"at,omitempty"` // ms
	Message string              `json:"message,omitempty"`
	Status  desk.DeliveryStatus `json:"status,omitempty"`

	Alias    string         `json:"alias,omitempty"`
	ReplyTo  string         `json:"reply_to,omitempty"`
	Choice   string         `json:"choice,omitempty"`
	Emoji    string         `json:"emoji,omitempty"`
	Is       string         `json:"is,omitempty"`   // of a standing or notice
	Link     string         `json:"link,omitempty"` // of a standing: the link they came by
	To       string         `json:"to,omitempty"`   // with a standing that moved
	ToAlias  string         `json:"to_alias,omitempty"`
	Template *desk.Template `json:"template,omitempty"` // of a notice about one
	Key      string         `json:"key,omitempty"`      // of ours, handed back
	Until    int64          `json:"until,omitempty"`    // ms, of a receipt for all from From
	Earlier  bool           `json:"earlier,omitempty"`  // of a receipt: and all before it
	Code     string         `json:"code,omitempty"`     // of a notice, or of a receipt that failed
	Price    string         `json:"price,omitempty"`    // of a receipt
	File     string         `json:"file,omitempty"`     // of a message: an image to fetch under this name
	World    bool           `json:"world,omitempty"`    // From is an id of the whole world, like a phone number
}

// CodeUndelivered is the code of a failed receipt that may mean that nothing reaches the person; other codes are actions.
const CodeUndelivered = "undelivered"

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
	var at time.Time
	if e.At > 0 {
		at = time.UnixMilli(e.At).UTC()
	}
	scope := e.Account
	if e.World {
		scope = ""
	}
	peer := channel.Peer{Scope: scope, ExternalID: e.From, Alias: e.Alias, Name: e.Name}
	about := desk.ExternalID(e.Message)
	switch {
	case e.Type == "message" && e.From != "" && e.Text+e.File != "":
		r.Message = &channel.Incoming{
			Peer: peer, ExternalID: desk.ExternalID(e.ID), At: at, Parts: parts(e), ReplyTo: desk.ExternalID(e.ReplyTo), Choice: e.Choice,
		}
	case e.Type == "echo" && e.From != "" && e.Message != "":
		r.Echo = &channel.Echo{Peer: peer, ExternalID: about, Key: e.Key, Ours: e.Is == "ours", Parts: parts(e), At: at}
	case e.Type == "receipt" && e.Message+e.Key != "" && e.Status != "":
		r.Receipt = &channel.Receipt{ExternalID: about, Key: e.Key, Earlier: e.Earlier, Status: e.Status, At: at}
		if e.Price != "" {
			r.Receipt.Price = &desk.Price{Billable: true, Amount: e.Price}
		}
		if e.Status == desk.DeliveryFailed {
			r.Receipt.Fault = &channel.Fault{Kind: channel.Action(e.Code), Code: "test_" + e.Code, Undelivered: e.Code == CodeUndelivered, Certain: true}
		}
	case e.Type == "receipt" && e.From != "" && e.Until > 0 && e.Status != "":
		r.Receipt = &channel.Receipt{Peer: &peer, Until: time.UnixMilli(e.Until).UTC(), Status: e.Status, At: at}
	case e.From != "" && e.Message != "":
		mend(e, peer, at, &r)
	case e.Type == "standing" && e.From != "" && e.Is != "":
		r.Standing = &channel.Standing{Peer: peer, Is: channel.StandingKind(e.Is), At: at}
		if e.Link != "" {
			r.Standing.Referral = &desk.Referral{Source: "link", ID: e.Link}
		}
		if e.To != "" {
			r.Standing.To = &channel.Peer{Scope: e.Account, ExternalID: e.To, Alias: e.ToAlias}
		}
	case e.Type == "notice" && e.Is != "" && (e.Is == string(channel.NoticeTemplate)) == (e.Template != nil):
		r.Notice = &channel.Notice{Is: channel.NoticeKind(e.Is), Code: e.Code, Template: e.Template, At: at}
	default:
		r.Unknown = "event " + e.Type
	}
	return r
}

// mend reads what is about a message of before.
func mend(e Event, peer channel.Peer, at time.Time, r *channel.Result) {
	about := desk.ExternalID(e.Message)
	switch e.Type {
	case "reaction":
		r.Reaction = &channel.Reaction{Peer: peer, ExternalID: about, Emoji: e.Emoji, At: at}
	case "edit":
		r.Edit = &channel.Edit{Peer: peer, ExternalID: about, Parts: parts(e), At: at}
	case "unsend":
		r.Unsend = &channel.Unsend{Peer: peer, ExternalID: about, At: at}
	default:
		r.Unknown = "event " + e.Type
	}
}

func parts(e Event) []desk.Part {
	if e.File != "" {
		return []desk.Part{{Kind: desk.PartImage, Text: channel.CleanText(e.Text), MediaRef: e.File, MediaName: e.File, Media: desk.MediaFetching}}
	}
	p := desk.Part{Kind: desk.PartText, Text: channel.CleanText(e.Text)}
	if p.Text == "" {
		p.Kind = desk.PartUnknown
	}
	return []desk.Part{p}
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
