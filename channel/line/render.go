package line

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"madoguchi/channel"
	"madoguchi/desk"
)

// object is a message object.
type object map[string]any

// dataLabel divides an option's id from its label in a postback's data: the event does not tell the label.
const dataLabel = "\n"

// pointer stands above buttons that have no text of their own: LINE hangs them on a message.
const pointer = "👇"

// render writes a message's parts as message objects.
func render(m channel.Outgoing) ([]object, *channel.Fault) {
	var objects []object
	for _, p := range m.Parts {
		o, f := renderPart(p, m.Files)
		if f != nil {
			return nil, f
		}
		objects = append(objects, o)
	}
	if m.QuoteRef != "" { // only texts can quote
		if i := slices.IndexFunc(objects, func(o object) bool { return o["type"] == "text" }); i >= 0 {
			objects[i]["quoteToken"] = m.QuoteRef
		}
	}
	if len(objects) == 0 || len(objects) > maxObjects {
		return nil, refuse("refused", fmt.Sprintf("%d messages, 1 to %d go together", len(objects), maxObjects))
	}
	return objects, nil
}

func renderPart(p desk.Part, files map[desk.ID]channel.File) (object, *channel.Fault) {
	switch {
	case p.Kind == desk.PartText:
		return text(p), nil
	case p.Kind == desk.PartChoices:
		return choices(p)
	case p.Kind == desk.PartLocation && p.Location != nil:
		return location(*p.Location), nil
	case p.Kind.File():
		f, ok := files[p.AttachmentID]
		if !ok {
			return nil, refuse("refused", "the file is not there")
		}
		return media(f)
	}
	return nil, refuse("refused", "a "+string(p.Kind)+" cannot be sent")
}

func text(p desk.Part) object {
	return object{"type": "text", "text": channel.PlainMarks.Fit(p.Text, p.Marks, fits)}
}

func fits(s string) bool { return units(s) <= maxText }

// units is the length of a text as LINE counts.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

// choices hangs quick replies below a text. The label goes along in the data, if there is room, for the day it is pressed.
func choices(p desk.Part) (object, *channel.Fault) {
	if strings.TrimSpace(p.Text) == "" {
		p.Text, p.Marks = pointer, nil
	}
	var items []object
	for _, c := range p.Choices {
		data := c.ID + dataLabel + c.Label
		if units(data) > maxData {
			data = c.ID
		}
		if c.ID == "" || strings.Contains(c.ID, dataLabel) || units(data) > maxData {
			return nil, refuse("choices_refused", fmt.Sprintf("the id of an option has %d characters, 1 to %d on one line go", units(c.ID), maxData))
		}
		items = append(items, object{"type": "action", "action": object{"type": "postback", "label": c.Label, "data": data, "displayText": c.Label}})
	}
	o := text(p)
	o["quickReply"] = object{"items": items}
	return o, nil
}

// location wants a title and an address, each of at most 100 characters.
func location(at desk.Location) object {
	place := fmt.Sprintf("%.6f, %.6f", at.Lat, at.Lng)
	title, address, _ := strings.Cut(strings.TrimSpace(at.Label), "\n")
	if title == "" {
		title = "📍"
	}
	if address == "" {
		address = place
	}
	return object{"type": "location", "title": first(title), "address": first(address), "latitude": at.Lat, "longitude": at.Lng}
}

// first is the beginning of a place's title or address.
func first(s string) string {
	s = strings.ReplaceAll(s, "\n", " ")
	for units(s) > maxPlace {
		r := []rune(s)
		s = string(r[:len(r)-1])
	}
	return s
}

// media shows what LINE can show, and gives a link to what it cannot: it has no message for files.
func media(f channel.File) (object, *channel.Fault) {
	if f.Link == "" {
		return nil, &channel.Fault{Kind: channel.ActConfig, Code: "no_public_address", Certain: true, Err: errors.New("the server has no public address")}
	}
	preview := f.Preview
	if preview == "" {
		preview = f.Link
	}
	switch a := f.Attachment; {
	case (a.MIME == "image/jpeg" || a.MIME == "image/png") && a.Size <= maxImage:
		return object{"type": "image", "originalContentUrl": f.Link, "previewImageUrl": preview}, nil
	case a.MIME == "video/mp4" && a.Size <= maxMovie:
		return object{"type": "video", "originalContentUrl": f.Link, "previewImageUrl": preview}, nil
	case (a.MIME == "audio/mpeg" || a.MIME == "audio/mp4" || a.MIME == "audio/x-m4a") && a.Size <= maxMovie:
		return object{"type": "audio", "originalContentUrl": f.Link, "duration": duration(a)}, nil
	}
	return object{"type": "text", "text": fileText(f)}, nil
}

// fileText stands for a file that LINE has no message for.
func fileText(f channel.File) string { return f.Attachment.Name + "\n" + f.Link }

// duration guesses how many milliseconds an audio plays, from its size at 128 kbit/s: LINE wants to show a number before it
// has the file.
func duration(a desk.Attachment) int64 {
	const bytesPerMs = 16
	return max(a.Size/bytesPerMs, 1000)
}

// refuse is a fault of what cannot be sent at all.
func refuse(code, why string) *channel.Fault {
	return &channel.Fault{Kind: channel.ActFail, Code: code, Certain: true, Err: errors.New(why)}
}
