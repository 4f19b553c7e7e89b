package whatsapp

import (
	"context"
	"errors"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/desk"
)

// outgoing is the body of a send.
// https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
type outgoing struct {
	Product     string          `json:"messaging_product"`
	Receiver    string          `json:"recipient_type,omitempty"`
	To          string          `json:"to,omitempty"`        // a number
	Recipient   string          `json:"recipient,omitempty"` // a user id
	Type        string          `json:"type,omitempty"`
	Context     *reference      `json:"context,omitempty"`
	Trace       string          `json:"biz_opaque_callback_data,omitempty"`
	Text        *textBody       `json:"text,omitempty"`
	Image       *fileBody       `json:"image,omitempty"`
	Audio       *fileBody       `json:"audio,omitempty"`
	Video       *fileBody       `json:"video,omitempty"`
	Document    *fileBody       `json:"document,omitempty"`
	Sticker     *fileBody       `json:"sticker,omitempty"`
	Location    *placeBody      `json:"location,omitempty"`
	Interactive *menuBody       `json:"interactive,omitempty"`
	Template    *templateBody   `json:"template,omitempty"`
	Reaction    *reactionBody   `json:"reaction,omitempty"`
	Status      string          `json:"status,omitempty"`
	MessageID   desk.ExternalID `json:"message_id,omitempty"`
	Typing      *typingBody     `json:"typing_indicator,omitempty"`
}

type (
	reference struct {
		MessageID desk.ExternalID `json:"message_id"`
	}
	reactionBody struct {
		MessageID desk.ExternalID `json:"message_id"`
		Emoji     string          `json:"emoji"`
	}
	typingBody struct {
		Type string `json:"type"`
	}
)

// Send makes one message. The provider keeps no key, but hands ours back with every status.
func (Connector) Send(ctx context.Context, a channel.Account, m channel.Outgoing) (desk.ExternalID, error) {
	body := address(m.To)
	body.Trace = m.Key
	if len(body.Trace) > maxTrace {
		body.Trace = ""
	}
	if m.ReplyTo != "" {
		body.Context = &reference{m.ReplyTo}
	}
	api := client(a)
	if f := fill(ctx, api, &body, m); f != nil {
		f.Certain = true // the message itself was not sent yet
		return "", settle(f, m.Attempt)
	}
	id, f := post(ctx, api, body)
	if f != nil {
		return "", settle(f, m.Attempt)
	}
	return id, nil
}

// address begins a message to somebody: to their number where it is known, which every kind of message may be sent to.
func address(p channel.Peer) outgoing {
	o := outgoing{Product: Kind, Receiver: "individual", To: numberOf(p)}
	if o.To == "" {
		o.Recipient = p.ExternalID
	}
	return o
}

// fill puts what the message says into the body.
func fill(ctx context.Context, api graph.Client, body *outgoing, m channel.Outgoing) *channel.Fault {
	if m.Template != nil {
		return fillTemplate(ctx, api, body, m)
	}
	if len(m.Parts) == 0 {
		return refuse("empty", "a message without parts")
	}
	switch p := m.Parts[0]; {
	case p.Kind == desk.PartChoices:
		fillMenu(body, p, m.To)
	case p.Kind == desk.PartLocation && p.Location != nil:
		body.Type, body.Location = "location", &placeBody{Latitude: p.Location.Lat, Longitude: p.Location.Lng, Name: p.Location.Label}
	case p.Kind.File():
		return fillFile(ctx, api, body, p, "", m.Files)
	case p.Kind == desk.PartText && len(m.Parts) > 1:
		return fillFile(ctx, api, body, m.Parts[1], written(p, maxCaption), m.Files)
	case p.Kind == desk.PartText:
		fillText(body, p)
	default:
		return refuse("part_unsupported", "a part that WhatsApp does not carry")
	}
	return nil
}

func refuse(code, why string) *channel.Fault {
	return &channel.Fault{Kind: channel.ActFail, Code: code, Certain: true, Err: errors.New(why)}
}

// post sends a message and reads the id that it got.
func post(ctx context.Context, api graph.Client, body outgoing) (desk.ExternalID, *channel.Fault) {
	var answer struct {
		Messages []struct {
			ID desk.ExternalID `json:"id"`
		} `json:"messages"`
	}
	if f := api.Post(ctx, sender(api)+"/messages", nil, body, &answer); f != nil {
		return "", f
	}
	if len(answer.Messages) == 0 || answer.Messages[0].ID == "" {
		return "", channel.Unreadable(errors.New("no message id"))
	}
	return answer.Messages[0].ID, nil
}

// sender is the number that we write from.
func sender(api graph.Client) string {
	return readSettings(api.Account.Channel.Settings).PhoneNumberID
}

// React sets our emoji on a message, "" takes it back.
func (Connector) React(ctx context.Context, a channel.Account, p channel.Peer, message desk.ExternalID, emoji string) error {
	body := address(p)
	body.Type, body.Reaction = "reaction", &reactionBody{message, emoji}
	_, f := post(ctx, client(a), body)
	return failure(f)
}

// MarkRead tells the customer that we read up to a message.
func (Connector) MarkRead(ctx context.Context, a channel.Account, _ channel.Peer, upTo desk.ExternalID) error {
	return tell(ctx, a, outgoing{Product: Kind, Status: "read", MessageID: upTo})
}

const typingFor = 25 * time.Second

// Typing shows that somebody writes, for typingFor or until the answer. WhatsApp ties it to the customer's newest message,
// which it marks as read.
func (Connector) Typing(ctx context.Context, a channel.Account, _ channel.Peer, lastIn desk.ExternalID) error {
	if lastIn == "" {
		return nil
	}
	return tell(ctx, a, outgoing{Product: Kind, Status: "read", MessageID: lastIn, Typing: &typingBody{"text"}})
}

func tell(ctx context.Context, a channel.Account, body outgoing) error {
	api := client(a)
	return failure(api.Post(ctx, sender(api)+"/messages", nil, body, nil))
}

// failure is a fault as an error; none is no error.
func failure(f *channel.Fault) error {
	if f == nil {
		return nil
	}
	return f
}
