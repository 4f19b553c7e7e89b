package sms

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"unicode/utf16"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Send makes one SMS or MMS.
// https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
func (Connector) Send(ctx context.Context, a channel.Account, m channel.Outgoing) (desk.ExternalID, error) {
	c, f := newClient(a)
	if f != nil {
		return "", f
	}
	form, f := c.compose(m)
	if f != nil {
		return "", f
	}
	var sent struct {
		SID string `json:"sid"`
	}
	if f := c.post(ctx, c.account("/Messages.json"), form, &sent); f != nil {
		return "", f
	}
	if sent.SID == "" {
		return "", channel.Unreadable(errors.New("no sid"))
	}
	return desk.ExternalID(channel.CleanText(sent.SID)), nil
}

// compose makes the form of a message. From is named beside the service so that people always see the one number.
func (c client) compose(m channel.Outgoing) (url.Values, *channel.Fault) {
	form := url.Values{"To": {m.To.ExternalID}, "MessagingServiceSid": {c.settings.Service}, "From": {c.settings.Number}}
	if c.Callback != "" {
		form.Set("StatusCallback", c.Callback+"?"+url.Values{keyParam: {m.Key}}.Encode()+retries)
	}
	var lines []string
	if m.Template != nil {
		return nil, refuse(channel.ActFail, "unsupported", "SMS has no templates")
	}
	for _, p := range m.Parts {
		switch p.Kind {
		case desk.PartText:
			lines = append(lines, written(p))
		case desk.PartImage, desk.PartAudio, desk.PartVideo, desk.PartFile:
			link := m.Files[p.AttachmentID].Link
			if link == "" {
				return nil, refuse(channel.ActConfig, "no_public_address", "Twilio fetches files from us, and the server has no public address")
			}
			if c.settings.MMS {
				form.Add("MediaUrl", link)
			} else {
				lines = append(lines, link)
			}
		default:
			return nil, refuse(channel.ActFail, "unsupported", "SMS carries no "+string(p.Kind))
		}
	}
	body := strings.Join(lines, "\n")
	switch {
	case body == "" && len(form["MediaUrl"]) == 0:
		return nil, refuse(channel.ActFail, "21602", "the message is empty")
	case !fits(body):
		return nil, refuse(channel.ActFail, "21617", "the message is too long")
	case body != "":
		form.Set("Body", body)
	}
	return form, nil
}

func written(p desk.Part) string { return channel.PlainMarks.Fit(p.Text, p.Marks, fits) }

func fits(text string) bool { return len(utf16.Encode([]rune(text))) <= maxText }

// refuse is what we know before we ask.
func refuse(kind channel.Action, code, why string) *channel.Fault {
	return &channel.Fault{Kind: kind, Code: code, Certain: true, Err: errors.New(why)}
}
