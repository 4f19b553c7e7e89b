package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// payload is one call that makes a message; with upload a file goes along as the parameter of that name.
type payload struct {
	method string
	params map[string]any
	upload string
	file   channel.File
}

// Send makes one message.
func (Connector) Send(ctx context.Context, a channel.Account, m channel.Outgoing) (desk.ExternalID, error) {
	p, f := render(m)
	if f != nil {
		return "", f
	}
	r, f := p.request(ctx, a)
	if f != nil {
		return "", f
	}
	var sent struct {
		ID   int64 `json:"message_id"`
		Chat chat  `json:"chat"`
	}
	if f := knownBot(ctx, a, do(a, r, &sent)); f != nil {
		return "", f
	}
	if sent.ID == 0 || sent.Chat.ID == 0 {
		return "", channel.Unreadable(errors.New("a message without an id"))
	}
	return externalID(sent.Chat.ID, sent.ID), nil
}

func (p payload) request(ctx context.Context, a channel.Account) (*http.Request, *channel.Fault) {
	if p.upload == "" {
		return channel.JSONRequest(ctx, http.MethodPost, method(a, p.method), p.params)
	}
	var fields []channel.FormField
	for _, name := range slices.Sorted(maps.Keys(p.params)) {
		value, ok := p.params[name].(string)
		if !ok {
			raw, err := json.Marshal(p.params[name])
			if err != nil {
				return nil, &channel.Fault{Kind: channel.ActFail, Code: "encode", Certain: true, Err: err}
			}
			value = string(raw)
		}
		fields = append(fields, channel.FormField{Name: name, Value: value})
	}
	return channel.FormRequest(ctx, method(a, p.method), append(fields, channel.FormField{Name: p.upload, File: &p.file}))
}

// render writes a message as a call.
func render(m channel.Outgoing) (payload, *channel.Fault) {
	to, err := strconv.ParseInt(m.To.ExternalID, 10, 64)
	if err != nil {
		return payload{}, refuse("chat_not_found", "the customer's id is no chat")
	}
	text, body := divide(m.Parts)
	p := payload{method: "sendMessage", params: map[string]any{"chat_id": to}}
	if id, ok := messageID(m.ReplyTo); ok {
		p.params["reply_parameters"] = map[string]any{"message_id": id, "allow_sending_without_reply": true}
	}
	switch {
	case body == nil && text == nil:
		return payload{}, refuse("text_empty", "there is nothing to send")
	case body == nil:
		p.text("text", "entities", *text, maxText)
		return p, nil
	case body.Kind == desk.PartChoices:
		return p, p.choices(*body)
	case body.Kind == desk.PartLocation && body.Location != nil:
		p.location(*body.Location)
		return p, nil
	}
	f := p.media(*body, m.Files)
	if f == nil && text != nil {
		p.text("caption", "caption_entities", *text, maxCaption)
	}
	return p, f
}

// divide tells a message's text from what goes with it.
func divide(parts []desk.Part) (text, body *desk.Part) {
	for i := range parts {
		if parts[i].Kind == desk.PartText {
			text = &parts[i]
		} else {
			body = &parts[i]
		}
	}
	return text, body
}

func (p *payload) text(name, entitiesName string, part desk.Part, limit int) {
	text, entities := format(part, limit)
	p.params[name] = text
	if len(entities) > 0 {
		p.params[entitiesName] = entities
	}
}

// pointer stands above buttons that have no text of their own: Telegram wants one.
const pointer = "👇"

// choices makes a keyboard with a button per row, so that every label can be read.
func (p *payload) choices(part desk.Part) *channel.Fault {
	var rows [][]button
	for _, c := range part.Choices {
		if c.ID == "" || len(c.ID) > maxChoiceData {
			return refuse("choices_refused", fmt.Sprintf("the id of an option has %d bytes, 1 to %d go", len(c.ID), maxChoiceData))
		}
		rows = append(rows, []button{{Text: c.Label, Data: c.ID}})
	}
	if strings.TrimSpace(part.Text) == "" {
		part.Text, part.Marks = pointer, nil
	}
	p.text("text", "entities", part, maxText)
	p.params["reply_markup"] = keyboard{Rows: rows}
	return nil
}

// location sends a place; with a name it is a venue, which wants an address too.
func (p *payload) location(at desk.Location) {
	p.method = "sendLocation"
	p.params["latitude"], p.params["longitude"] = at.Lat, at.Lng
	if title, address, _ := strings.Cut(strings.TrimSpace(at.Label), "\n"); title != "" {
		if address == "" {
			address = fmt.Sprintf("%.6f, %.6f", at.Lat, at.Lng)
		}
		p.method = "sendVenue"
		p.params["title"], p.params["address"] = title, address
	}
}

// media uploads a file in the form in which Telegram shows it best; what it would refuse goes as a document.
func (p *payload) media(part desk.Part, files map[desk.ID]channel.File) *channel.Fault {
	file, ok := files[part.AttachmentID]
	if !ok || file.Open == nil {
		return refuse("file_refused", "the file is not there")
	}
	if file.Attachment.Size > maxUpload {
		return refuse(channel.CodeTooBig, fmt.Sprintf("%d bytes, %d go", file.Attachment.Size, maxUpload))
	}
	p.method, p.upload, p.file = "sendDocument", "document", file
	mime := file.Attachment.MIME
	switch {
	case mime == "image/gif":
		p.method, p.upload = "sendAnimation", "animation"
	case (mime == "image/jpeg" || mime == "image/png") && photoFits(file.Attachment):
		p.method, p.upload = "sendPhoto", "photo"
	case mime == "video/mp4":
		p.method, p.upload = "sendVideo", "video"
	case part.Voice && (mime == "audio/ogg" || mime == "application/ogg"):
		p.method, p.upload = "sendVoice", "voice"
	case mime == "audio/mpeg" || mime == "audio/mp4" || mime == "audio/x-m4a":
		p.method, p.upload = "sendAudio", "audio"
	}
	return nil
}

// photoFits holds for pictures within the limits of sendPhoto: bytes, both sides together, and their ratio.
func photoFits(a desk.Attachment) bool {
	w, h := max(a.Width, 1), max(a.Height, 1)
	return a.Size <= maxPhoto && w+h <= 10_000 && max(w, h) <= 20*min(w, h)
}

// refuse is a fault of what cannot be sent at all.
func refuse(code, why string) *channel.Fault {
	return &channel.Fault{Kind: channel.ActFail, Code: code, Certain: true, Err: errors.New(why)}
}
