package whatsapp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/desk"
)

// Receive verifies and reads a webhook: several entries, changes, messages and statuses may come in one, and each is read
// by itself, so that one that we do not understand hides no other.
// https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
func (Connector) Receive(_ context.Context, e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	if !graph.Authentic(r, e.Secrets[settingAppSecret]) {
		return channel.Reply{}, channel.ErrForged
	}
	var body struct {
		Entry []json.RawMessage `json:"entry"`
	}
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return channel.Reply{}, desk.Invalid("body", "body_invalid", "read JSON: %w", err)
	}
	in := &reader{business: readSettings(e.Channel.Settings).Business, hour: e.Received.UTC().Truncate(time.Hour), seen: map[string]bool{}}
	for _, raw := range body.Entry {
		in.entry(raw)
	}
	return channel.Reply{Results: in.results}, nil
}

// reader collects what the parts of one webhook mean.
type reader struct {
	business string    // the endpoint's
	hour     time.Time // of the arrival
	results  []channel.Result
	seen     map[string]bool
}

// add takes a result unless the webhook said the same before.
func (in *reader) add(r channel.Result) {
	if key := r.Account + " " + r.Key; !in.seen[key] {
		in.seen[key] = true
		in.results = append(in.results, r)
	}
}

// unknown keeps what we do not understand under a name.
func (in *reader) unknown(account, name string, raw []byte) {
	in.add(channel.Result{Account: account, Key: "u/" + in.print(raw), Unknown: "whatsapp " + plain(name)})
}

// print tells things apart that have no id: the same news again within the hour is the same.
func (in *reader) print(raw []byte) string {
	sum := sha256.Sum256(append(raw[:len(raw):len(raw)], in.hour.Format(time.RFC3339)...))
	return hex.EncodeToString(sum[:12])
}

// change is one piece of news with the place it was found at.
type change struct {
	Field string          `json:"field"`
	Value json.RawMessage `json:"value"`

	business string // the WhatsApp Business account's id
	at       loose  // the entry's time
}

func (in *reader) entry(raw []byte) {
	var e struct {
		ID      loose             `json:"id"`
		Time    loose             `json:"time"`
		Changes []json.RawMessage `json:"changes"`
	}
	if json.Unmarshal(raw, &e) != nil {
		in.unknown("", "entry", raw)
		return
	}
	for _, raw := range e.Changes {
		c := change{business: string(e.ID), at: e.Time}
		if json.Unmarshal(raw, &c) != nil || c.Field == "" {
			in.unknown("", "change", raw)
			continue
		}
		in.change(c)
	}
}

func (in *reader) change(c change) {
	switch c.Field {
	case "messages":
		in.conversation(c)
	case "smb_message_echoes":
		in.echoes(c)
	case "user_preferences":
		in.preferences(c)
	case "message_template_status_update", "message_template_quality_update", "template_category_update", "message_template_components_update":
		in.template(c)
	case "account_update", "account_alerts", "account_review_update", "phone_number_quality_update", "phone_number_name_update",
		"business_capability_update", "security":
		in.account(c)
	default:
		in.unknown(accountOf(c.Value), "field "+c.Field, c.Value)
	}
}

// accountOf is the number that a change is for, "" where it is for the whole business account.
func accountOf(value []byte) string {
	var v struct {
		Metadata metadata `json:"metadata"`
	}
	_ = json.Unmarshal(value, &v) // what is no object is for nobody
	return string(v.Metadata.PhoneNumberID)
}

type metadata struct {
	PhoneNumberID loose `json:"phone_number_id"`
}

// conversation reads what customers wrote and how far our messages came.
func (in *reader) conversation(c change) {
	var v struct {
		Metadata metadata          `json:"metadata"`
		Contacts []person          `json:"contacts"`
		Messages []json.RawMessage `json:"messages"`
		Statuses []json.RawMessage `json:"statuses"`
		Errors   []graph.Error     `json:"errors"`
	}
	if json.Unmarshal(c.Value, &v) != nil {
		in.unknown(accountOf(c.Value), "messages", c.Value)
		return
	}
	account := string(v.Metadata.PhoneNumberID)
	for _, raw := range v.Messages {
		in.message(account, v.Contacts, raw)
	}
	for _, raw := range v.Statuses {
		in.status(account, raw)
	}
	if len(v.Messages)+len(v.Statuses) > 0 {
		return // the errors are about these, and each says so itself
	}
	for _, e := range v.Errors {
		f := faults.Fault(e)
		in.add(channel.Result{
			Account: account, Key: "n/" + f.Code + "/" + in.print(c.Value),
			Notice: &channel.Notice{Is: channel.NoticeError, Code: f.Code, Detail: e.Text(), At: c.at.instant()},
		})
	}
}
