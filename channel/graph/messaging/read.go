// Package messaging is what Messenger and Instagram have in common on Meta's platform: the events of their webhooks, the
// Send API and what its refusals mean. References:
// https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
// https://developers.facebook.com/documentation/instagram-platform/webhooks/examples
package messaging

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Webhook says how one platform's requests are read.
type Webhook struct {
	Object string // that the requests are about: "page", "instagram"
	App    string // our app's id, "" unknown: an echo that carries it and a key of ours is ours
	Voice  bool   // every audio was spoken into the app
}

// Results reads an authentic request: any number of accounts, any number of events each. It refuses only what is not
// JSON of the outermost shape.
func (w Webhook) Results(body []byte) ([]channel.Result, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, desk.Invalid("body", "body_invalid", "read JSON: %w", err)
	}
	var all batch
	if string(e.Object) != w.Object {
		all.add(unknown("", "object "+string(e.Object), body))
		return all.results, nil
	}
	for _, raw := range e.Entry {
		w.entry(&all, raw)
	}
	return all.results, nil
}

func (w Webhook) entry(all *batch, raw []byte) {
	var e entry
	if err := json.Unmarshal(raw, &e); err != nil || e.ID == "" {
		all.add(unknown("", "entry", raw))
		return
	}
	account := string(e.ID)
	for _, raw := range e.Messaging {
		all.add(w.read(account, raw, false)...)
	}
	for _, raw := range e.Standby {
		all.add(w.read(account, raw, true)...)
	}
	for _, c := range e.Changes {
		if !slices.Contains(messagingFields, string(c.Field)) {
			all.add(unknown(account, "field "+string(c.Field), c.Value))
			continue
		}
		all.add(w.read(account, c.Value, c.Field == "standby")...)
	}
}

// messagingFields are those whose change is an event as in "messaging"; the others are about posts and comments.
var messagingFields = []string{
	"messages", "message_edit", "message_edits", "message_reactions", "messaging_seen", "messaging_postbacks",
	"messaging_referral", "messaging_referrals", "messaging_handover", "messaging_handovers", "messaging_optins", "standby",
}

// batch collects results, each once: the same event is sometimes told twice in one request.
type batch struct {
	results []channel.Result
	seen    map[string]bool
}

func (b *batch) add(results ...channel.Result) {
	if b.seen == nil {
		b.seen = map[string]bool{}
	}
	for _, r := range results {
		if key := r.Account + " " + r.Key; !b.seen[key] {
			b.seen[key] = true
			b.results = append(b.results, r)
		}
	}
}

// unknown keeps an event that we have no word for. Its name is the provider's, so it is bounded.
func unknown(account, name string, raw []byte) channel.Result {
	name = strings.TrimSpace(strings.ToLower(name))
	if runes := []rune(name); len(runes) > maxName {
		name = string(runes[:maxName])
	}
	return channel.Result{Account: account, Key: "x/" + digest(raw), Unknown: name}
}

const maxName = 60

// digest stands in for an id where the provider gives none: the same event has the same.
func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}
