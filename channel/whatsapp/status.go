package whatsapp

import (
	"encoding/json"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/desk"
)

// status is how far a message of ours came.
// https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages/status
type status struct {
	ID          loose  `json:"id"`
	Status      string `json:"status"`
	Timestamp   loose  `json:"timestamp"`
	Recipient   loose  `json:"recipient_id"`
	RecipientID loose  `json:"recipient_user_id"`
	Trace       string `json:"biz_opaque_callback_data"` // our key
	Pricing     *struct {
		Billable bool   `json:"billable"`
		Model    string `json:"pricing_model"`
		Type     string `json:"type"`
		Category string `json:"category"`
	} `json:"pricing"`
	Errors []graph.Error `json:"errors"`
}

var statuses = map[string]desk.DeliveryStatus{
	"sent": desk.DeliverySent, "delivered": desk.DeliveryDelivered, "read": desk.DeliveryRead,
	"played": desk.DeliveryRead, // a voice message that was listened to
	"failed": desk.DeliveryFailed,
}

func (in *reader) status(account string, raw []byte) {
	var s status
	if json.Unmarshal(raw, &s) != nil || s.ID == "" || statuses[s.Status] == "" {
		in.unknown(account, "status "+s.Status, raw)
		return
	}
	receipt := &channel.Receipt{ExternalID: desk.ExternalID(s.ID), Key: plain(s.Trace), Status: statuses[s.Status], At: s.Timestamp.instant()}
	if p := s.Pricing; p != nil {
		receipt.Price = &desk.Price{Billable: p.Billable, Model: plain(p.Model), Type: plain(p.Type), Category: plain(p.Category)}
	}
	key := "s/" + string(s.ID) + "/" + s.Status
	if s.Status == "failed" {
		receipt.Fault = s.fault()
	}
	in.add(channel.Result{Account: account, Key: key, Receipt: receipt})
	to := peer(s.Recipient, s.RecipientID, nil)
	if receipt.Fault != nil && receipt.Fault.Kind == channel.ActMarketing && to.ExternalID != "" {
		in.add(channel.Result{Account: account, Key: key + "/marketing", Standing: &channel.Standing{
			Peer: to, Is: channel.StandingMarketingStopped, At: receipt.At,
		}})
	}
}

func (s status) fault() *channel.Fault {
	if len(s.Errors) == 0 {
		return faults.Fault(graph.Error{Code: codeUndeliverable, Message: "no reason was given"})
	}
	f := faults.Fault(s.Errors[0])
	f.Template = templateStatus[f.Code]
	return f
}

// preferences tell who wants no marketing messages any more, or wants them again (C4.4).
func (in *reader) preferences(c change) {
	var v struct {
		Metadata    metadata          `json:"metadata"`
		Contacts    []person          `json:"contacts"`
		Preferences []json.RawMessage `json:"user_preferences"`
	}
	if json.Unmarshal(c.Value, &v) != nil {
		in.unknown(accountOf(c.Value), "preferences", c.Value)
		return
	}
	account := string(v.Metadata.PhoneNumberID)
	for _, raw := range v.Preferences {
		var p struct {
			WaID      loose  `json:"wa_id"`
			UserID    loose  `json:"user_id"`
			Category  string `json:"category"`
			Value     string `json:"value"`
			Timestamp loose  `json:"timestamp"`
		}
		err := json.Unmarshal(raw, &p)
		who, is := peer(p.WaID, p.UserID, v.Contacts), preferences[p.Value]
		if err != nil || who.ExternalID == "" || is == "" || p.Category != "marketing_messages" {
			in.unknown(account, "preference "+p.Category, raw)
			continue
		}
		in.add(channel.Result{
			Account: account, Key: "p/" + who.ExternalID + "/" + p.Value + "/" + string(p.Timestamp),
			Standing: &channel.Standing{Peer: who, Is: is, At: p.Timestamp.instant()},
		})
	}
}

var preferences = map[string]channel.StandingKind{
	"stop": channel.StandingMarketingStopped, "resume": channel.StandingMarketingResumed, "signup": channel.StandingMarketingResumed,
}
