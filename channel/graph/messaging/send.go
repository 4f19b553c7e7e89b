package messaging

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/desk"
)

// HumanTag is the permission under which a member, but no machine, answers up to HumanWindow after the customer wrote.
const (
	HumanTag    = "human_agent"
	HumanWindow = AdWindow
)

// Limits of the Send API that both platforms share.
const (
	MaxChoices  = 13
	MaxLabel    = 20 // runes
	MaxMetadata = 1000
)

// Sender sends for one account. https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages
type Sender struct {
	Client graph.Client
	Path   string            // the account's messages
	Fits   func(string) bool // whether a text is within the limit
	Human  bool              // Meta approved the app for HumanTag
	Upload string            // where files are uploaded to; "" = they go by link
	Take   string            // where a conversation is taken over from another program; "" = nowhere
}

// request is one call of the Send API.
type request struct {
	Recipient recipient      `json:"recipient"`
	Type      string         `json:"messaging_type,omitempty"`
	Tag       string         `json:"tag,omitempty"`
	Message   *content       `json:"message,omitempty"`
	ReplyTo   *quoted        `json:"reply_to,omitempty"`
	Action    string         `json:"sender_action,omitempty"`
	Payload   *reactionGiven `json:"payload,omitempty"`
}

type recipient struct {
	ID string `json:"id"`
}

type content struct {
	Text         string       `json:"text,omitempty"`
	QuickReplies []quickReply `json:"quick_replies,omitempty"`
	Attachment   *media       `json:"attachment,omitempty"`
	Metadata     string       `json:"metadata,omitempty"` // comes back in the echo
}

type quickReply struct {
	Type    string `json:"content_type"`
	Title   string `json:"title"`
	Payload string `json:"payload"`
}

type media struct {
	Type    desk.PartKind `json:"type"`
	Payload mediaPayload  `json:"payload"`
}

type mediaPayload struct {
	URL      string `json:"url,omitempty"`
	ID       string `json:"attachment_id,omitempty"`
	Reusable bool   `json:"is_reusable,omitempty"`
}

type quoted struct {
	MID string `json:"mid"`
}

type reactionGiven struct {
	Message  string `json:"message_id"`
	Reaction string `json:"reaction,omitempty"`
}

// Send makes one message.
func (s Sender) Send(ctx context.Context, m channel.Outgoing) (desk.ExternalID, error) {
	id, f := s.send(ctx, m)
	if f != nil {
		return "", f
	}
	return id, nil
}

func (s Sender) send(ctx context.Context, m channel.Outgoing) (desk.ExternalID, *channel.Fault) {
	r, f := s.envelope(m)
	if f != nil {
		return "", f
	}
	if r.Message, f = s.content(ctx, m); f != nil {
		return "", f
	}
	if len(m.Key) <= MaxMetadata {
		r.Message.Metadata = m.Key
	}
	id, f := s.post(ctx, r)
	if s.Take == "" || !elsewhere(f) {
		return id, f
	}
	// A member answers, so the conversation is ours from now on.
	if taken := s.Client.Post(ctx, s.Take, nil, request{Recipient: r.Recipient}, nil); taken != nil {
		return "", f
	}
	return s.post(ctx, r)
}

func (s Sender) post(ctx context.Context, r request) (desk.ExternalID, *channel.Fault) {
	var answer struct {
		ID string `json:"message_id"`
	}
	if f := understood(s.Client.Post(ctx, s.Path, nil, r, &answer)); f != nil {
		return "", f
	}
	if answer.ID == "" {
		return "", channel.Unreadable(errors.New("no message_id"))
	}
	return desk.ExternalID(answer.ID), nil
}

// envelope is what goes around every message: to whom, under which permission, in answer to what.
func (s Sender) envelope(m channel.Outgoing) (request, *channel.Fault) {
	r := request{Recipient: recipient{ID: m.To.ExternalID}, Type: "RESPONSE"}
	switch {
	case m.Template != nil:
		return r, refuse(channel.ActFail, "templates_unsupported", "the channel has no templates")
	case m.Tag != "" && m.Tag != HumanTag:
		return r, refuse(channel.ActConfig, "tag_unknown", "the only tag is "+HumanTag)
	case m.Tag != "" && !s.Human:
		return r, refuse(channel.ActWindow, "human_agent_off", "the app is not approved to answer after 24 hours")
	case m.Tag != "":
		r.Type, r.Tag = "MESSAGE_TAG", "HUMAN_AGENT"
	}
	if m.ReplyTo != "" {
		r.ReplyTo = &quoted{MID: string(m.ReplyTo)}
	}
	return r, nil
}

func (s Sender) content(ctx context.Context, m channel.Outgoing) (*content, *channel.Fault) {
	if len(m.Parts) != 1 {
		return nil, refuse(channel.ActFail, "one_part", "a message is one text or one file")
	}
	switch p := m.Parts[0]; p.Kind {
	case desk.PartText:
		text := channel.PlainMarks.Fit(p.Text, p.Marks, s.Fits)
		if !s.Fits(text) {
			return nil, refuse(channel.ActFail, "text_too_long", "the text is over the limit")
		}
		return &content{Text: text}, nil
	case desk.PartChoices:
		return s.choices(p)
	case desk.PartImage, desk.PartAudio, desk.PartVideo, desk.PartFile:
		return s.file(ctx, p, m.Files[p.AttachmentID])
	default:
		return nil, refuse(channel.ActFail, "part_unsupported", "the channel cannot carry "+string(p.Kind))
	}
}

// choices are quick replies, which stand below a text; without one their labels are it.
func (s Sender) choices(p desk.Part) (*content, *channel.Fault) {
	if len(p.Choices) == 0 || len(p.Choices) > MaxChoices {
		return nil, refuse(channel.ActFail, "choices_count", "there are 1 to 13 quick replies")
	}
	c := &content{Text: channel.PlainMarks.Fit(p.Text, p.Marks, s.Fits)}
	for _, choice := range p.Choices {
		c.QuickReplies = append(c.QuickReplies, quickReply{Type: "text", Title: choice.Label, Payload: choice.ID})
	}
	if c.Text == "" {
		c.Text = labels(p.Choices)
	}
	if !s.Fits(c.Text) {
		return nil, refuse(channel.ActFail, "text_too_long", "the text is over the limit")
	}
	return c, nil
}

func labels(choices []desk.Choice) string {
	all := make([]string, len(choices))
	for i, c := range choices {
		all[i] = c.Label
	}
	return strings.Join(all, " / ")
}

func (s Sender) file(ctx context.Context, p desk.Part, f channel.File) (*content, *channel.Fault) {
	if s.Upload == "" {
		if f.Link == "" {
			return nil, refuse(channel.ActConfig, "no_public_address", "files go by link, and the server has no public address")
		}
		return &content{Attachment: &media{Type: p.Kind, Payload: mediaPayload{URL: f.Link}}}, nil
	}
	if f.Open == nil {
		return nil, refuse(channel.ActFail, "file_missing", "the file is not there")
	}
	id, fault := s.upload(ctx, p.Kind, f)
	if fault != nil {
		return nil, fault
	}
	return &content{Attachment: &media{Type: p.Kind, Payload: mediaPayload{ID: id}}}, nil
}

// upload hands over a file ahead of its message. A failure leaves nothing open: no message was made.
func (s Sender) upload(ctx context.Context, kind desk.PartKind, f channel.File) (string, *channel.Fault) {
	about, err := json.Marshal(content{Attachment: &media{Type: kind, Payload: mediaPayload{Reusable: true}}})
	if err != nil {
		return "", refuse(channel.ActFail, "encode", err.Error())
	}
	var answer struct {
		ID string `json:"attachment_id"`
	}
	fault := s.Client.Upload(ctx, s.Upload, []channel.FormField{{Name: "message", Value: string(about)}, {Name: "filedata", File: &f}}, &answer)
	if fault == nil && answer.ID == "" {
		fault = channel.Unreadable(errors.New("no attachment_id"))
	}
	if fault = understood(fault); fault != nil {
		fault.Certain = true
	}
	return answer.ID, fault
}
