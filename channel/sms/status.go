package sms

import (
	"errors"
	"strconv"

	"madoguchi/channel"
	"madoguchi/desk"
)

// statuses are Twilio's words for how far a message came (B1.9). "partially_delivered" is one of several segments.
// https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
var statuses = map[string]desk.DeliveryStatus{
	"accepted": desk.DeliverySent, "scheduled": desk.DeliverySent, "queued": desk.DeliverySent, "sending": desk.DeliverySent, "sent": desk.DeliverySent,
	"partially_delivered": desk.DeliverySent, "delivered": desk.DeliveryDelivered, "read": desk.DeliveryRead,
	"undelivered": desk.DeliveryFailed, "failed": desk.DeliveryFailed, "canceled": desk.DeliveryFailed,
}

// status reads a status callback; key is ours, from its address. They come in any order and more than once.
func status(e channel.Endpoint, f fields, sid, key string) channel.Result {
	word := f.get("MessageStatus")
	result := channel.Result{Key: "s/" + sid + "/" + word}
	climbed, ok := statuses[word]
	if !ok {
		result.Unknown = "status " + word
		return result
	}
	result.Receipt = &channel.Receipt{ExternalID: desk.ExternalID(sid), Key: key, Status: climbed, At: e.Received}
	if climbed == desk.DeliveryFailed {
		result.Receipt.Fault = failure(word, f)
	}
	return result
}

// failure is why a message did not arrive that Twilio had taken. It is over: what might succeed later is for the writer
// to send again.
func failure(word string, f fields) *channel.Fault {
	fault := &channel.Fault{Kind: channel.ActFail, Code: word}
	if code, err := strconv.Atoi(f.get("ErrorCode")); err == nil && code > 0 {
		fault = meaning(code)
	}
	if fault.Kind == channel.ActRetry {
		fault.Kind, fault.After = channel.ActFail, 0
	}
	said := f.get("ErrorMessage")
	if said == "" {
		said = "the message is " + word
	}
	fault.Certain, fault.Err = true, errors.New(said)
	return fault
}
