package wechat

import (
	"context"
	"errors"
	"strconv"

	"madoguchi/channel"
	"madoguchi/desk"
)

// maxUploads is at how many attempts a file that the provider forgot at once is uploaded again.
const maxUploads = 2

// Send makes one message by the customer service API. The provider names no messages, so that ours keep our own key.
func (c Connector) Send(ctx context.Context, a channel.Account, m channel.Outgoing) (desk.ExternalID, error) {
	out, f := c.render(ctx, a, m)
	if f != nil {
		f.Certain = true // what went before was no message
		return "", f
	}
	var answer struct {
		Code *int `json:"errcode"`
	}
	f = c.ask(ctx, a, "/cgi-bin/message/custom/send", nil, jsonOf(ctx, out), &answer)
	if f == nil && answer.Code == nil {
		f = channel.Unreadable(errors.New("no errcode"))
	}
	if f != nil {
		return "", c.explain(ctx, a, m, f)
	}
	return desk.ExternalID(m.Key), nil
}

// explain looks closer at refusals that may mean two things.
func (c Connector) explain(ctx context.Context, a channel.Account, m channel.Outgoing, f *channel.Fault) *channel.Fault {
	switch f.Code {
	case "40007":
		if m.Attempt >= maxUploads {
			f.Kind = channel.ActFail
		}
	case "45015": // the window closed, or they unsubscribed
		if who, asked := c.user(ctx, a, m.To); asked == nil && who.Subscribed == 0 {
			f.Kind = channel.ActBlocked
		}
	}
	return f
}

// outgoing is the body of a customer service message: one of its kinds.
type outgoing struct {
	To    string     `json:"touser"`
	Type  string     `json:"msgtype"`
	Text  *textBody  `json:"text,omitempty"`
	Menu  *menuBody  `json:"msgmenu,omitempty"`
	Image *mediaBody `json:"image,omitempty"`
	Voice *mediaBody `json:"voice,omitempty"`
	Video *mediaBody `json:"video,omitempty"`
}

type textBody struct {
	Content string `json:"content"`
}

type mediaBody struct {
	ID    string `json:"media_id"`
	Thumb string `json:"thumb_media_id,omitempty"`
}

type menuBody struct {
	Head string      `json:"head_content"`
	List []menuEntry `json:"list"`
}

type menuEntry struct {
	ID      string `json:"id"`
	Content string `json:"content"`
}

func (c Connector) render(ctx context.Context, a channel.Account, m channel.Outgoing) (outgoing, *channel.Fault) {
	out := outgoing{To: m.To.ExternalID}
	if len(m.Parts) != 1 {
		return out, unsupported()
	}
	switch p := m.Parts[0]; p.Kind {
	case desk.PartText:
		out.Type, out.Text = "text", &textBody{Content: written(p)}
	case desk.PartChoices:
		out.Type, out.Menu = "msgmenu", menu(p)
	case desk.PartImage, desk.PartAudio, desk.PartVideo:
		return c.renderFile(ctx, a, out, m.Files[p.AttachmentID])
	default:
		return out, unsupported()
	}
	return out, nil
}

func unsupported() *channel.Fault {
	return &channel.Fault{Kind: channel.ActFail, Code: "unsupported", Err: errors.New("the channel has no such message")}
}

// menu prints the digits before the options: where the menu shows as text, people type them (D2.3).
func menu(p desk.Part) *menuBody {
	m := &menuBody{Head: p.Text, List: make([]menuEntry, 0, len(p.Choices))}
	for i, choice := range p.Choices {
		m.List = append(m.List, menuEntry{ID: choice.ID, Content: strconv.Itoa(i+1) + ". " + choice.Label})
	}
	return m
}
